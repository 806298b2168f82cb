"""What belongs together among the regions of a catalogue: the codes of one place, what came after, the same area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from api.catalogue.entities import Region, ReleaseInfo
from api.catalogue.recoding import Hidden, SharedSeries, by_region, came_after, chain_of, newest_existing
from api.catalogue.same_area import same_areas
from api.catalogue.sets import RegionSets


class Recoded(RegionSets):
    """The part of a catalogue that knows places by all their codes."""

    release: ReleaseInfo
    shared: Sequence[SharedSeries]

    def with_earlier_codes(self, level: str) -> frozenset[int]:
        """The regions of a level, with the earlier codes of each of them, which may have been of another level."""
        found = self._with_earlier_codes.get(level)
        if found is None:
            own = self.regions_at(level)
            earlier = (self._chains[item][self._chains[item].index(item) :] for item in own & self._chains.keys())
            found = self._with_earlier_codes[level] = own.union(*earlier)
        return found

    def earlier_levels(self, level: str) -> list[str]:
        """Other levels, that regions of one had under earlier codes."""
        found = {item for number in self.with_earlier_codes(level) for item in self.regions[number].levels}
        own = {item for number in self.regions_at(level) for item in self.regions[number].levels}
        return sorted(found - own)

    def codes_of(self, region: Region) -> tuple[int, ...]:
        """The codes of the place that a region is, newest first; its own alone where it was never recoded."""
        return self._chains.get(region.id, (region.id,))

    def same_place(self, region: Region) -> tuple[int, ...]:
        """The codes of a place, the region's own first, then the others, newest first."""
        return (region.id, *(code for code in self.codes_of(region) if code != region.id))

    def place_of(self, region: Region) -> Region:
        """The region under the code that its place goes by at this release."""
        return self.places.get(region.id, region)

    @cached_property
    def places(self) -> dict[int, Region]:
        """The region under which a place goes by at this release, by the number of each code that it ever had."""
        day = self.release.published_at[:10]
        newest = {number: newest_existing(self.regions, chain, day) for number, chain in self._chains.items()}
        return {number: self.regions[code] for number, code in newest.items()}

    def recoded_from(self, region: Region) -> list[Region]:
        """The same place under its earlier codes, newest first."""
        codes = self.codes_of(region)
        return [self.regions[code] for code in codes[codes.index(region.id) + 1 :]]

    def later_places(self, number: int, *, linked: bool = True) -> tuple[int, ...]:
        """The regions that came after one, however many steps later, nearest first.

        `linked`: another code of the same place is no other place, and is left out.
        """
        return self.all_later_places(linked=linked).get(number, ())

    def all_later_places(self, *, linked: bool = True) -> Mapping[int, tuple[int, ...]]:
        """The regions that came after others, by these: as `later_places` tells them of one."""
        return self._later_places if linked else self._later_codes

    @cached_property
    def _with_earlier_codes(self) -> dict[str, frozenset[int]]:
        return {}

    @cached_property
    def shared_by_region(self) -> dict[int, tuple[SharedSeries, ...]]:
        """What recoded places have under several codes, by each of these."""
        return by_region(self.shared)

    def same_area(self, region: Region) -> list[Region]:
        """The places of other levels that are the same area: Dudley the district and Dudley the ITL 3 area."""
        return [self.regions[number] for number in self._same_areas.get(region.id, ())]

    def same_land(self, region: Region) -> Region | None:
        """The ITL 3 area that is the same area as a district, or the other way round; None where there is none.

        Of the levels that have figures which the other lacks, see `Level.counterpart`.
        """
        wanted = next((other for item in region.levels if (other := self.levels[item].counterpart)), None)
        return next((item for item in self.same_area(region) if wanted in item.levels), None)

    @cached_property
    def hidden(self) -> dict[int, frozenset[Hidden]]:
        """What older codes have of periods that newer ones of their place have too, by indicator."""
        found: dict[int, frozenset[Hidden]] = {}
        for item in self.shared:
            found[item.indicator] = found.get(item.indicator, frozenset()) | item.hidden(None)
        return {indicator: keys for indicator, keys in found.items() if keys}

    @cached_property
    def _later_codes(self) -> dict[int, tuple[int, ...]]:
        return {item.id: tuple(came_after(self.regions, item.id)) for item in self.regions.values() if item.successors}

    @cached_property
    def _later_places(self) -> dict[int, tuple[int, ...]]:
        later = {
            number: tuple(code for code in codes if code not in self._chains.get(number, ()))
            for number, codes in self._later_codes.items()
        }
        return {number: codes for number, codes in later.items() if codes}

    @cached_property
    def _chains(self) -> dict[int, tuple[int, ...]]:
        """The codes of each region that was recoded, or that another was recoded to."""
        found = {item.id: chain_of(self.regions, item.id) for item in self.regions.values() if _has_recoded(item)}
        return {number: codes for number, codes in found.items() if len(codes) > 1}

    @cached_property
    def _same_areas(self) -> dict[int, tuple[int, ...]]:
        return same_areas(self.regions, self.levels, day=self.release.published_at[:10])


def _has_recoded(region: Region) -> bool:
    return any(item.kind == "recoded" for item in (*region.predecessors, *region.successors))
