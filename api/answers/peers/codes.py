"""Places and their codes: a place that was recoded is one place, whichever of its codes a figure stands under."""

from __future__ import annotations

from api.answers.comparison.group import Figure, Group
from api.catalogue import Catalogue, Region


class Places:
    """The places of a level on a day, by a number that all codes of a place share."""

    def __init__(self, catalogue: Catalogue, level: str, day: str) -> None:
        self.catalogue = catalogue
        regions = (catalogue.regions[item] for item in catalogue.regions_at(level))
        self.there = {self.of(item): item for item in regions if item.valid_on(day)}
        """The places that existed on the day, each under the code that it then had."""

    def of(self, region: Region) -> int:
        """The number of the place that a region is, which is that of one of its codes."""
        if not region.predecessors and not region.successors:
            return region.id
        return min(self.catalogue.same_place(region))

    def figures(self, group: Group) -> dict[int, Figure]:
        """The figures of a group by place."""
        return {self.of(figure.region): figure for figure in group.figures.values()}

    def share(self, group: Group) -> float:
        """How much of the level a group covers: its places of the day with a value, of all of them."""
        known = self.figures(group).keys()
        return len(known & self.there.keys()) / len(self.there) if self.there else 0.0
