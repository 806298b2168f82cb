"""The catalogue of a release: everything that names something is checked here, before any figure is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from api import errors
from api.catalogue.entities import (
    Component,
    CountedSeries,
    Gap,
    Indicator,
    Level,
    Region,
    ReleaseInfo,
    Source,
    SourceFile,
)
from api.catalogue.in_rows import RegionsInRows
from api.catalogue.recoding import Hidden, SharedSeries, by_region, came_after, chain_of, newest_existing
from api.catalogue.same_area import same_areas
from api.catalogue.search import fold, search
from api.periods import Period, SplitYear

_T = TypeVar("_T")
_MIXES = 32
"""For so many mixes of levels asked for, regions are kept as rows name them."""


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Places, what is measured of them and by whom, at one release, with the look-ups that requests need."""

    release: ReleaseInfo
    levels: Mapping[str, Level]
    regions: Mapping[int, Region]
    sources: Mapping[str, Source]
    source_files: Mapping[int, SourceFile]
    components: Mapping[str, Component]
    indicators: Mapping[int, Indicator]
    gaps: Sequence[Gap] = field(default=())
    shared: Sequence[SharedSeries] = field(default=())
    """What recoded places have under several of their codes."""
    counted: dict[tuple[int, bool], CountedSeries] = field(default_factory=dict)
    """The series of the indicators that were asked for so far, by indicator and whether codes of a place are linked.

    Counting all would keep the first caller waiting.
    """

    _in_rows: dict[tuple[frozenset[str], bool], RegionsInRows] = field(default_factory=dict, init=False)

    # Identifiers -------------------------------------------------------------------------------------------------

    def region(self, code: str, *, path: str) -> Region:
        """The region of a code or of an alias that is a code, in any case. Problem `unknown-id` where there is none."""
        found = self._codes.get(code.strip().upper())
        if found is None:
            raise errors.unknown_id(
                "region", code, path=path, candidates=self._like_region(code), where="/v1/regions?valid_on=any"
            )
        return self.regions[found]

    def indicator(self, slug: str, *, path: str) -> Indicator:
        """The indicator of a slug. Problem `unknown-id` where there is none."""
        found = self._slugs.get(slug.strip().casefold())
        if found is None:
            raise errors.unknown_id(
                "indicator", slug, path=path, candidates=self._like_indicator(slug), where="/v1/indicators"
            )
        return self.indicators[found]

    def level(self, level: str, *, path: str) -> Level:
        """The level of an identifier. Problem `unknown-id` where there is none."""
        return _look_up(self.levels, "level", level, path=path, where="/v1/levels")

    def component(self, component: str, *, path: str) -> Component:
        """The component of an identifier. Problem `unknown-id` where there is none."""
        return _look_up(self.components, "component", component, path=path, where="/v1/components")

    def source(self, source: str, *, path: str) -> Source:
        """The source of an identifier. Problem `unknown-id` where there is none."""
        return _look_up(self.sources, "source", source, path=path, where="/v1/sources")

    # Sets --------------------------------------------------------------------------------------------------------

    def regions_below(self, parent: Region) -> frozenset[int]:
        """The regions that lie in another, directly or through others."""
        return self._below.get(parent.id, frozenset())

    def in_rows(self, levels: Iterable[str] | None, *, linked: bool) -> RegionsInRows:
        """Every region by its number as rows name it, where these levels are asked for. Problem `unknown-id`.

        `linked`: by the code that its place goes by; else by its own.
        """
        asked = frozenset(self.level(item, path="query/level").id for item in levels or ())
        kept = self._in_rows.get((asked, linked))
        if kept is None:
            if len(self._in_rows) >= _MIXES:
                self._in_rows.clear()
            kept = RegionsInRows(self.regions, asked, self.place_of if linked else None)
            self._in_rows[asked, linked] = kept
        return kept

    def regions_at(self, level: str) -> frozenset[int]:
        """The regions of a level, those that have ended among them."""
        return frozenset(item.id for item in self.regions.values() if level in item.levels)

    def with_earlier_codes(self, level: str) -> frozenset[int]:
        """The regions of a level, with the earlier codes of each of them, which may have been of another level."""
        found = self.regions_at(level)
        return found.union(
            *(self._chains[item][self._chains[item].index(item) :] for item in found & self._chains.keys())
        )

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
        if region.id not in self._chains:
            return region
        day = self.release.published_at[:10]
        return self.regions[newest_existing(self.regions, self._chains[region.id], day)]

    def same_area(self, region: Region) -> Region | None:
        """The ITL 3 area that is the same land as a district, or the other way round; None where there is none."""
        found = self._same_areas.get(self.place_of(region).id)
        return None if found is None else self.regions[found]

    def recoded_from(self, region: Region) -> list[Region]:
        """The same place under its earlier codes, newest first."""
        codes = self.codes_of(region)
        return [self.regions[code] for code in codes[codes.index(region.id) + 1 :]]

    def later_places(self, number: int, *, linked: bool = True) -> tuple[int, ...]:
        """The regions that came after one, however many steps later, nearest first.

        `linked`: another code of the same place is no other place, and is left out.
        """
        return (self._later_places if linked else self._later_codes).get(number, ())

    @cached_property
    def shared_by_region(self) -> dict[int, tuple[SharedSeries, ...]]:
        """What recoded places have under several codes, by each of these."""
        return by_region(self.shared)

    def search_regions(self, text: str) -> dict[int, int]:
        """Regions whose code, name or alias matches a text, with its rank: 0 the text itself, 3 all its words."""
        return search(text, self._region_spellings)

    def search_indicators(self, text: str) -> dict[int, int]:
        """Indicators whose slug, title or description matches a text, each with its rank."""
        return search(text, self._indicator_spellings)

    # Periods -----------------------------------------------------------------------------------------------------

    def resolve_period(self, period: Period | SplitYear, indicators: Iterable[Indicator], *, path: str) -> Period:
        """The period that a spelling means for some indicators.

        `2023/24` is a financial year for one and an academic year for another: where both are asked for (or neither
        is), the problem `invalid-parameter` names both forms.
        """
        if isinstance(period, Period):
            return period
        readings = period.readings()
        kinds = {item.year_kind for item in indicators} & readings.keys()
        if len(kinds) == 1:
            return readings[kinds.pop()]
        if kinds:
            why = "is a financial year for some of these indicators and an academic year for others"
            allowed = tuple(readings[kind].label for kind in sorted(readings))
        else:
            why = "is not how the periods of these indicators are written: they do not run from one year into the next"
            allowed = (str(period.first_year), str(period.first_year + 1))
        raise errors.invalid(
            path, f"{period.label} {why}. Write {' or '.join(allowed)}.", code="ambiguous-period", allowed=allowed
        )

    # Indexes, made on first use ----------------------------------------------------------------------------------

    @cached_property
    def _codes(self) -> dict[str, int]:
        codes = {
            alias.upper(): item.id
            for item in self.regions.values()
            for alias, scheme in item.aliases
            if scheme != "name"
        }
        return codes | {item.code.upper(): item.id for item in self.regions.values()}

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
    def _same_areas(self) -> dict[int, int]:
        return same_areas(self.regions.values(), self.release.published_at[:10])

    @cached_property
    def _chains(self) -> dict[int, tuple[int, ...]]:
        """The codes of each region that was recoded, or that another was recoded to."""
        found = {item.id: chain_of(self.regions, item.id) for item in self.regions.values() if _has_recoded(item)}
        return {number: codes for number, codes in found.items() if len(codes) > 1}

    @cached_property
    def _slugs(self) -> dict[str, int]:
        return {item.slug: item.id for item in self.indicators.values()}

    @cached_property
    def _below(self) -> dict[int, frozenset[int]]:
        below: dict[int, set[int]] = {}
        for item in self.regions.values():
            for parent in item.parents:
                below.setdefault(parent, set()).add(item.id)
        return {parent: frozenset(children) for parent, children in below.items()}

    @cached_property
    def _region_spellings(self) -> dict[int, tuple[str, ...]]:
        return {
            item.id: tuple(fold(text) for text in (item.code, item.name, *(alias for alias, _ in item.aliases)))
            for item in self.regions.values()
        }

    @cached_property
    def _indicator_spellings(self) -> dict[int, tuple[str, ...]]:
        return {
            item.id: tuple(fold(text) for text in (item.slug, item.title, item.description))
            for item in self.indicators.values()
        }

    def _like_region(self, text: str) -> tuple[str, ...]:
        by_name = sorted(self.search_regions(text).items(), key=lambda item: (item[1], item[0]))[:3]
        return tuple(self.regions[number].code for number, _ in by_name) or errors.nearest(text, list(self._codes))

    def _like_indicator(self, text: str) -> tuple[str, ...]:
        by_word = sorted(self.search_indicators(text).items(), key=lambda item: (item[1], item[0]))[:3]
        return errors.nearest(text, list(self._slugs)) or tuple(self.indicators[number].slug for number, _ in by_word)


def _has_recoded(region: Region) -> bool:
    return any(item.kind == "recoded" for item in (*region.predecessors, *region.successors))


def _look_up(known: Mapping[str, _T], kind: str, value: str, *, path: str, where: str) -> _T:
    found = known.get(value.strip().casefold())
    if found is None:
        candidates = errors.nearest(value, list(known)) or tuple(known)
        raise errors.unknown_id(kind, value, path=path, candidates=candidates, where=where)
    return found
