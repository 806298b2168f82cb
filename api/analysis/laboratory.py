"""An index computed from its definition, every stage of it kept (OECD/JRC Handbook, steps 3 to 6).

A stage that cannot be computed raises `Impossible` with the names of the cells at fault. Stages are those of all
regions; one that is covered too little has values up to `denominated` and takes no part in anything after that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.analysis import aggregation, composite
from api.analysis.composite import Framework
from api.analysis.definition import Definition, Inputs, Means
from api.analysis.errors import Impossible
from api.analysis.method import Choice
from api.analysis.ranks import Floats, ranks, rounded
from api.analysis.scale import Scale, checked, treat
from api.analysis.treatment import Treated

_CLOSE = 1e-9
"""What coverage may fall short of the minimum by, since it is a sum."""


@dataclass(frozen=True, kw_only=True)
class Computed:
    """An index with its stages, each (regions, indicators); NaN where there is no value.

    `scores` are (regions, parts), indicators first; `contributions` (regions, parts of the top) or None where the top
    is no sum of its parts. `taken` are the numbers of the regions that are covered enough.
    """

    definition: Definition
    inputs: Inputs
    taken: NDArray[np.int64]
    coverage: Floats
    raw: Floats
    denominated: Floats
    imputed: Floats
    treated: Floats
    normalised: Floats
    treatment: Treated
    scores: Floats
    ranks: Floats
    contributions: Floats | None

    @property
    def framework(self) -> Framework:
        """The tree."""
        return self.definition.framework


def compute(definition: Definition, inputs: Inputs) -> Computed:
    """All stages of an index. Raises `Impossible`."""
    framework = definition.framework
    with naming(inputs.regions, framework):
        denominated = _denominated(definition, inputs, inputs.values)
    coverage = composite.covered(framework, denominated)
    taken = np.flatnonzero(coverage >= definition.minimum_coverage - _CLOSE)
    if len(taken) < 2:
        raise Impossible(
            f"{len(taken)} of {len(inputs.regions)} regions are covered enough, and an index compares two at least. "
            "Lower `minimum_coverage`, or give more values."
        )
    regions = tuple(inputs.regions[region] for region in taken)
    with naming(regions, framework):
        imputed = impute(definition, inputs, denominated, taken)
        _refuse_empty(imputed)
        treated = treat(definition.treatment, definition, imputed)
        normalised = Scale(definition, inputs, taken).normalise(definition.normalisation, treated)
        scores = _scores(framework, normalised, definition.aggregation)
    whole = _Whole(len(inputs.regions), taken)
    return Computed(
        definition=definition,
        inputs=inputs,
        taken=taken,
        coverage=coverage,
        raw=inputs.values,
        denominated=denominated,
        imputed=whole(imputed),
        treated=whole(treated.values),
        normalised=whole(normalised),
        treatment=treated,
        scores=whole(scores),
        ranks=whole(ranks(shown(scores[:, framework.top], definition.rank_decimals))),
        contributions=whole(_contributions(framework, scores)) if is_sum(definition.aggregation, framework) else None,
    )


@contextmanager
def naming(regions: tuple[str, ...], framework: Framework, *, during: str = "") -> Iterator[None]:
    """Give what is impossible the names of its cells.

    Numbers may leave the range of a float on the way: each stage is looked at afterwards.
    """
    try:
        with np.errstate(all="ignore"):
            yield
    except Impossible as error:
        raise error.named(regions, [part.code for part in framework.parts], during=during) from None


def shown(scores: Floats, decimals: int | None) -> Floats:
    """Scores as they are ranked: rounded to decimals where that is asked for, halves away from nought."""
    if decimals is None:
        return scores
    size = 10.0**decimals
    return np.asarray(np.sign(scores) * np.floor(rounded(np.abs(scores) * size) + 0.5) / size)


def means_of(chosen: Means) -> composite.Means:
    """The means of all levels as they are computed with."""
    return chosen[0] if len(chosen) == 1 else chosen


def mean_at(chosen: Means, level: int) -> Choice:
    """The mean of a level."""
    return chosen[0] if len(chosen) == 1 else chosen[level - 1]


def is_arithmetic(chosen: Choice) -> bool:
    """Whether a mean is a sum of parts."""
    function, parameters = chosen.method.function, dict(chosen.parameters)
    return function is aggregation.arithmetic or parameters.get("power") == 1


def is_sum(chosen: Means, framework: Framework) -> bool:
    """Whether the score at the top is a sum of what its parts contribute."""
    return is_arithmetic(mean_at(chosen, framework.levels))


def _denominated(definition: Definition, inputs: Inputs, values: Floats) -> Floats:
    found = values.copy()
    for column, measure in enumerate(definition.measures):
        if measure.denominator is not None:
            divisor = inputs.divisor(column, measure.denominator)
            wrong = np.flatnonzero((divisor <= 0) & ~np.isnan(found[:, column]))
            if wrong.size:
                cells = tuple((int(region), column) for region in wrong)
                raise Impossible(f"The denominator {measure.denominator} is zero or less in some regions.", cells=cells)
            found[:, column] /= np.where(divisor > 0, divisor, np.nan)
    checked(found, "denominated")
    return checked(found * np.array([measure.scale for measure in definition.measures]), "denominated")


def impute(definition: Definition, inputs: Inputs, denominated: Floats, taken: NDArray[np.int64]) -> Floats:
    """The denominated values of the regions that are taken, with what is missing filled in. Raises `Impossible`."""
    takes = definition.imputation.method.takes
    named: dict[str, Any] = {}
    if "groups" in takes and inputs.groups is not None:
        named["groups"] = [inputs.groups[region] for region in taken]
    if "earlier" in takes and inputs.earlier is not None:
        with naming(inputs.regions, definition.framework, during="Of earlier values: "):
            named["earlier"] = _denominated(definition, inputs, inputs.earlier)[taken]
    return np.asarray(definition.imputation(denominated[taken], **named), dtype=float)


def _refuse_empty(values: Floats) -> None:
    empty = np.flatnonzero(np.isnan(values).all(axis=0))
    if empty.size:
        cells = tuple((-1, int(column)) for column in empty)
        raise Impossible("An indicator has no value in any of the regions. Leave it out.", cells=cells)


def _scores(framework: Framework, normalised: Floats, chosen: Means) -> Floats:
    found: Floats = composite.scores(framework, normalised, means=means_of(chosen))
    return checked(found, "aggregated")


def _contributions(framework: Framework, scores: Floats) -> Floats:
    """What each part of the top adds to the score: its value times its share among the parts that have one."""
    parts = list(framework.steps[-1][1])
    values, weights = scores[:, parts], framework.weights[parts]
    counted = np.where(np.isnan(values), 0.0, weights)
    wholes = counted.sum(axis=1, keepdims=True)
    found: Floats = values * counted / np.where(wholes > 0, wholes, np.nan)
    return found


@dataclass(frozen=True)
class _Whole:
    """Lays the rows of the regions that are taken out among those of all regions."""

    count: int
    taken: NDArray[np.int64]

    def __call__(self, rows: Floats) -> Floats:
        found = np.full((self.count, *rows.shape[1:]), np.nan)
        found[self.taken] = rows
        return found
