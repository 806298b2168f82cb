"""What a catalogue holds: places, what is measured of them, and by whom. Values only, nothing is looked up here."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseInfo:
    """A release: its number, when it was published (ISO 8601, UTC), its kind and reason, and what it withdraws.

    Number and mark name it among the releases of all databases.
    """

    id: int
    published_at: str
    kind: str
    reason: str
    reconstructed: bool
    withdraws: int | None = None
    withdrawn_by: int | None = None
    """The release since which it answers no more: it was withdrawn, or held figures of one that was."""
    mark: str = ""
    fingerprint: str = ""
    """A digest of what it says besides figures; empty where code older than the column published it."""
    changes: Mapping[str, int] | None = None
    """How many observations it `added`, `changed` and `removed` of the release before it; None where not counted."""
    owner: str | None = None
    """Whose figures it brings; None: this service's own."""

    @property
    def state(self) -> str:
        """Whether it is read: `published` or `withdrawn`."""
        return "published" if self.withdrawn_by is None else "withdrawn"


class Origin:
    """A database as it was before it was replaced or restored, and on SQLite written to; the next one is another.

    What is kept under the numbers of releases is kept under this too: the same numbers may then have other figures.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A tier of places, and what it is to others, see `models.Level`."""

    id: str
    title: str
    description: str
    rank_order: int | None = None
    role: str | None = None
    counterpart: str | None = None
    words: tuple[str, ...] = ()

    @property
    def singular(self) -> str:
        """Its title within a sentence: local authority, ITL 1 region."""
        return self.title if self.title[:2].isupper() else f"{self.title[:1].lower()}{self.title[1:]}"

    @property
    def plural(self) -> str:
        """The same of several: local authorities, ITL 1 regions."""
        one = self.singular
        return f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """A region that came before or after another, and whether it is the same place (`recoded`)."""

    region: int
    kind: str


_COUNCIL = ("Cyngor ", "Dinas ")
"""How the Welsh names of councils begin."""


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
    """Its other spellings, each with where it comes from."""
    alias_kinds: tuple[str | None, ...] = ()
    """Of which kind each of those is that is a name (`former-name`); None for codes."""
    predecessors: tuple[Succession, ...] = ()
    successors: tuple[Succession, ...] = ()

    @property
    def welsh_name(self) -> str | None:
        """Its name in Welsh, where that is another: the fullest of those that do not name the council."""
        kinds = zip(self.aliases, self.alias_kinds, strict=True)
        names = [alias for (alias, _), kind in kinds if kind == "welsh-name" and not alias.startswith(_COUNCIL)]
        return max(names, key=len, default=None)

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
class FileUse:
    """What an indicator took from a file (by number) up to a release."""

    file: int
    first: int
    """The release in which figures from it first stood."""
    changed: int
    """The newest release that added some of them or took some away."""
    holds: bool
    """Whether some of them still stand."""


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
class Formula:
    """How a rate is made: an indicator, times a factor, by another one or (not `held`) by what has no figures here."""

    numerator: str
    factor: float
    denominator: str
    held: bool = True

    def __str__(self) -> str:
        """As it stands in an answer: `business-births * 100 / active-businesses`."""
        return f"{self.numerator} * {self.factor:,.0f} / {self.denominator}"


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
    collection: str | None
    over_time: bool | None
    frequency: str
    year_kind: str
    quality: str
    derivation: str | None
    caveats: str | None
    last_updated: str | None
    next_update: str | None
    phrase: str | None = None
    """What names it within a sentence."""
    number: str | None = None
    """How many the phrase speaks of: `singular` or `plural`."""
    meaning: str | None = None
    covers: str | None = None
    """For whom it is missing, and why."""
    mistaken_for: tuple[str, ...] = ()
    """Indicators that it is taken for, and is not."""
    formula: Formula | None = None
    owner: str | None = None
    """The partner whose indicator it is; None: this service's own."""
    variant_of: str | None = None
    """The indicator of this service that it is a variant of."""
    sources: tuple[str, ...] = ()
    """Every source that figures of it come from; `source` is that of the newest, and alone while it has none."""
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


@dataclass(slots=True)
class CountedSeries:
    """The series of an indicator at a release, in the order of their regions: region, number and observations of each.

    Three plain arrays, twelve bytes a series: twelve megabytes where a release has a million of them.
    """

    regions: array[int]
    numbers: array[int]
    counts: array[int]
    total: int = 0
    """Observations of them all."""

    def add(self, region: int, number: int, count: int) -> None:
        """Put a series at the end."""
        self.total += count
        self.regions.append(region)
        self.numbers.append(number)
        self.counts.append(count)

    def of(self, regions: Sequence[int] | None) -> Iterable[tuple[int, int, int]]:
        """Region, number and observations of the series of some regions, in ascending order, or of all."""
        return zip(self.regions, self.numbers, self.counts, strict=True) if regions is None else self._among(regions)

    def _among(self, regions: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        for region in regions:
            place = bisect_left(self.regions, region)
            if place < len(self.regions) and self.regions[place] == region:
                yield region, self.numbers[place], self.counts[place]
