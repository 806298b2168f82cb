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
    Origin,
    Region,
    ReleaseInfo,
    Source,
    SourceFile,
)
from api.catalogue.in_rows import RegionsInRows
from api.catalogue.indicator_search import IndicatorIndex
from api.catalogue.indices import Index
from api.catalogue.match import Match
from api.catalogue.place_search import PlaceIndex
from api.catalogue.recoded import Recoded
from api.catalogue.recoding import SharedSeries
from api.periods import EVERY, Period, SplitYear, parse

_REGIONS = "/v1/regions?valid_on=any, and searched by name with q= there"
_LEAVE_OUT = "For all of them, leave it out."
_FEW = 3
_SLIP = 0.7
"""How alike two names are, from 0 to 1, for one to be taken for a slip of the other."""
_T = TypeVar("_T")
_MIXES = 32
"""For so many mixes of levels asked for, regions are kept as rows name them."""


@dataclass(frozen=True, kw_only=True)
class Catalogue(Recoded):
    """Places, what is measured of them and by whom, at one release, with the look-ups that requests need."""

    release: ReleaseInfo
    levels: Mapping[str, Level]
    regions: Mapping[int, Region]
    sources: Mapping[str, Source]
    source_files: Mapping[int, SourceFile]
    components: Mapping[str, Component]
    indicators: Mapping[int, Indicator]
    indices: Mapping[str, Index] = field(default_factory=dict)
    gaps: Sequence[Gap] = field(default=())
    figures: dict[int, int] = field(default_factory=dict)
    """How many indicators regions have figures of, by their number: of those that were found by a search so far."""
    shared: Sequence[SharedSeries] = field(default=())
    """What recoded places have under several of their codes."""
    counted: dict[tuple[int, bool], CountedSeries] = field(default_factory=dict)
    """The series of the indicators that were asked for so far, by indicator and whether codes of a place are linked.

    Counting all would keep the first caller waiting.
    """

    origin: Origin = field(default_factory=Origin)
    """The database that it was read from: another one where that was replaced."""
    histories: dict[int, list[FileUse]] = field(default_factory=dict)
    """What indicators took from which files: empty until it is first asked for."""
    _in_rows: dict[tuple[frozenset[str], bool], RegionsInRows] = field(default_factory=dict, init=False)

    def make_ready(self) -> None:
        """Make all that is made when it is first asked for, so that no request has to wait for it."""
        for kind in type(self).__mro__:
            for name, value in vars(kind).items():
                if isinstance(value, cached_property):
                    getattr(self, name)

    # Identifiers -------------------------------------------------------------------------------------------------

    def region(self, code: str, *, field: str = "region") -> Region:
        """The region of a code or of an alias that is a code, in any case. Problem `unknown-id` where there is none."""
        found = self._codes.get(code.strip().upper())
        if found is None:
            near, why = self._like_region(code)
            raise errors.unknown_id("region", code, field=field, candidates=near, where=_REGIONS, why=why)
        return self.regions[found]

    def indicator(self, slug: str, *, field: str = "indicator") -> Indicator:
        """The indicator of a slug. Problem `unknown-id` where there is none."""
        found = self._slugs.get(slug.strip().casefold())
        if found is None:
            raise errors.unknown_id(
                "indicator",
                slug,
                field=field,
                candidates=self._like_indicator(slug),
                where="/v1/indicators",
                why=_LEAVE_OUT if slug.strip().casefold() in EVERY else "",
            )
        return self.indicators[found]

    def level(self, level: str, *, field: str = "level") -> Level:
        """The level of an identifier. Problem `unknown-id` where there is none."""
        found = self.levels.get(level.strip().casefold())
        if found is None:
            near, why = self._like_level(level)
            raise errors.unknown_id("level", level, field=field, candidates=near, where="/v1/levels", why=why)
        return found

    def component(self, component: str, *, field: str = "component") -> Component:
        """The component of an identifier. Problem `unknown-id` where there is none."""
        return _look_up(self.components, "component", component, field=field, where="/v1/components")

    def index(self, index: str, *, field: str = "index") -> Index:
        """The index of an identifier. Problem `unknown-id` where there is none."""
        return _look_up(self.indices, "index", index, field=field, where="/v1/indices")

    def source(self, source: str, *, field: str = "source") -> Source:
        """The source of an identifier. Problem `unknown-id` where there is none."""
        return _look_up(self.sources, "source", source, field=field, where="/v1/sources")

    # Sets --------------------------------------------------------------------------------------------------------

    def regions_below(self, parent: Region) -> frozenset[int]:
        """The regions that lie in another, directly or through others."""
        return self._below.get(parent.id, frozenset())

    def in_rows(self, levels: Iterable[str] | None, *, linked: bool) -> RegionsInRows:
        """Every region by its number as rows name it, where these levels are asked for. Problem `unknown-id`.

        `linked`: by the code that its place goes by; else by its own.
        """
        asked = frozenset(self.level(item).id for item in levels or ())
        kept = self._in_rows.get((asked, linked))
        if kept is None:
            if len(self._in_rows) >= _MIXES:
                self._in_rows.clear()
            kept = RegionsInRows(self.regions, asked, self.places if linked else {})
            self._in_rows[asked, linked] = kept
        return kept

    # Searching ---------------------------------------------------------------------------------------------------

    def search_regions(self, text: str, *, day: str = "any") -> dict[int, Match]:
        """Regions that answer to a text, with how: the lesser match is the better.

        A place that did not exist on `day` brings what came after it; with `any`, one that ended brings what did.
        """
        return self._places.search(text, day=day)

    def search_indicators(self, text: str) -> dict[int, Match]:
        """Indicators that answer to a text, with how: the lesser match is the better."""
        return self._measures.search(text)

    # Periods -----------------------------------------------------------------------------------------------------

    def resolve_period(
        self, period: Period | SplitYear, indicators: Iterable[Indicator], *, field: str = "period"
    ) -> Period:
        """The period that a spelling means for some indicators.

        `2023/24` is a financial year for one and an academic year for another: where both are asked for (or neither
        is), the problem `invalid-parameter` names both forms.
        """
        if isinstance(period, Period):
            return period
        asked, readings = list(indicators), period.readings()
        kinds = {item.year_kind for item in asked} & readings.keys()
        published = _as_published(period, asked) if len(kinds) == 1 else []
        if len(kinds) == 1 and len(published) < 2:
            return published[0] if published else readings[kinds.pop()]
        if published:
            why = "does not begin on the same day for all of these indicators"
            allowed = tuple(item.label for item in published)
        elif kinds:
            why = "is a financial year for some of these indicators and an academic year for others"
            allowed = tuple(readings[kind].label for kind in sorted(readings))
        else:
            why = "is not how the periods of these indicators are written: they do not run from one year into the next"
            allowed = (str(period.first_year), str(period.first_year + 1))
        raise errors.invalid(
            field, f"{period.label} {why}. Write {' or '.join(allowed)}.", code="ambiguous-period", allowed=allowed
        )

    # Indexes, made on first use ----------------------------------------------------------------------------------

    @cached_property
    def covered(self) -> dict[int, int]:
        """About how many observations each indicator has: as many as regions have values, in all its periods."""
        return {number: sum(item.regions for item in of.coverage) for number, of in self.indicators.items()}

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
    def _places(self) -> PlaceIndex:
        return PlaceIndex(self.regions, self.levels)

    @cached_property
    def _measures(self) -> IndicatorIndex:
        return IndicatorIndex(self.indicators, self.components)

    def _like_level(self, text: str) -> tuple[tuple[str, ...], str]:
        """Levels that are meant by what other services call them, else those that the text may be a slip of."""
        if text.strip().casefold() in EVERY:
            return (), _LEAVE_OUT
        meant = synonyms.level(text, {item.id: item.words for item in self.levels.values()})
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
        matches = self.search_regions(text)
        found = sorted(matches, key=lambda number: (matches[number], number))[:_FEW]
        return {self.regions[number].code: self.regions[number].label for number in found}, ""

    def _like_indicator(self, text: str) -> tuple[str, ...]:
        """Indicators that hold the words of a text, else those that it may be a slip of."""
        if text.strip().casefold() in EVERY:
            return ()
        # A letter or two are in all of them, unless a figure is with them, as in 4G.
        says_something = len(text) >= _FEW or any(letter.isdigit() for letter in text)
        matching = self.search_indicators(text) if says_something else {}
        by_word = sorted(matching, key=lambda number: (matching[number], number))[:_FEW]
        return tuple(self.indicators[number].slug for number in by_word) or errors.nearest(text, self._slugs)


def _look_up(known: Mapping[str, _T], kind: str, value: str, *, field: str, where: str) -> _T:
    word = value.strip().casefold()
    found = known.get(word)
    if found is None:
        by_word = tuple(item for item in known if word in item.split("-"))
        near = by_word or errors.nearest(value, known) or tuple(known)
        why = _LEAVE_OUT if word in EVERY else ""
        raise errors.unknown_id(kind, value, field=field, candidates=() if why else near, where=where, why=why)
    return found


def _as_published(year: SplitYear, indicators: Iterable[Indicator]) -> list[Period]:
    """The years into the next that indicators have figures of: some academic years begin in September."""
    known = {
        item.period
        for of in indicators
        for item in of.coverage
        if item.duration == "P1Y" and int(item.start[:4]) == year.first_year and item.start[5:] != "01-01"
    }
    return [found for label in sorted(known) if isinstance(found := parse(label), Period)]
