"""The order of the regions of a group, and their ranks where something is known of the error of their values.

A rank has an interval with its basis. Bases: `sampling_ci_95` where the publisher gives bounds (a confidence set of
ranks that holds for all regions at once, and one for each by itself); `rounding` for figures counted in records, which
are known to half their last digit, or to that of the counts that they were computed of. Samples and models without
bounds, and what is divided by them, have no ranks: their position in the printed order is given as such (`order`), with
the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.analysis import intervals
from api.analysis.rank_sets import MOST, Estimates
from api.analysis.ranks import Floats, ranks, rounded
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
_WORK = 30_000_000
"""What the rank sets of a group may take: a tenth of a second, and up to half of one for all districts."""
LEAST = 2
"""A rank among fewer regions says nothing."""
_ALL_AT_ONCE = (
    "Published 95 % bounds of sampling error, taken as independent and normal: confidence sets of ranks (Mogstad, "
    "Romano, Shaikh and Wilhelm, 2024) that hold for all regions at once; `marginal` holds for each by itself."
)
_WIDENED = "Published 95 % bounds of sampling error, widened to hold for all regions at once (Bonferroni)."
ALONE = "Only one region has a comparable value, so that there is nothing to rank it among."


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
        detail = _ALL_AT_ONCE if len(bounded) <= MOST else _WIDENED
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
    order = ranks(np.array(group.values) * direction_of(group.indicator.polarity))
    _, which, shared = np.unique(order, return_inverse=True, return_counts=True)
    equal = shared[which] - 1
    quantiles = (count - order - equal + equal / 2) / (count - 1)
    nothing: list[int | None] = [None] * count
    best, worst, tiers = (nothing,) * 3 if basis.name is None else _sets(group, basis.name, counts)
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


def marginal(group: Group, basis: Basis) -> dict[int, tuple[int, int]]:
    """The best and the worst rank of each region looked at by itself, by its number; published bounds tell them."""
    if basis.name != SAMPLING or len(group.figures) > MOST or group.reason is not None:
        return {}
    found = zip(*(side.tolist() for side in _estimates(group).marginal()), strict=True)
    return dict(zip(group.figures, found, strict=True))


def _estimates(group: Group) -> Estimates:
    """The values of a group with the errors that their bounds stand for, the highest ranking first."""
    direction = direction_of(group.indicator.polarity)
    values = np.array(group.values) * direction
    lower, upper = _bounds(group, SAMPLING, None)
    low, high = (lower, upper) if direction > 0 else (-upper, -lower)
    return Estimates(values, *intervals.errors_of(values, low, high), work=_WORK)


def _sets(group: Group, basis: str, counts: Counts | None) -> tuple[list[int | None], ...]:
    """The best and the worst ranks that the error of the values allows, and the tiers, in the order of the group."""
    direction = direction_of(group.indicator.polarity)
    values = np.array(group.values) * direction
    lower, upper = _bounds(group, basis, counts)
    low, high = (lower, upper) if direction > 0 else (-upper, -lower)
    known = np.isfinite(low) & np.isfinite(high)
    if basis == SAMPLING and len(values) <= MOST:
        estimates = _estimates(group)
        tiers = intervals.tiers(values, known, estimates.told_above.item)
        return *map(_listed, estimates.simultaneous()), tiers
    if basis == SAMPLING:
        low, high = intervals.simultaneous(values, low, high)
    low, high = rounded(low), rounded(high)
    tiers = intervals.tiers(values, known, lambda head, region: bool(high[region] <= low[head]))
    return *map(_listed, intervals.rank_intervals(values, low, high)), tiers


def _listed(found: NDArray[Any]) -> list[int | None]:
    return [int(item) for item in found]


def _bounds(group: Group, basis: str, counts: Counts | None) -> tuple[Floats, Floats]:
    """What the values of a group may be, without limits where nothing is known of one."""
    figures = list(group.figures.values())
    if basis == SAMPLING:
        lower = np.array([figure.lower for figure in figures], dtype=float)
        upper = np.array([figure.upper for figure in figures], dtype=float)
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
