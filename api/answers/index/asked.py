"""What a body asks for: well formed, and not yet held against a catalogue. A default of a body is one of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.analysis.definition import Means, Sensitivity
from api.analysis.method import Choice
from api.analysis.methods import choice
from api.errors import Fault

POLARITIES = ("higher-is-better", "lower-is-better")
LEVELS = ("all-levels", "top-level")
PARTS = (
    "stages",
    "scores",
    "contributions",
    "effective_weights",
    "treatment",
    "correlations",
    "alpha",
    "uncertainty",
    "sensitivity",
    "draws",
    "reached",
    "pairs",
)
"""What an answer holds beside scores and ranks; all but what is long for each region unless `include` names some."""
_LONG = frozenset({"draws", "reached", "pairs"})
_MOST = tuple(name for name in PARTS if name not in _LONG)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedIndicator:
    """An indicator of an index."""

    id: str
    parent: str | None = None
    period: str | None = None
    weight: float = 1.0
    polarity: str | None = None
    direction: int | None = None
    denominator: str | None = None
    scale: float = 1.0
    target: float | None = None
    lower: float | None = None
    upper: float | None = None
    base_mean: float | None = None
    base_deviation: float | None = None
    base_period: str | None = None
    logarithm: bool = False
    normalisation: Choice | None = None

    @property
    def sign(self) -> int:
        """1 where higher is better, -1 where lower is; where nothing is said of it, higher."""
        return self.direction or {POLARITIES[1]: -1}.get(self.polarity or "", 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAggregate:
    """An aggregate of an index."""

    id: str
    parent: str | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRegion:
    """A region of the caller's own."""

    id: str
    name: str | None = None
    group: str | None = None


Columns = Mapping[str, Sequence[float | None]]
"""By name, a number for each region, None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFigures:
    """Figures of the caller's own."""

    regions: Sequence[AskedRegion]
    values: Columns
    groups: Sequence[str] | None = None
    denominators: Columns = field(default_factory=dict)
    earlier: Columns | None = None
    standard_errors: Columns | None = None
    sizes: Sequence[float | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedUncertainty:
    """What could have been chosen otherwise; a method that is None is the definition's own."""

    draws: int = 1_000
    seed: int = 1
    weights: float | tuple[float, ...] = 0.25
    weights_at: str = LEVELS[0]
    treatment: Sequence[Choice] | None = None
    normalisation: Sequence[Choice] | None = None
    aggregation: Sequence[Means] | None = None
    leave_one_out: bool = False
    data_error: bool = False
    goalposts: float = 0.0
    top: int = 3
    extremes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedIndex:
    """An index of the caller's own: over figures that came with it (`data`), or over those of `regions` here.

    `text` is all of it as canonical JSON, `place` where in the request it stands. Faults are told of that place.
    """

    title: str | None = None
    indicators: Sequence[AskedIndicator]
    aggregates: Sequence[AskedAggregate] = ()
    data: AskedFigures | None = None
    regions: Any = None
    """A level, as `{"level": "itl1"}`, or a list of codes."""
    imputation: Choice = field(default_factory=lambda: choice("imputation", "none"))
    minimum_coverage: float = 0.0
    treatment: Choice = field(default_factory=lambda: choice("treatment", "none"))
    normalisation: Choice | None = None
    """None: between the last and the first region, on a scale that the aggregation can do with."""
    aggregation: Means = field(default_factory=lambda: (choice("aggregation", "arithmetic"),))
    rank_decimals: int | None = None
    uncertainty: AskedUncertainty | None = None
    sensitivity: Sensitivity | None = None
    against: AskedOther | None = None
    include: Sequence[str] = _MOST
    text: str = ""
    place: str = ""
    faults: tuple[Fault, ...] = ()
    """What is wrong with the body that it was read from, and was left out of this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedGoalposts:
    """The values that count as 0 and as 100."""

    lower: float
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedOther:
    """What is otherwise in the calculation that one is held against; None for what is as in that one."""

    weights: Mapping[str, float] = field(default_factory=dict)
    imputation: Choice | None = None
    minimum_coverage: float | None = None
    treatment: Choice | None = None
    normalisation: Choice | None = None
    aggregation: Means | None = None
    rank_decimals: int | None = None
    uncertainty: AskedUncertainty | None = None


AS_PUBLISHED = AskedUncertainty()
"""What is drawn where a caller says nothing of it: told by identity, since the same may be said in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedChoices:
    """What is chosen otherwise of a published index; a method is None for the index's own."""

    edition: int | None = None
    method_version: int | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    without: Sequence[str] = ()
    goalposts: Mapping[str, AskedGoalposts] = field(default_factory=dict)
    denominators: Mapping[str, str] = field(default_factory=dict)
    imputation: Choice | None = None
    minimum_coverage: float = 0.0
    treatment: Choice | None = None
    normalisation: Choice | None = None
    aggregation: Means | None = None
    rank_decimals: int | None = None
    uncertainty: AskedUncertainty | None = AS_PUBLISHED
    sensitivity: Sensitivity | None = None
    against: AskedChoices | None = None
    include: Sequence[str] = _MOST
    text: str = "{}"
    place: str = ""
    faults: tuple[Fault, ...] = ()
    """What is wrong with the body that it was read from, and was left out of this."""
