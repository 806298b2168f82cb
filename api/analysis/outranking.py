"""Copeland's method: regions by how many others they beat, pair by pair, and not by how far.

Copeland (1951); as COINr's `a_copeland`; OECD/JRC Handbook, step 6 (non-compensatory multi-criteria analysis).
"""

from __future__ import annotations

import numpy as np

from api.analysis.ranks import Floats, rounded


def copeland(values: Floats, weights: Floats) -> Floats:
    """How many regions each beats, less how many beat it: (..., regions, parts) to (..., regions).

    One region beats another where it is ahead in parts of more than half the weight of those in which both have a
    value; parts in which they are equal count half for each. NaN for a region without any value.
    """
    values, weights = np.broadcast_arrays(rounded(np.asarray(values, dtype=float)), np.asarray(weights, dtype=float))
    found = np.empty(values.shape[:-1])
    for draw in np.ndindex(values.shape[:-2]):
        found[draw] = np.sign(_leads(values[draw], weights[draw][0])).sum(axis=1)
    return np.where(np.isnan(values).all(axis=-1), np.nan, found)


def _leads(values: Floats, weights: Floats) -> Floats:
    """The weight of the parts in which each region is ahead of each other one, less of those in which it is behind.

    To the digits that scores are told apart by: halves of a weight that are summed in another order are equal.
    """
    leads = np.zeros((len(values), len(values)))
    for part, weight in enumerate(weights):
        column = values[:, part]
        # Where either is missing the comparison is neither way.
        leads += weight * np.nan_to_num(np.sign(column[:, None] - column[None, :]))
    return np.where(np.abs(leads) <= 1e-12 * weights.sum(), 0.0, leads)
