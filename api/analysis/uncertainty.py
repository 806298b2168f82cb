"""How far ranks depend on choices that could have been made otherwise (OECD/JRC Handbook, step 7).

Monte Carlo over the choices that the caller names (Saisana, Saltelli and Tarantola, 2005): weights within a band, the
normalisation, the aggregation, one indicator left out. What comes of it is a range over methods, not a confidence
interval: the data are taken as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from api.analysis import aggregation, composite
from api.analysis.composite import Framework, Means
from api.analysis.ranks import Floats, ranks

_CELLS = 4_000_000
"""Numbers held at a time: draws are computed in batches of about so many."""
_OF_RANKS = 8
"""Numbers that are held for each score while it is ranked."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What may be chosen otherwise. Each draw takes one of each, all equally likely.

    `normalised` holds the (regions, indicators) values of each normalisation, `means` the aggregations, `band` how far
    each weight may go from its own (0.25: a quarter less to a quarter more), `top_only` whether those of the top's own
    parts alone do, `leave_one_out` whether a draw may do without one of the indicators (or keep them all).
    """

    normalised: Sequence[Floats]
    means: Sequence[Means] = (aggregation.arithmetic,)
    band: float = 0.0
    top_only: bool = False
    leave_one_out: bool = False


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
    framework: Framework, choices: Choices, *, draws: int, seed: int, check: Callable[[], None] = lambda: None
) -> Spread:
    """The ranks of all regions at the top of an index over random choices; the same for the same seed."""
    # The random numbers do not depend on how draws are batched.
    points = np.random.default_rng(seed).random((draws, dimensions(framework)))
    found = drawn_ranks(framework, choices, points, check=check)
    low, median, high = _percentiles(found)
    return Spread(median, low, high, found)


def _percentiles(found: Floats) -> Floats:
    """The 5th, 50th and 95th percentile of each column, of the draws that have one; NaN where none has."""
    every = np.full((3, found.shape[1]), np.nan)
    missing = np.isnan(found).any(axis=0)
    whole = np.flatnonzero(~missing)
    some = max(1, _CELLS // (4 * len(found)))
    for start in range(0, len(whole), some):
        columns = whole[start : start + some]
        every[:, columns] = np.percentile(found[:, columns], [5, 50, 95], axis=0)
    for column in np.flatnonzero(missing):
        known = found[~np.isnan(found[:, column]), column]
        if len(known):
            every[:, column] = np.percentile(known, [5, 50, 95])
    return every


def dimensions(framework: Framework) -> int:
    """How many numbers make a draw: normalisation, aggregation, indicator left out, and the weight of each part."""
    return 3 + len(framework.parts)


def drawn_ranks(
    framework: Framework, choices: Choices, points: Floats, *, check: Callable[[], None] = lambda: None
) -> Floats:
    """The ranks at the top (points, regions) for points of the unit cube, one for each draw.

    In batches, before each of which `check` is called: it raises what is to end them.
    """
    which = np.minimum((points[:, 0] * len(choices.normalised)).astype(int), len(choices.normalised) - 1)
    mean = np.minimum((points[:, 1] * len(choices.means)).astype(int), len(choices.means) - 1)
    regions = choices.normalised[0].shape[0]
    found = np.empty((len(points), regions))
    batch = max(1, _CELLS // (regions * (len(framework.parts) + _OF_RANKS)))
    for number, values in enumerate(choices.normalised):
        for kind, chosen in enumerate(choices.means):
            draws = np.flatnonzero((which == number) & (mean == kind))
            for start in range(0, len(draws), batch):
                check()
                some = draws[start : start + batch]
                weights = drawn_weights(framework, choices, points[some])
                found[some] = ranks(composite.top_scores(framework, values, weights=weights, means=chosen))
    return found


def drawn_weights(framework: Framework, choices: Choices, points: Floats) -> Floats:
    """The weights of each draw (points, parts): within the band, and zero for the indicator that is left out."""
    weights = framework.weights * (1 + bands(framework, choices) * (2 * points[:, 3:] - 1))
    if choices.leave_one_out:
        count = len(framework.indicators)
        left_out = np.minimum((points[:, 2] * (count + 1)).astype(int), count)
        some = np.flatnonzero(left_out < count)
        weights[some, left_out[some]] = 0.0
    return weights


def bands(framework: Framework, choices: Choices) -> Floats:
    """How far the weight of each part may go from its own, as a share of it."""
    if not choices.top_only:
        return np.full(len(framework.parts), choices.band)
    found = np.zeros(len(framework.parts))
    found[list(framework.steps[-1][1])] = choices.band
    return found
