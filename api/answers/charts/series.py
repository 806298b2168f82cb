"""Series over time, with their breaks, limits, and what was estimated or put together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api import errors
from api.answers.charts import words
from api.answers.reading import Reading
from api.answers.series import one_series
from api.catalogue import Indicator, Region
from api.chart_filters import SeriesChart
from api.charts.chart import Line, Lines, Point
from api.filters import MERGED, SeriesFilter
from api.rows import Answer

MOST = 6
"""Places that are told apart in one chart, and those they are held against."""
_UK = "uk"
_KINGDOM = "K02000001"


def chart(reading: Reading, asked: SeriesChart) -> Answer:
    """The series of an indicator in some places. Problems `unknown-id`, and `invalid-parameter` of too many places."""
    catalogue = reading.catalogue
    indicator = catalogue.indicator(asked.indicator)
    own = [catalogue.place_of(catalogue.region(code)) for code in asked.region]
    beside = [catalogue.region(_KINGDOM if code == _UK else code, field="with") for code in asked.benchmarks or ()]
    if len(own) + len(beside) > MOST:
        message = f"{len(own) + len(beside)} places are asked for, and a chart tells {MOST} apart. Ask for fewer."
        raise errors.invalid("region", message, code="too-many-places")
    question = SeriesFilter(history=asked.history, period_from=asked.period_from, period_to=asked.period_to)
    answers = [one_series(reading, question, indicator, region) for region in (*own, *beside)]
    title = f"{indicator.title}, {words.name_of(own[0], asked)}" if len(own) == 1 else indicator.title
    told = [(region, answer.data["observations"]) for region, answer in zip((*own, *beside), answers, strict=True)
            if isinstance(answer.data, dict)]  # fmt: skip
    if not any(observations for _, observations in told):
        return words.unfigured(reading, kind="series", title=title, meta=answers[0].meta)
    lines = [_line(indicator, region, observations, asked, benchmark=place >= len(own))
             for place, (region, observations) in enumerate(told)]  # fmt: skip
    lines = [line for line in lines if line.points]
    body = Lines(axis=words.axis_of(indicator.unit, **_ends(indicator, lines)), lines=tuple(lines), ticks=_ticks(told))
    return words.charted(
        reading,
        kind="series",
        title=title,
        subtitle=words.heading(indicator.unit, _span(lines)),
        statement=_statement(indicator, lines),
        body=body,
        meta=words.joined_meta(reading, (answer.meta for answer in answers)),
        notes=_notes(asked, told, lines),
    )


def _line(
    indicator: Indicator, region: Region, found: list[dict[str, Any]], asked: SeriesChart, *, benchmark: bool
) -> Line:
    points = tuple(_point(indicator, item, first=place == 0) for place, item in enumerate(found))
    return Line(label=words.name_of(region, asked), code=region.code, points=points, benchmark=benchmark)


def _point(indicator: Indicator, item: dict[str, Any], *, first: bool) -> Point:
    bounds = item["bounds"] or {}
    return Point(
        at=words.when(item["period"]),
        period=words.period_text(item["period"], instant=item["instant"], year_kind=indicator.year_kind),
        value=item["value"],
        text=words.value_text(item["value"], indicator.decimals, indicator.unit),
        lower=bounds.get("lower"),
        upper=bounds.get("upper"),
        kind=words.kind_of(item["status"], merged=bool(item["parts"])),
        breaks=item["status"] == words.BREAK and not first,
    )


def _ends(indicator: Indicator, lines: Iterable[Line]) -> dict[str, float]:
    """A percentage of a whole is never more than a hundred, and its axis ends there."""
    values = [p.value for line in lines for p in line.points if p.value is not None]
    share = indicator.unit.startswith("%") and all(0 <= value <= 100 for value in values)
    return {"upper": 100.0} if share and max(values, default=0) > 90 else {}


def _ticks(told: list[tuple[Region, list[dict[str, Any]]]]) -> tuple[tuple[float, str], ...]:
    """What stands below: each year that a period begins in, once; of years that begin later, both of their halves."""
    periods = sorted({item["period"] for _, found in told for item in found}, key=words.when)
    ticks: dict[str, float] = {}
    for period in periods:
        label = words.short_period(period)
        if "/" not in label:
            label = label[:4]
            ticks.setdefault(label, words.when(period) if len(period) == len(label) else float(int(label)))
        else:
            ticks.setdefault(label, words.when(period))
    first = words.when(periods[0])
    return tuple((max(at, first) if at >= first - 0.01 else at, label) for label, at in ticks.items())


def _span(lines: Iterable[Line]) -> str:
    known = sorted((p.at, p.period) for line in lines for p in line.points if p.value is not None)
    first, last = known[0][1], known[-1][1]
    return first if first == last else f"{first} to {last}"


def _statement(indicator: Indicator, lines: Iterable[Line]) -> str:
    """A sentence for each place: its first value, and its last; and where the series breaks in between, that."""
    said = []
    for line in lines:
        known = [p for p in line.points if p.value is not None]
        first, last = known[0], known[-1]
        told = f"{line.label}: {last.text} ({last.period})"
        if first is not last:
            told = f"{line.label}: from {first.text} ({first.period}) to {last.text} ({last.period})"
        broken = [p.period for p in known if p.breaks]
        said.append(f"{told}, with a break in the series at {', '.join(broken)}" if broken else told)
    return f"{indicator.title} ({indicator.unit}). {'. '.join(said)}."


def _notes(asked: SeriesChart, told: list[tuple[Region, list[dict[str, Any]]]], lines: Iterable[Line]) -> list[str]:
    points = [p for line in lines for p in line.points]
    notes = words.meanings(p.kind for p in points)
    if any(p.breaks for p in points):
        notes.append("At a break the series changes: values before and after it are not compared.")
    if any(p.lower is not None for p in points):
        notes.append("Shaded: 95% confidence intervals, as published.")
    if any(p.value is None for p in points):
        notes.append("Values that are missing leave a gap.")
    missing = [words.name_of(region, asked) for region, found in told if not found]
    if missing:
        notes.append(f"No figures of {', '.join(missing)}.")
    if asked.history == MERGED and not any(item["parts"] for _, found in told for item in found):
        notes.append("No figures of former places are put together here.")
    return notes
