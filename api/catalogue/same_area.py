"""Places of different levels that are the same area: a district and the ITL 3 area that holds it and nothing else.

Derived from what lies in what: two places of today in which the same districts of today lie are one area. A district
that lies in two areas of one level is split between them (North Ayrshire), so that nothing is said of either.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from api.catalogue.entities import Level, Region
from api.models.geography import DISTRICT, GROUPING


def same_areas(regions: Mapping[int, Region], levels: Mapping[str, Level], *, day: str) -> dict[int, tuple[int, ...]]:
    """The other places of the same area, by the number of each place that has any, in the order of numbers.

    A code that gave way to another of the same place has those of the other.
    """
    current = {number for number, item in regions.items() if item.valid_on(day)}
    districts: defaultdict[int, set[int]] = defaultdict(set)
    split: set[int] = set()
    partitions = {item.id for item in levels.values() if item.role != GROUPING}
    for number in current:
        if any(levels[level].role == DISTRICT for level in regions[number].levels):
            above = [parent for parent in regions[number].parents if parent in current]
            for place in (number, *above):
                districts[place].add(number)
            within = Counter(level for parent in above for level in regions[parent].levels if level in partitions)
            if any(count > 1 for count in within.values()):
                split.add(number)
    alike: defaultdict[frozenset[int], list[int]] = defaultdict(list)
    for place, held in districts.items():
        if not held & split:
            alike[frozenset(held)].append(place)
    found = {
        place: tuple(other for other in sorted(places) if other != place)
        for places in alike.values()
        for place in places
        if len(places) > 1
    }
    return found | {
        number: found[later]
        for number, item in regions.items()
        if number not in current and (later := _stands_for(regions, item, current)) in found
    }


def _stands_for(regions: Mapping[int, Region], region: Region, current: set[int]) -> int:
    """The code that a recoded place goes by now; its own where there is none."""
    seen = {region.id}
    while region.id not in current:
        later = [item.region for item in region.successors if item.kind == "recoded" and item.region not in seen]
        if len(later) != 1:
            break
        region = regions[later[0]]
        seen.add(region.id)
    return region.id
