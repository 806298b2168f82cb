"""How far one value is from another, and whether that can be told from chance.

A difference is tested only where the publisher gives bounds, see `difference_tests`: of two regions, or of a region
against a median, which is taken as known.
"""

from __future__ import annotations

from typing import Any

from api.answers.comparison.benchmarks import UK, Benchmark
from api.answers.comparison.difference_tests import (
    FIXED,
    INDEPENDENT,
    KNOWN,
    PART,
    TWO_VALUES,
    Bounded,
    DifferenceTest,
    difference_test,
    exactly,
)
from api.answers.comparison.group import Figure, shown
from api.answers.comparison.rank_intervals import direction_of

POINTS = "percentage points"


def difference(
    figure: Figure, benchmark: Benchmark, *, unit: str, decimals: int, polarity: str
) -> dict[str, Any] | None:
    """A figure less a benchmark; None where there is none."""
    if benchmark.value is None:
        return None
    more = decimals + (benchmark.kind == "median")
    test, why_not = _tested(figure, benchmark)
    told = None if test is None else test.significant
    # Of the numbers as they are printed, so that whoever subtracts them finds the same; per cent of all their digits.
    found = between(shown(figure.value, decimals), shown(benchmark.value, more), unit=unit, decimals=more)
    return {
        **found,
        "relative": _relative(figure.value, benchmark.value),
        "direction": _direction(found["absolute"], told=told, polarity=polarity),
        "tested": test is not None,
        "detail": why_not if test is None else f"{test.method}, 95 %",
        "test": None if test is None else test.described(more + 1),
    }


def between(value: float, other: float, *, unit: str, decimals: int) -> dict[str, Any]:
    """The difference of two values, absolute and relative, with its unit."""
    gap = value - other
    return {
        "absolute": shown(gap, decimals),
        "relative": _relative(value, other),
        "unit": POINTS if unit.startswith("%") else unit,
    }


def _relative(value: float, other: float) -> Any:
    """How many per cent a value is above another; None where that is not positive."""
    return shown(100 * (value - other) / other, 1) if other > 0 else None


def _tested(figure: Figure, benchmark: Benchmark) -> tuple[DifferenceTest | None, str]:
    """The test of a difference; where there is none, why not."""
    one, other = bounded(figure), benchmark.figure
    if one is None:
        return None, "not tested: no bounds of the value are held here"
    if other is None:
        return difference_test(one, exactly(benchmark.value or 0.0), method=FIXED, assumption=KNOWN), ""
    beside = bounded(other)
    if beside is None:
        return None, f"not tested: no bounds of the value of {other.region.name} are held here"
    part = benchmark.id == UK or other.region.id in figure.region.parents
    return difference_test(one, beside, method=TWO_VALUES, assumption=PART if part else INDEPENDENT), ""


def bounded(figure: Figure) -> Bounded | None:
    """A figure with its bounds of sampling error, where it has both."""
    if figure.lower is None or figure.upper is None:
        return None
    return Bounded(value=figure.value, lower=figure.lower, upper=figure.upper)


def _direction(gap: float, *, told: bool | None, polarity: str) -> str:
    if told is False:
        return "similar"
    side = "higher" if gap > 0 else "lower" if gap < 0 else "same"
    if told is None or polarity == "neutral" or side == "same":
        return side
    return "better" if gap * direction_of(polarity) > 0 else "worse"
