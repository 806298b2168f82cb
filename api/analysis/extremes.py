"""The best and the worst rank that a region can have, whatever the weights within a band: exactly, not by drawing."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from api.analysis.errors import Impossible
from api.analysis.ranks import Floats, rounded

MOST_REGIONS = 50
_ALIKE = 1e-12
_GAP = 1e-6
"""How much higher a score must be to count as higher, as a share of the most that the two can differ by: what the
solver can tell from nothing."""


def rank_extremes(values: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """The best and the worst rank of each region under a weighted arithmetic mean with weights between two bounds.

    `values` is (regions, parts). A mixed-integer programme for each region and end: its binary variables count the
    regions that stand above it.
    """
    if len(values) > MOST_REGIONS:
        raise Impossible(f"Ranks are found exactly for up to {MOST_REGIONS} regions; there are {len(values)}.")
    if not (lower <= upper).all() or not (lower >= 0).all() or not (upper > 0).any():
        raise Impossible("The band of weights must lie between zero and something more.")
    values = rounded(values)
    found = [_above(values, region, lower, upper) for region in range(len(values))]
    fewest, most = np.array(found, dtype=float).reshape(-1, 2).T
    return fewest + 1, most + 1


def _above(values: Floats, region: int, lower: Floats, upper: Floats) -> tuple[int, int]:
    """How many regions stand above one at least, and at most."""
    ahead = np.delete(values, region, axis=0) - values[region]
    # What no rank would tell apart counts as equal.
    nothing = _ALIKE * float((np.abs(values) @ upper).max(initial=0.0))
    furthest = np.maximum(ahead * lower, ahead * upper).sum(axis=1)
    nearest = np.minimum(ahead * lower, ahead * upper).sum(axis=1)
    always = int((nearest > nothing).sum())
    # The solver decides of those that are ahead under some weights only, each on a scale of its own.
    open_ = (nearest <= nothing) & (furthest > nothing)
    rows = ahead[open_] / (np.abs(ahead[open_]) @ upper)[:, None]
    counted = np.eye(len(rows))
    # At least: `ahead @ weights <= counted`, a region that is not counted must not score more.
    fewest = _solve(np.hstack([rows, -counted]), -np.inf, 0.0, lower, upper, cost=1.0)
    # At most: `ahead @ weights >= gap` where it is counted, and nothing is asked otherwise.
    most = -_solve(np.hstack([rows, -(1 + _GAP) * counted]), -1.0, np.inf, lower, upper, cost=-1.0)
    return always + fewest, always + most


def _solve(rows: Floats, least: float, most: float, lower: Floats, upper: Floats, *, cost: float) -> int:
    """The least cost of counting regions, of which each costs as much, under what the rows ask."""
    others, parts = len(rows), len(lower)
    if not others:
        return 0
    found = milp(
        np.concatenate([np.zeros(parts), np.full(others, cost)]),
        integrality=np.concatenate([np.zeros(parts), np.ones(others)]),
        bounds=Bounds(np.concatenate([lower, np.zeros(others)]), np.concatenate([upper, np.ones(others)])),
        constraints=LinearConstraint(rows, least, most),
    )
    if not found.success:
        raise Impossible(f"The extreme ranks could not be found: {found.message}")
    return round(float(found.fun))
