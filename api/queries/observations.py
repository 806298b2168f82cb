"""Observations of a selection, at a release: one statement, whatever is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, tuple_

from api.models import Observation, Series

Key = tuple[int, int, str, str]
"""What observations are ordered by: indicator, region, start and duration of the period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which observations, in the numbers of the database. `None` means "all"; `after` is the last key already seen."""

    release: int
    indicators: frozenset[int] | None = None
    regions: frozenset[int] | None = None
    periods: frozenset[str] | None = None
    start_from: str | None = None
    start_to: str | None = None
    statuses: frozenset[str] | None = None
    latest: bool = False
    after: Key | None = None


TIDY = (
    Series.indicator_id,
    Series.region_id,
    Observation.period,
    Observation.value,
    Observation.status,
    Observation.source_file_id,
)
"""The columns of a row of a table."""
FULL = (
    *TIDY,
    Observation.period_start,
    Observation.period_duration,
    Observation.lower,
    Observation.upper,
    Observation.bounds_kind,
    Observation.note,
)
"""The columns of a figure in a series."""
_ORDER = (Series.indicator_id, Series.region_id, Observation.period_start, Observation.period_duration)


def select_observations(
    connection: Connection, selection: Selection, *, columns: tuple[Any, ...], limit: int
) -> tuple[list[tuple[Any, ...]], Key | None]:
    """The first `limit` observations of a selection, in key order, and the key to go on from (None at the end)."""
    statement = _statement(selection, (*columns, *_ORDER)).limit(limit + 1)
    # The driver's own tuples: no column here needs conversion, and SQLAlchemy's rows would cost as much again.
    cursor = connection.execute(statement).cursor
    rows = cursor.fetchall() if cursor is not None else []
    width = len(columns)
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        following = tuple(rows[-1][width:])
    return [row[:width] for row in rows], following


def any_observation(connection: Connection, selection: Selection) -> bool:
    """Whether a selection holds anything at all."""
    return connection.execute(_statement(selection, (Series.id,), ordered=False).limit(1)).first() is not None


def count_observations(connection: Connection, selection: Selection) -> int:
    """How many observations a selection holds."""
    counted = select(func.count()).select_from(_statement(selection, (Series.id,), ordered=False).subquery())
    number: int = connection.execute(counted).scalar_one()
    return number


def periods_of(connection: Connection, selection: Selection) -> list[tuple[str, str]]:
    """The periods (start, label) of a selection, oldest first."""
    statement = (
        _statement(selection, (Observation.period_start, Observation.period), ordered=False)
        .distinct()
        .order_by(Observation.period_start)
    )
    return [(start, label) for start, label in connection.execute(statement)]


def statuses_of(connection: Connection, selection: Selection) -> set[str]:
    """The statuses that occur in a selection."""
    statement = _statement(selection, (Observation.status,), ordered=False).distinct()
    return set(connection.execute(statement).scalars())


def holds_in(table: Any, release: int) -> ColumnElement[bool]:
    """The rows of a release-ranged table that are true at a release."""
    return and_(table.first_release <= release, or_(table.last_release.is_(None), table.last_release >= release))


def _statement(selection: Selection, columns: tuple[Any, ...], *, ordered: bool = True) -> Select[Any]:
    statement = (
        select(*columns)
        .select_from(Series)
        .join(Observation, Observation.series_id == Series.id)
        .where(holds_in(Observation, selection.release), *conditions_on(selection))
    )
    return statement.order_by(*_ORDER) if ordered else statement


def conditions_on(selection: Selection) -> list[ColumnElement[bool]]:
    """What a selection asks of observations, the release apart."""
    conditions: list[ColumnElement[bool]] = []
    for column, wanted in (
        (Series.indicator_id, selection.indicators),
        (Series.region_id, selection.regions),
        (Observation.period, selection.periods),
        (Observation.status, selection.statuses),
    ):
        if wanted is not None:
            conditions.append(column.in_(sorted(wanted)))
    if selection.start_from is not None:
        conditions.append(Observation.period_start >= selection.start_from)
    if selection.start_to is not None:
        conditions.append(Observation.period_start <= selection.start_to)
    if selection.latest:
        conditions.append(_is_latest(selection))
    if selection.after is not None:
        conditions.extend(_after(selection.after))
    return conditions


def _is_latest(selection: Selection) -> ColumnElement[bool]:
    """The newest value of its series within the periods asked for: no later row of the same series has a value."""
    other = Observation.__table__.alias("other")
    newest = select(other.c.period_start).where(
        other.c.series_id == Observation.series_id, other.c.value.is_not(None), holds_in(other.c, selection.release)
    )
    if selection.start_from is not None:
        newest = newest.where(other.c.period_start >= selection.start_from)
    if selection.start_to is not None:
        newest = newest.where(other.c.period_start <= selection.start_to)
    if selection.periods is not None:
        newest = newest.where(other.c.period.in_(sorted(selection.periods)))
    newest = newest.order_by(other.c.period_start.desc()).limit(1)
    return and_(Observation.value.is_not(None), Observation.period_start == newest.scalar_subquery())


def _after(key: Key) -> list[ColumnElement[bool]]:
    indicator, region, start, duration = key
    pair = tuple_(Series.indicator_id, Series.region_id)
    return [
        # The first condition alone is what an index can seek to; the second says where in the series to go on.
        pair >= (indicator, region),
        or_(
            pair > (indicator, region),
            tuple_(Observation.period_start, Observation.period_duration) > (start, duration),
        ),
    ]
