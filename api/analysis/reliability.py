"""How an index hangs together: Cronbach's alpha and correlations, with n (OECD/JRC Handbook, step 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.analysis.ranks import Floats, rounded

_NOTHING = 1e-24
"""A variance that is no more than rounding, as a share of the squares."""
_LEAST = 1e-300
"""What is divided by where everything is zero."""


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha, and of how many regions it is; None where it is not defined."""

    value: float | None
    regions: int


def cronbach_alpha(values: Floats) -> Alpha:
    """K / (k - 1) (1 - sum of variances / variance of the sum) over regions with every indicator (Cronbach, 1951)."""
    complete = values[~np.isnan(values).any(axis=-1)]
    regions, count = complete.shape
    if regions < 2 or count < 2:
        return Alpha(None, regions)
    whole = np.var(complete.sum(axis=1), ddof=1)
    if not whole > _NOTHING * (complete**2).sum():
        return Alpha(None, regions)
    return Alpha(float(count / (count - 1) * (1 - np.var(complete, axis=0, ddof=1).sum() / whole)), regions)


def correlations(values: Floats, *, check: Callable[[], None] = lambda: None) -> tuple[Floats, Floats]:
    """Pearson's correlation of each pair of indicators over the regions that have both, and how many those are.

    NaN under three regions, or where one of the two is the same everywhere. `check` is called between indicators, and
    raises what is to end the work.
    """
    present = ~np.isnan(values)
    both = present.T.astype(float) @ present.astype(float)
    count = values.shape[1]
    filled, shown = np.where(present, values, 0.0), rounded(values)
    # Of size 1, so that no square leaves the range of a float; by powers of two, which changes no digit.
    filled = np.ldexp(filled, -np.frexp(np.abs(filled).max(axis=0, initial=0.0))[1])
    found = np.full((count, count), np.nan)
    for first in range(count):
        check()
        # The two ways round are one.
        shared = present[:, first]
        others = slice(first, count)
        found[first, others] = _with(filled[shared, others], shown[shared, others], present[shared, others])
    found = np.clip(np.where(np.triu(np.ones_like(found)) > 0, found, found.T), -1.0, 1.0)
    return found, both


def _with(filled: Floats, shown: Floats, present: NDArray[np.bool_]) -> Floats:
    """The correlation of the first of some columns with each of them, over the rows that each has a value in.

    `filled` has zeros where nothing is `present`; `shown` is to the digits that values are told apart by.
    """
    counts = present.sum(axis=0)
    if counts[0] < 3:
        return np.full(filled.shape[1], np.nan)
    whole = present.all()
    rows = np.maximum(counts, 1)
    one = np.where(present, filled[:, :1], 0.0)
    left, right = one - one.sum(axis=0) / rows, filled - filled.sum(axis=0) / rows
    if not whole:
        left, right = np.where(present, left, 0.0), np.where(present, right, 0.0)
    sizes = [np.maximum(np.abs(side).max(axis=0), _LEAST) for side in (left, right)]
    left, right = left / sizes[0], right / sizes[1]
    lengths = np.sqrt((left**2).sum(axis=0) * (right**2).sum(axis=0))
    varied = (counts > 2) & _varies(np.where(present, shown[:, :1], np.nan)) & _varies(shown)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(varied, (left * right).sum(axis=0) / lengths, np.nan)


def _varies(shown: Floats) -> NDArray[np.bool_]:
    """Whether the values of each column are not all alike, missing ones apart."""
    return np.asarray(np.fmax.reduce(shown, axis=0) > np.fmin.reduce(shown, axis=0))
