"""One plain sentence about a place, safe to print: made from the numbers of an answer and nothing else.

It names the definition and the group. No rank stands in it unless its interval has a basis, and without a test a
difference is never called better or worse.
"""

from __future__ import annotations

import re
from calendar import month_name
from typing import Any

from api.answers.articles import the
from api.answers.comparison.benchmarks import Benchmark, members
from api.answers.comparison.differences import POINTS
from api.answers.comparison.error_bounds import Basis
from api.answers.comparison.group import Group
from api.answers.comparison.rank_intervals import RankInterval
from api.catalogue import Indicator, Level, Region
from api.durations import INSTANT
from api.spans import span_of

_TOO_MANY = 1_000
"""Per cent from which on a difference is told by itself alone: ten times as much and more is no percentage."""
_POOLED = re.compile(r"P([2-9]|[1-9]\d)Y")
"""How long several years together are, which figures are pooled over."""


def statement(
    group: Group,
    region: Region,
    level: Level,
    *,
    value: str,
    period: str,
    compared: list[tuple[Benchmark, dict[str, Any] | None]],
    interval: RankInterval | None,
    basis: Basis,
    alone: str | None,
) -> str:
    """The sentence: what was measured of whom and when, against what, and how sure the order is.

    `alone` is why the region has no place in the group, where it has none.
    """
    subject = (
        f"{_subject(group.indicator)} in {the(region.name, region.label)} {_were(group.indicator)} {value} in {period}"
    )
    if group.reason is not None:
        return f"{subject}; it is not compared with other places ({group.reason})."
    # Of an ITL 1 region the median of its level is that of the twelve: once is enough.
    once = {benchmark.title: (benchmark, given) for benchmark, given in compared if given is not None}
    differences = [_difference(benchmark, given, group) for benchmark, given in once.values()]
    tested = any(given["tested"] for _, given in compared if given is not None)
    order = _order(group, level, interval, basis, tested=tested) if interval else _no_rank(alone)
    said = f": {_listed(differences)}" if differences else ""
    return f"{subject}{said}{order}."


def _subject(indicator: Indicator) -> str:
    """What was measured, as a sentence begins with it: by its phrase, else by its title."""
    phrase = indicator.phrase or indicator.title
    return f"{phrase[:1].upper()}{phrase[1:]}"


def _were(indicator: Indicator) -> str:
    return "were" if indicator.phrase and indicator.number == "plural" else "was"


def _area(benchmark: Benchmark) -> str:
    """An area that is compared with: by its title, which begins with its name."""
    return the(benchmark.regions[0].name if benchmark.regions else benchmark.title, benchmark.title)


def quantity(value: float | None, decimals: int, unit: str) -> str:
    """A value with its unit, as people write it: £1,103.6 per head, 92.3% of premises, 1,234 jobs."""
    digits = f"{abs(value or 0.0):,.{decimals}f}"
    sign = "-" if value is not None and value < 0 and float(digits.replace(",", "")) != 0 else ""
    if unit.startswith("£"):
        return f"{sign}£{digits}{unit[1:]}"
    if unit == "score":
        return f"{sign}{digits}"
    return f"{sign}{digits}{unit}" if unit.startswith("%") else f"{sign}{digits} {unit}"


def spoken(period: str, duration: str, kind: str) -> str:
    """A period in words: 2023, January 2026, the financial year from April 2023, mid-2023, the years 2014 to 2024."""
    if (pooled := _POOLED.fullmatch(duration)) is not None:
        span = span_of(period)
        first, last = span.start[:4], span.end[:4]
        return f"the years {first} to {last}" if span.end.endswith("12-31") else f"the {pooled[1]} years to {span.end}"
    if "/" in period:
        year, month = period[:4], month_name[int(period[5:7])]
        return (
            f"the {kind} year from {month} {year}"
            if kind in {"financial", "academic"}
            else f"the year from {month} {year}"
        )
    if "-Q" in period:
        year, quarter = period.split("-Q")
        return f"the {_ordinal(int(quarter))} quarter of {year}"
    if len(period) == len("2026-01"):
        return f"{month_name[int(period[5:7])]} {period[:4]}"
    return f"mid-{period}" if duration == INSTANT and len(period) == 4 else period


def _difference(benchmark: Benchmark, given: dict[str, Any], group: Group) -> str:
    decimals, unit = group.decimals, group.unit
    more = decimals + (benchmark.kind == "median")
    what = f"the {benchmark.title}" if benchmark.kind == "median" else _area(benchmark)
    of = _plain(quantity(benchmark.value, more, unit), unit)
    if benchmark.note:
        of += f"; {benchmark.note[:1].lower()}{benchmark.note[1:].rstrip('.')}"
    beside = f"{what[:-1]}, {of})" if what.endswith(")") else f"{what} ({of})"
    if given["absolute"] == 0:
        return f"as high as {beside}"
    side = "above" if given["absolute"] > 0 else "below"
    gap = abs(given["absolute"])
    points = given["unit"] == POINTS
    amount = f"{gap:,.{more}f} {POINTS}" if points else _plain(quantity(gap, more, unit), unit)
    told = given["relative"] is not None and abs(given["relative"]) < _TOO_MANY and not points
    share = f" ({abs(given['relative']):.1f}%)" if told else ""
    tested = {
        "similar": ", which is no more than chance",
        "better": ", significantly better",
        "worse": ", significantly worse",
    }
    return f"{amount}{share} {side} {beside}{tested.get(given['direction'], '')}"


def _plain(text: str, unit: str) -> str:
    """A quantity without the part of its unit that the sentence has said already."""
    if unit.startswith("£"):
        scale = next((f" {word}" for word in ("million", "billion") if unit.startswith(f"£ {word}")), "")
        return text.removesuffix(unit[1:]) + scale
    return text.removesuffix(unit[1:]) if unit.startswith("%") else text.removesuffix(f" {unit}")


def _no_rank(reason: str | None) -> str:
    return "" if reason is None else f"; no rank is given: {reason[:1].lower()}{reason[1:].rstrip('.')}"


def _order(group: Group, level: Level, interval: RankInterval, basis: Basis, *, tested: bool) -> str:
    if basis.reason is not None or interval.best is None or interval.worst is None:
        if tested or basis.reason is None:
            return "; bounds are not held here for all regions, so no rank is given"
        return f"; the {basis.reason.replace(' not', ' is not')}, so no rank is given and no difference tested"
    within = _ordinal(interval.best)
    if interval.worst != interval.best:
        within += f" to {_ordinal(interval.worst)}"
    first = "lowest" if group.indicator.polarity == "lower-is-better" else "highest"
    sure = "as far as the published digits tell" if basis.name == "rounding" else "with 95% confidence"
    if (interval.best, interval.worst) == (1, interval.n):
        return f"; its place among the {members(group, level)} cannot be told {sure}"
    place = f"{_ordinal(interval.order)} of the {members(group, level)}, the {first} first"
    return f"; it is {place}, {within} {sure}" if within != _ordinal(interval.order) else f"; it is {place}, {sure}"


def _listed(parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    # A part that has a comma of its own ends with one.
    last = ", and" if any(", " in part for part in parts[:-1]) else " and"
    return f"{', '.join(parts[:-1])}{last} {parts[-1]}"


def _ordinal(number: int) -> str:
    teen = 10 <= number % 100 <= 20
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"
