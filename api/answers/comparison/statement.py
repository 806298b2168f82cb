"""A place in plain sentences that are safe to print: made from the numbers of an answer and nothing else.

They name what was measured, of whom and when; then how far it is from its benchmarks, in the digits that are printed,
so that whoever subtracts them finds the same; then its rank. No rank stands there unless its interval has a basis, and
without a test a difference is never called more or less than chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.answers.articles import the
from api.answers.comparison.benchmarks import Benchmark, members
from api.answers.comparison.differences import POINTS
from api.answers.comparison.error_bounds import NO_BASIS, NO_ERROR, ROUNDING, UNROUNDED, Basis
from api.answers.comparison.group import NO_VALUES, OVERLAPPING, Group
from api.answers.comparison.rank_intervals import RankInterval
from api.answers.comparison.rates import NO_DENOMINATOR, NOT_COMPARABLE
from api.answers.comparison.wording import decimals_of, listed, ordinal, quantity, spoken, unit_beside
from api.catalogue import Indicator, Level, Region
from api.decimals import rounded

_TWICE, _MANY = 2, 10
"""Times a benchmark from which on that is told in place of the difference; and from which on without decimals."""
_ALMOST_ALL, _MANY_OF_ALL = 0.9, 0.5
"""Shares of all places: a rank interval that spans more tells nothing, and one that spans more stands for the rank."""
_OF_A_YEAR = "born in the year"
"""How the unit of figures ends that are of a year's births, some years later."""
_NO_MARGIN = "no margin of error is available here"
_WHY_NOT_COMPARED = {
    NOT_COMPARABLE: ", which differ in size",
    OVERLAPPING: ": areas of its kind overlap",
    NO_VALUES: ": none of its kind has a comparable value",
}
_WHY_NOT_RANKED = {
    NO_BASIS: _NO_MARGIN,
    NO_ERROR: _NO_MARGIN,
    UNROUNDED: "how its figures were rounded is not known",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The value that the sentences are about: in which unit, of which period, and what it was divided by."""

    value: float
    decimals: int
    unit: str
    period: str
    duration: str
    year_kind: str
    denominator: Indicator | None = None
    divisor: str = ""
    """What it was divided by, where that is of another year."""


def statement(
    group: Group,
    region: Region,
    level: Level,
    said: Said,
    *,
    name: str,
    compared: list[tuple[Benchmark, dict[str, Any] | None]],
    interval: RankInterval | None,
    basis: Basis,
    alone: str | None,
) -> str:
    """The sentences about a region, which is called by a `name`.

    `alone` is why the region has no place in the group, where it has none.
    """
    opening = _opening(group, region, said, name)
    they = "They are" if group.indicator.phrase and group.indicator.number == "plural" else "It is"
    if group.reason is not None:
        reason = _WHY_NOT_COMPARED.get(group.reason, f": {group.reason}")
        if any(item.reason == NO_DENOMINATOR for item in group.missing):
            reason = f"{_WHY_NOT_COMPARED[NOT_COMPARABLE]}, and there is nothing here to divide by"
        return f"{opening} {they} not compared with other places{reason}."
    # Of an ITL 1 region the median of its level is that of the twelve: once is enough.
    once = {benchmark.title: (benchmark, given) for benchmark, given in compared if given is not None}
    differences = [_difference(benchmark, given, said) for benchmark, given in once.values()]
    beside = f" That is {listed(differences)}." if differences else ""
    order = _order(group, region, level, interval=interval, basis=basis, alone=alone)
    return f"{opening}{beside} {they} {order}" if order else f"{opening}{beside}"


def _opening(group: Group, region: Region, said: Said, name: str) -> str:
    """What was measured of whom and when."""
    indicator = group.indicator
    phrase = indicator.phrase or indicator.title
    were = "were" if indicator.phrase and indicator.number == "plural" else "was"
    # Some phrases name the country that they are of.
    place = "" if phrase.endswith(f" in {region.name}") or f" in {region.name} " in phrase else f" in {name}"
    unit = unit_beside(said.unit, indicator.phrase or "", said.denominator)
    value = quantity(said.value, decimals_of(said.value, said.decimals, said.unit), unit) + said.divisor
    when = spoken(said.period, said.duration, said.year_kind)
    if said.unit.endswith(_OF_A_YEAR):
        when = f"for those born {when}"
    return f"{phrase[:1].upper()}{phrase[1:]}{place} {were} {value} {when}."


def _difference(benchmark: Benchmark, given: dict[str, Any], said: Said) -> str:
    """How far the value is from a benchmark, in the digits that are printed of both."""
    decimals = decimals_of(max(abs(said.value), abs(benchmark.value or 0.0)), said.decimals, said.unit)
    value, other = rounded(said.value, decimals), rounded(benchmark.value or 0.0, decimals)
    what = f"the {benchmark.title}" if benchmark.kind == "median" else _area(benchmark)
    of = quantity(other, decimals, said.unit, bare=True)
    if benchmark.note:
        of += f"; {benchmark.note[:1].lower()}{benchmark.note[1:].rstrip('.')}"
    beside = f"{what[:-1]}, {of})" if what.endswith(")") else f"{what} ({of})"
    gap = round(value - other, decimals)
    test = given["test"]
    tested = ""
    if test is not None:
        tested = ", a statistically significant difference" if test["significant"] else ""
        tested = tested or ", a difference that could be due to chance"
    if gap == 0:
        equal = "the same as" if said.value == benchmark.value else "about the same as"
        return f"{equal} {beside}"
    points = given["unit"] == POINTS
    times = 0.0 if points or said.unit == "score" or other <= 0 else value / other
    if times >= _TWICE:
        return f"{times:,.{1 if times < _MANY else 0}f} times {beside}{tested}"
    amount = _points(abs(gap), decimals) if points else quantity(abs(gap), decimals, said.unit, bare=True)
    share = _share(value, other, given["relative"]) if times else ""
    return f"{amount}{share} {'above' if gap > 0 else 'below'} {beside}{tested}"


def _points(gap: float, decimals: int) -> str:
    digits = f"{gap:,.{decimals}f}"
    return f"{digits} {POINTS.removesuffix('s') if digits == '1' else POINTS}"


def _share(value: float, other: float, relative: float | None) -> str:
    """A difference in per cent; nothing where the printed digits do not bear it out."""
    whole = round(abs(100 * (value - other) / other))
    if relative is None or whole != round(abs(relative)):
        return ""
    return f" ({whole}%)" if whole else " (less than 1%)"


def _area(benchmark: Benchmark) -> str:
    """An area that is compared with: by its title, which begins with its name."""
    return the(benchmark.regions[0].name if benchmark.regions else benchmark.title, benchmark.title)


def _order(
    group: Group, region: Region, level: Level, *, interval: RankInterval | None, basis: Basis, alone: str | None
) -> str:
    """Its rank among the members of its group, and how sure that is; or why there is none: after "It is"."""
    if interval is None:
        return "" if alone is None else f"not ranked: {alone[:1].lower()}{alone[1:].rstrip('.')}."
    if basis.reason is not None or interval.best is None or interval.worst is None:
        return f"not ranked: {_WHY_NOT_RANKED.get(basis.reason or '', f'the {basis.reason}')}."
    among = f"the {members(group, level)}"
    sure = "given rounding" if basis.name == ROUNDING else "with 95% confidence"
    lowest = group.indicator.polarity == "lower-is-better"
    between = f"between {ordinal(interval.best)} and {ordinal(interval.worst)} {'lowest' if lowest else 'highest'}"
    if interval.worst - interval.best + 1 > interval.n * _ALMOST_ALL:
        if basis.name != ROUNDING and group.figures[region.id].lower is None:
            return "not ranked: no margin of error is available for it here."
        return f"not placed among {among}: the figures are too uncertain for that."
    if interval.worst - interval.best + 1 > interval.n * _MANY_OF_ALL:
        return f"{between} of {among} {sure}."
    own = group.figures[region.id].value
    equals = sum(item.value == own for item in group.figures.values())
    exact = (interval.best, interval.worst) == (interval.order, interval.order + equals - 1)
    return f"{_placed(interval, equals, lowest=lowest)} of {among}{'' if exact else f' ({between}, {sure})'}."


def _placed(interval: RankInterval, equals: int, *, lowest: bool) -> str:
    """A rank in words: the highest, the 2nd highest, the joint lowest."""
    word, other = ("lowest", "highest") if lowest else ("highest", "lowest")
    joint = "joint " if equals > 1 else ""
    if interval.order == 1:
        return f"the {joint}{word}"
    if interval.order + equals - 1 == interval.n:
        return f"the {joint}{other}"
    return f"the {joint}{ordinal(interval.order)} {word}"
