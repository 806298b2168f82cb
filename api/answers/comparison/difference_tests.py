"""Whether two values differ by more than chance: the test by name, what it takes for granted, and its p-value.

Published bounds of 95 % stand for standard errors, each side by itself: of the higher value the lower side counts, and
of the lower value the upper one (MOVER: Zou and Donner, 2008), which for symmetric bounds is the usual z-test. Every
difference is tested by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign, hypot, inf
from statistics import NormalDist
from typing import Any

from api.analysis.intervals import LEVEL, Z

_NORMAL = NormalDist()
TWO_VALUES = "z-test of the difference of two values"
FIXED = "z-test of a value against a fixed one"
INDEPENDENT = "The errors of both are normal, and independent of one another."
PART = "The errors of both are normal and independent; as the region is part of the area, the test is cautious."
KNOWN = "The error of the value is normal, and the median is taken as known exactly."
OVER_TIME = "The errors of both periods are normal and independent; where their samples overlap, the test is cautious."


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """A value with its bounds of 95 %; one that is known exactly has itself as both."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceTest:
    """The test of a difference: its statistic, two-sided p-value, and the 95 % interval of the difference."""

    method: str
    assumption: str
    statistic: float
    p: float
    lower: float
    upper: float

    @property
    def significant(self) -> bool:
        """Whether the difference is more than chance, at 95 %."""
        return self.p < 1 - LEVEL

    def described(self, decimals: int) -> dict[str, Any]:
        """The test as it stands in an answer; the interval of the difference has so many decimals."""
        return {
            "method": self.method,
            "assumption": self.assumption,
            "statistic": None if abs(self.statistic) == inf else round(self.statistic, 2),
            "p": float(f"{self.p:.2g}"),
            "lower": round(self.lower, decimals),
            "upper": round(self.upper, decimals),
            "significant": self.significant,
        }


def difference_test(one: Bounded, other: Bounded, *, method: str, assumption: str) -> DifferenceTest:
    """Whether one value differs from another by more than chance."""
    gap = one.value - other.value
    down = hypot(one.value - one.lower, other.upper - other.value)
    up = hypot(one.upper - one.value, other.value - other.lower)
    facing = (down if gap > 0 else up) / Z
    statistic = gap / facing if facing else copysign(inf, gap) if gap else 0.0
    return DifferenceTest(
        method=method,
        assumption=assumption,
        statistic=statistic,
        p=2 * _NORMAL.cdf(-abs(statistic)),
        lower=gap - down,
        upper=gap + up,
    )


def exactly(value: float) -> Bounded:
    """A value that is taken as known exactly."""
    return Bounded(value=value, lower=value, upper=value)
