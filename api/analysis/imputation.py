"""Filling in what is missing (OECD/JRC Handbook on Constructing Composite Indicators, 2008, step 3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from api.analysis.errors import Impossible
from api.analysis.ranks import Floats


def none(values: Floats, _groups: Sequence[str] | None = None) -> Floats:
    """Values as they are: what is missing is left out of the means."""
    return np.asarray(values, dtype=float)


def group_mean(values: Floats, groups: Sequence[str] | None = None) -> Floats:
    """Missing values as the mean of the region's group; of all regions where there are no groups."""
    return _filled(values, groups, lambda column: float(np.mean(column)))


def group_median(values: Floats, groups: Sequence[str] | None = None) -> Floats:
    """Missing values as the median of the region's group; of all regions where there are no groups."""
    return _filled(values, groups, lambda column: float(np.median(column)))


def latest_earlier(values: Floats, *, earlier: Floats) -> Floats:
    """Missing values as the latest earlier one of the same region; those that have none stay missing."""
    return np.where(np.isnan(values), earlier, values)


def _filled(values: Floats, groups: Sequence[str] | None, centre: Callable[[Floats], float]) -> Floats:
    values = np.array(values, dtype=float)
    names = np.asarray(groups if groups is not None else [""] * len(values), dtype=object)
    for name in dict.fromkeys(names.tolist()):
        inside = np.flatnonzero(names == name)
        for column in range(values.shape[1]):
            cells = values[inside, column]
            missing = np.isnan(cells)
            if missing.all() and missing.any():
                where = tuple((int(region), column) for region in inside)
                raise Impossible("A whole group has no value to fill in from.", cells=where)
            if missing.any():
                values[inside[missing], column] = centre(cells[~missing])
    return values
