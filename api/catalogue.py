"""The catalogue of a release, in memory: places and indicators, their spellings, and how they hang together.

Everything that names something is checked here, before any figure is read: identifiers, aliases, levels, parents,
and the years that only an indicator can tell (`2023/24`). A catalogue is built once per release and process by
`queries.catalogue` and never changes afterwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from api import errors
from api.periods import Period, SplitYear


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseInfo:
    """A release: its number, when it was published (ISO 8601, UTC), its kind and reason."""

    id: int
    published_at: str
    kind: str
    reason: str
    reconstructed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A tier of places."""

    id: str
    title: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """A region that came before or after another, and whether it is the same place (`recoded`)."""

    region: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A place under one code, with all that is known of it."""

    id: int
    code: str
    name: str
    levels: tuple[str, ...]
    label: str
    """The name with its level in brackets: what tells the two West Midlands apart."""
    valid_from: str | None
    valid_to: str | None
    latitude: float | None
    longitude: float | None
    centroid: str | None
    hexagon: tuple[int, int] | None
    parents: tuple[int, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    predecessors: tuple[Succession, ...] = ()
    successors: tuple[Succession, ...] = ()

    def valid_on(self, day: str) -> bool:
        """Whether the code was in use on a day; a code known to the year was in use in all of it.

        A code that gave way to another of the same place on a day unknown counts as gone.
        """
        if self.valid_to is None and any(item.kind == "recoded" for item in self.successors):
            return False
        starts = self.valid_from is None or self.valid_from[: len(day)] <= day
        return starts and (self.valid_to is None or day[: len(self.valid_to)] <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A data set of a publisher."""

    id: str
    title: str
    publisher: str
    licence: str
    licence_url: str
    url: str
    attribution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A version of a source's file; `source` is the source's identifier."""

    id: str
    source: str
    title: str
    version_date: str | None
    retrieved_from: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A component of Local Digital Capital; one without a usable measure says why."""

    id: str
    title: str
    description: str
    measured: bool
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredPeriod:
    """A period that an indicator has values for at a level, and for how many regions."""

    level: str
    period: str
    start: str
    duration: str
    regions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """Something that is measured, and what this release covers of it."""

    id: int
    slug: str
    title: str
    description: str
    component: str
    source: str
    unit: str
    decimals: int
    measure: str
    denominator: str | None
    polarity: str
    frequency: str
    year_kind: str
    quality: str
    derivation: str | None
    caveats: str | None
    last_updated: str | None
    next_update: str | None
    sources: tuple[str, ...] = ()
    """Every source that figures of it come from; `source` is that of the newest."""
    coverage: tuple[CoveredPeriod, ...] = ()

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels it has values at."""
        return tuple(dict.fromkeys(item.level for item in self.coverage))

    @property
    def latest_period(self) -> str | None:
        """The latest period that any region has a value for."""
        newest = max(self.coverage, key=lambda item: item.start, default=None)
        return newest.period if newest else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A figure known not to exist, for a region and every region below it."""

    indicator: int
    region: int
    reason: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """All of the above at one release, with the look-ups that requests need."""

    release: ReleaseInfo
    levels: Mapping[str, Level]
    regions: Mapping[int, Region]
    sources: Mapping[str, Source]
    source_files: Mapping[int, SourceFile]
    components: Mapping[str, Component]
    indicators: Mapping[int, Indicator]
    gaps: Sequence[Gap] = field(default=())

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
        return _search(text, self._region_spellings)

    def search_indicators(self, text: str) -> dict[int, int]:
        """Indicators whose slug, title or description matches a text, each with its rank."""
        return _search(text, self._indicator_spellings)

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

    def _like_region(self, text: str) -> tuple[str, ...]:
        by_name = sorted(self.search_regions(text).items(), key=lambda item: (item[1], item[0]))[:3]
        return tuple(self.regions[number].code for number, _ in by_name) or errors.nearest(text, list(self._codes))

    def _like_indicator(self, text: str) -> tuple[str, ...]:
        by_word = sorted(self.search_indicators(text).items(), key=lambda item: (item[1], item[0]))[:3]
        return errors.nearest(text, list(self._slugs)) or tuple(self.indicators[number].slug for number, _ in by_word)


_T = TypeVar("_T")


def _look_up(known: Mapping[str, _T], kind: str, value: str, *, path: str, where: str) -> _T:
    found = known.get(value.strip().casefold())
    if found is None:
        candidates = errors.nearest(value, list(known)) or tuple(known)
        raise errors.unknown_id(kind, value, path=path, candidates=candidates, where=where)
    return found


def fold(text: str) -> str:
    """Text as a search compares it: no case, accents, punctuation or double spaces."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain.replace("'", "")).split())


def _search(text: str, folded: Mapping[int, tuple[str, ...]]) -> dict[int, int]:
    wanted = fold(text)
    if not wanted:
        return {}
    ranks = {number: min(_rank(wanted, spelling) for spelling in spellings) for number, spellings in folded.items()}
    return {number: rank for number, rank in ranks.items() if rank < _NO_MATCH}


_NO_MATCH = 4


def _rank(wanted: str, spelling: str) -> int:
    tests: tuple[Callable[[], bool], ...] = (
        lambda: wanted == spelling,
        lambda: spelling.startswith(wanted),
        lambda: f" {wanted}" in f" {spelling}",
        lambda: all(word in spelling for word in wanted.split()),
    )
    return next((rank for rank, matches in enumerate(tests) if matches()), _NO_MATCH)
