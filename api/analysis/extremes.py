"""The best and the worst rank that a region can have, whatever the weights within a band: exactly, not by drawing.

Through a tree of arithmetic means a score is a sum over indicators, each with its share of the top. The shares that
weights within bounds can come to are bounded by planes, though they are products of the weights of all levels: the
shares of siblings are their weights, scaled by a factor of their own that is free. A mixed-integer programme over those
shares counts the regions that stand above one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.analysis.boxes import ends
from api.analysis.budget import Budget
from api.analysis.errors import Impossible
from api.analysis.ranks import Floats, rounded
from api.analysis.weight_band import Band

MOST_REGIONS = 50
_ALIKE = 1e-12
_GAP = 1e-6
"""How much higher a score must be to count as higher, as a share of the most that the two can differ by: what the
solver can tell from nothing."""
_SCALES = (0.1, 1.0, 0.01)
"""Sizes of the rows of a programme, the next where the solver gives up on numerical grounds: it seldom does."""
_OUT_OF_NODES, _OUT_OF_TIME = "Solution limit", "Time limit"
"""What the solver calls these: its numbers tell the first from nothing else."""
TOO_HARD = "To find the ranks exactly takes a search of more nodes than are looked at (max_rank_nodes)."
SET_UP = 150
"""What a programme takes beside what its size says: to lay it out and to read it."""
_SAME = 9
"""Digits to which the programmes of two ways to choose are the same: the solver tells fewer apart."""


def rank_extremes(values: Floats, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """The best and the worst rank of each region under a weighted arithmetic mean with weights between two bounds.

    `values` is (regions, parts).
    """
    parts = values.shape[1]
    top = np.ones(1)
    steps = ((parts, tuple(range(parts))),)
    return band_extremes(values, Band(parts, steps, np.concatenate([lower, top]), np.concatenate([upper, top])))


def band_extremes(
    values: Floats, band: Band, seen: tuple[Floats, Floats] | None = None, budget: Budget | None = None
) -> tuple[Floats, Floats]:
    """The best and the worst rank of each region, through a tree of weighted arithmetic means.

    `values` is (regions, leaves), none missing. `seen` are the best and worst ranks that are known to be had already:
    they are part of what is found, and spare the programmes that could not go beyond them. Raises `Impossible` where
    there are too many regions, the band holds no weights, or the programmes are too hard.
    """
    nothing = np.full(len(values), np.nan)
    found = Programmes.of(values, band).solved(seen or (nothing, nothing), budget or Budget())
    return found.best, found.worst


def fingerprint(values: Floats, band: Band) -> bytes:
    """The same for two tables whose programmes are the same: regions stand as far from each other, up to one scale.

    What is added to all the values of a leaf moves no region past another, and nor does one factor for all of them.
    """
    moved = values - values.min(axis=0)
    alike = rounded(moved / (moved.max(initial=0.0) or 1.0), _SAME) + 0.0
    return repr(band.steps).encode() + alike.tobytes() + band.lower.tobytes() + band.upper.tobytes()


@dataclass(frozen=True)
class _RankProblem:
    """How a region stands among the others: how many are ahead whatever the weights, and who is under some of them.

    `ahead` are those, (regions,). `rows` are the differences of the others, (open, leaves), each on a scale of its own;
    `far` and `near` the most and the least that they come to.
    """

    ahead: NDArray[np.bool_]
    rows: Floats
    far: Floats
    near: Floats

    @property
    def always(self) -> int:
        """How many regions are ahead whatever the weights."""
        return int(self.ahead.sum())

    @classmethod
    def of(cls, values: Floats, region: Floats, band: Band, nothing: float) -> _RankProblem:
        """Of a region among all, itself included; what is no more than `nothing` counts as equal."""
        ahead = values - region
        furthest, nearest = band.furthest(ahead), -band.furthest(-ahead)
        open_ = (nearest <= nothing) & (furthest > nothing)
        sizes = np.maximum(np.abs(furthest), np.abs(nearest))[open_]
        return cls(nearest > nothing, ahead[open_] / sizes[:, None], furthest[open_] / sizes, nearest[open_] / sizes)

    def asks(self, fewest: float, most: float) -> tuple[bool, bool]:
        """Whether fewer, and whether more, could be ahead than are known to be (NaN: nothing is known)."""
        some = len(self.rows) > 0
        return some and not fewest <= self.always, some and not most >= self.always + len(self.rows)


_Side = tuple[float, Floats]
"""How many stand above, and the shares of the leaves where it is so; NaN where these were not looked for."""


@dataclass(frozen=True, kw_only=True)
class Solved:
    """The best and the worst rank of each region, and the shares of the leaves, (regions, leaves), that reach them.

    Shares are NaN where a rank was seen before.
    """

    best: Floats
    worst: Floats
    best_at: Floats
    worst_at: Floats


@dataclass(frozen=True)
class Programmes:
    """What is to be solved for one table of values and one band: equal regions share one problem."""

    band: Band
    values: Floats
    distinct: Floats
    problems: tuple[_RankProblem, ...]
    """A problem for each of the distinct regions."""
    which: NDArray[np.intp]
    """The problem of each region."""

    @classmethod
    def of(cls, values: Floats, band: Band) -> Programmes:
        """The programmes of (regions, leaves) values. Raises `Impossible`."""
        if len(values) > MOST_REGIONS:
            raise Impossible(f"Ranks are found exactly for up to {MOST_REGIONS} regions; there are {len(values)}.")
        lower, upper = band.lower, band.upper
        if not (lower <= upper).all() or not (lower >= 0).all() or not (upper[list(band.steps[-1][1])] > 0).any():
            raise Impossible("The band of weights must lie between zero and something more.")
        values = rounded(values) + 0.0
        distinct, which = np.unique(values, axis=0, return_inverse=True)
        # What no rank would tell apart counts as equal.
        nothing = _ALIKE * float(band.furthest(np.abs(values)).max(initial=0.0))
        problems = tuple(_RankProblem.of(values, region, band, nothing) for region in distinct)
        return cls(band, values, distinct, problems, which.reshape(-1))

    def above(self) -> NDArray[np.bool_]:
        """Whether the region of the row is ahead of that of the column whatever the weights, (regions, regions)."""
        ahead = np.array([problem.ahead for problem in self.problems])
        if len(self.band.steps) == 1:
            parts = list(self.band.steps[0][1])
            lower, upper = self.band.lower[parts], self.band.upper[parts]
            nothing = _ALIKE * float((np.abs(self.values) @ upper).max(initial=0.0))
            ahead = np.array([ends(self.values - region, lower, upper)[0] > nothing for region in self.distinct])
        return np.asarray(ahead[self.which].T)

    def steps(self, seen: tuple[Floats, Floats]) -> int:
        """What the programmes that `seen` does not spare come to: 30,000 to 50,000 a second where they are hard."""
        count = 0
        for problem, best, worst in zip(self.problems, *self._of_problems(seen), strict=True):
            count += (SET_UP + len(problem.rows) ** 2) * sum(problem.asks(best - 1, worst - 1))
        return count

    def solved(self, seen: tuple[Floats, Floats], budget: Budget) -> Solved:
        """The best and the worst rank of each region, those that were seen among them. Raises `Impossible`."""
        known = zip(self.problems, *self._of_problems(seen), strict=True)
        found = [self._above(problem, best - 1, worst - 1, budget) for problem, best, worst in known]
        fewest, most = (np.array([sides[side][0] for sides in found]) for side in (0, 1))
        shares = [np.array([sides[side][1] for sides in found]).reshape(len(found), -1) for side in (0, 1)]
        return Solved(
            best=np.asarray(np.fmin(fewest[self.which] + 1, seen[0])),
            worst=np.asarray(np.fmax(most[self.which] + 1, seen[1])),
            best_at=shares[0][self.which],
            worst_at=shares[1][self.which],
        )

    def _of_problems(self, seen: tuple[Floats, Floats]) -> list[Floats]:
        """The best and the worst rank seen of each problem, among the regions that have it."""
        best, worst = (np.full(len(self.problems), np.nan) for _ in seen)
        np.fmin.at(best, self.which, seen[0])
        np.fmax.at(worst, self.which, seen[1])
        return [best, worst]

    def _above(self, problem: _RankProblem, fewest: float, most: float, budget: Budget) -> tuple[_Side, _Side]:
        """How many stand above at least, and at most; as many as are known already (NaN: none) among them."""
        always, rows, far, near = problem.always, problem.rows, problem.far, problem.near
        fewer, more = problem.asks(fewest, most)
        nowhere = np.full(len(rows), np.inf)
        least_at = most_at = np.full(self.band.leaves, np.nan)
        if fewer:
            # At least: a region that is not counted must not score more.
            asked = _Rows(rows, -np.diag(far), -nowhere, 0 * far)
            count, shares = _solve(self.band, asked, budget, cost=1.0)
            if not fewest <= always + count:
                fewest, least_at = always + count, shares
        if more:
            # At most: one that is counted must score more, and nothing is asked of the others.
            floor, gap = np.minimum(near, 0.0), np.minimum(_GAP, far / 2)
            asked = _Rows(rows, np.diag(floor - gap), floor, nowhere)
            count, shares = _solve(self.band, asked, budget, cost=-1.0)
            if not most >= always - count:
                most, most_at = always - count, shares
        fewest = np.fmin(fewest, always if not len(rows) else np.inf)
        return (fewest, least_at), (np.fmax(most, always), most_at)


@dataclass(frozen=True)
class _Rows:
    """What is asked of differences: rows over leaves, over who is counted, and the least and most of each."""

    leaves: Floats
    counted: Floats
    least: Floats
    most: Floats


def _solve(band: Band, asked: _Rows, budget: Budget, *, cost: float) -> tuple[int, Floats]:
    """The least cost of counting regions, of which each costs as much, under what the rows ask; at which shares."""
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
            options=_limits(budget),
        )
        budget.nodes -= found.get("mip_node_count") or 0
        if found.success:
            return round(float(found.fun)), np.asarray(found.x[: band.leaves])
        message = str(found.message)
        if _OUT_OF_NODES in message:
            raise Impossible(TOO_HARD)
        if _OUT_OF_TIME in message:
            raise late(budget)
    raise Impossible(f"The extreme ranks could not be found: {message}")


def _limits(budget: Budget) -> dict[str, float]:
    """The solver's options for one more programme, a dictionary of its own: scipy takes out what it has read.

    Nodes come first and time last, so that the same question has the same answer.
    """
    budget.check()
    if budget.left <= 0:
        raise late(budget)
    if budget.nodes <= 0:
        raise Impossible(TOO_HARD)
    return {"node_limit": budget.nodes, "time_limit": budget.wall}


def late(budget: Budget) -> Impossible:
    """What is said where the clock ends the search, which is noted."""
    budget.cut_short = True
    return Impossible(
        f"To find the ranks exactly took longer than the {budget.seconds:g} seconds of processor that there are for it."
    )
