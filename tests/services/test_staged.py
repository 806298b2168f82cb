"""Publishing by difference: what is counted, noted and returned is what a look at all of the data would find."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from sqlalchemy import func, select, text

from api.database import Database
from api.models import IndicatorSource, Observation, Series, SourceFile
from api.queries.observations import holds_in
from api.services import coverage, verify
from api.services.publish import Figure, RefusedError, Removal, publish, withdraw
from tests.conftest import own_database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    made = Database(own_database(request, tmp_path, "staged"))
    yield made
    made.engine.dispose()


def current(connection, release):
    """What stands at a release, by indicator, region and period."""
    columns = (Observation.value, Observation.status, Observation.source_file_id)
    key = (Series.indicator_id, Series.region_id, Observation.period_start, Observation.period_duration)
    rows = select(*key, *columns).join(Series, Series.id == Observation.series_id)
    return {tuple(row[:4]): tuple(row[4:]) for row in connection.execute(rows.where(holds_in(Observation, release)))}


def random_changes(connection, dice, count):
    """Figures changed, added, taken out, emptied and left as they are, of places that were recoded among them."""
    now = current(connection, 10**6)
    recoded = select(text("predecessor_id, successor_id FROM region_succession WHERE kind = 'recoded'"))
    places = {place for pair in connection.execute(recoded) for place in pair}
    periods = select(Observation.period_start, Observation.period_duration, Observation.period).distinct()
    labels = {tuple(row[:2]): row[2] for row in connection.execute(periods)}
    known = sorted(now)
    chosen = {*dice.sample(known, count), *dice.sample([key for key in known if key[1] in places], count // 4)}
    chosen |= {(dice.choice(known)[0], region, "2031-01-01", "P1Y") for region in dice.sample(sorted(places), 20)}
    changes, expected = [], dict(now)
    for key in sorted(chosen):
        indicator, region, start, duration = key
        about = {"indicator": indicator, "region": region, "period_start": start, "period_duration": duration}
        kind = dice.choice(["changed", "emptied", "removed", "same"])
        if kind == "removed":
            changes.append(Removal(**about))
            expected.pop(key, None)
            continue
        value, status, file = now.get(key, (1.0, "A", 1))
        if kind == "changed":
            value, file = dice.choice([value or 0, 0.5]) + 1, dice.choice([file, 3])
        elif kind == "emptied":
            value, status = None, "M"
        changes.append(
            Figure(
                **about, period=labels.get((start, duration), start[:4]), value=value, status=status, source_file=file
            )
        )
        expected[key] = (value, status, file)
    return changes, now, expected


def test_it_comes_to_the_same_as_counting_everything(database):
    dice = random.Random(7)
    with database.begin() as connection:
        for _ in range(3):
            changes, before, expected = random_changes(connection, dice, 400)
            published = publish(connection, changes, reason="x")
            after = current(connection, published.release)
            assert after == expected
            kinds = Counter(
                "removed" if key not in after else "added" if key not in before else "changed"
                for key in before.keys() | after.keys()
                if before.get(key) != after.get(key)
            )
            assert (published.added, published.removed) == (kinds["added"], kinds["removed"])
            assert published.changed >= kinds["changed"]  # bounds and notes are left out above
        assert list(verify._coverage(connection)) == []
        withdraw(connection, published.release - 1, reason="x")
        assert list(verify._coverage(connection)) == [] and list(verify._ranges(connection)) == []
        drawn_on = (
            select(Series.indicator_id, SourceFile.source_id, func.min(Observation.first_release))
            .join(Observation, Observation.series_id == Series.id)
            .join(SourceFile, SourceFile.id == Observation.source_file_id)
            .group_by(Series.indicator_id, SourceFile.source_id)
        )
        noted = select(IndicatorSource.indicator_id, IndicatorSource.source_id, IndicatorSource.first_release)
        assert set(connection.execute(noted).all()) == set(connection.execute(drawn_on).all())


def test_nothing_is_counted_but_what_changes(database, monkeypatch):
    """One figure of one place: a statement that counts everything of the indicator is not asked."""
    monkeypatch.setattr(coverage, "counted", lambda *_: pytest.fail("all of the indicator was counted"))
    figure = {"period": "2022", "period_start": "2022-01-01", "period_duration": "P1Y", "status": "A"}
    with database.begin() as connection:
        published = publish(connection, [Figure(indicator=1, region=1, value=1, source_file=1, **figure)], reason="x")
        assert published.added + published.changed == 1


def test_what_stands_already_changes_nothing_and_none_is_given_twice(database):
    with database.begin() as connection:
        (indicator, region, start, duration), (value, status, file) = next(iter(current(connection, 4).items()))
        label = text("SELECT period FROM observation WHERE period_start = :start LIMIT 1")
        period = connection.execute(label, {"start": start}).scalar_one()
        about = {"indicator": indicator, "region": region, "period_start": start, "period_duration": duration}
        same = Figure(**about, period=period, value=value, status=status, source_file=file)
        absent = Removal(indicator=indicator, region=region, period_start="1066-01-01", period_duration=duration)
        assert not publish(connection, [absent], reason="x")
        with pytest.raises(RefusedError, match="A figure is given twice"):
            publish(connection, [same, Removal(**about)], reason="x")


def test_seventy_thousand_series_in_one_publication(database):
    """More pairs of indicator and region than PostgreSQL takes parameters in one statement."""
    with database.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO region (id, code, name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
            "WHERE i < 2500) SELECT 10000 + i, 'Z' || CAST(i AS VARCHAR(6)), 'Area' FROM n"
        )
        regions = range(10_001, 12_501)
        about = {"period": "2022", "period_start": "2022-01-01", "period_duration": "P1Y"}
        changes = (
            Figure(indicator=indicator, region=region, value=1, status="A", source_file=1, **about)
            for indicator in range(1, 29)
            for region in regions
        )
        published = publish(connection, changes, reason="x")
        assert (published.added, published.changed, published.removed) == (70_000, 0, 0)
        undone = withdraw(connection, published.release, reason="x")
        assert not [key for key in current(connection, undone) if key[1] > 10_000]
