"""A place that was recoded: one place under several codes, one to one, and the figures that it has under each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.catalogue.entities import Region

Hidden = tuple[int, str, str]
"""An observation by its key: number of the series, start and duration of the period."""


@dataclass(frozen=True, slots=True)
class CodedPeriod:
    """A period that a code has an observation of, and whether that has a value."""

    start: str
    duration: str
    label: str
    valued: bool


@dataclass(frozen=True, slots=True)
class CodedSeries:
    """What is published of an indicator under one code of a place that has figures under several."""

    region: int
    series: int
    periods: tuple[CodedPeriod, ...]


@dataclass(frozen=True, slots=True)
class SharedSeries:
    """An indicator of a place that is published under several of its codes: the series of each, newest code first."""

    indicator: int
    parts: tuple[CodedSeries, ...]
    overlapping: bool = False
    """Whether there are periods that several codes have."""

    def hidden(self, regions: frozenset[int] | None) -> set[Hidden]:
        """The observations whose period a newer code has too, among some regions: that of the newer one is taken."""
        seen: set[tuple[str, str]] = set()
        found: set[Hidden] = set()
        for part in self._among(regions):
            keys = {(item.start, item.duration) for item in part.periods}
            found.update((part.series, *key) for key in keys & seen)
            seen |= keys
        return found

    def not_latest(
        self, regions: frozenset[int] | None, *, periods: frozenset[str] | None, first: str | None, last: str | None
    ) -> set[int]:
        """The numbers of the series that the latest value of the place, within some periods, does not stand in."""
        parts = self._among(regions)
        hidden = self.hidden(regions)
        newest = {
            part.series: max(
                (
                    item.start
                    for item in part.periods
                    if item.valued
                    and (periods is None or item.label in periods)
                    and (first is None or item.start >= first)
                    and (last is None or item.start <= last)
                    and (part.series, item.start, item.duration) not in hidden
                ),
                default="",
            )
            for part in parts
        }
        latest = max(newest.values(), default="")
        return {series for series, start in newest.items() if start < latest}

    def _among(self, regions: frozenset[int] | None) -> list[CodedSeries]:
        return [part for part in self.parts if regions is None or part.region in regions]


def chain_of(regions: Mapping[int, Region], number: int) -> tuple[int, ...]:
    """The codes of the place that a region is, newest first: itself where it was never recoded."""
    while True:
        later = _recoded(regions[number], after=True)
        if len(later) != 1 or len(_recoded(regions[later[0]], after=False)) != 1:
            break
        number = later[0]
    found = [number]
    while True:
        earlier = _recoded(regions[found[-1]], after=False)
        if len(earlier) != 1 or earlier[0] in found:
            return tuple(found)
        found.append(earlier[0])


def chains(regions: Mapping[int, Region]) -> Iterator[tuple[int, ...]]:
    """The codes of every place that has several, newest first."""
    for item in regions.values():
        if _recoded(item, after=False) and not _recoded(item, after=True):
            yield chain_of(regions, item.id)


def came_after(regions: Mapping[int, Region], number: int) -> list[int]:
    """The regions that came after one, however many steps later, nearest first."""
    found: list[int] = []
    waiting = [number]
    while waiting:
        for item in regions[waiting.pop(0)].successors:
            if item.region not in found:
                found.append(item.region)
                waiting.append(item.region)
    return found


def by_region(shared: Iterable[SharedSeries]) -> dict[int, tuple[SharedSeries, ...]]:
    """The shared series of each code."""
    found: dict[int, tuple[SharedSeries, ...]] = {}
    for item in shared:
        for part in item.parts:
            found[part.region] = (*found.get(part.region, ()), item)
    return found


def newest_existing(regions: Mapping[int, Region], codes: Sequence[int], day: str) -> int:
    """The newest of the codes of a place (newest first) that had begun by a day; the oldest where none had."""
    for number in codes:
        starts = regions[number].valid_from
        if starts is None or starts <= day[: len(starts)]:
            return number
    return codes[-1]


def _recoded(region: Region, *, after: bool) -> list[int]:
    return [item.region for item in (region.successors if after else region.predecessors) if item.kind == "recoded"]
