"""How far an index depends on its choices: ranks over draws, their extremes, and which choice matters most.

OECD/JRC Handbook, step 7; Saisana, Saltelli and Tarantola (2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from api.analysis import uncertainty
from api.analysis.alternatives import Alternatives
from api.analysis.budget import Budget
from api.analysis.definition import Sensitivity, Uncertainty
from api.analysis.extreme_ranks import Extremes, extreme_ranks
from api.analysis.laboratory import Computed, means_of, naming
from api.analysis.ranks import Floats
from api.analysis.sensitivity import Effects, sobol
from api.analysis.uncertainty import Choices, Spread


@dataclass(frozen=True, kw_only=True)
class Robustness:
    """Ranks over the draws, (regions,) those that are taken, and their extremes; None where they were not asked for."""

    spread: Spread
    top: Floats
    extremes: Extremes | None

    @property
    def best(self) -> Floats | None:
        """The best rank of each region that was reached."""
        return None if self.extremes is None else self.extremes.best

    @property
    def worst(self) -> Floats | None:
        """The worst rank of each region that was reached."""
        return None if self.extremes is None else self.extremes.worst

    @property
    def reason(self) -> str | None:
        """Why best and worst are not exact; None where they are, or were not asked for."""
        return None if self.extremes is None else self.extremes.reason


@dataclass(frozen=True, kw_only=True)
class Influence:
    """Sobol's effects: of each of `inputs` on the mean shift of ranks (the first output) and on each region's rank."""

    inputs: tuple[str, ...]
    effects: Effects


def robustness(computed: Computed, asked: Uncertainty, budget: Budget | None = None) -> Robustness:
    """The ranks of an index over what could have been chosen otherwise. Raises `Impossible`."""
    budget = budget or Budget()
    ways = Alternatives(computed, asked)
    choices, framework = _choices(ways), computed.framework
    points = uncertainty.points_of(framework, choices, draws=asked.draws, seed=asked.seed)
    with naming(_regions(computed), framework, during="In a draw: "):
        spread = uncertainty.spread(framework, choices, points, check=budget.check)
    extremes = extreme_ranks(ways, choices, points, spread.ranks, budget) if asked.extremes else None
    return Robustness(spread=spread, top=spread.top(asked.top), extremes=extremes)


def influence(
    computed: Computed, asked: Uncertainty, sensitivity: Sensitivity, budget: Budget | None = None
) -> Influence:
    """Which of the choices the ranks depend on. Raises `Impossible`."""
    check = (budget or Budget()).check
    choices, framework = _choices(Alternatives(computed, asked)), computed.framework
    base = computed.ranks[computed.taken]
    varied = asked.varied
    inputs = {name: places for name, places in uncertainty.numbers_of(framework, choices).items() if name in varied}

    def model(points: Floats) -> Floats:
        found = uncertainty.drawn_ranks(framework, choices, points, check=check)
        shifts = np.abs(found - base)
        known = ~np.isnan(shifts)
        mean = np.where(known, shifts, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        return np.column_stack([mean, found])

    with naming(_regions(computed), framework, during="In a draw: "):
        effects = sobol(
            model,
            uncertainty.dimensions(framework, choices),
            samples=sensitivity.samples,
            seed=sensitivity.seed,
            groups=list(inputs.values()),
        )
    return Influence(inputs=tuple(inputs), effects=effects)


def _regions(computed: Computed) -> tuple[str, ...]:
    return tuple(computed.inputs.regions[region] for region in computed.taken)


def _choices(ways: Alternatives) -> Choices:
    computed, asked = ways.computed, ways.asked
    return Choices(
        normalised=ways.tables,
        treatments=len(ways.treatments),
        errors=asked.data_error,
        posts=asked.goalposts > 0,
        moved=ways.moved if asked.moves_values else None,
        decimals=computed.definition.rank_decimals,
        means=[means_of(chosen) for chosen in asked.aggregations],
        band=asked.band,
        top_only=asked.top_only,
        leave_one_out=asked.leave_one_out,
    )
