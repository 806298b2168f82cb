"""How an index hangs together: Cronbach's alpha and correlations, with n (OECD/JRC Handbook, step 4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from api.analysis.ranks import Floats


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
    if whole == 0:
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
        for second in range(first, count):
            shared = present[:, first] & present[:, second]
            one, other = values[shared, first], values[shared, second]
            if shared.sum() >= 3 and np.ptp(one) > 0 and np.ptp(other) > 0:
                found[first, second] = found[second, first] = np.corrcoef(one, other)[0, 1]
    return found, both
