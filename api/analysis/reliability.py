"""How an index hangs together: Cronbach's alpha and correlations, with n (OECD/JRC Handbook, step 4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from api.analysis.ranks import Floats, rounded

_NOTHING = 1e-24
"""A variance that is no more than rounding, as a share of the squares."""


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


def correlations(values: Floats) -> tuple[Floats, Floats]:
    """Pearson's correlation of each pair of indicators over the regions that have both, and how many those are.

    NaN under three regions, or where one of the two is the same everywhere.
    """
    present = ~np.isnan(values)
    both = present.T.astype(float) @ present.astype(float)
    count = values.shape[1]
    found = np.full((count, count), np.nan)
    for first in range(count):
        # All the others at a time that miss nothing where this one does not.
        shared = present[:, first]
        whole = present[shared].all(axis=0)
        found[first, whole] = _with(values[shared, first], values[np.ix_(shared, whole)])
        for second in np.flatnonzero(~whole):
            pair = shared & present[:, second]
            found[first, second] = _with(values[pair, first], values[pair, second][:, None])[0]
    # The two ways round differ in the last digit.
    found = np.clip(np.where(np.triu(np.ones_like(found)) > 0, found, found.T), -1.0, 1.0)
    return found, both


def _with(one: Floats, others: Floats) -> Floats:
    """The correlation of a column with each of some others of the same length."""
    if len(one) < 3:
        return np.full(others.shape[1], np.nan)
    left, right = _standardised(one[:, None]), _standardised(others)
    return np.asarray((left * right).sum(axis=0))


def _standardised(columns: Floats) -> Floats:
    """Columns around zero and of length 1; NaN where all is alike, to the digits that ranks are told apart by."""
    shown = rounded(columns)
    centred = columns - columns.mean(axis=0)
    sizes = np.abs(centred).max(axis=0)
    centred = centred / np.where(sizes > 0, sizes, 1.0)
    lengths = np.sqrt((centred**2).sum(axis=0))
    found: Floats = centred / np.where(np.ptp(shown, axis=0) > 0, lengths, np.nan)
    return found
