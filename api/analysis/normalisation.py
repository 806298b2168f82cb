"""Bringing indicators to one scale (OECD/JRC Handbook, step 5). The better a region does, the higher its value.

Each takes values (regions, indicators) and the direction of each indicator (+1: more is better, -1: less is better).
"""

from __future__ import annotations

import numpy as np

from api.analysis.errors import Impossible
from api.analysis.ranks import Floats, ranks, rounded


def none(values: Floats, directions: Floats) -> Floats:
    """x, negated where less is better: for indicators that are on one scale already."""
    return np.asarray(values, dtype=float) * directions


def min_max(values: Floats, directions: Floats, *, low: float = 0.0, high: float = 100.0) -> Floats:
    """(x - min) / (max - min), from `low` to `high`."""
    oriented = np.asarray(values, dtype=float) * directions
    least, most = np.nanmin(oriented, axis=0), np.nanmax(oriented, axis=0)
    found: Floats = low + (high - low) * ((oriented - least) / _spread(most - least, oriented))
    # Rounding alone could carry the first past the end of the scale.
    return np.clip(found, min(low, high), max(low, high))


def z_score(values: Floats, directions: Floats, *, mean: float = 0.0, deviation: float = 1.0) -> Floats:
    """(x - mean) / s, s being the sample standard deviation (n - 1)."""
    oriented = np.asarray(values, dtype=float) * directions
    _refuse_alike(oriented)
    spread = np.nanstd(oriented, axis=0, ddof=1)
    found: Floats = mean + deviation * (oriented - np.nanmean(oriented, axis=0)) / spread
    return found


def weighted_z_score(
    values: Floats, directions: Floats, *, sizes: Floats, mean: float = 0.0, deviation: float = 1.0
) -> Floats:
    """(x - m) / s, m and s being the mean and the standard deviation of people: each region counts by its size.

    m = sum(p x) / sum(p), s^2 = sum(p (x - m)^2) / sum(p), over the regions that have a value.
    """
    oriented = np.asarray(values, dtype=float) * directions
    _refuse_alike(oriented)
    known = ~np.isnan(oriented)
    counted = np.where(known, np.asarray(sizes, dtype=float)[:, None], 0.0)
    whole = counted.sum(axis=0)
    if not (whole > 0).all() or np.isnan(whole).any():
        cells = tuple((-1, int(column)) for column in np.flatnonzero(~(whole > 0)))
        raise Impossible("The sizes of regions are missing, or zero for all that have a value.", cells=cells)
    centre = np.where(known, oriented * counted, 0.0).sum(axis=0) / whole
    spread = np.sqrt((np.where(known, (oriented - centre) ** 2, 0.0) * counted).sum(axis=0) / whole)
    if not (spread > 0).all():
        cells = tuple((-1, int(column)) for column in np.flatnonzero(~(spread > 0)))
        raise Impossible("All regions with a size have the same value of an indicator.", cells=cells)
    return np.asarray(mean + deviation * (oriented - centre) / spread)


def base_z_score(
    values: Floats,
    directions: Floats,
    *,
    means: Floats,
    deviations: Floats,
    mean: float = 100.0,
    deviation: float = 10.0,
) -> Floats:
    """(x - m0) / s0, m0 and s0 being those of a base period: what is above its mean, in its standard deviations."""
    found: Floats = mean + deviation * (np.asarray(values, dtype=float) - means) / deviations * directions
    return found


def rank(values: Floats, directions: Floats) -> Floats:
    """The rank from below: the lowest is 1, equals share the lowest rank."""
    return ranks(-(np.asarray(values, dtype=float) * directions).T).T


def borda(values: Floats, directions: Floats) -> Floats:
    """The Borda count: how many other regions a region stands above."""
    return rank(values, directions) - 1.0


def percentile_rank(values: Floats, directions: Floats) -> Floats:
    """(rank - 1) / (n - 1): the share of the other regions that a region stands above."""
    found = rank(values, directions)
    count = np.sum(~np.isnan(found), axis=0)
    if (count < 2).any():
        cells = tuple((-1, int(column)) for column in np.flatnonzero(count < 2))
        raise Impossible("A percentile rank is among several regions, and an indicator has one value.", cells=cells)
    return np.asarray((found - 1) / (count - 1.0))


def distance_to_best(values: Floats, directions: Floats) -> Floats:
    """1 - (max - x) / (max - min): how much of the way from the last to the first is done."""
    return min_max(values, directions, low=0.0, high=1.0)


def distance_to_target(
    values: Floats, directions: Floats, *, targets: Floats, capped: bool = False, low: float = 0.0, high: float = 1.0
) -> Floats:
    """1 - (target - x) / (target - min): how much of the way from the last to a target is done; may pass 1.

    Rescaled from `low` (the last) to `high` (on the target).
    """
    oriented, aims = np.asarray(values, dtype=float) * directions, np.asarray(targets, dtype=float) * directions
    least = np.nanmin(oriented, axis=0)
    found = 1 - (aims - oriented) / _ahead(aims - least, "The target of an indicator lies")
    found = np.minimum(found, 1.0) if capped else found
    return low + (high - low) * found


def distance_to_reference(values: Floats, directions: Floats, *, reference: int) -> Floats:
    """1 - (reference - x) / (reference - min): the reference being the region of a number."""
    oriented = np.asarray(values, dtype=float) * directions
    least, aim = np.nanmin(oriented, axis=0), oriented[reference]
    found: Floats = 1 - (aim - oriented) / _ahead(aim - least, "The value of the reference region is missing or lies")
    return found


def goalposts(
    values: Floats,
    directions: Floats,
    *,
    lower: Floats,
    upper: Floats,
    low: float = 0.0,
    high: float = 100.0,
    capped: bool = True,
) -> Floats:
    """(x - lower) / (upper - lower) between fixed posts, `capped` held within them: scores that compare over time."""
    values, lower, upper = (np.asarray(part, dtype=float) for part in (values, lower, upper))
    share = (values - lower) / (upper - lower)
    share = np.clip(share, 0.0, 1.0) if capped else share
    found = low + (high - low) * np.where(np.asarray(directions) < 0, 1 - share, share)
    return np.clip(found, min(low, high), max(low, high)) if capped else found


def _spread(widths: Floats, values: Floats) -> Floats:
    """Widths to divide by, of values that are not all alike."""
    _refuse_alike(values)
    return np.asarray(widths, dtype=float)


def _refuse_alike(values: Floats) -> None:
    """Raise `Impossible` with the indicators that are alike everywhere, to the digits that ranks are told apart by."""
    shown = rounded(values)
    alike = np.flatnonzero(np.nanmin(shown, axis=0) == np.nanmax(shown, axis=0))
    if alike.size:
        cells = tuple((-1, int(column)) for column in alike)
        raise Impossible(
            "An indicator has the same value everywhere, so that it tells no region from another.", cells=cells
        )


def _ahead(widths: Floats, what: str) -> Floats:
    """How far an aim is from the last value, where it is ahead of it."""
    behind = np.flatnonzero(~(widths > 0))
    if behind.size:
        cells = tuple((-1, int(column)) for column in behind)
        raise Impossible(f"{what} no higher than the last value, so that no way leads to it.", cells=cells)
    return np.asarray(widths, dtype=float)
