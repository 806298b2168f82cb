"""How far ranks depend on choices that could have been made otherwise (OECD/JRC Handbook, step 7).

Monte Carlo over the choices that the caller names (Saisana, Saltelli and Tarantola, 2005): weights within a band, the
normalisation, the aggregation, one indicator left out. What comes of it is a range over methods, not a confidence
interval: the data are taken as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from api.analysis import aggregation, composite
from api.analysis.composite import Framework, Means
from api.analysis.ranks import Floats, ranks

_CELLS = 4_000_000
"""Numbers held at a time: draws are computed in batches of about so many."""


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


def spread(framework: Framework, choices: Choices, *, draws: int, seed: int) -> Spread:
    """The ranks of all regions at the top of an index over random choices; the same for the same seed."""
    # The random numbers do not depend on how draws are batched.
    points = np.random.default_rng(seed).random((draws, dimensions(framework)))
    found = ranks(top_scores(framework, choices, points))
    low, median, high = _percentiles(found)
    return Spread(median, low, high, found)


def _percentiles(found: Floats) -> Floats:
    """The 5th, 50th and 95th percentile of each column, of the draws that have one; NaN where none has."""
    missing = np.isnan(found)
    if not missing.any():
        return np.asarray(np.percentile(found, [5, 50, 95], axis=0))
    every = np.full((3, found.shape[1]), np.nan)
    for column in np.flatnonzero(~missing.all(axis=0)):
        every[:, column] = np.percentile(found[~missing[:, column], column], [5, 50, 95])
    return every


def dimensions(framework: Framework) -> int:
    """How many numbers make a draw: normalisation, aggregation, indicator left out, and the weight of each part."""
    return 3 + len(framework.parts)


def top_scores(framework: Framework, choices: Choices, points: Floats) -> Floats:
    """The scores at the top (points, regions) for points of the unit cube, one for each draw."""
    which = np.minimum((points[:, 0] * len(choices.normalised)).astype(int), len(choices.normalised) - 1)
    mean = np.minimum((points[:, 1] * len(choices.means)).astype(int), len(choices.means) - 1)
    weights = drawn_weights(framework, choices, points)
    regions = choices.normalised[0].shape[0]
    found = np.empty((len(points), regions))
    batch = max(1, _CELLS // (regions * len(framework.parts)))
    for number, values in enumerate(choices.normalised):
        for kind, chosen in enumerate(choices.means):
            draws = np.flatnonzero((which == number) & (mean == kind))
            for start in range(0, len(draws), batch):
                some = draws[start : start + batch]
                found[some] = composite.top_scores(framework, values, weights=weights[some], means=chosen)
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
