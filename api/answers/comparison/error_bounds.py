"""What is known of the error of a group's values: bounds of each, and what these rest on.

Bases: `sampling_ci_95` where the publisher gives bounds; `rounding` for figures counted in records, which are known to
half their last digit, or to that of the counts that they were computed of. Of samples and models without bounds, and of
what is divided by them, nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from api.analysis import intervals
from api.analysis.rank_sets import MOST
from api.analysis.ranks import Floats
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
RECORDS = "administrative"
"""The collection of figures that were counted in records."""
_COUNTED = "Counted in records, without sampling error"
_WHY_NOT = {
    "survey": "The figures come from a sample, and this service holds no sampling error of theirs.",
    "modelled": "The figures are estimates of a model, and this service holds no error of theirs.",
    None: "How the figures were collected is not recorded, so that their error is not known.",
}
SETS = (
    "confidence sets of ranks (Mogstad, Romano, Shaikh and Wilhelm, 2024) that hold for all regions at once; "
    "`marginal` holds for each by itself."
)
_ALL_AT_ONCE = f"Published 95 % bounds of sampling error, taken as independent and normal: {SETS}"
_WIDENED = "Published 95 % bounds of sampling error, widened to hold for all regions at once (Bonferroni)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What an interval rests on; `name` is None where there is nothing, and `reason` and `detail` say why."""

    name: str | None
    reason: str | None = None
    detail: str

    def described(self) -> dict[str, Any]:
        """The basis as it stands in an answer."""
        return {"basis": self.name, "reason": self.reason, "detail": self.detail}


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """What the values of a group may be, in its order: infinite where nothing is known of one, empty without a basis.

    `normal`: the bounds are of 95 % around errors that are taken as normal; else they are as far as a value can be off.
    """

    basis: Basis
    lower: Floats
    upper: Floats
    normal: bool = False


_NONE: Floats = np.array([])
NOTHING_COMPARED = Basis(name=None, reason="nothing is compared", detail="Without values there is no error to tell.")


def unknown(reason: str, detail: str) -> Errors:
    """Nothing is known of the error of a group's values, and why."""
    return Errors(basis=Basis(name=None, reason=reason, detail=detail), lower=_NONE, upper=_NONE)


def errors_of(group: Group, counts: Counts | None = None) -> Errors:
    """What is known of the error of a group's values, which may have been computed of counts."""
    bounded = [figure.lower is not None for figure in group.figures.values()]
    without = len(bounded) - sum(bounded)
    if any(bounded) and without <= _MOST_UNKNOWN * len(bounded):
        return _of_bounds(group, without)
    if any(bounded):
        return unknown(NO_BASIS, f"Bounds are held here for {sum(bounded)} of {len(bounded)} regions only.")
    collections = [item.collection for item in (group.indicator, group.denominator) if item is not None]
    if all(item == RECORDS for item in collections):
        return _of_records(group, counts)
    if collections[0] == RECORDS and group.denominator is not None:
        return unknown(
            NO_ERROR, f"They are divided by an estimate ({group.denominator.slug}) whose error is not held here."
        )
    return unknown(NO_ERROR if collections[0] == "modelled" else NO_BASIS, _WHY_NOT[collections[0]])


def _of_bounds(group: Group, without: int) -> Errors:
    """What published bounds tell, which some regions are without."""
    figures = list(group.figures.values())
    detail = _ALL_AT_ONCE if len(figures) <= MOST else _WIDENED
    if without:
        detail += f" {without} of the {len(figures)} regions have no bounds, and may have any rank."
    lower = np.array([figure.lower for figure in figures], dtype=float)
    upper = np.array([figure.upper for figure in figures], dtype=float)
    return Errors(
        basis=Basis(name=SAMPLING, detail=detail),
        lower=np.nan_to_num(lower, nan=-np.inf),
        upper=np.nan_to_num(upper, nan=np.inf),
        normal=True,
    )


def _of_records(group: Group, counts: Counts | None) -> Errors:
    """What is known of values that were counted, all of them: there is no sample that they could err by."""
    if counts is not None:
        rounded = f"{counts.numerator.slug}, which is rounded to {counts.step:g}"
        detail = f"{_COUNTED}, and computed of {rounded}: what both counts may have been decides the interval."
        both = np.array([counts.bounds(region) for region in group.figures])
        return Errors(basis=Basis(name=ROUNDING, detail=detail), lower=both[:, 0], upper=both[:, 1])
    step = _step(group)
    if step == 0:
        return unknown(UNROUNDED, _UNROUNDED)
    detail = f"{_COUNTED}: each value is taken to be within half of its last published digit."
    factor = 1.0 if group.scale is None else group.scale.factor
    lower, upper = (
        np.array([_moved(figure, side * step / 2, side, factor) for figure in group.figures.values()])
        for side in (-1, 1)
    )
    return Errors(basis=Basis(name=ROUNDING, detail=detail), lower=lower, upper=upper)


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
