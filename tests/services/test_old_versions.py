"""What was revised often is read as fast as what never was: old versions of a value are not passed over."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest

from api.database import Database
from api.queries.holding import note_newest, sees_as_newest
from api.queries.observations import TIDY, Selection, select_observations
from api.queries.releases import all_releases, has_release
from api.queries.series import count_series, read_series
from api.services.publish import publish
from api.services.sizes import note_sizes
from tests.services.test_publish import INDICATOR, REGIONS, START, figure, template

__all__ = ["template"]

YEARS = range(2000, 2010)
SERIES = 1


@pytest.fixture
def database(template, tmp_path):
    shutil.copy(template, tmp_path / "own.sqlite3")
    own = Database(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    yield own
    own.engine.dispose()


def publish_releases(database, *numbers):
    """Publish releases in which every value is the number of the release."""
    for number in numbers:
        with database.begin() as connection:
            figures = [figure(region, year, float(number)) for region in REGIONS for year in YEARS]
            publish(connection, figures, reason="r", published_at=START + timedelta(days=number))
    with database.begin() as connection:
        note_sizes(connection)


def readings(connection, release):
    """A function for each way to read the figures of a release, by name."""
    one = Selection(release=release, indicators=frozenset({INDICATOR}), regions=frozenset({1}))
    return {
        "a series": lambda: select_observations(connection, one, columns=TIDY, limit=100)[0],
        "its latest": lambda: select_observations(
            connection, Selection(release=release, latest=True), columns=TIDY, limit=100
        )[0],
        "whole series": lambda: read_series(connection, release, [SERIES])[SERIES],
        "counts": lambda: list(count_series(connection, release, [INDICATOR])[INDICATOR].counts),
    }


def steps(connection, read):
    """How many steps SQLite takes to read something: a count and no clock."""
    taken = [0]

    def step():
        taken[0] += 1

    driver = connection.connection.driver_connection
    driver.set_progress_handler(step, 1)
    read()
    driver.set_progress_handler(None, 0)
    return taken[0]


def test_old_versions_cost_a_reader_of_the_newest_release_little(database):
    taken = []
    for numbers in ([1], range(2, 41)):
        publish_releases(database, *numbers)
        with database.connect() as connection:
            newest = all_releases(connection)[-1]
            assert has_release(connection, newest)
            ways = readings(connection, newest.id)
            taken.append({name: steps(connection, read) for name, read in ways.items()})
    once, often = taken
    assert {name: count for name, count in often.items() if count > 3 * once[name]} == {}


def test_a_release_reads_alike_whether_it_is_known_to_be_the_newest(database):
    publish_releases(database, 1, 2)
    with database.connect() as connection:
        unknown = {name: read() for name, read in readings(connection, 2).items()}
        assert not sees_as_newest(connection, 2)
        note_newest(connection, 2)
        assert {name: read() for name, read in readings(connection, 2).items()} == unknown
        assert {row[3] for row in unknown["a series"]} == {2.0}


def test_a_release_is_read_as_it_was_by_who_found_a_newer_one_in_its_place(database):
    publish_releases(database, 1, 2)
    with database.connect() as connection:
        seen = all_releases(connection)[-1]
    publish_releases(database, 3)
    with database.connect() as connection:
        assert has_release(connection, seen)
        assert sees_as_newest(connection, 3) and not sees_as_newest(connection, 2)
        assert {row[3] for row in readings(connection, 2)["a series"]()} == {2.0}
        assert {row[3] for row in readings(connection, 2)["whole series"]()} == {2.0}
        assert len(readings(connection, 2)["its latest"]()) == len(REGIONS)
