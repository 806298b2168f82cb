"""The catalogue of a release: everything that names something is checked here, before any figure is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from api import errors, synonyms
from api.catalogue import codes
from api.catalogue.entities import (
    Component,
    CountedSeries,
    FileUse,
    Gap,
    Indicator,
    Level,
    Region,
    ReleaseInfo,
    Source,
    SourceFile,
)
from api.catalogue.search import fold, search
from api.periods import EVERY, Period, SplitYear

_REGIONS = "/v1/regions?valid_on=any, and searched by name with q= there"
_LEAVE_OUT = "For all of them, leave it out."
_FEW = 3
_SLIP = 0.7
"""How alike two names are, from 0 to 1, for one to be taken for a slip of the other."""
_T = TypeVar("_T")


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
    counted: dict[int, CountedSeries] = field(default_factory=dict)
    """The series of the indicators that were asked for so far: counting all would keep the first caller waiting."""

    histories: dict[int, list[FileUse]] = field(default_factory=dict)
    """What indicators took from which files: empty until it is first asked for."""

    # Identifiers -------------------------------------------------------------------------------------------------

    def region(self, code: str, *, path: str) -> Region:
        """The region of a code or of an alias that is a code, in any case. Problem `unknown-id` where there is none."""
        found = self._codes.get(code.strip().upper())
        if found is None:
            near, why = self._like_region(code)
            raise errors.unknown_id("region", code, path=path, candidates=near, where=_REGIONS, why=why)
        return self.regions[found]

    def indicator(self, slug: str, *, path: str) -> Indicator:
        """The indicator of a slug. Problem `unknown-id` where there is none."""
        found = self._slugs.get(slug.strip().casefold())
        if found is None:
            raise errors.unknown_id(
                "indicator",
                slug,
                path=path,
                candidates=self._like_indicator(slug),
                where="/v1/indicators",
                why=_LEAVE_OUT if slug.strip().casefold() in EVERY else "",
            )
        return self.indicators[found]

    def level(self, level: str, *, path: str) -> Level:
        """The level of an identifier. Problem `unknown-id` where there is none."""
        found = self.levels.get(level.strip().casefold())
        if found is None:
            near, why = self._like_level(level)
            raise errors.unknown_id("level", level, path=path, candidates=near, where="/v1/levels", why=why)
        return found

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

    def regions_at(self, level: str) -> frozenset[int]:
        """The regions of a level, those that have ended among them."""
        return frozenset(item.id for item in self.regions.values() if level in item.levels)

    def recoded_from(self, region: Region) -> list[Region]:
        """The same place under its earlier codes, newest first."""
        chain: list[Region] = []
        seen = {region.id}
        while True:
            earlier = [
                item.region for item in region.predecessors if item.kind == "recoded" and item.region not in seen
            ]
            if len(earlier) != 1:
                return chain
            region = self.regions[earlier[0]]
            seen.add(region.id)
            chain.append(region)

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

    def _like_level(self, text: str) -> tuple[tuple[str, ...], str]:
        """Levels that are meant by what other services call them, else those that the text may be a slip of."""
        if text.strip().casefold() in EVERY:
            return (), _LEAVE_OUT
        meant = synonyms.level(text, self.levels)
        if meant is not None:
            return meant.among(self.levels), meant.note
        return errors.nearest(text, self.levels, likeness=_SLIP) or tuple(self.levels), ""

    def _like_region(self, text: str) -> tuple[dict[str, str], str]:
        """Codes (with labels) that may be meant by one that is unknown, and what is to be said of it.

        A code is like one of its own kind alone, of which it is a slip: another place is not near because its code is.
        """
        if text.strip().casefold() in EVERY:
            return {}, _LEAVE_OUT
        kind = codes.kind_of(text)
        if kind is not None:
            slips = [self.regions[self._codes[code]] for code in codes.slips(text, self._codes)]
            return {item.code: item.label for item in slips}, kind
        by_name = sorted(self.search_regions(text).items(), key=lambda item: (item[1], item[0]))[:_FEW]
        found = [number for number, _ in by_name]
        if not found:
            named: dict[str, list[int]] = {}
            for number, spellings in self._region_spellings.items():
                for spelling in spellings:
                    if codes.kind_of(spelling) is not None:
                        continue
                    named.setdefault(spelling, []).append(number)
            near = errors.nearest(fold(text), named, likeness=_SLIP)
            found = list(dict.fromkeys(number for name in near for number in named[name]))[:_FEW]
        return {self.regions[number].code: self.regions[number].label for number in found}, ""

    def _like_indicator(self, text: str) -> tuple[str, ...]:
        """Indicators that hold the words of a text, else those that it may be a slip of."""
        if text.strip().casefold() in EVERY:
            return ()
        matching = self.search_indicators(text) if len(text) >= _FEW else {}  # a letter or two are in all of them
        by_word = sorted(matching, key=lambda number: (matching[number], number))[:_FEW]
        return tuple(self.indicators[number].slug for number in by_word) or errors.nearest(text, self._slugs)


def _look_up(known: Mapping[str, _T], kind: str, value: str, *, path: str, where: str) -> _T:
    word = value.strip().casefold()
    found = known.get(word)
    if found is None:
        by_word = tuple(item for item in known if word in item.split("-"))
        near = by_word or errors.nearest(value, known) or tuple(known)
        why = _LEAVE_OUT if word in EVERY else ""
        raise errors.unknown_id(kind, value, path=path, candidates=() if why else near, where=where, why=why)
    return found
