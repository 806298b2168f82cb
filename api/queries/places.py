"""Which places have figures, and under which of their codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, func, select

from api.catalogue import CodedPeriod, CodedSeries, Region, SharedSeries, chains
from api.models import Observation, Series
from api.queries.observations import Selection, Shape, conditions_on, holds, parameters_of, shape_on

_CHUNK = 1_000
"""Values in a list of one statement."""


def shared_series(connection: Connection, release: int, regions: Mapping[int, Region]) -> tuple[SharedSeries, ...]:
    """What places have under several of their codes at a release: read once, two small statements and a few rows."""
    places = {code: codes for codes in chains(regions) for code in codes}
    found: dict[tuple[int, tuple[int, ...]], dict[int, int]] = defaultdict(dict)
    for indicator, region, series in _series_of(connection, sorted(places)):
        found[indicator, places[region]][region] = series
    several = {key: parts for key, parts in found.items() if len(parts) > 1}
    numbers = sorted(number for parts in several.values() for number in parts.values())
    periods: dict[int, list[CodedPeriod]] = defaultdict(list)
    for series, start, duration, label, value in _rows_of(connection, release, numbers):
        periods[series].append(CodedPeriod(start, duration, label, value is not None))
    shared = []
    for (indicator, codes), by_code in sorted(several.items()):
        parts = [
            CodedSeries(code, by_code[code], tuple(periods[by_code[code]]))
            for code in codes
            if code in by_code and periods[by_code[code]]
        ]
        if len(parts) > 1:
            found_here = SharedSeries(indicator, tuple(parts))
            shared.append(replace(found_here, overlapping=bool(found_here.hidden(None))))
    return tuple(shared)


def counted_values(
    connection: Connection, selection: Selection, regions: Collection[int], *, statuses: frozenset[str] | None = None
) -> list[tuple[int, int, int, int]]:
    """How many values some regions have within a selection's indicators and periods, of some statuses or all.

    Each is (indicator, region, number of the series, number of values), none of them without an observation.
    """
    wanted = replace(
        selection, regions=frozenset(regions), statuses=statuses, latest=False, after=None, without=None, hidden=None
    )
    found = connection.execute(_counted(shape_on(connection, wanted)), parameters_of(wanted))
    return [(indicator, region, series, values) for indicator, region, series, values in found]


@lru_cache(maxsize=64)
def _counted(shape: Shape) -> Select[Any]:
    statement: Select[Any] = (
        select(Series.indicator_id, Series.region_id, Series.id, func.count(Observation.value))  # type: ignore[assignment]
        .join(Observation, Observation.series_id == Series.id)
        .where(holds(Observation, shape), *conditions_on(shape))
        .group_by(Series.indicator_id, Series.region_id, Series.id)
        .order_by(Series.indicator_id, Series.region_id)
    )
    return statement


def _series_of(connection: Connection, regions: list[int]) -> Iterator[Any]:
    for start in range(0, len(regions), _CHUNK):
        some = regions[start : start + _CHUNK]
        yield from connection.execute(
            select(Series.indicator_id, Series.region_id, Series.id).where(Series.region_id.in_(some))
        )


def _rows_of(connection: Connection, release: int, series: list[int]) -> Iterator[Any]:
    selection = Selection(release=release)
    for start in range(0, len(series), _CHUNK):
        some = series[start : start + _CHUNK]
        yield from connection.execute(
            select(
                Observation.series_id,
                Observation.period_start,
                Observation.period_duration,
                Observation.period,
                Observation.value,
            )
            .where(Observation.series_id.in_(some), holds(Observation, shape_on(connection, selection)))
            .order_by(Observation.series_id, Observation.period_start, Observation.period_duration),
            parameters_of(selection),
        )
