"""From a question about observations to a selection in the database: identifiers resolved, sets intersected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from api import errors
from api.answers.reading import Reading, read_cursor
from api.catalogue import Catalogue, Indicator, Region
from api.filters import ObservationFilter
from api.periods import Period, SplitYear
from api.queries.observations import Selection

CURSOR = (int, int, str, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A question with its identifiers resolved: what it asks of the catalogue, and of the database."""

    selection: Selection
    indicators: tuple[Indicator, ...]
    """The indicators asked for, all of them where none was named."""
    regions: tuple[Region, ...] | None
    """The regions asked for, None where none was named."""


def resolve(reading: Reading, asked: ObservationFilter) -> Resolved:
    """Check every identifier and period of a question. Problems `unknown-id` and `invalid-parameter`."""
    catalogue = reading.catalogue
    indicators = _indicators(catalogue, asked)
    regions = _regions(catalogue, asked)
    chosen = tuple(catalogue.indicators.values()) if indicators is None else indicators
    start_from = _period(catalogue, asked.period_from, chosen, "query/period_from")
    start_to = _period(catalogue, asked.period_to, chosen, "query/period_to")
    if start_from and start_to and start_from.start > start_to.end:
        raise errors.invalid(
            "query/period_from",
            f"period_from ({start_from.label}) lies after period_to ({start_to.label}). Exchange the two.",
            code="period-order",
        )
    periods = [_period(catalogue, item, chosen, "query/period") for item in asked.period or ()]
    after = read_cursor(asked.cursor, like=CURSOR)
    selection = Selection(
        release=reading.release,
        indicators=None if indicators is None else frozenset(item.id for item in indicators),
        regions=None if regions is None else frozenset(item.id for item in regions),
        periods=frozenset(item.label for item in periods if item) if asked.period else None,
        start_from=start_from.start if start_from else None,
        start_to=start_to.end if start_to else None,
        statuses=frozenset(asked.status) if asked.status else None,
        latest=asked.latest,
        after=after,  # type: ignore[arg-type]
    )
    return Resolved(selection=selection, indicators=chosen, regions=regions)


def _indicators(catalogue: Catalogue, asked: ObservationFilter) -> tuple[Indicator, ...] | None:
    sets: list[Iterable[int]] = []
    if asked.indicator is not None:
        sets.append({catalogue.indicator(slug, path="query/indicator").id for slug in asked.indicator})
    if asked.component is not None:
        components = {catalogue.component(item, path="query/component").id for item in asked.component}
        sets.append({item.id for item in catalogue.indicators.values() if item.component in components})
    common = _intersection(sets)
    return None if common is None else tuple(item for item in catalogue.indicators.values() if item.id in common)


def _regions(catalogue: Catalogue, asked: ObservationFilter) -> tuple[Region, ...] | None:
    sets: list[Iterable[int]] = []
    if asked.region is not None:
        sets.append({catalogue.region(code, path="query/region").id for code in asked.region})
    if asked.level is not None:
        sets.append(
            _union(asked.level, lambda item: catalogue.regions_at(catalogue.level(item, path="query/level").id))
        )
    if asked.parent is not None:
        sets.append(
            _union(asked.parent, lambda item: catalogue.regions_below(catalogue.region(item, path="query/parent")))
        )
    common = _intersection(sets)
    return None if common is None else tuple(catalogue.regions[number] for number in sorted(common))


def _union(names: Iterable[str], members: Callable[[str], frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*(members(name) for name in names))


def _intersection(sets: list[Iterable[int]]) -> set[int] | None:
    return set.intersection(*(set(item) for item in sets)) if sets else None


def _period(
    catalogue: Catalogue, period: Period | SplitYear | None, indicators: tuple[Indicator, ...], path: str
) -> Period | None:
    return None if period is None else catalogue.resolve_period(period, indicators, path=path)
