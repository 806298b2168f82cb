"""Periods as a file writes them: which period of the indicator each is, where it begins and how long it lasts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import polars as pl

from api.catalogue import Catalogue, Indicator
from api.checks import spellings
from api.checks.faults import WARNING, Fault, shown
from api.checks.hints import Hints
from api.checks.names import indicator_of
from api.checks.work import Work
from api.durations import DURATIONS, INSTANT, duration_of
from api.errors import Problem
from api.periods import YEAR_STARTS, Period, SplitYear

_KEYS = ["indicator_id", "period", "period_start", "period_duration"]
_LASTS = {"P1D": "a day", "P1M": "a month", "P3M": "three months", "P6M": "half a year", "P1Y": "a year"}
_FEW_LABELS = 200
"""Among so many labels of an indicator, the newest, the nearest is looked for."""
_DEFAULTS = {"calendar": "01-01", "financial": YEAR_STARTS["financial"], "academic": YEAR_STARTS["academic"]}
_OFTEN = {"monthly": ("P1M", ""), "quarterly": ("P3M", ""), "half-yearly": ("P6M", "")}
"""Periods of indicators that have no figures yet, where there are several of them in a year."""


class Moment(NamedTuple):
    """A period that was read: its label, first and last day, duration; `given`: these were written, not derived."""

    label: str | None = None
    start: str | None = None
    end: str | None = None
    duration: str | None = None
    given: bool = False


Read = tuple[Moment, list[Fault]]


def read_times(work: Work) -> None:
    """Add `label`, `start`, `end` and `duration`: as given, or as they are of the figures that stand.

    Needs `indicator_id` and `region_id`.
    """
    work.figures = work.figures.with_columns(work.text(name) for name in _KEYS[1:])
    reader = _Reader(work.catalogue)
    table: list[tuple[object, ...]] = []
    faults: list[tuple[tuple[object, ...], Fault]] = []
    for number, text, start, duration in work.distinct(*_KEYS):
        moment, said = reader.read(indicator_of(work, number), text, (start, duration))
        key = (number, text, start, duration)
        table.append((*key, *moment))
        faults.extend((key, item) for item in said)
    columns = {"label": pl.String, "start": pl.String, "end": pl.String, "duration": pl.String, "given": pl.Boolean}
    work.join(table, _KEYS, columns)
    work.found.tell(work.figures, _KEYS, faults, "period")
    _settle(work)
    if work.today is not None:
        late = work.figures.filter(pl.col("start") > work.today.isoformat())
        told = pl.format("{} begins on {}, after today ({}).", "label", "start", pl.lit(work.today.isoformat()))
        work.found.add(late, "period", "period-future", told + " Bring figures once their period has begun.")


@dataclass(slots=True)
class _Shape:
    """How the periods of an indicator are: durations with the day of the year that years begin on, and labels."""

    kinds: frozenset[tuple[str, str]]
    durations: frozenset[str]
    labels: tuple[str, ...]
    length: int
    """How many characters most labels have: 4 of a year, 7 of a month, 10 of a day."""


class _Reader:
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._shapes: dict[int, _Shape] = {}
        self._hints = Hints()

    def read(self, indicator: Indicator | None, text: str | None, given: tuple[str | None, str | None]) -> Read:
        """The period that a text means for an indicator, and what is to be said of it."""
        if text is None:
            return Moment(), [Fault("period-missing", "The period is missing. Write it into this cell, such as 2024.")]
        try:
            period = spellings.parse(text)
        except ValueError as error:
            return Moment(), [Fault("period-unknown", str(error), self._near(indicator, text))]
        if indicator is None:
            return Moment(), []
        shape = self._shape(indicator)
        split = _meant_split(text, indicator, shape)
        try:
            resolved = self._catalogue.resolve_period(split or period, [indicator])
        except Problem as problem:
            fault = problem.faults[0]
            return Moment(), [Fault("period-kind", problem.detail, str(fault.allowed[0]))]
        said = [_read_as_split(text, split, indicator)] if split else _of_shape(text, resolved, indicator, shape)
        if any(item.severity != WARNING for item in said):
            return Moment(), said
        moment, wrong = _moment(resolved, given, indicator, shape)
        return moment, [*said, *wrong]

    def _near(self, indicator: Indicator | None, text: str) -> str | None:
        day = spellings.american(text)
        if day is not None or indicator is None:
            return day
        return self._hints.nearest(text, self._shape(indicator).labels)

    def _shape(self, indicator: Indicator) -> _Shape:
        found = self._shapes.get(indicator.id)
        if found is None:
            of = indicator.coverage
            kinds = {(item.duration, item.start[5:] if item.duration.endswith("Y") else "") for item in of}
            if not kinds and indicator.year_kind in _DEFAULTS:
                kinds = {_OFTEN.get(indicator.frequency) or ("P1Y", _DEFAULTS[indicator.year_kind])}
            labels = tuple(sorted({item.period for item in of}))[-_FEW_LABELS:]
            lengths = Counter(len(item) for item in labels if len(item) in {4, 7, 10})
            length = lengths.most_common(1)[0][0] if lengths else 7
            found = _Shape(frozenset(kinds), frozenset(item for item, _ in kinds), labels, length)
            self._shapes[indicator.id] = found
        return found


def _meant_split(text: str, indicator: Indicator, shape: _Shape) -> SplitYear | None:
    """The year into the next that `2011-12` is for an indicator whose years run so, and which has no months."""
    first, _, last = text.partition("-")
    if indicator.year_kind not in YEAR_STARTS or "P1M" in shape.durations or len(text) != 7 or not _digits(first, last):
        return None
    year = int(first)
    return SplitYear(year) if 1 <= int(last) <= 12 and (year + 1) % 100 == int(last) else None


def _digits(first: str, last: str) -> bool:
    return len(first) == 4 and len(last) == 2 and (first + last).isascii() and (first + last).isdigit()


def _read_as_split(text: str, split: SplitYear, indicator: Indicator) -> Fault:
    told = (
        f"{shown(text)} was read as the year {split.label}, since {indicator.slug} has no months. Write {split.label}."
    )
    return Fault("period-kind", told, split.label, WARNING)


def _of_shape(text: str, period: Period, indicator: Indicator, shape: _Shape) -> list[Fault]:
    """What is to be said where an indicator has no periods like one: an error of a day, else a warning."""
    duration = duration_of(period.start, period.end)
    kind = (duration, period.start[5:] if duration.endswith("Y") else "")
    if INSTANT in shape.durations or indicator.year_kind == INSTANT or not shape.kinds or kind in shape.kinds:
        return []
    lasts = ", ".join(_LASTS.get(item, item) for item in sorted(shape.durations))
    near = _near_kind(period, indicator, shape)
    write = f" Write {near} where that is meant." if near else ""
    if duration in shape.durations:
        told = f"{shown(text)} begins on {period.start}, and the years of {indicator.slug} do not begin then.{write}"
        return [Fault("period-kind", told, near, WARNING)]
    told = f"{shown(text)} is {_LASTS.get(duration, duration)}, and {indicator.slug} has periods of {lasts}.{write}"
    return [Fault("period-kind", told, near, "error" if spellings.is_day(period) else WARNING)]


def _near_kind(period: Period, indicator: Indicator, shape: _Shape) -> str | None:
    """The period of the indicator that the first day of another lies in."""
    if "P1M" in shape.durations:
        return period.start[:7]
    if "P3M" in shape.durations:
        return f"{period.start[:4]}-Q{(int(period.start[5:7]) + 2) // 3}"
    if "P1Y" not in shape.durations or indicator.year_kind not in _DEFAULTS:
        return None
    year, begins = int(period.start[:4]), _DEFAULTS[indicator.year_kind]
    if begins == "01-01":
        return str(year)
    return SplitYear(year if period.start[5:] >= begins or period.start[5:] == "01-01" else year - 1).label


def _moment(period: Period, given: tuple[str | None, str | None], indicator: Indicator, shape: _Shape) -> Read:
    """Start and duration of a period, as they are given, or as the period says."""
    derived = Moment(period.label, period.start, period.end, duration_of(period.start, period.end))
    if any(given):
        return _given(derived, *given)
    if indicator.year_kind == INSTANT and spellings.is_day(period):
        label = period.start[: shape.length]
        return Moment(label, period.start, period.end, INSTANT, given=True), []
    return derived, []


def _given(period: Moment, start: str | None, duration: str | None) -> Read:
    """Start and duration as they are given, which must go with the period."""
    if not (start and duration):
        told = "The period_start and period_duration go together. Write both, or neither."
        return Moment(), [Fault("period-start", told, column="period_start")]
    if duration not in {INSTANT, *DURATIONS}:
        named = ", ".join((INSTANT, *DURATIONS[:5]))
        told = f"The period_duration {shown(duration)} is none of {named}, or several years such as P3Y."
        return Moment(), [Fault("period-start", told, column="period_duration")]
    day = _day(start)
    if day is None or not str(period.start) <= day <= str(period.end):
        told = f"The period_start {shown(start)} does not lie in {period.label}. Write a day of it."
        return Moment(), [Fault("period-start", told, period.start, column="period_start")]
    if duration != INSTANT and (day, duration) != (period.start, period.duration):
        told = f"{period.label} begins on {period.start} and lasts {period.duration}. Write these, or leave both empty."
        return Moment(), [Fault("period-start", told, period.start, column="period_start")]
    return Moment(period.label, day, period.end, duration, given=True), []


def _day(text: str) -> str | None:
    """A day in full (ISO 8601)."""
    try:
        return text if date.fromisoformat(text).isoformat() == text else None
    except ValueError:
        return None


def _settle(work: Work) -> None:
    """Take start and duration from the figures that stand, where nothing is given and they say one.

    A region's own figure of a label says it first, then those of the other regions where they agree.
    """
    standing = work.standing.select(
        "indicator_id", "region_id", label="period", _start="period_start", _duration="period_duration"
    )
    own = standing.unique(["indicator_id", "region_id", "label"], keep="last", maintain_order=True)
    moments = standing.unique(["indicator_id", "label", "_start", "_duration"]).group_by("indicator_id", "label")
    one = moments.agg(pl.len().alias("_moments"), pl.first("_start", "_duration").name.prefix("_any"))
    one = one.filter(pl.col("_moments") == 1).drop("_moments")
    figures = work.figures.join(own, on=["indicator_id", "region_id", "label"], how="left", maintain_order="left")
    figures = figures.join(one, on=["indicator_id", "label"], how="left", maintain_order="left")
    _tell_moments(work, figures)
    known = {
        name: pl.when(pl.col("given")).then(name).otherwise(pl.coalesce(f"_{name}", f"_any_{name}", name))
        for name in ("start", "duration")
    }
    work.figures = figures.with_columns(**known).drop("given", "_start", "_duration", "_any_start", "_any_duration")


def _tell_moments(work: Work, figures: pl.DataFrame) -> None:
    """Tell moments that are given otherwise than they stand, and readings of which nothing tells the moment."""
    differs = (pl.col("_start") != pl.col("start")) | (pl.col("_duration") != pl.col("duration"))
    moments = ("label", "_start", "_duration", "start", "duration")
    told = pl.format("{} begins and lasts {} and {} here, not {} and {}. Write what it was.", *moments)
    other = figures.filter(pl.col("given") & differs)
    work.found.add(other, "period", "period-start", told, nearest=pl.col("_start"))
    instants = [item.id for item in work.catalogue.indicators.values() if item.year_kind == INSTANT]
    unknown = ~pl.col("given") & pl.col("_start").is_null() & pl.col("_any_start").is_null()
    unknown = unknown & pl.col("label").is_not_null() & pl.col("indicator_id").is_in(instants)
    told = pl.format(
        "This indicator is read at one moment, and nothing tells at which in {}. Write the day as the period, or into "
        "period_start, with 'instant' in period_duration.",
        "label",
    )
    work.found.add(figures.filter(unknown), "period", "period-moment", told)
