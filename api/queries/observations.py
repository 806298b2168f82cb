"""Observations of a selection, at a release: one statement, whatever is asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
)

from api.models import Observation, Series
from api.queries.holding import CURRENT, holds_in, is_current, sees_as_newest
from api.queries.lists import LONG, is_listed
from api.queries.period_days import days_spanned, within_periods

Key = tuple[int, int, str, str]
"""What observations are ordered by: indicator, region, start and duration of the period."""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which observations, in the numbers of the database. `None` means "all"; `after` is the last key already seen.

    `without` are numbers of series that are left out; `hidden` are observations that are, by series and period: those
    of an older code of a place that a newer one has too.
    """

    release: int
    indicators: frozenset[int] | None = None
    regions: frozenset[int] | None = None
    periods: frozenset[str] | None = None
    start_from: str | None = None
    start_to: str | None = None
    statuses: frozenset[str] | None = None
    latest: bool = False
    after: Key | None = None
    without: frozenset[int] | None = None
    hidden: frozenset[tuple[int, str, str]] | None = None

    @cached_property
    def shape(self) -> Shape:
        """Which parts are given. A long list of regions makes it another one."""
        given = frozenset(name for name in _OPTIONAL if getattr(self, name) not in {None, False})
        return given | {MANY_REGIONS} if len(self.regions or ()) > LONG else given


BARE = (
    Series.indicator_id,
    Series.region_id,
    Observation.period,
    Observation.value,
    Observation.status,
)
"""The columns of a row of a table, and no more: for many rows, each further column costs a tenth."""
TIDY = (
    *BARE,
    Observation.source_file_id,
    Observation.period_start,
    Observation.period_duration,
)
"""The columns of a row of a table, with its source and those that order it."""
FULL = (
    *TIDY,
    Observation.lower,
    Observation.upper,
    Observation.bounds_kind,
    Observation.note,
)
"""The columns of a figure in a series."""
_ORDER = (Series.indicator_id, Series.region_id, Observation.period_start, Observation.period_duration)

MANY_REGIONS = "many-regions"
"""A part of a selection's shape: its regions are one parameter."""
Shape = frozenset[str]
"""Which parts of a selection are given, by name: selections of one shape share a statement."""


def select_observations(
    connection: Connection, selection: Selection, *, columns: tuple[Any, ...], limit: int
) -> tuple[list[tuple[Any, ...]], Key | None]:
    """The first `limit` observations of a selection, in key order, and the key to go on from (None at the end).

    `columns` are `BARE`, `TIDY` or `FULL`.
    """
    statement = _page_of(shape_on(connection, selection), columns)
    # The driver's own tuples: no column here needs conversion, and SQLAlchemy's rows would cost as much again.
    cursor = connection.execute(statement, {**parameters_of(selection), "limit": limit + 1}).cursor
    rows: list[tuple[Any, ...]] = list(cursor.fetchall()) if cursor is not None else []
    if len(rows) <= limit:
        return rows, None
    rows.pop()
    if len(columns) == len(BARE):  # the key is not among them
        return rows, _key_at(connection, selection, limit - 1)
    indicator, region, _, _, _, _, start, duration, *_ = rows[-1]
    return rows, (indicator, region, start, duration)


def all_observations(
    connection: Connection, selection: Selection, *, columns: tuple[Any, ...]
) -> list[tuple[Any, ...]]:
    """All observations of a selection, in key order: where their number follows from the catalogue, as of a level."""
    statement = _ordered(shape_on(connection, selection), columns)
    cursor = connection.execute(statement, parameters_of(selection)).cursor
    return list(cursor.fetchall()) if cursor is not None else []


def any_observation(connection: Connection, selection: Selection) -> bool:
    """Whether a selection holds anything at all."""
    statement = _statement(shape_on(connection, selection), (Series.id,)).limit(1)
    return connection.execute(statement, parameters_of(selection)).first() is not None


def count_observations(connection: Connection, selection: Selection) -> int:
    """How many observations a selection holds."""
    found = _statement(shape_on(connection, selection), (Series.id,)).subquery()
    counted = select(func.count()).select_from(found)
    number: int = connection.execute(counted, parameters_of(selection)).scalar_one()
    return number


def extent_of(connection: Connection, selection: Selection) -> tuple[int, set[int], int]:
    """What a cube of a selection spans: how many indicators, which regions (by number), and how many periods."""
    shape, given = shape_on(connection, selection), parameters_of(selection)
    found = _statement(shape, (Series.indicator_id, Observation.period)).subquery()
    of_indicators, of_periods = (func.count(column.distinct()) for column in found.c)
    indicators, periods = connection.execute(select(of_indicators, of_periods), given).one()
    regions = connection.execute(_statement(shape, (Series.region_id,)).distinct(), given).scalars()
    return indicators, set(regions), periods


def periods_of(connection: Connection, selection: Selection) -> list[tuple[str, str]]:
    """The periods (start, label) of a selection, oldest first."""
    columns = (Observation.period_start, Observation.period)
    statement = _statement(shape_on(connection, selection), columns).distinct().order_by(Observation.period_start)
    return [(start, label) for start, label in connection.execute(statement, parameters_of(selection))]


def statuses_of(connection: Connection, selection: Selection) -> set[str]:
    """The statuses that occur in a selection."""
    statement = _statement(shape_on(connection, selection), (Observation.status,)).distinct()
    return set(connection.execute(statement, parameters_of(selection)).scalars())


def shape_on(connection: Connection, selection: Selection) -> Shape:
    """The shape of a selection as a connection reads it: what is current is found by an index of its own."""
    return selection.shape | {CURRENT} if sees_as_newest(connection, selection.release) else selection.shape


def holds(table: Any, shape: Shape) -> ColumnElement[bool]:
    """The rows of a release-ranged table that are true at the release of selections of a shape."""
    return is_current(table) if CURRENT in shape else holds_in(table, _RELEASE)


def parameters_of(selection: Selection) -> dict[str, Any]:
    """What a statement of the selection's shape is executed with."""
    shape = selection.shape
    given: dict[str, Any] = {name: sorted(getattr(selection, name)) for name in _LISTS if name in shape}
    given |= {name: getattr(selection, name) for name in ("start_from", "start_to") if name in shape}
    if selection.periods is not None:
        given |= days_spanned(selection.periods)
    if selection.without is not None:
        given["without"] = sorted(selection.without)
    if selection.hidden is not None:
        given |= {"hidden": sorted(selection.hidden), "with_hidden": sorted({key[0] for key in selection.hidden})}
    if selection.after is not None:
        given |= {name: text for (name, _), text in zip(_AFTER, selection.after, strict=True)}
    return {"release": selection.release, **given}


def conditions_on(shape: Shape) -> list[ColumnElement[bool]]:
    """What selections of a shape ask of observations, the release apart."""
    conditions: list[ColumnElement[bool]] = []
    for name, column in _LISTS.items():
        if name == "regions" and MANY_REGIONS in shape:
            conditions.append(is_listed(column, name))
        elif name in shape:
            conditions.append(column.in_(bindparam(name, expanding=True)))
    if "periods" in shape:
        conditions.append(within_periods(Observation.period_start))
    conditions.extend(_within(Observation.period_start, shape))
    if "without" in shape:
        conditions.append(Observation.series_id.not_in(bindparam("without", expanding=True)))
    if "hidden" in shape:
        conditions.append(is_shown(Observation))
    if "latest" in shape:
        conditions.append(_is_latest(shape))
    if "after" in shape:
        conditions.extend(_is_after())
    return conditions


def is_shown(table: Any) -> ColumnElement[bool]:
    """Not among `hidden`: few series have hidden observations, and only in these is each looked up."""
    key = tuple_(table.series_id, table.period_start, table.period_duration)
    return or_(
        table.series_id.not_in(bindparam("with_hidden", expanding=True)),
        key.not_in(bindparam("hidden", expanding=True)),
    )


_LISTS = {
    "indicators": Series.indicator_id,
    "regions": Series.region_id,
    "periods": Observation.period,
    "statuses": Observation.status,
}
_OPTIONAL = (*_LISTS, "start_from", "start_to", "latest", "after", "without", "hidden")
_RELEASE: BindParameter[int] = bindparam("release", type_=Integer)
_AFTER: tuple[tuple[str, Any], ...] = (
    ("after_indicator", Integer),
    ("after_region", Integer),
    ("after_start", String),
    ("after_duration", String),
)


@lru_cache(maxsize=512)
def _page_of(shape: Shape, columns: tuple[Any, ...]) -> Select[Any]:
    """The statement of a page. Building it anew each time would cost more than reading a small page."""
    return _ordered(shape, columns).limit(bindparam("limit", type_=Integer))


@lru_cache(maxsize=512)
def _ordered(shape: Shape, columns: tuple[Any, ...]) -> Select[Any]:
    """The same without a limit."""
    return _statement(shape, columns).order_by(*_ORDER)


def _key_at(connection: Connection, selection: Selection, place: int) -> Key:
    """The key of the observation at a place in a selection, from 0 on."""
    statement = _statement(shape_on(connection, selection), _ORDER).order_by(*_ORDER).limit(1).offset(place)
    indicator, region, start, duration = connection.execute(statement, parameters_of(selection)).one()
    return indicator, region, start, duration


def _statement(shape: Shape, columns: tuple[Any, ...]) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Series)
        .join(Observation, Observation.series_id == Series.id)
        .where(holds(Observation, shape), *conditions_on(shape))
    )


def _within(start: Any, shape: Shape) -> list[ColumnElement[bool]]:
    from_, to = bindparam("start_from", type_=String), bindparam("start_to", type_=String)
    return [*([start >= from_] if "start_from" in shape else []), *([start <= to] if "start_to" in shape else [])]


def _is_latest(shape: Shape) -> ColumnElement[bool]:
    """The newest value of its series within the periods asked for: no later row of the same series has a value."""
    other = Observation.__table__.alias("other")
    newest = select(other.c.period_start).where(
        other.c.series_id == Series.id,  # not of each observation: it is looked up once for a series
        other.c.value.is_not(None),
        holds(other.c, shape),
        *_within(other.c.period_start, shape),
    )
    if "periods" in shape:
        listed = other.c.period.in_(bindparam("periods", expanding=True))
        newest = newest.where(listed, within_periods(other.c.period_start))
    if "hidden" in shape:
        newest = newest.where(is_shown(other.c))
    newest = newest.order_by(other.c.period_start.desc()).limit(1)
    return and_(Observation.value.is_not(None), Observation.period_start == newest.scalar_subquery())


def _is_after() -> list[ColumnElement[bool]]:
    indicator, region, start, duration = (bindparam(name, type_=kind) for name, kind in _AFTER)
    pair = tuple_(Series.indicator_id, Series.region_id)
    return [
        # The first condition alone is what an index can seek to; the second says where in the series to go on.
        pair >= tuple_(indicator, region),
        or_(
            pair > tuple_(indicator, region),
            tuple_(Observation.period_start, Observation.period_duration) > tuple_(start, duration),
        ),
    ]
