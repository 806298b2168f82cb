"""Releases of the package reach a database that holds earlier ones, and what others published there stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from api import models
from api.models import HISTORIES
from api.queries.catalogue import load_catalogue
from api.queries.described import at_release
from api.queries.releases import all_releases
from api.services import additions, seed
from api.services.described import Revision, held_rows
from api.services.package import Package
from api.services.publish import Figure, RefusedError, publish, withdraw
from tests.package import LAST, PACKAGE

SINCE = [row["id"] for row in Package(PACKAGE).releases if row["id"] > LAST]
"""The releases of the package that the database of most tests lacks."""
CUMBERLAND = "E06000063"
SAID = ("period", "value", "status", "lower", "upper", "bounds_kind", "note")


ON_SQLITE = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
"""Of rules that have no statement of their own: the first tests bring releases to both databases."""


@pytest.fixture
def connection(app):
    with app.extensions["database"].begin() as connection:  # not bounded in time, as a reader is
        yield connection
        connection.rollback()


def bring(connection):
    return seed.bring(connection, progress=lambda _: None, folder=PACKAGE)


def figures(connection, release):
    """Every figure of a release, by names: numbers of rows may differ between databases."""
    row = models.Observation
    names = (models.Indicator.slug, models.Region.code, models.SourceFile.slug)
    statement = (
        select(*names, *(getattr(row, name) for name in SAID))
        .select_from(row)
        .join(models.Series, models.Series.id == row.series_id)
        .join(models.Indicator, models.Indicator.id == models.Series.indicator_id)
        .join(models.Region, models.Region.id == models.Series.region_id)
        .join(models.SourceFile, models.SourceFile.id == row.source_file_id)
        .where(row.first_release <= release, func.coalesce(row.last_release, release) >= release)
    )
    return {tuple(found) for found in connection.execute(statement)}


def described(connection, model, release):
    """What a release says in a table, without the numbers of indicators and files, which differ between databases."""
    held = at_release(model, release)
    numbers = {"first_release", "indicator_id", "denominator_id"}
    numbers |= {"id"} if model in {models.Indicator, models.SourceFile} else set()
    names = [str(column.name) for column in held.c if column.name not in numbers]
    return sorted(map(repr, connection.execute(select(*(held.c[name] for name in names)))))


def figure_of_cumberland(connection, **said):
    """A figure of Cumberland that release 5 of the package marks as partial."""
    observation, series = models.Observation, models.Series
    place = (
        select(series.indicator_id, series.region_id)
        .join(models.Indicator, models.Indicator.id == series.indicator_id)
        .join(models.Region, models.Region.id == series.region_id)
        .where(models.Indicator.slug == "enterprises-sic-j", models.Region.code == CUMBERLAND)
    )
    indicator, region = connection.execute(place).one()
    moment = (
        select(observation.period_start, observation.period_duration, observation.source_file_id)
        .join(series)
        .where(series.indicator_id == indicator, series.region_id == region, observation.period == "2024-03")
    )
    start, duration, file = connection.execute(moment).one()
    of = {"indicator": indicator, "region": region, "source_file": file}
    return Figure(**of, **said, period="2024-03", period_start=start, period_duration=duration)


def test_a_database_of_earlier_releases_comes_to_say_what_a_new_one_says(connection, whole_app):
    earlier = all_releases(connection)
    before = [(item.id, item.mark, item.fingerprint) for item in earlier], figures(connection, LAST)
    brought = bring(connection)
    assert [item.release for item in brought] == SINCE and not any(item.left_out for item in brought)
    after = all_releases(connection)
    assert ([(item.id, item.mark, item.fingerprint) for item in after[:LAST]], figures(connection, LAST)) == before
    assert not any(item.reconstructed for item in after[LAST:])
    assert all(item.published_at > earlier[-1].published_at for item in after[LAST:]), "as_of is told what it was told"
    with whole_app.extensions["database"].engine.connect() as other:
        for release in SINCE:
            assert figures(connection, release) == figures(other, release) != before[1]
            for model in HISTORIES:
                if model not in {models.Boundary, models.BoundaryArc}:
                    assert described(connection, model, release) == described(other, model, release), model
            both = [load_catalogue(some, all_releases(some)[release - 1]) for some in (connection, other)]
            coverage = [
                {
                    (item.slug, at.level, at.period): at.regions
                    for item in of.indicators.values()
                    for at in item.coverage
                }
                for of in both
            ]
            assert coverage[0] == coverage[1]
    assert bring(connection) == [] and additions.add(connection) is None


def test_what_others_published_there_stands(connection):
    """Rows of the package that say something else are left out, and counted."""
    own = figure_of_cumberland(connection, value=1234.0, status="A")
    title = Revision(models.Component, [{"id": "collaboration-coordination", "title": "Working together"}])
    published = publish(connection, [own], revisions=[title], reason="Ours.", owner="A council")
    assert (published.release, published.changed, published.described) == (LAST + 1, 1, 1)
    brought = bring(connection)
    assert [item.release for item in brought] == [number + 1 for number in SINCE]
    assert brought[0].left_out == 2, "the partial figure of the place, and the text of the component"
    last = brought[-1].release
    assert 1234.0 in {row[4] for row in figures(connection, last) if row[:2] == ("enterprises-sic-j", "E06000063")}
    assert held_rows(connection, models.Component)[("collaboration-coordination",)]["title"] == "Working together"
    assert bring(connection) == []


@ON_SQLITE
def test_what_was_withdrawn_stands_in_nobody_s_way(connection):
    own = figure_of_cumberland(connection, value=1234.0, status="A")
    assert publish(connection, [own], reason="Ours.").changed == 1
    withdraw(connection, LAST + 1, reason="A mistake.")
    brought = bring(connection)
    assert not any(item.left_out for item in brought)
    standing = figures(connection, brought[-1].release)
    assert ("2024-03", 55.0, "D") in {row[3:6] for row in standing if row[:2] == ("enterprises-sic-j", CUMBERLAND)}


@ON_SQLITE
@pytest.mark.parametrize("actor", [None, additions.ACTOR])
def test_what_an_earlier_version_added_is_not_somebody_else_s(connection, actor):
    (key, row), *_ = held_rows(connection, models.IndexDefinition).items()
    other = Revision(models.IndexDefinition, [row | {"content": {**row["content"], "title": "As it was"}}])
    reason = "Names that places are found by, and indices, that come with a newer version of the service."
    publish(connection, [], revisions=[other], reason=reason, actor=actor)
    brought = bring(connection)
    assert not any(item.left_out for item in brought)
    assert held_rows(connection, models.IndexDefinition)[key]["content"] == row["content"]


FILE = {"id": 999, "slug": "s60", "source_id": "ofcom-connected-nations", "title": "x"}


@pytest.mark.parametrize(
    ("model", "row", "kind"),
    [
        (models.SourceFile, FILE, "source file"),
        (models.Indicator, {"id": 999, "slug": "employment-rate", "title": "Our own"}, "indicator"),
    ],
)
def test_figures_never_come_under_a_name_that_is_somebody_else_s(connection, model, row, kind):
    known = next(iter(held_rows(connection, model).values()))
    publish(connection, [], revisions=[Revision(model, [{**known, **row}])], reason="Ours.")
    with pytest.raises(RefusedError, match=f"{kind} {row['slug']!r}.*publish its figures under another name"):
        bring(connection)
    assert len(all_releases(connection)) == LAST + 1


@ON_SQLITE
def test_releases_of_a_version_that_noted_no_actor_are_known(connection):
    connection.execute(models.Release.__table__.update().values(actor=None))
    assert [item.release for item in bring(connection)] == SINCE


@ON_SQLITE
def test_a_database_of_another_package_is_left_alone(connection):
    """Releases of the same numbers, that another package or somebody else published."""
    release = models.Release.__table__
    connection.execute(release.update().values(actor="another package, release 1"))
    assert bring(connection) == []
    for number in range(1, LAST + 1):
        own = {"actor": None, "reconstructed": False, "published_at": datetime(2020, 1, number, tzinfo=UTC)}
        connection.execute(release.update().where(release.c.id == number).values(**own))
    assert bring(connection) == []


@ON_SQLITE
def test_projections_are_noted_under_the_release_that_has_their_figures(connection):
    publish(connection, [figure_of_cumberland(connection, value=1.0, status="A")], reason="Ours.")
    brought = bring(connection)
    noted = set(connection.execute(select(models.Projection.release_id)).scalars())
    assert LAST + 1 not in noted and brought[0].release in noted
