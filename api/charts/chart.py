"""What a chart consists of: frozen values, of numbers and of texts that are ready to be read."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from itertools import pairwise

LIGHT, DARK, AUTO = THEMES = ("light", "dark", "auto")
"""On white, on dark, or as the reader's system has it."""
NARROWEST, WIDEST, USUAL_WIDTH = 320, 1600, 720
"""Pixels that a chart may be wide, and is where nothing is said."""

PLAIN, PROVISIONAL, ESTIMATED, MERGED, DIFFERS = "plain", "provisional", "estimated", "merged", "differs"
"""How sure a value is: as published, provisional, estimated, put together from former places, of another definition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a chart is to look: its width in pixels, and its theme (of `THEMES`)."""

    width: int = USUAL_WIDTH
    theme: str = LIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The numbers of an axis: what stands before and after each (`£`, `%`), and what they are.

    `lower` and `upper` bound what is drawn, where that is not left to the values.
    """

    title: str = ""
    before: str = ""
    after: str = ""
    lower: float | None = None
    upper: float | None = None
    ticks: tuple[tuple[float, str], ...] = ()
    """Where lines stand and what is written there; without any they are made of the values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A value of a series: when, as a year with fractions; how much; and within which limits, where it has any."""

    at: float
    period: str
    value: float | None
    text: str
    lower: float | None = None
    upper: float | None = None
    kind: str = PLAIN
    breaks: bool = False
    """Whether it cannot be compared with the value before: no line leads from there to here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A series: whose it is, its values in the order of time, and whether it is only what others are compared with."""

    label: str
    code: str
    points: tuple[Point, ...]
    benchmark: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Series over time."""

    axis: Axis
    lines: tuple[Line, ...]
    ticks: tuple[tuple[float, str], ...]
    """The periods that are written below, as years with fractions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a chart of rows: a place or an indicator, its value, and what is known about that.

    `interval` is where the value may lie; `extremes` how far it could; `earlier` the value it came from. `cells` are
    texts at its end. `heading` begins a new group. `kind` says how sure it is, `emphasised` whether it is asked about.
    """

    label: str
    code: str
    value: float | None
    text: str
    interval: tuple[float, float] | None = None
    extremes: tuple[float, float] | None = None
    earlier: float | None = None
    cells: tuple[str, ...] = ()
    heading: str = ""
    kind: str = PLAIN
    emphasised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A value that rows are held against, such as a median."""

    label: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Values along one axis, a row each."""

    axis: Axis
    rows: tuple[Row, ...]
    columns: tuple[str, ...] = ()
    """The heads of the texts at the ends of rows."""
    marks: tuple[Mark, ...] = ()
    band: tuple[float, float] | None = None
    """Between which values the middle half of the group lies."""
    one_place: bool = False
    """Whether all rows are of the place that is asked about, so that none is told from the others."""
    ends: tuple[str, str] = ("", "")
    """What is written at the left and the right end of the axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A place on a map: its rings, its value, and the class of it.

    A ring is the points of a line that closes, each as two numbers after one another: kilometres east and north.
    """

    label: str
    code: str
    rings: tuple[array[float], ...]
    value: float | None
    text: str
    step: int | None
    """Which of the classes it is in; None without a value."""
    emphasised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """A map: places, and their classes from the lowest on: a value on a limit is in the lower one."""

    areas: tuple[Area, ...]
    limits: tuple[str, ...]
    """Where classes begin and end, as it is written: one more than there are classes."""

    @property
    def steps(self) -> tuple[str, ...]:
        """What the values of each class are, in words."""
        ends = pairwise(self.limits)
        return tuple(f"{'over ' if place else ''}{low} to {high}" for place, (low, high) in enumerate(ends))


Body = Lines | Rows | Areas


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart with its words: title, what is measured and when, the statement, notes, and where it comes from."""

    kind: str
    title: str
    subtitle: str
    statement: str
    body: Body | None
    """None where there is nothing to draw: the statement says why."""
    source: str
    notes: tuple[str, ...] = ()
    look: Look = field(default_factory=Look)
    address: str = ""
    """Where the chart is found again, at the same release."""
