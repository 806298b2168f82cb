"""Weighted means (OECD/JRC Handbook, step 6), along the last axis; what is missing is left out, its weight with it."""

from __future__ import annotations

import numpy as np

from api.analysis.errors import Impossible
from api.analysis.ranks import Floats


def arithmetic(values: Floats, weights: Floats) -> Floats:
    """sum(w x) / sum(w): a weakness is made good by a strength."""
    return _mean(values, weights)


def geometric(values: Floats, weights: Floats) -> Floats:
    """exp(sum(w log x) / sum(w)): a weakness is made good in part. For positive values alone."""
    return np.exp(_mean(np.log(_positive(values, "geometric")), weights))


def harmonic(values: Floats, weights: Floats) -> Floats:
    """sum(w) / sum(w / x): a weakness is hardly made good. For positive values alone."""
    return 1 / _mean(1 / _positive(values, "harmonic"), weights)


def generalised(values: Floats, weights: Floats, *, power: float) -> Floats:
    """(sum(w x^p) / sum(w))^(1/p): arithmetic for p = 1, harmonic for -1, geometric in the limit of 0."""
    if power == 0:
        return geometric(values, weights)
    known = values if power == 1 else _positive(values, "generalised")
    found: Floats = _mean(known**power, weights) ** (1 / power)
    return found


def _mean(values: Floats, weights: Floats) -> Floats:
    present = ~np.isnan(values)
    counted = np.where(present, weights, 0.0)
    whole = counted.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, (np.where(present, values, 0.0) * counted).sum(axis=-1) / whole, np.nan)


def _positive(values: Floats, name: str) -> Floats:
    values = np.asarray(values, dtype=float)
    with np.errstate(invalid="ignore"):
        wrong = np.argwhere(values <= 0)
    if wrong.size:
        cells = tuple((int(cell[-2]) if len(cell) > 1 else 0, int(cell[-1])) for cell in wrong[:100])
        raise Impossible(f"A {name} mean is of positive values alone; zero or less stands in some cells.", cells=cells)
    return values
