"""Nearest neighbours: which regions are most alike, by standardised indicators that may be weighed.

The method of the statistical neighbours that English authorities are compared with: indicators are standardised, and
the weighted Euclidean distance is taken (Benton, Chamberlain, Wilson and Teeman, 2007, "The development of the
children's services statistical neighbour benchmarking model", NFER).

They are standardised robustly, by the median and the interquartile range (divided by 1.349, as a normal distribution
has it), and no place counts as further than three such deviations from the median. By the mean and the standard
deviation a single place, such as the City of London, would set the scale, on which all others are alike.

Weights are brought to a sum of one, so that a distance is a root mean square of differences in deviations: two places
at distance 1 lie one deviation apart on average, however many indicators there are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from api.analysis.ranks import Floats, rounded

FURTHEST = 3.0
"""How many deviations from the median a value counts at the most."""
_NORMAL = 1.3489795003921634
"""The interquartile range of a normal distribution in standard deviations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standardised:
    """Values brought to one scale (regions, indicators); and the mean, median and deviation of each indicator."""

    values: Floats
    means: Floats
    medians: Floats
    deviations: Floats


def standardise(values: Floats) -> Standardised:
    """(x - median) / deviation of each column, within `FURTHEST`; missing values (NaN) stay so.

    The deviation is the interquartile range divided by 1.349, or the sample standard deviation where half of the values
    or more are the same. A column that is the same everywhere tells no place from another: its values become 0.
    """
    values = np.asarray(values, dtype=float)
    columns = [column[~np.isnan(column)] for column in values.T]
    scale = Standardised(
        values=values,
        means=np.array([column.mean() if column.size else np.nan for column in columns]),
        medians=np.array([np.median(column) if column.size else np.nan for column in columns]),
        deviations=np.array([_deviation(column) for column in columns]),
    )
    return replace(scale, values=on_scale(scale, values))


def _deviation(column: Floats) -> float:
    if column.size < 2:
        return 0.0
    lower, upper = np.percentile(column, [25, 75])
    least = 1e-12 * max(1.0, float(np.abs(column).max()))
    robust = float(upper - lower) / _NORMAL
    found = robust if robust > least else float(column.std(ddof=1))
    return found if found > least else 0.0


def on_scale(scale: Standardised, values: Floats) -> Floats:
    """Values (an indicator each, or rows of them) on a scale, which may have been made without them."""
    spread = scale.deviations > 0
    found = np.where(spread, (values - scale.medians) / np.where(spread, scale.deviations, 1.0), values * 0.0)
    return np.clip(found, -FURTHEST, FURTHEST)


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
