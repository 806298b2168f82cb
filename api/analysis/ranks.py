"""Ranks: the highest score is first, equal scores share the best rank (1, 2, 2, 4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DIGITS = 12
"""Significant digits that scores are rounded to before they are ranked.

Sums of the same numbers in another order differ in the last of their sixteen digits, and so would tell equals apart.
"""


def rounded(values: Floats, digits: int = DIGITS) -> Floats:
    """Values rounded to significant digits; zeros, infinities and NaN as they are."""
    values = np.asarray(values, dtype=float)
    plain = np.isfinite(values) & (values != 0)
    sizes = np.floor(np.log10(np.abs(np.where(plain, values, 1.0))))
    # Scaled twice, since a power of ten beyond the range of a float would be infinite.
    half = np.floor((digits - 1 - sizes) / 2)
    up, further = 10.0**half, 10.0 ** (digits - 1 - sizes - half)
    return np.where(plain, np.round(np.where(plain, values, 1.0) * up * further) / further / up, values)


_APART = 2e-11
"""A gap between two scores, as a share of the larger, that rounding to `DIGITS` leaves open: twice its widest step."""


def ranks(scores: Floats) -> Floats:
    """The rank of each score along the last axis, 1 the highest; NaN has none."""
    scores = np.asarray(scores, dtype=float)
    if scores.ndim == 1:
        return _rounded_ranks(scores)
    # Descending, with NaN last.
    order = np.argsort(-scores, axis=-1)
    sorted_ = np.take_along_axis(scores, order, axis=-1)
    found = np.empty(scores.shape)
    np.put_along_axis(found, order, np.broadcast_to(np.arange(1.0, scores.shape[-1] + 1), scores.shape), axis=-1)
    # Where scores lie too close to each other, or some are missing, rounding decides who shares a rank.
    sizes = np.abs(sorted_)
    with np.errstate(invalid="ignore"):
        gaps = sorted_[..., :-1] - sorted_[..., 1:]
    near = ~(gaps > _APART * np.maximum(sizes[..., :-1], sizes[..., 1:])).all(axis=-1)
    if near.any():
        found[near] = _rounded_ranks(scores[near])
    return found


def _rounded_ranks(scores: Floats) -> Floats:
    """Ranks of scores as they are rounded, equals sharing the best."""
    scores = rounded(scores)
    # Descending, with NaN last.
    order = np.argsort(-scores, axis=-1, kind="stable")
    sorted_ = np.take_along_axis(scores, order, axis=-1)
    places = np.broadcast_to(np.arange(scores.shape[-1]), scores.shape)
    begins = np.ones(scores.shape, dtype=bool)
    begins[..., 1:] = sorted_[..., 1:] != sorted_[..., :-1]
    shared = np.maximum.accumulate(np.where(begins, places, 0), axis=-1) + 1.0
    found = np.empty(scores.shape)
    np.put_along_axis(found, order, shared, axis=-1)
    return np.where(np.isnan(scores), np.nan, found)
