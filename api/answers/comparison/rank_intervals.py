"""The order of the regions of a group, and their ranks where something is known of the error of their values.

A rank has an interval with its basis, see `error_bounds`. Where there is none there are no ranks: the position in the
printed order is given as such (`order`), with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.analysis import intervals
from api.analysis.rank_sets import MOST, Estimates
from api.analysis.ranks import ranks, rounded
from api.answers.comparison.error_bounds import Basis, Errors
from api.answers.comparison.group import Group

_WORK = 30_000_000
"""What the rank sets of a group may take: a tenth of a second, and up to half of one for all districts."""
LEAST = 2
"""A rank among fewer regions says nothing."""
ALONE = "No other area of its kind has a comparable value, so there is nothing to rank it among."


@dataclass(frozen=True, slots=True, kw_only=True)
class RankInterval:
    """A region's position in the order of `n` (1: best, ties share the best), and the ranks that it may have.

    They hold for all regions at once. `quantile` is the share of the other regions that it is above, ties counted half:
    0 the last, 1 the first.
    """

    order: int
    n: int
    best: int | None
    worst: int | None
    tier: int | None
    quantile: float

    @property
    def rank(self) -> int | None:
        """The position as a rank: where there is an interval around it."""
        return None if self.best is None else self.order

    def described(self, basis: Basis) -> dict[str, Any]:
        """The rank as it stands in an answer with its interval and the basis of that, or why there is none."""
        return {
            "rank": self.rank,
            "order": self.order,
            "n": self.n,
            "interval": {"lower": self.best, "upper": self.worst, **basis.described()},
            "tier": self.tier,
            "quantile": self.quantile,
        }


def direction_of(polarity: str) -> int:
    """+1 where the higher value ranks first, -1 where the lower one does; neutral ones rank from the highest."""
    return -1 if polarity == "lower-is-better" else 1


def rank_intervals(group: Group, errors: Errors) -> dict[int, RankInterval]:
    """The order and the rank interval of each region of a group, by its number, the best first and equals by code.

    None where there are too few to rank.
    """
    figures = list(group.figures.values())
    count = len(figures)
    if group.reason is not None or count < LEAST:
        return {}
    order = ranks(np.array(group.values) * direction_of(group.indicator.polarity))
    _, which, shared = np.unique(order, return_inverse=True, return_counts=True)
    equal = shared[which] - 1
    quantiles = (count - order - equal + equal / 2) / (count - 1)
    nothing: list[int | None] = [None] * count
    best, worst, tiers = (nothing,) * 3 if errors.basis.name is None else _sets(group, errors)
    ordered = sorted(range(count), key=lambda position: (order[position], figures[position].region.code))
    return {
        figures[position].region.id: RankInterval(
            order=int(order[position]),
            n=count,
            best=best[position],
            worst=worst[position],
            tier=tiers[position],
            quantile=round(float(quantiles[position]), 4),
        )
        for position in ordered
    }


def marginal(group: Group, errors: Errors) -> dict[int, tuple[int, int]]:
    """The best and the worst rank of each region looked at by itself, by its number; bounds of 95 % tell them."""
    if not errors.normal or not LEAST <= len(group.figures) <= MOST or group.reason is not None:
        return {}
    found = zip(*(side.tolist() for side in _estimates(group, errors).marginal()), strict=True)
    return dict(zip(group.figures, found, strict=True))


def _estimates(group: Group, errors: Errors) -> Estimates:
    """The values of a group with the standard errors that their bounds stand for, the highest ranking first."""
    direction = direction_of(group.indicator.polarity)
    values = np.array(group.values) * direction
    low, high = (errors.lower, errors.upper) if direction > 0 else (-errors.upper, -errors.lower)
    return Estimates(values, *intervals.errors_of(values, low, high), work=_WORK)


def _sets(group: Group, errors: Errors) -> tuple[list[int | None], ...]:
    """The best and the worst ranks that the error of the values allows, and the tiers, in the order of the group."""
    direction = direction_of(group.indicator.polarity)
    values = np.array(group.values) * direction
    low, high = (errors.lower, errors.upper) if direction > 0 else (-errors.upper, -errors.lower)
    known = np.isfinite(low) & np.isfinite(high)
    if errors.normal and len(values) <= MOST:
        estimates = _estimates(group, errors)
        tiers = intervals.tiers(values, known, estimates.told_above.item)
        return *map(_listed, estimates.simultaneous()), tiers
    if errors.normal:
        low, high = intervals.simultaneous(values, low, high)
    low, high = rounded(low), rounded(high)
    tiers = intervals.tiers(values, known, lambda head, region: bool(high[region] <= low[head]))
    return *map(_listed, intervals.rank_intervals(values, low, high)), tiers


def _listed(found: NDArray[Any]) -> list[int | None]:
    return [int(item) for item in found]
