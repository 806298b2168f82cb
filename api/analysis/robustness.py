"""How far an index depends on its choices: ranks over draws, their extremes, and which choice matters most.

OECD/JRC Handbook, step 7; Saisana, Saltelli and Tarantola (2005).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from api.analysis import composite, uncertainty
from api.analysis.alternatives import Alternatives
from api.analysis.budget import Budget
from api.analysis.definition import Means, Sensitivity, Uncertainty
from api.analysis.errors import Impossible
from api.analysis.extremes import MOST_REGIONS, Band, Programmes, fingerprint
from api.analysis.laboratory import Computed, is_arithmetic, is_sum, mean_at, means_of, naming
from api.analysis.ranks import Floats
from api.analysis.sensitivity import Effects, sobol
from api.analysis.uncertainty import Choices, Spread

_BELOW, _WAY = 6, 400
"""How many parts of the top one below it counts for, and what each way to choose counts for beside its size."""


@dataclass(frozen=True, kw_only=True)
class Robustness:
    """Ranks over the draws, (regions,) those that are taken; best and worst None where they were not asked for.

    `reason` says why best and worst are the range over the draws and not exact; None where they are.
    """

    spread: Spread
    top: Floats
    best: Floats | None
    worst: Floats | None
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class Influence:
    """Sobol's effects: of each of `inputs` on the mean shift of ranks (the first output) and on each region's rank."""

    inputs: tuple[str, ...]
    effects: Effects


def robustness(computed: Computed, asked: Uncertainty, budget: Budget | None = None) -> Robustness:
    """The ranks of an index over what could have been chosen otherwise. Raises `Impossible`."""
    budget = budget or Budget()
    choices = _choices(computed, asked)
    with naming(_regions(computed), computed.framework, during="In a draw: "):
        spread = uncertainty.spread(computed.framework, choices, draws=asked.draws, seed=asked.seed, check=budget.check)
    best, worst, reason = None, None, None
    if asked.extremes:
        with np.errstate(invalid="ignore"):
            best, worst = np.fmin.reduce(spread.ranks), np.fmax.reduce(spread.ranks)
        reason = _why_not_exact(computed, asked, choices, budget.layout)
        if reason is None:
            try:
                # A drawn rank is a proof that it can be had, within the digits that the solver tells apart.
                best, worst = _exact(computed, asked, choices, (best, worst), budget)
            except Impossible as error:
                reason = str(error)
    return Robustness(spread=spread, top=spread.top(asked.top), best=best, worst=worst, reason=reason)


def influence(
    computed: Computed, asked: Uncertainty, sensitivity: Sensitivity, budget: Budget | None = None
) -> Influence:
    """Which of the choices the ranks depend on. Raises `Impossible`."""
    check = (budget or Budget()).check
    choices, framework = _choices(computed, asked), computed.framework
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


def _choices(computed: Computed, asked: Uncertainty) -> Choices:
    ways = Alternatives(computed, asked)
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


def _why_not_exact(computed: Computed, asked: Uncertainty, choices: Choices, most: int) -> str | None:
    """Why the programmes cannot tell the extremes of all that may be drawn; None where they can."""
    framework, regions = computed.framework, len(computed.taken)
    levels = range(1, framework.levels + 1)
    if outside := _outside_of_programmes(computed, asked):
        return outside
    if regions > MOST_REGIONS:
        return f"Ranks are found exactly for up to {MOST_REGIONS} regions; there are {regions}."
    if not all(is_sum(chosen, framework) for chosen in asked.aggregations):
        return "Ranks are found exactly where the mean at the top is arithmetic."
    below = any(not is_arithmetic(mean_at(chosen, level)) for chosen in asked.aggregations for level in levels)
    if below and (not asked.top_only or asked.leave_one_out):
        return (
            "Where a mean below the top is not arithmetic, ranks are found exactly with `weights_at` top-level and no "
            "indicator left out."
        )
    if any(np.isnan(values).any() for values in choices.normalised):
        return "Ranks are found exactly where no value is missing; fill them in with an imputation."
    lower = len(framework.parts) - 1 - (tops := len(framework.steps[-1][1]))
    ways = sum(1 for _ in _left_out(asked, computed)) * len(_normalised(asked, choices)) * len(_means(asked))
    size = ways * (_WAY + regions**2 * (tops + (0 if asked.top_only else _BELOW * lower)))
    return _too_much(size, most, asked) if size > most else None


def _outside_of_programmes(computed: Computed, asked: Uncertainty) -> str | None:
    """What is drawn, or done to scores, that no programme over weights has."""
    if asked.moves_values:
        return "Ranks are found exactly where figures and goalposts are taken as they are."
    if computed.definition.rank_decimals is not None:
        return "Ranks are found exactly where scores are ranked with all their digits."
    return None


def _too_much(size: int, most: int, asked: Uncertainty) -> str:
    hint = "" if asked.top_only else " Fewer ways to choose, or `weights_at` top-level, would be less."
    return f"To find the ranks exactly would take too long: {size:,} steps, and up to {most:,} are taken.{hint}"


def _means(asked: Uncertainty) -> tuple[Means, ...]:
    """The means that programmes differ by: through arithmetic ones alone all are the same."""
    return tuple(dict.fromkeys(asked.aggregations)) if asked.top_only else asked.aggregations[:1]


def _normalised(asked: Uncertainty, choices: Choices) -> list[Floats]:
    """The values of each way that is named, once: one named twice is only more likely to be drawn."""
    ways = product(asked.treatments or (None,), asked.normalisations)
    return list(dict(zip(ways, choices.normalised, strict=True)).values())


def _left_out(asked: Uncertainty, computed: Computed) -> Iterator[int | None]:
    yield None
    if asked.leave_one_out:
        yield from range(len(computed.framework.indicators))


def _exact(
    computed: Computed, asked: Uncertainty, choices: Choices, seen: tuple[Floats, Floats], budget: Budget
) -> tuple[Floats, Floats]:
    """The extremes over each way to choose the rest; `seen` are the ranks that were drawn. Raises `Impossible`.

    Ways that come to the same programmes are solved once, and what all of them come to is counted before any is.
    """
    laid_out: dict[bytes, Programmes] = {}
    for values in _normalised(asked, choices):
        for chosen in _means(asked):
            for left_out in _left_out(asked, computed):
                budget.check()
                leaves, band = _programme(computed, choices, values, chosen, left_out)
                known = fingerprint(leaves, band)
                if known not in laid_out:
                    laid_out[known] = Programmes.of(leaves, band)
    steps = sum(programmes.steps(seen) for programmes in laid_out.values())
    if steps > budget.steps:
        raise Impossible(_too_much(steps, budget.steps, asked))
    for programmes in laid_out.values():
        seen = programmes.solved(seen, budget)
    return seen


def _programme(
    computed: Computed, choices: Choices, values: Floats, chosen: Means, left_out: int | None
) -> tuple[Floats, Band]:
    """What extremes are looked for among: the values of leaves, and the band of their weights."""
    framework = computed.framework
    bands = uncertainty.bands(framework, choices)
    lower, upper = framework.weights * (1 - bands), framework.weights * (1 + bands)
    if left_out is not None:
        lower[left_out] = upper[left_out] = 0.0
    if not choices.top_only:
        return values, Band.of(framework, lower, upper)
    # The parts of the top have the scores that they have, however these came about.
    weights = framework.weights.copy()
    if left_out is not None:
        weights[left_out] = 0.0
    scores = composite.scores(framework, values, weights=weights, means=means_of(chosen))
    kept = [part for part in framework.steps[-1][1] if not np.isnan(scores[:, part]).all()]
    steps = ((len(kept), tuple(range(len(kept)))),)
    ends = (np.concatenate([bound[kept], np.ones(1)]) for bound in (lower, upper))
    return scores[:, kept], Band(len(kept), steps, *ends)
