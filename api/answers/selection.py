"""From a question about observations to a selection in the database: identifiers resolved, sets intersected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from api import errors
from api.answers.reading import Reading, read_cursor
from api.catalogue import Catalogue, Hidden, Indicator, Region, SharedSeries
from api.filters import LINKED, OWN, ObservationFilter
from api.periods import Period, SplitYear
from api.queries.observations import Selection

ANY = "any"
"""For `valid_on`: all codes that there ever were."""
CURSOR = (int, int, str, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A question with its identifiers resolved: what it asks of the catalogue, and of the database."""

    selection: Selection
    indicators: tuple[Indicator, ...]
    """The indicators asked for, all of them where none was named."""
    regions: tuple[Region, ...] | None
    """The regions asked for, None where none was named: every code of each place, unless codes stand for themselves."""
    linked: bool = True
    """Whether a place is one, under whichever of its codes figures are published."""

    def hidden_everywhere(self, catalogue: Catalogue) -> frozenset[Hidden]:
        """What an older code has of a period that a newer one has too, in any place, of the indicators asked for."""
        known = catalogue.hidden
        return frozenset().union(*(known[item.id] for item in self.indicators if item.id in known))


def resolve(reading: Reading, asked: ObservationFilter) -> Resolved:
    """Check every identifier and period of a question. Problems `unknown-id` and `invalid-parameter`."""
    catalogue = reading.catalogue
    indicators = _indicators(catalogue, asked)
    regions = _regions(catalogue, asked)
    chosen = tuple(catalogue.indicators.values()) if indicators is None else indicators
    start_from = _period(catalogue, asked.period_from, chosen, "period_from")
    start_to = _period(catalogue, asked.period_to, chosen, "period_to")
    if start_from and start_to and start_from.start > start_to.end:
        raise errors.invalid(
            "period_from",
            f"period_from ({start_from.label}) lies after period_to ({start_to.label}). Exchange the two.",
            code="period-order",
        )
    periods = [_period(catalogue, item, chosen, "period") for item in asked.period or ()]
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
    if asked.history == LINKED:
        selection = linked(catalogue, selection)
    return Resolved(selection=selection, indicators=chosen, regions=regions, linked=asked.history == LINKED)


def linked(catalogue: Catalogue, selection: Selection) -> Selection:
    """A selection in which a recoded place has one observation of a period: the newest code's, and one latest value."""
    shared = _shared(catalogue, selection)
    if not shared:
        return selection
    hidden = _hidden(catalogue, selection, shared)
    without: frozenset[int] = frozenset()
    if selection.latest:
        bounds = {"periods": selection.periods, "first": selection.start_from, "last": selection.start_to}
        without = frozenset(key for item in shared for key in item.not_latest(selection.regions, **bounds))  # type: ignore[arg-type]
    return replace(selection, hidden=hidden or None, without=without or None)


def _hidden(catalogue: Catalogue, selection: Selection, shared: list[SharedSeries]) -> frozenset[Hidden]:
    if selection.regions is None:
        return frozenset().union(*(catalogue.hidden.get(number, ()) for number in {item.indicator for item in shared}))
    return frozenset(key for item in shared if item.overlapping for key in item.hidden(selection.regions))


def _shared(catalogue: Catalogue, selection: Selection) -> list[SharedSeries]:
    """What a selection reaches of the places that have figures under several codes."""
    if selection.regions is None:
        found = catalogue.shared
    else:
        known = catalogue.shared_by_region
        reached = known.keys() & selection.regions  # few places have several codes, a level may have thousands
        found = tuple({id(item): item for region in sorted(reached) for item in known[region]}.values())
    return [item for item in found if selection.indicators is None or item.indicator in selection.indicators]


def _indicators(catalogue: Catalogue, asked: ObservationFilter) -> tuple[Indicator, ...] | None:
    sets: list[Iterable[int]] = []
    if asked.indicator is not None:
        sets.append({catalogue.indicator(slug).id for slug in asked.indicator})
    if asked.component is not None:
        components = {catalogue.component(item).id for item in asked.component}
        sets.append({item.id for item in catalogue.indicators.values() if item.component in components})
    common = _intersection(sets)
    return None if common is None else tuple(item for item in catalogue.indicators.values() if item.id in common)


def _regions(catalogue: Catalogue, asked: ObservationFilter) -> tuple[Region, ...] | None:
    of_place = asked.history != OWN
    sets: list[Iterable[int]] = []
    if asked.region is not None:
        sets.append(_codes(catalogue, asked.region, "region", of_place=of_place))
    if asked.level is not None:
        levels = [catalogue.level(item).id for item in asked.level]
        sets.append(_union(levels, catalogue.with_earlier_codes if of_place else catalogue.regions_at))
    if asked.parent is not None:
        parents = _codes(catalogue, asked.parent, "parent", of_place=of_place)
        below = frozenset().union(*(catalogue.regions_below(catalogue.regions[number]) for number in parents))
        sets.append(every_code(catalogue, below) if of_place else below)
    if asked.valid_on not in {None, ANY}:
        sets.append(_valid_on(catalogue, str(asked.valid_on), of_place=of_place))
    common = _intersection(sets)
    return None if common is None else tuple(catalogue.regions[number] for number in sorted(common))


def every_code(catalogue: Catalogue, regions: Iterable[int]) -> frozenset[int]:
    """Some regions under every code that their places have had."""
    return frozenset(code for number in regions for code in catalogue.codes_of(catalogue.regions[number]))


def _codes(catalogue: Catalogue, codes: Iterable[str], field: str, *, of_place: bool) -> frozenset[int]:
    """The regions of some codes; of a place, all its codes."""
    named = frozenset(catalogue.region(code, field=field).id for code in codes)
    return every_code(catalogue, named) if of_place else named


def _valid_on(catalogue: Catalogue, day: str, *, of_place: bool) -> frozenset[int]:
    """The regions whose code was in use on a day; of a place, all its codes where one of them was."""
    found = frozenset(item.id for item in catalogue.listed(None, day))
    return every_code(catalogue, found) if of_place else found


def _union(levels: Iterable[str], members: Callable[[str], frozenset[int]]) -> frozenset[int]:
    return frozenset().union(*(members(level) for level in levels))


def _intersection(sets: list[Iterable[int]]) -> set[int] | None:
    return set.intersection(*(set(item) for item in sets)) if sets else None


def _period(
    catalogue: Catalogue, period: Period | SplitYear | None, indicators: tuple[Indicator, ...], field: str
) -> Period | None:
    return None if period is None else catalogue.resolve_period(period, indicators, field=field)
