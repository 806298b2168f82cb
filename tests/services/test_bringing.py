"""Releases of the package reach a database that holds earlier ones, and what others published there stands."""

from __future__ import annotations

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
from api.services.publish import Figure, publish
from tests.package import LAST, PACKAGE

SINCE = [row["id"] for row in Package(PACKAGE).releases if row["id"] > LAST]
"""The releases of the package that the database of most tests lacks."""
SAID = ("period", "value", "status", "lower", "upper", "bounds_kind", "note")


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
    numbers = dict(connection.execute(select(models.Region.code, models.Region.id)).all())
    slugs = dict(connection.execute(select(models.Indicator.slug, models.Indicator.id)).all())
    place = {"indicator": slugs["enterprises-sic-j"], "region": numbers["E06000063"]}
    known = connection.execute(
        select(models.Observation.period_start, models.Observation.period_duration, models.Observation.source_file_id)
        .join(models.Series)
        .where(
            models.Series.indicator_id == place["indicator"],
            models.Series.region_id == place["region"],
            models.Observation.period == "2024-03",
        )
    ).one()
    own = Figure(
        **place,
        period="2024-03",
        period_start=known[0],
        period_duration=known[1],
        value=1234.0,
        status="A",
        source_file=known[2],
    )
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


def test_a_database_without_the_package_is_left_alone(connection):
    connection.execute(models.Release.__table__.update().values(actor="somebody else"))
    assert bring(connection) == []
