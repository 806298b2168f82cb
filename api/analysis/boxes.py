"""The best and the worst rank under weights within bounds, proved by dividing the weights into boxes.

Of weights between two bounds, and up to a common factor, a region's rank is the number of differences to others that
weigh to more than nought. Over a box of weights each difference lies between two ends that are known at once; so how
many are above everywhere, and how many somewhere, bounds the rank there. Boxes that could hold a better (or a worse)
rank than one that was seen are divided, the others left. Where none is left, the rank that was seen is the extreme;
where the work runs out, the boxes that are left say how far it could be off (branch and bound; Land and Doig, 1960).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.analysis.ranks import Floats, rounded

_ALIKE = 1e-12
"""What counts as equal, as a share of the largest score: no rank would tell it apart."""
_BATCH = 250_000
"""Cells that are looked at at a time: some megabytes."""
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

    values: Floats
    place: int
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
        always, known = int(above[:, place].sum()), (seen[0][place], seen[1][place])
        regions.append(_begun(values, place, rows[open_], always, known=known, middle=(lower + upper) / 2))
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


def _begun(
    values: Floats, place: int, rows: Floats, always: int, *, known: tuple[float, float], middle: Floats
) -> _Region:
    """A region before the search: between none and all of the open ones could be above it."""
    nowhere, some = np.full(rows.shape[1], np.nan), len(rows)
    fewest, most = (rank - 1 - always for rank in known)
    least_at = most_at = nowhere
    if not some:
        # Its rank is one whatever the weights.
        fewest, least_at = (fewest, nowhere) if fewest <= 0 else (0.0, middle)
        most, most_at = (most, nowhere) if most >= 0 else (0.0, middle)
    fewest = some + 1.0 if np.isnan(fewest) else fewest
    most = -1.0 if np.isnan(most) else most
    return _Region(values, place, rows, always, fewest, most, 0.0, float(some), least_at, most_at)


def _is_proved(item: _Region) -> bool:
    return item.fewest <= item.least and item.most >= item.greatest


def _search(item: _Region, lower: Floats, upper: Floats, nothing: float, most: int) -> int:
    """Divide the weights until both extremes are proved, or so many cells were looked at; how many they were.

    Depth first, in batches: boxes that wait are few, however many there are in all.
    """
    sizes, looked = np.abs(item.rows), 0
    middles, halves = _first_boxes(lower, upper)
    waiting = [_Boxes(middles, halves, np.zeros(len(middles)), np.full(len(middles), float(len(item.rows))))]
    while waiting and looked < most:
        boxes = waiting.pop().worth(item)
        first, rest = boxes.split(max(1, _BATCH // len(item.rows)))
        if len(rest.middles):
            waiting.append(rest)
        if not len(first.middles):
            continue
        centre, reach = first.middles @ item.rows.T, first.halves @ sizes.T
        looked += centre.size
        surely, maybe, there = centre - reach > nothing, centre + reach > nothing, centre > nothing
        _note(item, first.middles, there.sum(axis=1), lower, upper)
        bounded = _Boxes(first.middles, first.halves, surely.sum(axis=1), maybe.sum(axis=1))
        alive = bounded.are_worth(item)
        if alive.any():
            waiting.append(bounded.of(alive).divided((maybe & ~surely)[alive] @ sizes))
    left = [boxes.worth(item) for boxes in waiting]
    item.least = min([item.fewest, *(float(boxes.least.min(initial=item.fewest)) for boxes in left)])
    item.greatest = max([item.most, *(float(boxes.greatest.max(initial=item.most)) for boxes in left)])
    return looked


@dataclass(frozen=True)
class _Boxes:
    """Boxes of weights, (boxes, parts), and how many are above at least and at the most in each, (boxes,)."""

    middles: Floats
    halves: Floats
    least: Floats
    greatest: Floats

    def are_worth(self, item: _Region) -> NDArray[np.bool_]:
        """Which could hold a rank beyond those that were seen."""
        return np.asarray((self.least < item.fewest) | (self.greatest > item.most))

    def worth(self, item: _Region) -> _Boxes:
        """Those that could."""
        return self.of(self.are_worth(item))

    def of(self, chosen: NDArray[np.bool_] | slice) -> _Boxes:
        """Some of them."""
        return _Boxes(self.middles[chosen], self.halves[chosen], self.least[chosen], self.greatest[chosen])

    def split(self, count: int) -> tuple[_Boxes, _Boxes]:
        """The first so many, and the others."""
        return self.of(slice(count)), self.of(slice(count, None))

    def divided(self, spreads: NDArray[Any]) -> _Boxes:
        """Each in two, across the weight that the open differences depend on most; bounds hold for both."""
        rows = np.arange(len(self.halves))
        across = (spreads * self.halves).argmax(axis=1)
        halves = self.halves.copy()
        halves[rows, across] /= 2
        low, high = self.middles.copy(), self.middles.copy()
        low[rows, across] -= halves[rows, across]
        high[rows, across] += halves[rows, across]
        twice = [np.concatenate([part, part]) for part in (halves, self.least, self.greatest)]
        return _Boxes(np.concatenate([low, high]), *twice)


def _note(item: _Region, weights: Floats, above: NDArray[np.int_], lower: Floats, upper: Floats) -> None:
    """Note the fewest and the most that are above under some weights, where they go beyond what was seen."""
    fewest, most = int(above.argmin()), int(above.argmax())
    if above[fewest] < item.fewest:
        count, at = min(_verified(item, weights[fewest], above[fewest], lower, upper), key=lambda found: found[0])
        if count < item.fewest:
            item.fewest, item.fewest_at = count, at
    if above[most] > item.most:
        count, at = max(_verified(item, weights[most], above[most], lower, upper), key=lambda found: found[0])
        if count > item.most:
            item.most, item.most_at = count, at


def _verified(
    item: _Region, weights: Floats, said: float, lower: Floats, upper: Floats
) -> Iterator[tuple[float, Floats]]:
    """How many are above as ranks have it, under some weights and under the same to a few digits, until it is as said.

    Where a rank is reached at a tie alone, halving comes near it for ever, and weights of few digits stand on it.
    """
    for digits in (None, 9, 6, 3):
        at = weights if digits is None else np.clip(np.round(weights, digits), lower, upper)
        count = _above(item, at)
        yield count, at
        if count == said:
            return


def _above(item: _Region, weights: Floats) -> float:
    """How many of the open regions are above under some weights, as ranks have it: to the digits that tell apart."""
    scores = rounded(item.values @ weights)
    return float((scores > scores[item.place]).sum() - item.always)


def _first_boxes(lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Middles and half widths of boxes that hold every proportion of weights: in each one weight is at its largest.

    A common factor changes no rank, and with it any weights reach such a box.
    """
    parts = np.flatnonzero(upper > 0)
    lows, highs = np.tile(lower, (len(parts), 1)), np.tile(upper, (len(parts), 1))
    lows[np.arange(len(parts)), parts] = upper[parts]
    return (lows + highs) / 2, (highs - lows) / 2
