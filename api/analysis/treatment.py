"""Treating outliers by skewness and kurtosis (OECD/JRC Handbook, step 3; as COINr's `Treat` does by default).

A distribution is skewed where |skewness| >= 2 and kurtosis >= 3.5. Its outermost points are brought in to the next one,
up to five of them; where that is not enough the original is taken in logarithms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.analysis.errors import Impossible
from api.analysis.ranks import Floats

MOST_POINTS = 5
SKEWNESS, KURTOSIS = 2.0, 3.5


@dataclass(frozen=True, slots=True)
class Treated:
    """Values after treatment, and for each indicator what was done: points winsorised, and whether logs were taken."""

    values: Floats
    winsorised: tuple[int, ...]
    logged: tuple[bool, ...]
    natural: bool = False
    """Whether logarithms are those of the values as they are: of a target or a goalpost they are taken alike."""


def skewness(column: Floats) -> float:
    """Bias-corrected sample skewness (G1; Joanes and Gill, 1998). NaN under three values."""
    return _shape(column)[0]


def kurtosis(column: Floats) -> float:
    """Bias-corrected sample excess kurtosis (G2; Joanes and Gill, 1998). NaN under four values."""
    return _shape(column)[1]


def _shape(column: Floats) -> tuple[float, float]:
    """Skewness and kurtosis, from the same powers: they are asked for together."""
    count, centred = _centred(column)
    if count < 3 or not centred.any():
        return float("nan"), float("nan")
    squares = centred * centred
    second = squares.mean()
    skewed = (squares * centred).mean() / second**1.5 * np.sqrt(count * (count - 1)) / (count - 2)
    if count < 4:
        return float(skewed), float("nan")
    excess = (squares * squares).mean() / second**2 - 3
    return float(skewed), float((count - 1) / ((count - 2) * (count - 3)) * ((count + 1) * excess + 6))


def _centred(column: Floats) -> tuple[int, Floats]:
    """How many values there are, and how far each is from their mean; exactly nowhere where all are alike."""
    found = column[~np.isnan(column)]
    alike = not len(found) or np.ptp(found) == 0
    centred = np.zeros(len(found)) if alike else found - found.mean()
    # Of size 1, since neither depends on the scale, and fourth powers leave the range of a float soon.
    return len(found), centred if alike else centred / np.abs(centred).max()


@dataclass(frozen=True, slots=True)
class Limits:
    """From which skewness and kurtosis on a distribution is treated, and how many points are brought in at the most."""

    skewness: float = SKEWNESS
    kurtosis: float = KURTOSIS
    points: int = MOST_POINTS


USUAL = Limits()


def is_skewed(column: Floats, limits: Limits = USUAL) -> bool:
    """Whether outliers rule a distribution."""
    return _ruled(_shape(column), limits)


def _ruled(shape: tuple[float, float], limits: Limits) -> bool:
    return abs(shape[0]) >= limits.skewness and shape[1] >= limits.kurtosis


def none(values: Floats) -> Treated:
    """Values as they are."""
    count = np.shape(values)[1]
    return Treated(np.asarray(values, dtype=float), (0,) * count, (False,) * count)


def logarithms(values: Floats, *, chosen: NDArray[np.bool_]) -> Treated:
    """Natural logarithms of the indicators that are chosen, (indicators,): each step is a ratio, as of incomes.

    Raises `Impossible` where one of their values is zero or less.
    """
    values = np.array(values, dtype=float)
    with np.errstate(invalid="ignore"):
        wrong = np.argwhere((values <= 0) & chosen)
    if wrong.size:
        cells = tuple((int(row), int(column)) for row, column in wrong)
        raise Impossible("A logarithm is of positive values alone; zero or less stands in some cells.", cells=cells)
    values[:, chosen] = np.log(values[:, chosen])
    return Treated(values, (0,) * values.shape[1], tuple(map(bool, chosen)), natural=True)


def winsorised_or_logged(
    values: Floats, *, most_skewness: float = SKEWNESS, most_kurtosis: float = KURTOSIS, most_points: int = MOST_POINTS
) -> Treated:
    """Skewed indicators with their outermost points brought in, else in logarithms; the others as they are."""
    values = np.array(values, dtype=float)
    limits = Limits(most_skewness, most_kurtosis, most_points)
    points, logged = [], []
    for column in range(values.shape[1]):
        original = values[:, column]
        treated, count = winsorised(original, limits)
        failed = is_skewed(treated, limits)
        values[:, column] = shifted_log(original) if failed else treated
        points.append(0 if failed else count)
        logged.append(failed)
    return Treated(values, tuple(points), tuple(logged))


def winsorised(column: Floats, limits: Limits = USUAL) -> tuple[Floats, int]:
    """A distribution with as few of its outermost points as needed brought in, and how many they were."""
    treated = np.array(column, dtype=float)
    count = 0
    order = np.argsort(column, kind="stable")
    order = order[~np.isnan(column[order])]
    upwards = skewness(column) >= 0
    while count < min(limits.points, len(order) - 1) and is_skewed(treated, limits):
        count += 1
        if upwards:
            treated[order[-count:]] = column[order[-count - 1]]
        else:
            treated[order[:count]] = column[order[count]]
    return treated, count


def shifted_log(column: Floats) -> Floats:
    """Logarithms of a distribution moved to begin at a hundredth of its range: log(x - min + 0.01 (max - min))."""
    lowest, highest = np.nanmin(column), np.nanmax(column)
    logs: Floats = np.log(column - lowest + 0.01 * (highest - lowest))
    return logs
