"""What a release says besides figures: it begins, ends, comes back and is withdrawn, in a few rows each."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from api import models
from api.database import Database
from api.models.base import Base
from api.queries.described import rows_at
from api.queries.observations import holds_in
from api.queries.releases import all_releases
from api.services import verify
from api.services.described import Revision, held_rows
from api.services.publish import publish, withdraw
from tests.services.test_publish import INDICATOR, REGIONS, START, figure, template

__all__ = ["template"]

FILE = {"id": 2, "slug": "g", "source_id": "s", "title": "t"}
NAMED = {"alias": "Old", "region_id": 1, "scheme": "name", "kind": "other-name"}
GAP = {"indicator_id": INDICATOR, "region_id": 1, "reason": "not-measured", "detail": "d"}


@pytest.fixture
def connection(template, tmp_path):
    """A connection to a database of its own, with a gap that the first release tells of."""
    shutil.copy(template, tmp_path / "own.sqlite3")
    database = Database(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    with database.begin() as connection:
        connection.execute(insert(models.Gap).values(**GAP))
        publish(connection, [figure(region, 2020, 1.0) for region in REGIONS], reason="1", published_at=START)
        yield connection
    database.engine.dispose()


def say(connection, *revisions):
    """The next release, with nothing but what is said of figures; how many rows that changes."""
    number = len(all_releases(connection)) + 1
    moment = START + timedelta(days=number)
    return publish(connection, [], revisions=revisions, reason="r", published_at=moment).described


def undo(connection, release):
    moment = START + timedelta(days=len(all_releases(connection)) + 1)
    return withdraw(connection, release, reason="wrong", published_at=moment)


def at(connection, model: type[Base], column):
    """What each release says in a column of a table, by release."""
    releases = range(1, len(all_releases(connection)) + 1)
    return [[row[column] for row in rows_at(connection, model, release)] for release in releases]


def regions_covered(connection):
    counted = select(models.Coverage.regions)
    releases = range(1, len(all_releases(connection)) + 1)
    return [connection.execute(counted.where(holds_in(models.Coverage, release))).scalar_one() for release in releases]


def test_each_release_says_its_own(connection):
    for title in ("two", "three", "two"):
        assert say(connection, Revision(models.Indicator, [{"id": INDICATOR, "title": title}])) == 1
    assert at(connection, models.Indicator, "title") == [["t"], ["two"], ["three"], ["two"]]
    assert say(connection, Revision(models.Indicator, [{"id": INDICATOR, "title": "two"}])) == 0
    marks = [release.fingerprint for release in all_releases(connection)]
    assert marks[1] == marks[3] == marks[4] and len(set(marks)) == 3


def test_what_was_taken_away_may_be_said_again(connection):
    """A file that figures may be of stays in its table, and is held by no release until then."""
    assert say(connection, Revision(models.SourceFile, [FILE])) == 1
    assert say(connection, Revision(models.SourceFile, removed=[(2,)])) == 1
    assert held_rows(connection, models.SourceFile).keys() == {(1,)}
    assert say(connection, Revision(models.SourceFile, [FILE])) == 1
    assert at(connection, models.SourceFile, "id") == [[1], [1, 2], [1], [1, 2]]


def test_what_was_taken_away_cannot_be_taken_away_again(connection):
    say(connection, Revision(models.SourceFile, [FILE]))
    say(connection, Revision(models.SourceFile, removed=[(2,)]))
    with pytest.raises(KeyError):
        say(connection, Revision(models.SourceFile, removed=[(2,)]))


@pytest.mark.parametrize(
    ("model", "row", "key"), [(models.SourceFile, FILE, (2,)), (models.RegionAlias, NAMED, ("Old", 1))]
)
def test_what_a_withdrawn_release_took_away_is_back(connection, model, row, key):
    """Whether others refer to it, so that it stayed in its table, or not."""
    say(connection, Revision(model, [row]))
    say(connection, Revision(model, removed=[key]))
    undo(connection, 3)
    name = next(iter(row))
    assert [row[name] in said for said in at(connection, model, name)] == [False, True, False, True]


def test_what_a_withdrawn_release_brought_goes_unless_figures_may_be_of_it(connection):
    gap = {**GAP, "region_id": 2}
    say(
        connection,
        Revision(models.SourceFile, [FILE]),
        Revision(models.RegionAlias, [NAMED]),
        Revision(models.Gap, [gap]),
        Revision(models.Indicator, [{"id": INDICATOR, "title": "two"}]),
    )
    undo(connection, 2)
    assert at(connection, models.RegionAlias, "alias")[-1] == []
    assert at(connection, models.Gap, "region_id")[-1] == [1]
    assert at(connection, models.Indicator, "title")[-1] == ["t"]
    assert at(connection, models.SourceFile, "id")[-1] == [1, 2]


def test_what_the_first_release_said_stays_when_its_figures_go(connection):
    say(connection, Revision(models.RegionAlias, [NAMED]))
    undo(connection, 1)
    assert at(connection, models.Gap, "region_id") == [[1], [1], [1]]
    assert at(connection, models.RegionAlias, "alias") == [[], ["Old"], ["Old"]]


def test_places_are_counted_at_their_levels_of_each_release(connection):
    say(connection, Revision(models.RegionLevel, removed=[(1, "itl1")]))
    undo(connection, 2)
    assert regions_covered(connection) == [3, 2, 3]
    assert list(verify._coverage(connection)) == []
