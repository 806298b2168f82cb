"""Publishing: whatever is published, removed or withdrawn, every release can be read as it was."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from api import models
from api.database import Database
from api.queries.observations import TIDY, Selection, select_observations
from api.queries.releases import count_changes, select_changes
from api.services import schema
from api.services.publish import Figure, Removal, publish, withdraw

INDICATOR = 1
REGIONS = (1, 2, 3)
YEARS = (2020, 2021)
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A database with one indicator and three regions, and nothing published."""
    path = tmp_path_factory.mktemp("history") / "template.sqlite3"
    database = Database(f"sqlite:///{path}")
    database.create()
    with database.begin() as connection:
        schema.migrate(connection)
    with database.begin() as connection:
        text = {"title": "t", "description": "d"}
        connection.execute(insert(models.Level).values(id="itl1", position=1, **text))
        connection.execute(insert(models.Component).values(id="c", measured=True, position=1, **text))
        connection.execute(
            insert(models.Source).values(
                id="s", title="t", publisher="p", licence="l", licence_url="u", url="u", attribution="a"
            )
        )
        connection.execute(insert(models.SourceFile).values(id=1, slug="f", source_id="s", title="t"))
        indicator = {
            "component_id": "c", "source_id": "s", "unit": "%", "decimals": 1, "measure": "rate", "polarity": "neutral",
            "frequency": "annual", "year_kind": "calendar", "quality": "official", "position": 1,
        }  # fmt: skip
        connection.execute(insert(models.Indicator).values(id=INDICATOR, slug="i", **indicator, **text))
        for region in REGIONS:
            connection.execute(insert(models.Region).values(id=region, code=f"E{region}", name=f"Region {region}"))
            connection.execute(insert(models.RegionLevel).values(region_id=region, level_id="itl1", position=1))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    return path


def figure(region, year, value):
    return Figure(
        indicator=INDICATOR, region=region, period=str(year), period_start=f"{year}-01-01", period_duration="P1Y",
        value=value, status="A", source_file=1,
    )  # fmt: skip


def removal(region, year):
    return Removal(indicator=INDICATOR, region=region, period_start=f"{year}-01-01", period_duration="P1Y")


def state(connection, release):
    rows, _ = select_observations(connection, Selection(release=release), columns=TIDY, limit=1_000)
    return {(row[1], int(row[2])): row[3] for row in rows}


def difference(old, new):
    changed = {key for key in old.keys() & new.keys() if old[key] != new[key]}
    return (
        {(key, "added", None, new[key]) for key in new.keys() - old.keys()}
        | {(key, "removed", old[key], None) for key in old.keys() - new.keys()}
        | {(key, "changed", old[key], new[key]) for key in changed}
    )


cells = st.tuples(st.sampled_from(REGIONS), st.sampled_from(YEARS))
releases = st.lists(
    st.dictionaries(cells, st.one_of(st.none(), st.integers(0, 3).map(float)), max_size=4), min_size=1, max_size=5
)


@settings(max_examples=40, deadline=None)
@given(history=releases, withdrawn=st.booleans())
def test_every_release_reads_as_it_was_and_differs_as_it_should(template, tmp_path_factory, history, withdrawn):
    path = tmp_path_factory.mktemp("run") / "history.sqlite3"
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    states: list[dict] = [{}]
    for number, changes in enumerate(history, 1):
        published = [removal(*cell) if value is None else figure(*cell, value) for cell, value in changes.items()]
        with database.begin() as connection:
            made = publish(connection, published, reason="r", published_at=START + timedelta(days=number))
        assert made.release == number
        after = {**states[-1], **{cell: value for cell, value in changes.items() if value is not None}}
        states.append({cell: value for cell, value in after.items() if changes.get(cell, 0) is not None})
    if withdrawn:
        # The newest release is taken back: what stood before it stands again.
        with database.begin() as connection:
            withdraw(connection, len(history), reason="wrong", published_at=START + timedelta(days=99))
        states.append(states[-2])
    with database.connect() as connection:
        for release, expected in enumerate(states):
            assert state(connection, release) == expected
        for old in range(len(states)):
            for new in range(len(states)):
                selection = Selection(release=new)
                rows, following = select_changes(
                    connection, old=old, new=new, selection=selection, kinds=None, limit=100
                )
                found = {((row[1], int(row[2])), row[3], row[4], row[5]) for row in rows}
                assert found == difference(states[old], states[new])
                assert following is None and len(rows) == len(found)
                counts = count_changes(connection, old=old, new=new, selection=selection)
                assert sum(counts.values()) == len(found)
    database.engine.dispose()


def test_what_a_later_release_changed_again_stays_when_an_earlier_one_is_withdrawn(template, tmp_path):
    shutil.copy(template, tmp_path / "own.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    with database.begin() as connection:
        publish(connection, [figure(1, 2020, 1.0), figure(2, 2020, 1.0)], reason="1", published_at=START)
        publish(
            connection,
            [figure(1, 2020, 2.0), figure(2, 2020, 2.0), removal(3, 2020)],
            reason="2",
            published_at=START + timedelta(days=1),
        )
        publish(connection, [figure(1, 2020, 3.0)], reason="3", published_at=START + timedelta(days=2))
        withdraw(connection, 2, reason="wrong", published_at=START + timedelta(days=3))
        assert state(connection, 4) == {(1, 2020): 3.0, (2, 2020): 1.0}
        assert state(connection, 2) == {(1, 2020): 2.0, (2, 2020): 2.0}
    database.engine.dispose()


def test_a_forecast_is_no_observation():
    """And a column of statuses that are all `F` would be true and false to R and DuckDB."""
    said = {"indicator": INDICATOR, "region": 1, "period": "2030", "period_start": "2030-01-01"}
    with pytest.raises(ValueError, match="projections"):
        Figure(**said, period_duration="P1Y", value=1.0, status="F", source_file=1)


def test_publishing_what_stands_already_adds_no_row(template, tmp_path):
    shutil.copy(template, tmp_path / "own.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    with database.begin() as connection:
        publish(connection, [figure(1, 2020, 1.0)], reason="1", published_at=START)
        publish(
            connection, [figure(1, 2020, 1.0), removal(2, 2020)], reason="2", published_at=START + timedelta(days=1)
        )
        rows = connection.exec_driver_sql("SELECT count(*) FROM observation").scalar()
        assert rows == 1
        assert count_changes(connection, old=1, new=2, selection=Selection(release=2)) == {
            "added": 0, "changed": 0, "removed": 0,
        }  # fmt: skip
    database.engine.dispose()
