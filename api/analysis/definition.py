"""What an index is made of: its definition, and the arrays it is computed from, wherever they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

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
    base_mean: float | None = None
    base_deviation: float | None = None
    logarithm: bool = False
    """Whether a treatment by logarithms takes them of it."""
    normalisation: Choice | None = None
    """Its own normalisation, whatever that of the others is."""


CHOICES = (
    "weights",
    "normalisation",
    "aggregation",
    "treatment",
    "left-out-indicator",
    "data-error",
    "goalposts",
)
"""What may be chosen otherwise, by name. Weights by level have a name for each level."""
Means = tuple[Choice, ...]
"""One mean for each level, from the lowest up; or a single one for all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """What could have been chosen otherwise, and how many draws are made of it.

    `band` is how far weights may go from their own, as a share of them: one number, or one for each level from that of
    the indicators up; of the top's own parts alone where `top_only`. Without `treatments` that of the index is kept.
    """

    draws: int = 1_000
    seed: int = 1
    band: float | tuple[float, ...] = 0.25
    top_only: bool = False
    normalisations: tuple[Choice, ...]
    aggregations: tuple[Means, ...]
    treatments: tuple[Choice, ...] = ()
    leave_one_out: bool = False
    data_error: bool = False
    """Whether figures are drawn from within their errors, where these are known."""
    goalposts: float = 0.0
    """How far each post may go from its own, as a share of what lies between the two."""
    top: int = 3
    """In how many of the draws a region is among the first so many."""
    extremes: bool = True
    """Whether the best and the worst rank are looked for."""

    @property
    def varied(self) -> tuple[str, ...]:
        """By name, what may be chosen otherwise."""
        levels = () if isinstance(self.band, float | int) else enumerate(self.band, start=1)
        named = (
            ("weights", isinstance(self.band, float | int) and self.band > 0),
            *((f"weights-level-{level}", band > 0) for level, band in levels),
            ("normalisation", len(set(self.normalisations)) > 1),
            ("aggregation", len(set(self.aggregations)) > 1),
            ("treatment", len(set(self.treatments)) > 1),
            ("left-out-indicator", self.leave_one_out),
            ("data-error", self.data_error),
            ("goalposts", self.goalposts > 0),
        )
        return tuple(name for name, varies in named if varies)

    @property
    def moves_values(self) -> bool:
        """Whether each draw has values of its own, and not only weights and methods."""
        return self.data_error or self.goalposts > 0


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
    rank_decimals: int | None = None
    """To how many decimals scores are rounded before they are ranked; None: to the digits that tell equals apart."""

    def work(self, regions: int) -> int:
        """How many numbers draws and evaluations come to, and what takes as long as so many."""
        drawn, effects = self.uncertainty, self.sensitivity
        parts, means = len(self.framework.parts), self.aggregation
        count = drawn.draws if drawn else 0
        count += effects.samples * (len(drawn.varied) + 2) if drawn and effects else 0
        each = regions
        if drawn and drawn.moves_values:
            each = max(_OWN_TABLE * regions, _OWN_COLUMN) + self._treating(drawn, regions)
        if drawn and any(mean.method.in_pairs for several in drawn.aggregations for mean in several):
            each = max(each, regions**2, _PAIRS)
        programmes = _PROGRAMME * regions**2 * parts if any(mean.method.own_weights for mean in means) else 0
        return count * parts * each + programmes

    def _treating(self, drawn: Uncertainty, regions: int) -> int:
        """What looking for outliers of an indicator takes in each draw."""
        points = [dict(item.parameters).get("points") for item in (drawn.treatments or (self.treatment,))]
        most = max((int(item) for item in points if item is not None), default=None)
        return 0 if most is None else _OWN_COLUMN * _LOOKS + _POINT * most * regions


_OWN_TABLE, _OWN_COLUMN, _LOOKS, _POINT = 10, 500, 16, 20
"""What a draw with values of its own counts for: times the regions, at least for each column; looking at its shape, in
columns; and bringing in a point, for each region."""
_PAIRS, _PROGRAMME = 700, 50
"""What the pairs of a part count for at least, and what the programme of a region counts for beside its size."""


@dataclass(frozen=True, kw_only=True)
class DataError:
    """How far figures may be from what they are said to be, as they are compared: (regions, indicators), 0 where known.

    `below` and `above` reach to the bounds of 95 % around a normal error where an indicator is `normal`, (indicators,),
    and else as far as a figure can be off, anywhere in between being as likely. NaN: nothing is known.
    """

    below: Floats
    above: Floats
    normal: NDArray[np.bool_]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Of which indicators something is known."""
        return np.asarray((~np.isnan(self.below)).any(axis=0))

    def scaled(self, by: Sequence[float]) -> DataError:
        """The same of figures that are multiplied, (indicators,)."""
        sizes = np.abs(by)
        return DataError(below=self.below * sizes, above=self.above * sizes, normal=self.normal)

    def drawn(self, rng: np.random.Generator) -> Floats:
        """How far figures are off in one draw."""
        bell, even = rng.standard_normal(self.below.shape) / TO_95, rng.uniform(-1, 1, self.below.shape)
        share = np.where(self.normal, bell, even)
        return np.nan_to_num(np.where(share < 0, share * self.below, share * self.above))


TO_95 = 1.959963984540054
"""Standard deviations from the middle of a normal distribution to the bounds of 95 % of it."""


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """The figures of an index: values and earlier values are (regions, indicators), NaN where there is none.

    What values are divided by is (regions,) by the name of the denominator, or, where each indicator has it of another
    year, `divisors` of all (regions, indicators). `sizes` are of the regions, (regions,).
    """

    regions: tuple[str, ...]
    values: Floats
    groups: tuple[str, ...] | None = None
    denominators: Mapping[str, Floats] = field(default_factory=dict)
    divisors: Floats | None = None
    earlier: Floats | None = None
    sizes: Floats | None = None
    errors: DataError | None = None

    def divisor(self, column: int, denominator: str) -> Floats:
        """What the values of an indicator are divided by, (regions,)."""
        return self.denominators[denominator] if self.divisors is None else self.divisors[:, column]
