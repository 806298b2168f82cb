"""Weighted means (OECD/JRC Handbook, step 6), along the last axis; what is missing is left out, its weight with it.

Parts are added one after the other, for all draws and regions at a time: equal regions so have equal scores to the last
digit, and a region that is nowhere better never has the higher one. A mean lies between the least and the greatest of
what it is a mean of; where rounding carries it past one of them, it is that one.
"""

from __future__ import annotations

import numpy as np

from api.analysis.errors import Impossible
from api.analysis.ranks import Floats

MOST_CELLS = 100
"""Cells at fault that are named."""


def arithmetic(values: Floats, weights: Floats) -> Floats:
    """sum(w x) / sum(w): a weakness is made good by a strength."""
    return _within(_mean(values, weights), values, weights)


def geometric(values: Floats, weights: Floats) -> Floats:
    """exp(sum(w log x) / sum(w)): a weakness is made good in part. For positive values alone."""
    known = _positive(values, weights, "geometric")
    return _within(np.exp(_mean(np.log(known), weights)), known, weights)


def harmonic(values: Floats, weights: Floats) -> Floats:
    """sum(w) / sum(w / x): a weakness is hardly made good. For positive values alone."""
    known = _positive(values, weights, "harmonic")
    with np.errstate(over="ignore", divide="ignore"):
        return _within(1 / _mean(1 / known, weights), known, weights)


def generalised(values: Floats, weights: Floats, *, power: float) -> Floats:
    """(sum(w x^p) / sum(w))^(1/p): arithmetic for p = 1, harmonic for -1, geometric in the limit of 0."""
    if power == 1:
        return arithmetic(values, weights)
    known = _positive(values, weights, "generalised")
    # In logarithms around the middle of a region's values, so that no power is beyond the range of a float.
    logs = np.log(known)
    with np.errstate(invalid="ignore"):
        middle = np.where(np.isnan(logs), 0.0, logs).mean(axis=-1, keepdims=True)
    if abs(power) < _ALMOST_ZERO:
        return geometric(values, weights)
    with np.errstate(over="ignore", divide="ignore"):
        found: Floats = np.exp(np.log(_mean(np.exp(power * (logs - middle)), weights)) / power + middle[..., 0])
    return _within(found, known, weights)


_ALMOST_ZERO = 1e-9
"""A power below which its root would magnify rounding beyond any use."""


def _mean(values: Floats, weights: Floats) -> Floats:
    shape = np.broadcast_shapes(values.shape, np.shape(weights))[:-1]
    total, whole = np.zeros(shape), np.zeros(())
    for part in range(values.shape[-1]):
        value, weight = values[..., part], weights[..., part]
        missing = np.isnan(value)
        if missing.any():
            value, weight = np.where(missing, 0.0, value), np.where(missing, 0.0, weight)
        total += weight * value
        whole = whole + weight
    if whole.min(initial=1.0) > 0:
        return np.asarray(total / whole)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, total / whole, np.nan)


def _within(means: Floats, values: Floats, weights: Floats) -> Floats:
    """Means kept between the least and the greatest of their parts: rounding alone could carry them past these.

    Order is kept, since a region that is nowhere better has no higher bounds either.
    """
    counted = np.asarray(weights) > 0
    known = np.asarray(values) if counted.all() else np.where(counted, values, np.nan)
    return np.clip(means, np.fmin.reduce(known, axis=-1), np.fmax.reduce(known, axis=-1))


def _positive(values: Floats, weights: Floats, name: str) -> Floats:
    """The values, NaN where they weigh nothing and are not positive. Raises `Impossible` with the others."""
    values = np.asarray(values, dtype=float)
    with np.errstate(invalid="ignore"):
        wrong = values <= 0
    if not wrong.any():
        return values
    counted = np.argwhere(wrong & (np.asarray(weights) > 0))
    if counted.size:
        cells = ((int(cell[-2]) if len(cell) > 1 else 0, int(cell[-1])) for cell in counted)
        named = tuple(dict.fromkeys(cells))[:MOST_CELLS]
        message = (
            f"A {name} mean is of positive values alone; zero or less stands in some cells. Choose a normalisation"
        )
        raise Impossible(f"{message} whose scale begins above zero (min-max with low 1), or other means.", cells=named)
    return np.where(wrong, np.nan, values)
