"""How far a rank can be told: from bounds of sampling error, or from the last digit that was published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from api.analysis.ranks import Floats, rounded

LEVEL = 0.95
_STEPS = (100.0, 10.0, 5.0, 1.0, 0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6)
_FEW = 5
_point = NormalDist().inv_cdf
Z = _point(1 - (1 - LEVEL) / 2)
"""Standard errors that bounds of that level lie from a value."""


def published_step(values: Sequence[float], decimals: int) -> float:
    """The step that published values are rounded to: the largest power of ten, or five, that divides all of them.

    Zero where they are not rounded. A few values may all end in 0 by chance: then `decimals` decides.
    """
    if len(values) < _FEW:
        return 10.0**-decimals
    for step in _STEPS:
        if all(abs(value / step - round(value / step)) <= 1e-9 * max(1.0, abs(value / step)) for value in values):
            return step
    return 0.0


def simultaneous(values: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Bounds of 95 % for each value widened to bounds of 95 % for all at once (Bonferroni).

    Each side keeps its share, so that bounds which are not symmetric stay so; a value without bounds has none after.
    """
    count = max(1, int(np.sum(np.isfinite(lower) & np.isfinite(upper))))
    wider = _point(1 - (1 - LEVEL) / (2 * count)) / Z
    return values - wider * (values - lower), values + wider * (upper - values)


def errors_of(values: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """The standard errors downwards and upwards that bounds of 95 % stand for; infinite where there are none."""
    return np.maximum(values - lower, 0) / Z, np.maximum(upper - values, 0) / Z


def rank_intervals(values: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """The best and the worst rank of each region that bounds on all values allow (Klein, Wright and Wieczorek, 2020).

    One region is above another for certain where its lower bound reaches the other's upper bound: rounding keeps the
    order, so that bounds which only touch do tell two values apart. Arrays are (regions,), the highest value first.
    Bounds are sorted and looked up: pairs would be a thousand million for the small areas of a country.
    """
    values = rounded(values)
    lower, upper = np.minimum(rounded(lower), values), np.maximum(rounded(upper), values)
    above = len(values) - np.searchsorted(np.sort(lower), upper, side="left")
    below = np.searchsorted(np.sort(upper), lower, side="right")
    # Equal values without any width touch one another, and are not apart for that.
    above -= _at(values[lower == values], upper) * (upper == values)
    below -= _at(values[upper == values], lower) * (lower == values)
    return np.asarray(above + 1, dtype=float), np.asarray(len(values) - below, dtype=float)


def _at(values: Floats, points: Floats) -> NDArray[np.int64]:
    """How many of some values lie at each of some points."""
    ordered = np.sort(values)
    found: NDArray[np.int64] = np.searchsorted(ordered, points, "right") - np.searchsorted(ordered, points, "left")
    return found


def tiers(values: Floats, known: NDArray[np.bool_], told: Callable[[int, int], bool]) -> list[int | None]:
    """The group of each region, 1 the highest: a new one begins with the first value that is told from its head.

    `told` is asked of two positions whether the first is above the second. What is not `known` has no group.
    """
    values = rounded(values)
    order: list[int] = np.argsort(-values, kind="stable").tolist()
    found: list[int | None] = [None] * len(values)
    tier, head = 0, -1
    for place in order:
        if not known[place]:
            continue
        if head < 0 or (values[place] < values[head] and told(head, place)):
            tier, head = tier + 1, place
        found[place] = tier
    return found
