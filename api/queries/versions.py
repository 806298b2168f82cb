"""What was said of observations over the releases: the versions of their values, found by value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, tuple_

from api.models import Observation, Series
from api.queries.observations import TIDY, Selection, conditions_on, holds, parameters_of, shape_on
from api.quoted import Range

FIRST, LAST, SERIES = range(len(TIDY), len(TIDY) + 3)
"""Where a version has the releases that it holds in, first and last (None: still), and the number of its series."""
_VERSION = (*TIDY, Observation.first_release, Observation.last_release, Observation.series_id)
Row = tuple[Any, ...]
Key = tuple[int, str, str]
"""What versions are of: series, start and duration of the period."""
Ranges = Mapping[Range, Collection[int]]
"""Ranges of values, each with the indicators (by number) that it is of."""


def key_of(row: Row) -> Key:
    """What a version is one of."""
    *_, start, duration, _, _, series = row
    return series, start, duration


def matching_versions(connection: Connection, selection: Selection, ranges: Ranges) -> list[Row]:
    """The versions within ranges of values that hold in any release up to that of a selection."""
    statement = _versions(selection.release).where(*conditions_on(selection.shape), _is_within(ranges))
    return [tuple(row) for row in connection.execute(statement, parameters_of(selection))]


def versions_of(connection: Connection, release: int, keys: Iterable[Key]) -> list[Row]:
    """All versions of some observations up to a release, the oldest first."""
    named = sorted(set(keys))
    series = sorted({number for number, _, _ in named})
    key = tuple_(Observation.series_id, Observation.period_start, Observation.period_duration)
    statement = _versions(release).where(Observation.series_id.in_(series), key.in_(named))
    return [tuple(row) for row in connection.execute(statement.order_by(Observation.first_release))]


def nearest_versions(connection: Connection, selection: Selection, ranges: Ranges, limit: int) -> list[Row]:
    """The observations of a selection whose values come nearest to ranges, so many for each range."""
    shape, given, found = shape_on(connection, selection), parameters_of(selection), []
    for near, indicators in ranges.items():
        statement = (
            _versions(selection.release)
            .where(holds(Observation, shape), *conditions_on(shape), Observation.value.is_not(None))
            .where(Series.indicator_id.in_(sorted(indicators)))
            .order_by(func.abs(Observation.value - near.target), Observation.period_start.desc(), *_VERSION[:2])
            .limit(limit)
        )
        found += [tuple(row) for row in connection.execute(statement, given)]
    return found


def _versions(release: int) -> Select[Any]:
    """The versions that came with a release or before it."""
    joined: Select[Any] = select(*_VERSION).select_from(Series)  # type: ignore[assignment]
    joined = joined.join(Observation, Observation.series_id == Series.id)
    return joined.where(Observation.first_release <= release)


def _is_within(ranges: Ranges) -> ColumnElement[bool]:
    return or_(
        *(
            and_(Series.indicator_id.in_(sorted(of)), Observation.value.between(item.low, item.high))
            for item, of in ranges.items()
        )
    )
