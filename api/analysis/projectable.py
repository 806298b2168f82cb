"""Which points of a series can be projected from, and why a series cannot.

The rules are few and keep a projection honest: at least ten values, evenly spaced, without holes, of one definition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from api.durations import months_of

FEWEST = 10
"""Values that a projection needs."""
HORIZONS = {12: 3, 6: 4}
"""How many periods are projected, by the months from one to the next: three years of years, two years of half-years.

Quarters and months are not among them: they may have a season, which no model here knows.
"""
_SHARE = 3
"""No more periods are projected than one for so many points."""
_NOT_COUNTED = {"D", "F"}
"""Statuses of values that are not counted: another definition, and what is itself a forecast."""


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of a series."""

    period: str
    start: str
    duration: str
    value: float | None
    status: str


@dataclass(frozen=True, slots=True)
class Base:
    """What a projection is made from: the points since the latest break, how far apart, and how far it may go."""

    points: tuple[Point, ...]
    months: int
    horizon: int
    since_break: bool

    @property
    def values(self) -> list[float]:
        """The values, oldest first."""
        return [point.value for point in self.points if point.value is not None]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a series is not projected, as a word and as a sentence."""

    reason: str
    detail: str


def base_of(series: Sequence[Point], *, over_time: bool | None = None) -> Base | Refusal:
    """What a series (oldest point first) can be projected from, or why it cannot."""
    if over_time is False:
        return Refusal("no-time-series", "Its publisher warns against comparing one period with another.")
    counted = [_counts(point) for point in series]
    broken = max((place for place, point in enumerate(series) if point.status == "B"), default=0)
    valued = [place for place, counts in enumerate(counted) if counts]
    since = [place for place in valued if place >= broken]
    if len(since) < FEWEST:
        return _too_few(series, valued=len(valued), since=len(since), broken=broken)
    # Missing values at either end are no holes: the points end where the values do.
    used = series[since[0] : since[-1] + 1]
    steps = {months_of(later.start) - months_of(earlier.start) for earlier, later in pairwise(used)}
    if len(used) > len(since) or len(steps) > 1 or len({point.duration for point in used}) > 1:
        return Refusal("uneven", f"{_holes(used)} A projection needs values at equal distances.")
    (months,) = steps
    if months not in HORIZONS:
        every = "month" if months == 1 else f"{months} months"
        return Refusal("seasonal", f"There is a value every {every}, which may have a season: no model here knows any.")
    if len({point.value for point in used}) == 1:
        return Refusal("no-variation", "All of its values are the same: they do not tell how far a projection may err.")
    horizon = min(HORIZONS[months], len(used) // _SHARE)
    return Base(points=tuple(used), months=months, horizon=horizon, since_break=broken > 0)


def _counts(point: Point) -> bool:
    return point.value is not None and point.status not in _NOT_COUNTED


def _too_few(series: Sequence[Point], *, valued: int, since: int, broken: int) -> Refusal:
    needed = f"a projection needs {FEWEST}"
    if valued >= FEWEST:
        period = series[broken].period
        return Refusal("series-break", f"The series breaks at {period}, and there are {_few(since)} since: {needed}.")
    return Refusal("too-few-points", f"There are {_few(since)}{' since the break' if broken else ''}: {needed}.")


def _few(count: int) -> str:
    return f"{count} values" if count != 1 else "1 value"


def _holes(used: Sequence[Point]) -> str:
    """Where the values are not at equal distances, in a sentence."""
    missing = [point.period for point in used if not _counts(point)]
    if missing:
        return f"There is no value to go by for {', '.join(missing[:3])}{' and others' if len(missing) > 3 else ''}."
    steps = [months_of(later.start) - months_of(earlier.start) for earlier, later in pairwise(used)]
    widest = max(range(len(steps)), key=steps.__getitem__)
    before, after = used[widest].period, used[widest + 1].period
    return f"There is nothing between {before} and {after}, {steps[widest]} months apart."
