"""The best and the worst rank that a region can have, whatever the weights within a band: exactly, not by drawing.

Through a tree of arithmetic means a score is a sum over indicators, each with its share of the top. The shares that
weights within bounds can come to are bounded by planes, though they are products of the weights of all levels: the
shares of siblings are their weights, scaled by a factor of their own that is free. A mixed-integer programme over those
shares counts the regions that stand above one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from api.analysis.composite import Framework
from api.analysis.errors import Impossible
from api.analysis.ranks import Floats, rounded

MOST_REGIONS = 50
_ALIKE = 1e-12
_GAP = 1e-6
"""How much higher a score must be to count as higher, as a share of the most that the two can differ by: what the
solver can tell from nothing."""
_SCALES = (0.1, 1.0, 0.01)
"""Sizes of the rows of a programme, the next where the solver gives up on numerical grounds: it seldom does."""
_OUT_OF_NODES = 1
_OPTIONS = {"node_limit": 1_000}
"""A limit of nodes and not of time, so that the same question has the same answer."""


@dataclass(frozen=True)
class Band:
    """Weights between two bounds, through a tree.

    `steps` are the numbers of each aggregate and of its parts, the top last; `lower` and `upper` are (parts,).
    """

    leaves: int
    steps: tuple[tuple[int, tuple[int, ...]], ...]
    lower: Floats
    upper: Floats

    @classmethod
    def of(cls, framework: Framework, lower: Floats, upper: Floats) -> Band:
        """The band of an index's weights. What has no part that weighs anything weighs nothing itself."""
        lower, upper = lower.copy(), upper.copy()
        for place, parts, _ in framework.steps:
            if not (upper[list(parts)] > 0).any():
                lower[place] = upper[place] = 0.0
        steps = tuple((place, parts) for place, parts, _ in framework.steps)
        return cls(len(framework.indicators), steps, lower, upper)

    @cached_property
    def shares(self) -> tuple[Floats, Floats, Floats]:
        """What shares keep to: rows over leaves and a factor for each step, and the least and most of each row.

        The shares of the top's parts are their weights, so that the top's own factor is one.
        """
        count = len(self.steps) - 1
        under = np.vstack([np.eye(self.leaves), np.zeros((count + 1, self.leaves))])
        rows: list[Floats] = []
        least: list[float] = []
        most: list[float] = []
        for number, (place, parts) in enumerate(self.steps):
            factor = np.eye(count + 1)[number, :count]
            size = self.upper[list(parts)].max() or 1.0
            for part in parts:
                low, high = self.lower[part] / size, self.upper[part] / size
                if number == count:
                    rows, least, most = [*rows, np.concatenate([under[part], factor])], [*least, low], [*most, high]
                    continue
                rows += [np.concatenate([under[part], -high * factor]), np.concatenate([under[part], -low * factor])]
                least, most = [*least, -np.inf, 0.0], [*most, 0.0, np.inf]
            under[place] = under[list(parts)].sum(axis=0)
        return np.array(rows), np.array(least), np.array(most)

    def furthest(self, differences: Floats) -> Floats:
        """The most that the sum at the top can come to for leaves as given, (cases, leaves)."""
        found = np.zeros((len(differences), len(self.lower)))
        found[:, : self.leaves] = differences
        for place, parts in self.steps[:-1]:
            chosen = list(parts)
            found[:, place] = _most(found[:, chosen], self.lower[chosen], self.upper[chosen])
        chosen = list(self.steps[-1][1])
        values, size = found[:, chosen], self.upper[chosen].max() or 1.0
        return np.asarray(np.maximum(values * self.lower[chosen], values * self.upper[chosen]).sum(axis=1) / size)


def _most(values: Floats, lower: Floats, upper: Floats) -> Floats:
    """The largest weighted mean of each row: the largest values weigh as much as they may, the others as little."""
    order = np.argsort(-values, axis=1, kind="stable")
    ordered, low, high = np.take_along_axis(values, order, axis=1), lower[order], upper[order]
    more = high - low
    sums = (low * ordered).sum(axis=1, keepdims=True) + np.cumsum(more * ordered, axis=1)
    wholes = low.sum(axis=1, keepdims=True) + np.cumsum(more, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(wholes > 0, sums / wholes, -np.inf)
    best: Floats = means.max(axis=1)
    return np.where(np.isfinite(best), best, 0.0)


def rank_extremes(values: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """The best and the worst rank of each region under a weighted arithmetic mean with weights between two bounds.

    `values` is (regions, parts).
    """
    parts = values.shape[1]
    top = np.ones(1)
    steps = ((parts, tuple(range(parts))),)
    return band_extremes(values, Band(parts, steps, np.concatenate([lower, top]), np.concatenate([upper, top])))


def band_extremes(values: Floats, band: Band, seen: tuple[Floats, Floats] | None = None) -> tuple[Floats, Floats]:
    """The best and the worst rank of each region, through a tree of weighted arithmetic means.

    `values` is (regions, leaves), none missing. `seen` are the best and worst ranks that are known to be had already:
    they are part of what is found, and spare the programmes that could not go beyond them. Raises `Impossible` where
    there are too many regions, the band holds no weights, or a programme is too hard.
    """
    if len(values) > MOST_REGIONS:
        raise Impossible(f"Ranks are found exactly for up to {MOST_REGIONS} regions; there are {len(values)}.")
    lower, upper = band.lower, band.upper
    if not (lower <= upper).all() or not (lower >= 0).all() or not (upper[list(band.steps[-1][1])] > 0).any():
        raise Impossible("The band of weights must lie between zero and something more.")
    values = rounded(values)
    nothing = np.full(len(values), np.nan)
    best, worst = seen or (nothing, nothing)
    found = [_above(values, region, band, best[region] - 1, worst[region] - 1) for region in range(len(values))]
    fewest, most = np.array(found, dtype=float).reshape(-1, 2).T
    return fewest + 1, most + 1


def _above(values: Floats, region: int, band: Band, fewest: float, most: float) -> tuple[float, float]:
    """How many regions stand above one at least, and at most; as many as are known already (NaN: none) among them."""
    ahead = np.delete(values, region, axis=0) - values[region]
    # What no rank would tell apart counts as equal.
    nothing = _ALIKE * float(band.furthest(np.abs(values)).max(initial=0.0))
    furthest, nearest = band.furthest(ahead), -band.furthest(-ahead)
    always = int((nearest > nothing).sum())
    # The solver decides of those that are ahead under some weights only, each on a scale of its own.
    open_ = (nearest <= nothing) & (furthest > nothing)
    if not open_.any():
        return np.fmin(always, fewest), np.fmax(always, most)
    sizes = np.maximum(np.abs(furthest), np.abs(nearest))[open_]
    rows, far, near = ahead[open_] / sizes[:, None], furthest[open_] / sizes, nearest[open_] / sizes
    nowhere = np.full(len(rows), np.inf)
    if not fewest <= always:
        # At least: a region that is not counted must not score more.
        fewest = np.fmin(fewest, always + _solve(band, _Rows(rows, -np.diag(far), -nowhere, 0 * far), cost=1.0))
    if not most >= always + len(rows):
        # At most: one that is counted must score more, and nothing is asked of the others.
        floor, gap = np.minimum(near, 0.0), np.minimum(_GAP, far / 2)
        most = np.fmax(most, always - _solve(band, _Rows(rows, np.diag(floor - gap), floor, nowhere), cost=-1.0))
    return fewest, most


@dataclass(frozen=True)
class _Rows:
    """What is asked of differences: rows over leaves, over who is counted, and the least and most of each."""

    leaves: Floats
    counted: Floats
    least: Floats
    most: Floats


def _solve(band: Band, asked: _Rows, *, cost: float) -> int:
    """The least cost of counting regions, of which each costs as much, under what the rows ask."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  (not before an index is asked for)

    kept, least, most = band.shares
    others, shares = len(asked.leaves), kept.shape[1]
    message = ""
    for scale in _SCALES:
        rows = np.hstack([asked.leaves, np.zeros((others, shares - band.leaves)), asked.counted]) * scale
        whole = np.vstack([np.hstack([kept, np.zeros((len(kept), others))]), rows])
        ends = np.concatenate([least, asked.least * scale]), np.concatenate([most, asked.most * scale])
        found = milp(
            np.concatenate([np.zeros(shares), np.full(others, cost)]),
            integrality=np.concatenate([np.zeros(shares), np.ones(others)]),
            bounds=Bounds(0.0, np.concatenate([np.full(shares, np.inf), np.ones(others)])),
            constraints=LinearConstraint(whole, *ends),
            options=_OPTIONS,
        )
        if found.success:
            return round(float(found.fun))
        message = found.message
        if found.status == _OUT_OF_NODES:
            break
    raise Impossible(f"The extreme ranks could not be found: {message}")
