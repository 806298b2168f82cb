"""Questions that are answered by charts: what a validated query string becomes, see `filters`."""

from __future__ import annotations

from dataclasses import dataclass

from api.charts.chart import LIGHT, USUAL_WIDTH
from api.filters import BOUNDARIES, LINKED
from api.periods import Period, SplitYear

ENGLISH, WELSH = NAMES = ("english", "welsh")
"""In which language places are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartFilter:
    """How a chart is to look: pixels wide, in which theme, with places named in which language (of `NAMES`)."""

    width: int = USUAL_WIDTH
    theme: str = LIGHT
    names: str = ENGLISH


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesChart(ChartFilter):
    """Of which places a chart shows the series of an indicator, beside which others (`benchmarks`)."""

    indicator: str
    region: tuple[str, ...]
    benchmarks: tuple[str, ...] | None = None
    history: str = LINKED
    period_from: Period | SplitYear | None = None
    period_to: Period | SplitYear | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChart(ChartFilter):
    """Which level a chart shows an indicator of, in which period, and which regions it points out.

    `since` is the earlier period of a change.
    """

    indicator: str
    region: tuple[str, ...] | None = None
    level: str | None = None
    period: Period | SplitYear | None = None
    since: Period | SplitYear | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MapChart(GroupChart):
    """As what a map draws places (`geometry`, of `GEOMETRIES`)."""

    geometry: str = BOUNDARIES


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChart(ChartFilter):
    """Of which place a chart shows the indicators, of which components, within which level."""

    region: str
    component: tuple[str, ...] | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexChart(ChartFilter):
    """Which index a chart shows the ranks of, in which edition, by which version; regions that it points out."""

    index: str
    region: tuple[str, ...] | None = None
    edition: int | None = None
    method_version: int | None = None
