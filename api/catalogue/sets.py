"""Sets of regions that many questions ask for, found once for a release and process: of a level, a day, a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property

from api.catalogue.entities import Level, Region

_DAYS = 32
"""For so many mixes of levels and days asked for, the regions of both are kept."""
ANY_DAY = "any"
"""Stands for a day where regions that have ended, or are to come, are among those meant."""


class RegionSets:
    """The part of a catalogue that knows regions by what they have in common."""

    levels: Mapping[str, Level]
    regions: Mapping[int, Region]

    def level_as(self, role: str) -> Level | None:
        """The level of a role, the first in order; None where no level has it."""
        return next((item for item in self.levels.values() if item.role == role), None)

    def regions_as(self, *roles: str) -> frozenset[int]:
        """The regions of all levels of some roles, those that have ended among them."""
        return frozenset().union(*(self.regions_at(item.id) for item in self.levels.values() if item.role in roles))

    def regions_at(self, level: str) -> frozenset[int]:
        """The regions of a level, those that have ended among them."""
        return self._at_levels.get(level, frozenset())

    def named_alike(self, region: Region) -> tuple[int, ...]:
        """The regions that have the name of a region, itself among them."""
        return self._of_names.get(region.name, ())

    def listed(self, levels: Collection[str] | None, day: str) -> tuple[Region, ...]:
        """The regions of some levels, or of all, whose code was in use on a day (or any), ordered by code."""
        key = (None if levels is None else frozenset(levels), day)
        found = self._listed.get(key)
        if found is None:
            if len(self._listed) >= _DAYS:
                self._listed.clear()
            numbers = self.regions if key[0] is None else frozenset().union(*map(self.regions_at, key[0]))
            chosen = (self.regions[number] for number in numbers)
            on_day = (item for item in chosen if day == ANY_DAY or item.valid_on(day))
            found = self._listed[key] = tuple(sorted(on_day, key=lambda item: item.code))
        return found

    @cached_property
    def _listed(self) -> dict[tuple[frozenset[str] | None, str], tuple[Region, ...]]:
        return {}

    @cached_property
    def _at_levels(self) -> dict[str, frozenset[int]]:
        found: defaultdict[str, set[int]] = defaultdict(set)
        for item in self.regions.values():
            for level in item.levels:
                found[level].add(item.id)
        return {level: frozenset(numbers) for level, numbers in found.items()}

    @cached_property
    def _of_names(self) -> dict[str, tuple[int, ...]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for item in self.regions.values():
            found[item.name].append(item.id)
        return {name: tuple(numbers) for name, numbers in found.items()}
