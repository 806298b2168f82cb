"""The order of the regions of a group, and their ranks where something is known of the error of their values.

A rank has an interval with its basis. Bases: `sampling_ci_95` where the publisher gives bounds (widened to hold for all
regions at once); `rounding` for figures counted in records, which are known to half their last digit, or to that of the
counts that they were computed of. Samples and models without bounds, and what is divided by them, have no ranks: their
position in the printed order is given as such (`order`), with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from api.analysis import intervals
from api.analysis.ranks import Floats, ranks
from api.answers.comparison.counts import Counts
from api.answers.comparison.group import Figure, Group
from api.answers.comparison.rates import SAMPLING

ROUNDING = "rounding"
_MOST_UNKNOWN = 0.5
"""The share of a group's regions that may be without bounds, and so be anywhere, for the others to be ranked."""
NO_BASIS = "sampling error not held here"
NO_ERROR = "error of the estimates not held here"
UNROUNDED = "rounding not known"
_UNROUNDED = "They are quotients with all their digits, of counts whose rounding is not known: the digits tell nothing."
_RECORDS = "administrative"
_COUNTED = "Counted in records, without sampling error"
_WHY_NOT = {
    "survey": "The figures come from a sample, and this service holds no sampling error of theirs.",
    "modelled": "The figures are estimates of a model, and this service holds no error of theirs.",
    None: "How the figures were collected is not recorded, so that their error is not known.",
}
LEAST = 2
"""A rank among fewer regions says nothing."""
ALONE = "Only one region has a comparable value, so that there is nothing to rank it among."


@dataclass(frozen=True, slots=True, kw_only=True)
class RankInterval:
    """A region's position in the order of `n` (1: best, ties share the best), and the ranks that it may have.

    `quantile` is the share of the other regions that it is above, ties counted half: 0 the last, 1 the first.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What an interval rests on; `name` is None where there is nothing, and `reason` and `detail` say why."""

    name: str | None
    reason: str | None = None
    detail: str

    def described(self) -> dict[str, Any]:
        """The basis as it stands in an answer."""
        return {"basis": self.name, "reason": self.reason, "detail": self.detail}


def direction_of(polarity: str) -> int:
    """+1 where the higher value ranks first, -1 where the lower one does; neutral ones rank from the highest."""
    return -1 if polarity == "lower-is-better" else 1


def basis_of(group: Group, counts: Counts | None = None) -> Basis:
    """What is known of the error of a group's values, which may have been computed of counts."""
    bounded = [figure.lower is not None for figure in group.figures.values()]
    without = len(bounded) - sum(bounded)
    if any(bounded) and without <= _MOST_UNKNOWN * len(bounded):
        detail = "95 % bounds of sampling error as published, widened to hold for all regions at once (Bonferroni)."
        if without:
            detail += f" {without} of the {len(bounded)} regions have no bounds, and may have any rank."
        return Basis(name=SAMPLING, detail=detail)
    if any(bounded):
        detail = f"Bounds are held here for {sum(bounded)} of {len(bounded)} regions only."
        return Basis(name=None, reason=NO_BASIS, detail=detail)
    collections = [item.collection for item in (group.indicator, group.denominator) if item is not None]
    if all(item == _RECORDS for item in collections):
        return _of_records(group, counts)
    if collections[0] == _RECORDS and group.denominator is not None:
        detail = f"They are divided by an estimate ({group.denominator.slug}) whose error is not held here."
        return Basis(name=None, reason=NO_ERROR, detail=detail)
    reason = NO_ERROR if collections[0] == "modelled" else NO_BASIS
    return Basis(name=None, reason=reason, detail=_WHY_NOT[collections[0]])


def _of_records(group: Group, counts: Counts | None) -> Basis:
    """What is known of values that were counted, all of them: there is no sample that they could err by."""
    if counts is not None:
        rounded = f"{counts.numerator.slug}, which is rounded to {counts.step:g}"
        detail = f"{_COUNTED}, and computed of {rounded}: what both counts may have been decides the interval."
        return Basis(name=ROUNDING, detail=detail)
    if _step(group) == 0:
        return Basis(name=None, reason=UNROUNDED, detail=_UNROUNDED)
    detail = f"{_COUNTED}: each value is taken to be within half of its last published digit."
    return Basis(name=ROUNDING, detail=detail)


def rank_intervals(group: Group, basis: Basis, counts: Counts | None = None) -> dict[int, RankInterval]:
    """The order and the rank interval of each region of a group, by its number, the best first and equals by code.

    None where there are too few to rank.
    """
    figures = list(group.figures.values())
    count = len(figures)
    if group.reason is not None or count < LEAST:
        return {}
    direction = direction_of(group.indicator.polarity)
    values = np.array(group.values) * direction
    order = ranks(values)
    _, which, shared = np.unique(order, return_inverse=True, return_counts=True)
    equal = shared[which] - 1
    quantiles = (count - order - equal + equal / 2) / (count - 1)
    best: list[int | None] = [None] * count
    worst, tiers = list(best), list(best)
    if basis.name is not None:
        lower, upper = _bounds(group, basis.name, counts)
        low, high = (lower, upper) if direction > 0 else (-upper, -lower)
        first, last = intervals.rank_intervals(values, low, high)
        best, worst = [int(item) for item in first], [int(item) for item in last]
        known = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
        for position, tier in zip(known, intervals.tiers(values[known], low[known], high[known]), strict=True):
            tiers[position] = tier
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


def _bounds(group: Group, basis: str, counts: Counts | None) -> tuple[Floats, Floats]:
    """What the values of a group may be, without limits where nothing is known of one."""
    figures = list(group.figures.values())
    values = np.array(group.values)
    if basis == SAMPLING:
        known = ([figure.lower for figure in figures], [figure.upper for figure in figures])
        lower, upper = intervals.simultaneous(values, *(np.array(side, dtype=float) for side in known))
        return np.nan_to_num(lower, nan=-np.inf), np.nan_to_num(upper, nan=np.inf)
    if counts is not None:
        both = np.array([counts.bounds(region) for region in group.figures])
        return both[:, 0], both[:, 1]
    half = _step(group) / 2
    factor = 1.0 if group.scale is None else group.scale.factor
    sides = [[_moved(figure, side * half, side, factor) for figure in figures] for side in (-1, 1)]
    return np.array(sides[0]), np.array(sides[1])


def _step(group: Group) -> float:
    """What the published values are rounded to; zero where they are given with all their digits."""
    published = [figure.published for figure in group.figures.values()]
    return intervals.published_step(published, group.indicator.decimals)


def _moved(figure: Figure, by: float, side: int, factor: float) -> float:
    """A value at the end of what rounding allows, its denominator's included (which is in whole numbers)."""
    if figure.divisor is None:
        return figure.published + by
    value = figure.published + by
    # Divided by less, a value goes further from nought: a negative one downwards.
    outwards = side if value >= 0 else -side
    return value * factor / (figure.divisor.value - outwards * 0.5)
