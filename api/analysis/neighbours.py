"""Nearest neighbours: which regions are most alike, by standardised indicators that may be weighed.

The method of the statistical neighbours that English authorities are compared with: indicators are standardised, and
the weighted Euclidean distance is taken (Benton, Chamberlain, Wilson and Teeman, 2007, "The development of the
children's services statistical neighbour benchmarking model", NFER; z-scores as in the OECD/JRC Handbook, step 5).
Weights are brought to a sum of one, so that a distance is a root mean square of differences in standard deviations: two
places at distance 1 lie one standard deviation apart on average, however many indicators there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from api.analysis.ranks import Floats, rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Standardised:
    """Values brought to one scale (regions, indicators), and the mean and deviation of each indicator."""

    values: Floats
    means: Floats
    deviations: Floats


def standardise(values: Floats) -> Standardised:
    """(x - mean) / s of each column, s being the sample standard deviation (n - 1); missing values (NaN) stay so.

    A column that is the same everywhere tells no place from another: all of its values become 0.
    """
    values = np.asarray(values, dtype=float)
    known = ~np.isnan(values)
    counts = known.sum(axis=0)
    means = np.where(counts > 0, np.where(known, values, 0.0).sum(axis=0) / np.maximum(counts, 1), np.nan)
    squares = np.where(known, values - means, 0.0) ** 2
    deviations = np.sqrt(squares.sum(axis=0) / np.maximum(counts - 1, 1))
    # Equal numbers may have a mean that differs from them in its last digit.
    flat = deviations <= 1e-12 * np.maximum(1.0, np.abs(means))
    found = np.where(flat, np.where(known, 0.0, np.nan), (values - means) / np.where(flat, 1.0, deviations))
    return Standardised(values=found, means=means, deviations=np.where(flat, 0.0, deviations))


def on_scale(scale: Standardised, values: Floats) -> Floats:
    """The z-scores of other values (an indicator each) on a scale that was made without them."""
    spread = scale.deviations > 0
    return np.where(spread, (values - scale.means) / np.where(spread, scale.deviations, 1.0), 0.0)


def distances(standardised: Floats, own: Floats, weights: Floats) -> Floats:
    """The distance of each region (rows) from one, sqrt(sum(w d^2) / sum(w)); NaN where an indicator is missing.

    `weights` are not negative, and not all of them zero.
    """
    gaps = (np.asarray(standardised, dtype=float) - own) ** 2
    found: Floats = np.sqrt((gaps * _shares(weights)).sum(axis=1))
    return found


def contributions(standardised: Floats, own: Floats, weights: Floats) -> Floats:
    """The share of each indicator in each region's squared distance (regions, indicators); 0 at distance zero."""
    parts = (np.asarray(standardised, dtype=float) - own) ** 2 * _shares(weights)
    totals = parts.sum(axis=1, keepdims=True)
    found: Floats = np.where(totals > 0, parts / np.where(totals > 0, totals, 1.0), 0.0)
    return found


def nearest(found: Floats, count: int) -> list[int]:
    """The rows of the smallest distances, nearest first; equals in the order of the rows, missing ones (NaN) never."""
    found = rounded(found)
    order = np.argsort(found, kind="stable")
    return [int(row) for row in order if not np.isnan(found[row])][:count]


def _shares(weights: Floats) -> Floats:
    weights = np.asarray(weights, dtype=float)
    # By the largest first: the sum of the largest floats would be infinite.
    weights = weights / weights.max()
    found: Floats = weights / weights.sum()
    return found
