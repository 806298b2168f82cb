"""What comes with a later version reaches a database that an earlier one filled, and no release read before."""

import pytest
from sqlalchemy import delete, func, select, update

from api import models
from api.models import HISTORIES
from api.queries.catalogue import load_catalogue
from api.queries.releases import all_releases
from api.services import additions
from api.services.package import definitions
from api.settings import SEED
from tests.package import PACKAGE


@pytest.fixture
def connection(app):
    with app.extensions["database"].connect() as connection:  # what is written here is never committed
        yield connection


def test_names_that_are_missing_are_published_once(connection):
    alias = models.RegionAlias
    whole = connection.execute(select(func.count()).select_from(alias)).scalar_one()
    connection.execute(delete(alias).where(alias.alias.in_(["Shepway", "UKC12"])))
    connection.execute(update(alias).values(kind=None))
    connection.execute(update(alias).where(alias.alias == "Brum").values(kind="ours"))
    before = load_catalogue(connection, all_releases(connection)[-1])
    added = additions.add(connection)
    assert (added.release, added.added) == (5, 0) and additions.add(connection) is None
    assert connection.execute(select(func.count()).select_from(alias)).scalar_one() == whole
    kinds = {row.alias: row.kind for row in connection.execute(select(alias.alias, alias.kind))}
    assert (kinds["Shepway"], kinds["Brum"], kinds["UKC12"]) == ("former-name", "ours", None)
    # The release before says what it said.
    *_, last, newest = all_releases(connection)
    assert newest.reason == additions.REASON
    again = load_catalogue(connection, last)
    assert again.regions == before.regions and again.search_regions("Shepway") == before.search_regions("Shepway")
    found = [item.search_regions("Shepway")[151].text for item in (before, load_catalogue(connection, newest))]
    assert found == ["Shepway District Council", "Shepway"]


def test_an_index_that_is_new_is_published_and_one_that_was_taken_away_stays_away(connection):
    index = models.IndexDefinition
    connection.execute(delete(index).where(index.id == "combined-authority-digital-capital"))
    assert additions.add(connection).release == 5
    assert [len(load_catalogue(connection, item).indices) for item in all_releases(connection)[-2:]] == [1, 2]
    rows = connection.execute(select(index.__table__)).mappings().all()
    connection.execute(HISTORIES[index].insert(), [{**row, "last_release": 5} for row in rows])
    connection.execute(delete(index))
    assert additions.add(connection) is None


def test_boundaries_are_published_once_with_their_source(connection):
    counts = [select(func.count()).select_from(model) for model in (models.Boundary, models.BoundaryArc)]
    whole = [connection.execute(count).scalar_one() for count in counts]
    for model in (models.Boundary, models.BoundaryArc):
        connection.execute(delete(model))
    connection.execute(delete(models.Source).where(models.Source.id == "ons-boundaries"))
    assert additions.add(connection).release == 5 and additions.add(connection) is None
    assert [connection.execute(count).scalar_one() for count in counts] == whole
    assert set(connection.execute(select(models.Boundary.first_release)).scalars()) == {5}
    known = [load_catalogue(connection, item).sources for item in all_releases(connection)[-2:]]
    assert ["ons-boundaries" in sources for sources in known] == [False, True]


def test_earlier_releases_get_what_the_code_answered_with(connection):
    """A database of before index definitions were rows: every release had those of the code."""
    known = all_releases(connection)
    connection.execute(delete(models.IndexDefinition))
    connection.execute(update(models.Release).values(fingerprint=None))
    assert not additions.has_indices(connection)
    assert additions.complete(connection) == len(known) and additions.complete(connection) == 0
    assert all_releases(connection) == known
    assert all(len(load_catalogue(connection, item).indices) == 2 for item in known)


def test_what_earlier_releases_changed_is_counted_where_nobody_had(connection):
    """A database of before there were columns for it."""
    known = all_releases(connection)
    connection.execute(update(models.Release).where(models.Release.id > 2).values(added=None, changed=7))
    assert additions.complete(connection) == 2 and additions.complete(connection) == 0
    assert all_releases(connection) == known


def test_a_code_that_leads_to_a_place_is_not_given_to_another(connection, tmp_path):
    """A name may be borne by several."""
    codes = select(models.Region.code, models.Region.id).where(models.Region.code.in_(["E12000005", "E12000007"]))
    numbers = dict(connection.execute(codes).all())
    known = select(models.RegionAlias.alias).where(models.RegionAlias.scheme != "name").order_by("alias").limit(1)
    taken = connection.execute(known.where(~models.RegionAlias.region_id.in_(numbers.values()))).scalar_one()
    lines = [
        f"{alias},E12000005,{scheme},{kind}"
        for alias, scheme, kind in (
            (taken, "itl", ""),
            ("E12000007", "itl", ""),
            ("Z9", "itl", ""),
            ("London", "name", "other-name"),
        )
    ]
    (tmp_path / "region_aliases.csv").write_text("\n".join(["alias,region,scheme,kind", *lines]), encoding="utf-8")
    found = additions.names(connection, folder=tmp_path)
    assert [(row["alias"], row["region_id"]) for row in found] == [
        ("Z9", numbers["E12000005"]),
        ("London", numbers["E12000005"]),
    ]


def test_what_a_package_brings_with_a_later_release_is_not_of_an_earlier_one():
    """Here the package ends with release 4, and version 2 of the indices came with release 7."""
    cut, whole = ({row["id"]: row["first_release"] for row in definitions(folder)} for folder in (SEED, PACKAGE))
    assert cut == {"local-digital-capital": 1, "combined-authority-digital-capital": 1}
    assert whole == cut | {"local-digital-capital.2": 7, "combined-authority-digital-capital.2": 7}
