"""What an index is made of: its definition, and the arrays it is computed from, wherever they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.analysis.composite import Framework
from api.analysis.method import Choice
from api.analysis.methods import choice
from api.analysis.ranks import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What an index needs to know of an indicator beside its place in the tree."""

    period: str | None = None
    """The period that its values are of, where it is known."""
    denominator: str | None = None
    """The name of what it is divided by."""
    scale: float = 1.0
    """What it is multiplied by after that."""
    target: float | None = None
    lower: float | None = None
    upper: float | None = None


Means = tuple[Choice, ...]
"""One mean for each level, from the lowest up; or a single one for all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """What could have been chosen otherwise, and how many draws are made of it.

    `band` is how far weights may go from their own, as a share of them; of the top's own parts alone where `top_only`.
    """

    draws: int = 1_000
    seed: int = 1
    band: float = 0.25
    top_only: bool = False
    normalisations: tuple[Choice, ...]
    aggregations: tuple[Means, ...]
    leave_one_out: bool = False
    top: int = 3
    """In how many of the draws a region is among the first so many."""
    extremes: bool = True
    """Whether the best and the worst rank are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """How many points (a power of two) the effects of those choices are estimated from."""

    samples: int = 256
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """An index: the tree, each indicator, and the method of each step. `measures` are in the tree's order."""

    framework: Framework
    measures: tuple[Measure, ...]
    imputation: Choice = field(default_factory=lambda: choice("imputation", "none"))
    minimum_coverage: float = 0.0
    treatment: Choice = field(default_factory=lambda: choice("treatment", "none"))
    normalisation: Choice = field(default_factory=lambda: choice("normalisation", "min-max"))
    aggregation: Means = field(default_factory=lambda: (choice("aggregation", "arithmetic"),))
    uncertainty: Uncertainty | None = None
    sensitivity: Sensitivity | None = None

    def work(self, regions: int) -> int:
        """How many numbers draws and evaluations come to."""
        draws = self.uncertainty.draws if self.uncertainty else 0
        choices = 4
        points = self.sensitivity.samples * (choices + 2) if self.sensitivity else 0
        return (draws + points) * regions * len(self.framework.parts)


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """The figures of an index: values and earlier values are (regions, indicators), NaN where there is none.

    What values are divided by is (regions,) by the name of the denominator, or, where each indicator has it of another
    year, `divisors` of all (regions, indicators).
    """

    regions: tuple[str, ...]
    values: Floats
    groups: tuple[str, ...] | None = None
    denominators: Mapping[str, Floats] = field(default_factory=dict)
    divisors: Floats | None = None
    earlier: Floats | None = None

    def divisor(self, column: int, denominator: str) -> Floats:
        """What the values of an indicator are divided by, (regions,)."""
        return self.denominators[denominator] if self.divisors is None else self.divisors[:, column]
