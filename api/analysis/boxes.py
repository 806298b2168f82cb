"""The best and the worst rank under weights within bounds, proved by dividing the weights into boxes.

Of weights between two bounds, and up to a common factor, a region's rank is the number of differences to others that
weigh to more than nought. Over a box of weights each difference lies between two ends that are known at once; so how
many are above everywhere, and how many somewhere, bounds the rank there. Boxes that could hold a better (or a worse)
rank than one that was seen are divided, the others left. Where none is left, the rank that was seen is the extreme;
where the work runs out, the boxes that are left say how far it could be off (branch and bound; Land and Doig, 1960).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.analysis.ranks import Floats, rounded

_ALIKE = 1e-12
"""What counts as equal, as a share of the largest score: no rank would tell it apart."""
_FEW = 300_000
"""Cells (boxes by open differences) that a region may take before all have had a first try."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """The best and the worst rank of each region that some weights give, (regions,), and the weights, (regions, parts).

    No weights give a better rank than `best_bound`, or a worse one than `worst_bound`: where these are the same, the
    rank is exactly the extreme one. Weights are NaN where what was seen before was not bettered. `above` is (regions,
    regions): whether the one of the row is above that of the column under all weights.
    """

    best: Floats
    worst: Floats
    best_bound: Floats
    worst_bound: Floats
    best_at: Floats
    worst_at: Floats
    above: NDArray[np.bool_]


@dataclass
class Work:
    """The cells that are left to look at, counted down; `check` raises what is to end the search."""

    cells: int
    check: Callable[[], None] = lambda: None


@dataclass
class _Region:
    """What is known of one region: open differences to others, and the ranks above 0 (so many others above it)."""

    rows: Floats
    always: int
    fewest: float
    most: float
    least: float
    greatest: float
    fewest_at: Floats
    most_at: Floats


def search(values: Floats, lower: Floats, upper: Floats, seen: tuple[Floats, Floats], work: Work) -> Found:
    """The extremes of a weighted mean of (regions, parts) values, none missing, with (parts,) bounds of the weights.

    `seen` are the best and the worst rank that are known to be had already, NaN where none is.
    """
    values = rounded(values) + 0.0
    nothing = _ALIKE * float((np.abs(values) @ upper).max(initial=0.0))
    count = len(values)
    above = np.zeros((count, count), dtype=bool)
    regions = []
    for place in range(count):
        rows = values - values[place]
        near, far = ends(rows, lower, upper)
        above[:, place] = near > nothing
        open_ = (near <= nothing) & (far > nothing)
        regions.append(_begun(rows[open_], int(above[:, place].sum()), seen[0][place], seen[1][place]))
    for most in (_FEW, None):
        waiting = [item for item in regions if not _is_proved(item)]
        for number, item in enumerate(waiting):
            work.check()
            share = max(work.cells, 0) // (len(waiting) - number)
            work.cells -= _search(item, lower, upper, nothing, min(most or share, share))
    return Found(
        best=np.array([1 + item.always + item.fewest for item in regions]),
        worst=np.array([1 + item.always + item.most for item in regions]),
        best_bound=np.array([1 + item.always + item.least for item in regions]),
        worst_bound=np.array([1 + item.always + item.greatest for item in regions]),
        best_at=np.array([item.fewest_at for item in regions]),
        worst_at=np.array([item.most_at for item in regions]),
        above=above,
    )


def ends(rows: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """The least and the most that differences (cases, parts) weigh to, where one weight is at its largest.

    Weights that are all smaller are in proportion to such ones, and no weights at all are none.
    """
    low, high = np.minimum(rows * lower, rows * upper), np.maximum(rows * lower, rows * upper)
    largest, known = rows * upper, upper > 0
    least = (low.sum(axis=1, keepdims=True) - low + largest)[:, known].min(axis=1)
    most = (high.sum(axis=1, keepdims=True) - high + largest)[:, known].max(axis=1)
    return least, most


def _begun(rows: Floats, always: int, best: float, worst: float) -> _Region:
    """A region before the search: between none and all of the open ones could be above it."""
    nowhere = np.full(rows.shape[1], np.nan)
    some = len(rows)
    fewest = some + 1.0 if np.isnan(best) else best - 1 - always
    most = -1.0 if np.isnan(worst) else worst - 1 - always
    return _Region(rows, always, fewest, most, 0.0, float(some), nowhere, nowhere)


def _is_proved(item: _Region) -> bool:
    return item.fewest <= item.least and item.most >= item.greatest


def _search(item: _Region, lower: Floats, upper: Floats, nothing: float, most: int) -> int:
    """Divide the weights until both extremes are proved, or so many cells were looked at; how many they were."""
    middles, halves = _first_boxes(lower, upper)
    sizes, looked = np.abs(item.rows), 0
    while True:
        centre, reach = middles @ item.rows.T, halves @ sizes.T
        looked += centre.size
        surely, maybe, there = centre - reach > nothing, centre + reach > nothing, centre > nothing
        _note(item, middles, there.sum(axis=1))
        least, greatest = surely.sum(axis=1), maybe.sum(axis=1)
        alive = (least < item.fewest) | (greatest > item.most)
        item.least = max(item.least, min(item.fewest, float(least[alive].min(initial=len(item.rows)))))
        item.greatest = min(item.greatest, max(item.most, float(greatest[alive].max(initial=0))))
        if not alive.any() or looked >= most:
            return looked
        middles, halves = _divided(middles[alive], halves[alive], (maybe & ~surely)[alive] @ sizes)


def _note(item: _Region, weights: Floats, above: NDArray[np.int_]) -> None:
    """Note the fewest and the most that are above under some weights, where they go beyond what was seen."""
    fewest, most = int(above.argmin()), int(above.argmax())
    if above[fewest] < item.fewest:
        item.fewest, item.fewest_at = float(above[fewest]), weights[fewest]
    if above[most] > item.most:
        item.most, item.most_at = float(above[most]), weights[most]


def _first_boxes(lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Middles and half widths of boxes that hold every proportion of weights: in each one weight is at its largest.

    A common factor changes no rank, and with it any weights reach such a box.
    """
    parts = np.flatnonzero(upper > 0)
    lows, highs = np.tile(lower, (len(parts), 1)), np.tile(upper, (len(parts), 1))
    lows[np.arange(len(parts)), parts] = upper[parts]
    return (lows + highs) / 2, (highs - lows) / 2


def _divided(middles: Floats, halves: Floats, spreads: Floats) -> tuple[Floats, Floats]:
    """Each box in two, across the weight that the open differences depend on most."""
    rows = np.arange(len(halves))
    across = (spreads * halves).argmax(axis=1)
    halves = halves.copy()
    halves[rows, across] /= 2
    low, high = middles.copy(), middles.copy()
    low[rows, across] -= halves[rows, across]
    high[rows, across] += halves[rows, across]
    return np.concatenate([low, high]), np.concatenate([halves, halves])
