"""How far a count may be off its expectation by chance alone: limits of 95 %, as public health statistics give them.

They are for a count taken as one of many that could have come about under the same rate. A full count has no sampling
error, so that these limits say something else, and are used only where they are asked for.
"""

from __future__ import annotations

import numpy as np

from api.analysis.intervals import Z
from api.analysis.ranks import Floats


def byar(counts: Floats) -> tuple[Floats, Floats]:
    """The limits of counts of events that are rare among many, by Byar's method (Breslow and Day, 1987, page 69)."""
    counts = np.asarray(counts, dtype=float)
    some = np.maximum(counts, 1.0)
    lower = counts * (1 - 1 / (9 * some) - Z / (3 * np.sqrt(some))) ** 3
    more = counts + 1
    upper = more * (1 - 1 / (9 * more) + Z / (3 * np.sqrt(more))) ** 3
    return np.maximum(lower, 0.0), upper


def wilson(counts: Floats, totals: Floats) -> tuple[Floats, Floats]:
    """The limits of shares of totals, from 0 to 1, by Wilson's score method (1927); infinite without a total."""
    counts, totals = np.asarray(counts, dtype=float), np.asarray(totals, dtype=float)
    known = (totals > 0) & (counts >= 0) & (counts <= totals)
    total = np.where(known, totals, 1.0)
    count = np.where(known, counts, 0.0)
    middle = 2 * count + Z**2
    reach = Z * np.sqrt(Z**2 + 4 * count * (1 - count / total))
    below, above = (middle - reach) / (2 * (total + Z**2)), (middle + reach) / (2 * (total + Z**2))
    return np.where(known, np.maximum(below, 0.0), -np.inf), np.where(known, np.minimum(above, 1.0), np.inf)
