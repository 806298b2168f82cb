"""Changes of figures, staged and then applied in a few statements: what a release changes costs what it changes.

Changes are put into a temporary table of the transaction; joins find what stands already, end what is replaced and add
what is new. Coverage is counted anew only of the places and periods that change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    union,
    update,
)

from api.models import Observation, RegionSuccession, Series
from api.queries.described import at_release
from api.services.ranges import KEY, SAID, TABLE, Key, RefusedError, Row

_BATCH = 5_000
_LARGE = 50_000
"""Rows of a publication after which PostgreSQL looks at the sizes of its tables again."""
_METADATA = MetaData()
_TYPES = {name: Observation.__table__.c[name].type for name in (*KEY, *SAID)}
STAGED = Table(
    "staged_change",
    _METADATA,
    Column("indicator_id", Integer),
    Column("region_id", Integer),
    Column("removed", Boolean, nullable=False),
    *(Column(name, _TYPES[name]) for name in (*KEY, *SAID)),
    prefixes=["TEMPORARY"],
)
"""What is to change: a figure that is to stand, or (`removed`) one that is to stand no more.

It names its series, or the indicator and the region of one that there may not be yet.
"""
TOUCHED = Table(
    "staged_place",
    _METADATA,
    Column("indicator_id", Integer),
    *(Column(name, _TYPES[name]) for name in KEY),
    prefixes=["TEMPORARY"],
)
"""The series of every code of the places that change, in the periods that change."""


_UNNAMED: Row = {"indicator_id": None, "region_id": None}


def to_stand(row: Row) -> Row:
    """An observation that is to stand, of a series that there is, as it is staged."""
    return {**_UNNAMED, **{name: row.get(name) for name in (*KEY, *SAID)}, "removed": False}


def to_end(key: Key) -> Row:
    """One that is to stand no more."""
    return {**_UNNAMED, **dict(zip(KEY, key, strict=True)), **dict.fromkeys(SAID), "removed": True}


class Applied(NamedTuple):
    """How many observations a release added, changed and took out."""

    added: int
    changed: int
    removed: int


@contextmanager
def staging(connection: Connection, changes: Iterable[Row], *, only_new: bool = True) -> Iterator[None]:
    """Have changes staged while this lasts, as rows of `STAGED`. RefusedError where two are of the same observation.

    `only_new` leaves out those that say what stands already.
    """
    _METADATA.create_all(connection, checkfirst=False)
    try:
        rows = iter(changes)
        while batch := list(islice(rows, _BATCH)):
            connection.execute(insert(STAGED), batch)
        _know(connection, STAGED)
        _name_series(connection)
        _refuse_doubles(connection)
        if only_new:
            connection.execute(delete(STAGED).where(_stands()))
        yield
    except RefusedError:
        _METADATA.drop_all(connection, checkfirst=False)
        raise
    # After a failure of the database there is nothing to be done but to roll back, which takes the tables along.
    _METADATA.drop_all(connection, checkfirst=False)


def apply(connection: Connection, release: int) -> Applied:
    """Have a release say what is staged: end the rows that are replaced, and add the others."""
    replaces = exists().where(_same_key(), TABLE.c.last_release.is_(None))
    kind = case((STAGED.c.removed, 2), (replaces, 1), else_=0)
    counted = select(kind.label("kind"), func.count()).group_by("kind")
    counts: dict[int, int] = dict(connection.execute(counted).all())
    ended = update(Observation).where(_same_key(), TABLE.c.last_release.is_(None)).values(last_release=release - 1)
    connection.execute(ended)
    names = (*KEY, *SAID)
    new = select(*(STAGED.c[name] for name in names), literal(release)).where(~STAGED.c.removed)
    connection.execute(insert(Observation).from_select([*names, "first_release"], new))
    if sum(counts.values()) >= _LARGE and connection.dialect.name == "postgresql":
        _know(connection, TABLE)
    return Applied(*(counts.get(number, 0) for number in range(3)))


def touched(connection: Connection, release: int) -> list[int]:
    """Note the series of every code of the places that change, and the periods; the indicators that change.

    A place that was recoded is counted once, whichever of its codes has a figure.
    """
    succession = at_release(RegionSuccession, release)
    recoded = succession.c.kind == "recoded"
    changed = select(STAGED.c.series_id, STAGED.c.period_start, STAGED.c.period_duration).distinct().subquery()
    own = (
        select(changed, Series.indicator_id, Series.region_id).join(Series, Series.id == changed.c.series_id).subquery()
    )
    after = select(succession.c.successor_id).where(recoded, succession.c.predecessor_id == own.c.region_id)
    place = func.coalesce(after.limit(1).scalar_subquery(), own.c.region_id).label("place")
    places = select(own.c.indicator_id, place, own.c.period_start, own.c.period_duration).distinct().subquery()
    members = union(
        select(places.c.place.label("region_id"), places),
        select(succession.c.predecessor_id, places)
        .select_from(places)
        .join(succession, and_(succession.c.successor_id == places.c.place, recoded)),
    ).subquery()
    series = and_(Series.indicator_id == members.c.indicator_id, Series.region_id == members.c.region_id)
    columns = [members.c.indicator_id, Series.id, members.c.period_start, members.c.period_duration]
    found = select(*columns).select_from(members).join(Series, series)
    connection.execute(insert(TOUCHED).from_select(["indicator_id", *KEY], found))
    _know(connection, TOUCHED)
    return list(connection.execute(select(TOUCHED.c.indicator_id).distinct()).scalars())


def _name_series(connection: Connection) -> None:
    """Name the series of staged figures, and make those that there are not."""
    known = and_(Series.indicator_id == STAGED.c.indicator_id, Series.region_id == STAGED.c.region_id)
    pairs = select(STAGED.c.indicator_id, STAGED.c.region_id).where(STAGED.c.series_id.is_(None)).distinct()
    missing = pairs.where(~exists().where(known)).order_by(STAGED.c.indicator_id, STAGED.c.region_id)
    connection.execute(insert(Series).from_select(["indicator_id", "region_id"], missing))
    named = update(STAGED).where(known, STAGED.c.series_id.is_(None)).values(series_id=Series.id)
    connection.execute(named)


def _refuse_doubles(connection: Connection) -> None:
    keys = [STAGED.c[name] for name in KEY]
    double = select(*keys, func.max(STAGED.c.period)).group_by(*keys).having(func.count() > 1).limit(1)
    found = connection.execute(double).first()
    if found is not None:
        raise RefusedError(f"A figure is given twice: series {found[0]}, {found[3] or found[1]}.")


def _stands() -> ColumnElement[bool]:
    """Whether what is staged stands already, or is not there to be removed."""
    held = exists().where(_same_key(), TABLE.c.last_release.is_(None))
    equal = [TABLE.c[name].is_not_distinct_from(STAGED.c[name]) for name in SAID]
    says_the_same = exists().where(_same_key(), TABLE.c.last_release.is_(None), *equal)
    return or_(and_(STAGED.c.removed, ~held), and_(STAGED.c.removed.is_not(true()), says_the_same))


def _same_key() -> ColumnElement[bool]:
    return and_(*(TABLE.c[name] == STAGED.c[name] for name in KEY))


def _know(connection: Connection, table: Any) -> None:
    """Have the database count the rows of a temporary table that was just filled.

    Both plan by sizes, and would otherwise take it for a large one and begin with all observations.
    """
    connection.exec_driver_sql(f"ANALYZE {table.name}")
