"""How far one value is from another, and whether that can be told from chance.

A difference is tested only where the publisher gives bounds: two regions by the difference of their values against its
standard error, a region against a benchmark without bounds by whether that lies within the region's own.
"""

from __future__ import annotations

from math import hypot
from typing import Any

from api.answers.comparison.benchmarks import Benchmark
from api.answers.comparison.group import Figure, shown
from api.answers.comparison.rank_intervals import direction_of

_Z = 1.959963984540054
"""The 97.5 % point of the normal distribution: bounds of 95 % are so many standard errors from the value."""
POINTS = "percentage points"


def difference(
    figure: Figure, benchmark: Benchmark, *, unit: str, decimals: int, polarity: str
) -> dict[str, Any] | None:
    """A figure less a benchmark; None where there is none."""
    if benchmark.value is None:
        return None
    more = decimals + (benchmark.kind == "median")
    told, how = _tested(figure, benchmark)
    # Of the numbers as they are printed, so that whoever subtracts them finds the same; per cent of all their digits.
    found = between(shown(figure.value, decimals), shown(benchmark.value, more), unit=unit, decimals=more)
    return {
        **found,
        "relative": _relative(figure.value, benchmark.value),
        "direction": _direction(found["absolute"], told=told, polarity=polarity),
        "tested": told is not None,
        "detail": how,
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


def _tested(figure: Figure, benchmark: Benchmark) -> tuple[bool | None, str]:
    """Whether a difference is more than chance, None where that cannot be told; and how it was told."""
    if figure.lower is None or figure.upper is None:
        return None, "not tested: no bounds of the value are held here"
    other = benchmark.figure
    if other is None:
        within = figure.lower <= (benchmark.value or 0.0) <= figure.upper
        return not within, "95 % bounds of the region against the median, which is taken as fixed"
    if other.lower is None or other.upper is None:
        return None, f"not tested: no bounds of the value of {other.region.name} are held here"
    error = hypot(figure.upper - figure.lower, other.upper - other.lower) / (2 * _Z)
    return abs(figure.value - other.value) > _Z * error, "difference of two values against its standard error, 95 %"


def _direction(gap: float, *, told: bool | None, polarity: str) -> str:
    if told is False:
        return "similar"
    side = "higher" if gap > 0 else "lower" if gap < 0 else "same"
    if told is None or polarity == "neutral" or side == "same":
        return side
    return "better" if gap * direction_of(polarity) > 0 else "worse"
