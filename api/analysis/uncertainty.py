"""How far ranks depend on choices that could have been made otherwise (OECD/JRC Handbook, step 7).

Monte Carlo over the choices that the caller names (Saisana, Saltelli and Tarantola, 2005): weights within a band, the
treatment, the normalisation, the aggregation, one indicator left out, goalposts, and the figures within their errors.
What comes of it is a range over methods, not a confidence interval.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from api.analysis import aggregation, composite
from api.analysis.composite import Framework, Means
from api.analysis.laboratory import shown
from api.analysis.ranks import Floats, ranks

_CELLS = 4_000_000
"""Numbers held at a time: draws are computed in batches of about so many."""
_CELLS_OF_OWN = 40_000
"""The same where each draw has values of its own, which take longer to come by: whether anybody waits is asked then."""
_OF_RANKS = 8
"""Numbers that are held for each score while it is ranked."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What may be chosen otherwise. Each draw takes one of each, all equally likely.

    `normalised` holds the (regions, indicators) values of each normalisation, of each of the `treatments` one after the
    other; `means` the aggregations; `band` how far each weight may go from its own (0.25: a quarter less to a quarter
    more), one or one for each level from that of the indicators up; `top_only` whether those of the top's own parts
    alone do; `leave_one_out` whether a draw may do without one of the indicators (or keep them all). `moved` gives the
    values of one draw, from the number of a table and two seeds, where `errors` or `posts` are drawn too. Scores are
    rounded to `decimals` before they are ranked.
    """

    normalised: Sequence[Floats]
    treatments: int = 1
    means: Sequence[Means] = (aggregation.arithmetic,)
    band: float | Sequence[float] = 0.0
    top_only: bool = False
    leave_one_out: bool = False
    errors: bool = False
    posts: bool = False
    moved: Callable[[int, int, int], Floats] | None = None
    decimals: int | None = None

    @property
    def more(self) -> tuple[str, ...]:
        """What is chosen by numbers of its own after those that every draw has, in their order."""
        of = (("treatment", self.treatments > 1), ("data-error", self.errors), ("goalposts", self.posts))
        return tuple(name for name, varies in of if varies)


@dataclass(frozen=True)
class Spread:
    """For each region its rank over the draws: median, 5 and 95 per cent, and all draws (draws, regions)."""

    median: Floats
    low: Floats
    high: Floats
    ranks: Floats

    def top(self, count: int) -> Floats:
        """The share of draws in which each region is among the first `count`."""
        found: Floats = np.mean(self.ranks <= count, axis=0)
        return np.where(np.isnan(self.median), np.nan, found)


def spread(
    framework: Framework, choices: Choices, points: Floats, *, check: Callable[[], None] = lambda: None
) -> Spread:
    """The ranks of all regions at the top of an index over random choices: for each of the points one."""
    found = drawn_ranks(framework, choices, points, check=check)
    low, median, high = _percentiles(found)
    return Spread(median, low, high, found)


def _percentiles(found: Floats) -> Floats:
    """The 5th, 50th and 95th percentile of each column, of the draws that have one; NaN where none has."""
    every = np.full((len(_QUANTILES), found.shape[1]), np.nan)
    missing = np.isnan(found).any(axis=0)
    whole = np.flatnonzero(~missing)
    every[:, whole] = _of_ranks(found[:, whole])
    for column in np.flatnonzero(missing):
        known = found[~np.isnan(found[:, column]), column]
        if len(known):
            every[:, column] = _of_ranks(known[:, None])[:, 0]
    return every


_QUANTILES = (0.05, 0.5, 0.95)


def _of_ranks(found: Floats) -> Floats:
    """Those percentiles of columns of ranks, from how often each rank stands there.

    Between the two draws on either side, as numpy's `percentile` does.
    """
    draws, columns = found.shape
    if not columns:
        return np.empty((len(_QUANTILES), 0))
    most = int(found.max())
    cells = found.astype(np.int64)
    cells += (most + 1) * np.arange(columns)
    counts = np.bincount(cells.ravel(), minlength=columns * (most + 1)).reshape(columns, most + 1)
    below = counts.cumsum(axis=1)

    def at(place: int) -> Floats:
        """The rank of the draw at a place in the order of each column."""
        return np.asarray((below <= place).sum(axis=1), dtype=float)

    places = [(draws - 1) * share for share in _QUANTILES]
    return np.array([at(int(p)) + (at(min(int(p) + 1, draws - 1)) - at(int(p))) * (p - int(p)) for p in places])


def points_of(framework: Framework, choices: Choices, *, draws: int, seed: int) -> Floats:
    """The random numbers of each draw, the same for the same seed.

    They do not depend on batches, nor those of weights on what else is drawn.
    """
    count = _WEIGHTS + len(framework.parts)
    points = np.random.default_rng(seed).random((draws, count))
    if not choices.more:
        return points
    return np.hstack([points, np.random.default_rng([seed, 1]).random((draws, len(choices.more)))])


_WEIGHTS = 3
"""How many numbers of a draw come before those of the weights: normalisation, aggregation, indicator left out."""


def numbers_of(framework: Framework, choices: Choices) -> dict[str, list[int]]:
    """By choice, which numbers of a draw it is made by; also of choices that do not vary."""
    count = _WEIGHTS + len(framework.parts)
    found = {"normalisation": [0], "aggregation": [1], "left-out-indicator": [2]}
    of_levels = [] if isinstance(choices.band, float | int) else list(range(len(choices.band)))
    levels = _levels(framework)
    for level in of_levels:
        found[f"weights-level-{level + 1}"] = [_WEIGHTS + int(part) for part in np.flatnonzero(levels == level)]
    if not of_levels:
        found["weights"] = list(range(_WEIGHTS, count))
    return found | {name: [count + place] for place, name in enumerate(choices.more)}


def dimensions(framework: Framework, choices: Choices) -> int:
    """How many numbers make a draw."""
    return _WEIGHTS + len(framework.parts) + len(choices.more)


def _levels(framework: Framework) -> NDArray[np.intp]:
    """At which level each part enters a mean, from 0 for that of the indicators up; the top enters none (-1)."""
    found = np.full(len(framework.parts), -1)
    for _, parts, level in framework.steps:
        found[list(parts)] = level - 1
    return found


def drawn_ranks(
    framework: Framework, choices: Choices, points: Floats, *, check: Callable[[], None] = lambda: None
) -> Floats:
    """The ranks at the top (points, regions) for points of the unit cube, one for each draw.

    In batches, before each of which `check` is called: it raises what is to end them.
    """
    which = tables_of(framework, choices, points)
    mean = means_of(choices, points)
    regions = choices.normalised[0].shape[0]
    found = np.empty((len(points), regions))
    most = _CELLS if choices.moved is None else _CELLS_OF_OWN
    batch = max(1, most // (regions * (len(framework.parts) + _OF_RANKS)))
    for number, kind in product(range(len(choices.normalised)), range(len(choices.means))):
        draws = np.flatnonzero((which == number) & (mean == kind))
        for start in range(0, len(draws), batch):
            check()
            some = draws[start : start + batch]
            weights = drawn_weights(framework, choices, points[some])
            values = _values(framework, choices, number, points[some])
            scores = composite.top_scores(framework, values, weights=weights, means=choices.means[kind])
            found[some] = ranks(shown(scores, choices.decimals))
    return found


def _picked(points: Floats, count: int) -> NDArray[np.intp]:
    """Which of so many each number between 0 and 1 stands for."""
    return np.asarray(np.minimum((points * count).astype(int), count - 1))


def means_of(choices: Choices, points: Floats) -> NDArray[np.intp]:
    """Which aggregation each draw takes."""
    return _picked(points[:, 1], len(choices.means))


def left_out_of(framework: Framework, choices: Choices, points: Floats) -> NDArray[np.intp]:
    """Which indicator each draw does without; as many as there are: none."""
    count = len(framework.indicators)
    if not choices.leave_one_out:
        return np.full(len(points), count)
    return _picked(points[:, 2], count + 1)


def tables_of(framework: Framework, choices: Choices, points: Floats) -> NDArray[np.intp]:
    """Which table of values each draw takes."""
    normalisations = len(choices.normalised) // choices.treatments
    found = _picked(points[:, 0], normalisations)
    if choices.treatments > 1:
        (place,) = numbers_of(framework, choices)["treatment"]
        found = found + normalisations * _picked(points[:, place], choices.treatments)
    return found


def _values(framework: Framework, choices: Choices, number: int, points: Floats) -> Floats:
    """The values of a table; of each draw, (draws, regions, indicators), where figures or posts are drawn too."""
    if choices.moved is None:
        return choices.normalised[number]
    numbers = numbers_of(framework, choices)
    seeds = [
        (points[:, numbers[name][0]] * 2.0**53).astype(np.int64) if name in numbers else np.zeros(len(points), np.int64)
        for name in ("data-error", "goalposts")
    ]
    return np.stack([choices.moved(number, int(errors), int(posts)) for errors, posts in zip(*seeds, strict=True)])


def drawn_weights(framework: Framework, choices: Choices, points: Floats) -> Floats:
    """The weights of each draw (points, parts): within the band, and zero for the indicator that is left out."""
    own = points[:, _WEIGHTS : _WEIGHTS + len(framework.parts)]
    weights = framework.weights * (1 + bands(framework, choices) * (2 * own - 1))
    left_out = left_out_of(framework, choices, points)
    some = np.flatnonzero(left_out < len(framework.indicators))
    weights[some, left_out[some]] = 0.0
    return weights


def bands(framework: Framework, choices: Choices) -> Floats:
    """How far the weight of each part may go from its own, as a share of it."""
    if isinstance(choices.band, float | int):
        found = np.full(len(framework.parts), float(choices.band))
    else:
        # The top has no weight that matters.
        found = np.append(np.asarray(choices.band, dtype=float), 0.0)[_levels(framework)]
    if choices.top_only:
        tops = list(framework.steps[-1][1])
        found[np.setdiff1d(np.arange(len(found)), tops)] = 0.0
    return found
