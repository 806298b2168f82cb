"""Which district and which ITL 3 area are the same land, so that the figures of either are the figures of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from api.catalogue.entities import Region

DISTRICT, AREA = "local-authority", "itl3"


def same_areas(regions: Iterable[Region], day: str) -> dict[int, int]:
    """The ITL 3 area of each district that is all of it and lies in no other, and the other way round, by number.

    As they stood on a day: codes that are gone have borders that nobody vouches for today.
    """
    there = {item.id: item for item in regions if item.valid_on(day)}
    areas = {number for number, item in there.items() if AREA in item.levels}
    districts: dict[int, list[int]] = defaultdict(list)
    for number, item in there.items():
        if DISTRICT in item.levels:
            for parent in areas.intersection(item.parents):
                districts[parent].append(number)
    pairs = {}
    for area, within in districts.items():
        if len(within) == 1 and len(areas.intersection(there[within[0]].parents)) == 1:
            pairs[area], pairs[within[0]] = within[0], area
    return pairs
