"""Questions: what a validated query string becomes. Frozen, so that equal questions have equal cache keys.

`None` means "not asked"; an empty tuple would mean "none of them" and does not occur. Identifiers here are as the
caller wrote them: `catalogue` resolves them against a release.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from api.periods import Period, SplitYear
from api.quoted import Figure

LINKED, OWN, EVERY, MERGED = "linked", "own", "every", "merged"
"""A place is one, under whichever of its codes; a code is itself; every code of a place, each with all that it has; a
place with what it was formed of, before it was formed."""
HISTORIES = (LINKED, OWN)
"""What can be asked for."""
POINTS, BOUNDARIES, HEXAGONS = GEOMETRIES = ("points", "boundaries", "hexagons")
"""As what places are drawn."""
RANKED_BY = ("value", "change", "relative-change")
"""By what regions can be ranked."""
BASES = ("published", "chance")
"""Which error ranks go by: what is published or known of rounding, or the chance variation of counts."""
KINDS_OF_CHANGE = ("added", "changed", "removed")
"""What a release may make of an observation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """How much is asked for, and from where on."""

    default_limit: ClassVar[str] = "default_items"
    """The setting that says how much it is where nothing is said."""
    limit: int | None = None
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """Which release to read: by number, as it stood at a moment (ISO 8601, UTC), or (neither) the current one."""

    release: int | None = None
    as_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All that a query string says: the question, the release to read, and the format by name where one is named.

    `explain`: what the answer would be is asked for, rather than the answer. `bom`: CSV with a mark in front. `given`
    are the parameters as they were given, but that lists stand in one text, with commas, and keywords in one spelling:
    addresses are made of it.
    """

    question: Any
    at: At
    format: str | None = None
    explain: bool = False
    given: Mapping[str, str] = field(default_factory=dict)
    bom: bool = False
    draft: str | None = None
    """The draft that is to be read as it will be, instead of what is published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """The question of an operation that takes no parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionFilter(Page):
    """Which regions: of a level, under a parent, matching a text, existing on a day (`any` for all there ever were).

    `indicator` names the one whose latest value is shown with each, `geometry` (of `GEOMETRIES`) how they are drawn.
    """

    level: tuple[str, ...] | None = None
    parent: tuple[str, ...] | None = None
    q: str | None = None
    valid_on: str | None = None
    indicator: str | None = None
    geometry: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorFilter(Page):
    """Which indicators: of a component or source, with figures at a level, matching a text."""

    component: tuple[str, ...] | None = None
    source: tuple[str, ...] | None = None
    level: tuple[str, ...] | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFilter:
    """For which places a table is to be filled in: those of a level (the indicator's usual one), within another."""

    level: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationFilter(Page):
    """Which observations. Lists are alternatives within a parameter; parameters narrow one another.

    `history`: whether a code stands for its place, under all codes that it has had (`linked`), or for itself (`own`).
    `valid_on`: only codes in use on a day, or all there ever were (`any`); without it a cross-section is a partition.
    """

    default_limit: ClassVar[str] = "default_observations"
    indicator: tuple[str, ...] | None = None
    region: tuple[str, ...] | None = None
    level: tuple[str, ...] | None = None
    parent: tuple[str, ...] | None = None
    component: tuple[str, ...] | None = None
    period: tuple[Period | SplitYear, ...] | None = None
    period_from: Period | SplitYear | None = None
    period_to: Period | SplitYear | None = None
    status: tuple[str, ...] | None = None
    latest: bool = False
    history: str = LINKED
    valid_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffFilter(ObservationFilter):
    """Which differences between two releases: of which observations, and of which kind."""

    change: tuple[str, ...] | None = None
    history: str = EVERY


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesFilter(DiffFilter):
    """Which changes: after which release and up to which, each a number or a moment (ISO 8601, UTC)."""

    since: int | str = 1
    until: int | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFilter:
    """What is followed: releases that touched some indicators, or some regions; all where none is named."""

    indicator: tuple[str, ...] | None = None
    region: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFilter:
    """How one series is asked for."""

    history: str = LINKED
    period_from: Period | SplitYear | None = None
    period_to: Period | SplitYear | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonFilter:
    """Which region is compared with what (`benchmarks`), of which indicator, in which period (the latest)."""

    indicator: str
    region: str
    benchmarks: tuple[str, ...] | None = None
    period: Period | SplitYear | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingFilter(Page):
    """At which level, and in which period, regions are ranked; the widest usual level and the latest period.

    `by` (of `RANKED_BY`): by what; `since` is the earlier period of a change. `basis` (of `BASES`): which error counts.
    `best` and `worst`: of how many first or last ones it is asked which regions may be among them.
    """

    default_limit: ClassVar[str] = "default_ranked"
    level: str | None = None
    period: Period | SplitYear | None = None
    by: str = "value"
    since: Period | SplitYear | None = None
    basis: str = "published"
    best: int | None = None
    worst: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFilter:
    """How a place's profile is asked for: of which components, with how many points, compared in which level."""

    component: tuple[str, ...] | None = None
    points: int = 6
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerFilter:
    """Whose nearest neighbours are asked for: by which indicators and weights, how many, where, and as of when."""

    indicators: tuple[str, ...] | None = None
    weights: tuple[tuple[str, float], ...] | None = None
    k: int = 5
    level: str | None = None
    period: Period | SplitYear | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigureFilter(Page):
    """Which quoted figures: of a place, of an edition, near an indicator or unlike it in a way, matching a text."""

    region: tuple[str, ...] | None = None
    edition: tuple[str, ...] | None = None
    indicator: tuple[str, ...] | None = None
    match: tuple[str, ...] | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationFilter(Page):
    """Which figure that somebody quotes is looked for: among some indicators, of some regions, in some periods."""

    figure: Figure
    indicator: tuple[str, ...] | None = None
    region: tuple[str, ...] | None = None
    period: tuple[Period | SplitYear, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalculationFilter:
    """A calculation that is asked for by address: its definition, or what is chosen otherwise, as canonical JSON."""

    definition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFilter:
    """What is asked of a table of figures, as canonical JSON."""

    definition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionFilter:
    """Which edition of an index, by which version of its method; without them the release's own.

    `since` is an earlier edition that scores are held against.
    """

    edition: int | None = None
    method_version: int | None = None
    since: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureFilter:
    """How much of SDMX structures is asked for (`detail`), and which others come with them (`references`)."""

    detail: str = "full"
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SdmxDataFilter:
    """Which data, by SDMX's components: lists are alternatives, components narrow one another."""

    freq: tuple[str, ...] | None = None
    ref_area: tuple[str, ...] | None = None
    indicator: tuple[str, ...] | None = None
    obs_status: tuple[str, ...] | None = None
    time_period: str | None = None
    start_period: Period | SplitYear | None = None
    end_period: Period | SplitYear | None = None
    dimension_at_observation: str | None = None
    attributes: str | None = None
    measures: str | None = None
