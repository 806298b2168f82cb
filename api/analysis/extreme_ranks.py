"""The best and the worst rank over all that may be chosen otherwise, what reaches them, and who is always ahead.

What is drawn is a beginning: each drawn rank can be had. Beyond it, ranks are searched for in every way to choose the
rest (treatment, normalisation, mean, indicator left out), over all weights in the band: by mixed-integer programmes
through trees, of a few regions, and by boxes of weights where there is one level of them, of hundreds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from api.analysis import boxes, composite, uncertainty
from api.analysis.alternatives import Alternatives
from api.analysis.budget import Budget
from api.analysis.definition import Means
from api.analysis.errors import Impossible
from api.analysis.extremes import MOST_REGIONS, Programmes, Solved, fingerprint
from api.analysis.laboratory import is_arithmetic, is_sum, mean_at, means_of
from api.analysis.method import Choice
from api.analysis.ranks import Floats
from api.analysis.uncertainty import Choices
from api.analysis.weight_band import Band

_BELOW, _WAY = 6, 400
"""How many parts of the top one below it counts for, and what each way to choose counts for beside its size."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How a rank is reached: the shares of all parts in the top, (parts,), and what else was chosen."""

    shares: Floats
    treatment: Choice
    normalisation: Choice
    means: Means
    left_out: int | None


@dataclass(frozen=True, kw_only=True)
class Extremes:
    """The best and the worst rank of each region that is reached, (regions,), and how.

    No choice gives a better rank than `best_bound` or a worse one than `worst_bound`; None where nothing is proved.
    They are the ranks that are reached where these are exact, and `reason` says why they are not for all. `above` is
    (regions, regions), whether the one of the row is ahead of that of the column whatever is chosen; None: not known.
    """

    best: Floats
    worst: Floats
    best_at: tuple[Reached | None, ...]
    worst_at: tuple[Reached | None, ...]
    best_bound: Floats | None = None
    worst_bound: Floats | None = None
    above: NDArray[np.bool_] | None = None
    reason: str | None = None


def extreme_ranks(ways: Alternatives, choices: Choices, points: Floats, drawn: Floats, budget: Budget) -> Extremes:
    """The extremes, beginning with the drawn ranks (draws, regions) of some points."""
    found = _of_draws(ways, choices, points, drawn)
    if outside := _why_not(ways, choices):
        return replace(found, reason=outside)
    search = _Search(ways, choices)
    if search.regions <= MOST_REGIONS:
        try:
            return search.by_programmes(found, budget)
        except Impossible as error:
            found = replace(found, reason=str(error))
    if search.is_flat and budget.cells > 0 and not budget.cut_short:
        return search.by_boxes(found, budget)
    many = f"Through a tree ranks are found exactly for up to {MOST_REGIONS} regions; there are {search.regions}."
    return replace(found, reason=found.reason or f"{many} With `weights_at` top-level they are for more.")


def _of_draws(ways: Alternatives, choices: Choices, points: Floats, drawn: Floats) -> Extremes:
    """The extremes of the drawn ranks, and the draws that have them."""
    framework = ways.computed.framework
    known = np.asarray(~np.isnan(drawn).all(axis=0))
    with np.errstate(invalid="ignore"):
        best, worst = np.fmin.reduce(drawn), np.fmax.reduce(drawn)
    weights = uncertainty.drawn_weights(framework, choices, points)
    tables, means = uncertainty.tables_of(framework, choices, points), uncertainty.means_of(choices, points)
    without = uncertainty.left_out_of(framework, choices, points)

    def at(region: int, rank: float) -> Reached | None:
        if not known[region] or choices.moved is not None:
            return None
        draw = int((drawn[:, region] == rank).argmax())
        treatment, normalisation = ways.ways[tables[draw]]
        left_out = int(without[draw]) if without[draw] < len(framework.indicators) else None
        shares = framework.effective_weights(weights[draw])
        return Reached(shares, treatment, normalisation, ways.asked.aggregations[means[draw]], left_out)

    return Extremes(
        best=best,
        worst=worst,
        best_at=tuple(at(region, rank) for region, rank in enumerate(best)),
        worst_at=tuple(at(region, rank) for region, rank in enumerate(worst)),
    )


def _why_not(ways: Alternatives, choices: Choices) -> str | None:
    """Why nothing can be found beyond what is drawn; None where it can."""
    computed, asked = ways.computed, ways.asked
    framework = computed.framework
    levels = range(1, framework.levels + 1)
    below = any(not is_arithmetic(mean_at(chosen, level)) for chosen in asked.aggregations for level in levels)
    reasons = (
        (asked.moves_values, "figures and goalposts are taken as they are."),
        (computed.definition.rank_decimals is not None, "scores are ranked with all their digits."),
        (
            not all(is_sum(chosen, framework) for chosen in asked.aggregations),
            "the mean at the top is arithmetic.",
        ),
        (
            below and (not asked.top_only or asked.leave_one_out),
            "all means are arithmetic, or with `weights_at` top-level and no indicator left out.",
        ),
        (
            any(np.isnan(values).any() for values in choices.normalised),
            "no value is missing; fill them in with an imputation.",
        ),
    )
    return next((f"Ranks are found exactly where {reason}" for holds, reason in reasons if holds), None)


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to choose all but the weights: the values of leaves, the band of their weights, and what was chosen."""

    leaves: Floats
    band: Band
    treatment: Choice
    normalisation: Choice
    means: Means
    left_out: int | None


class _Search:
    """Looks for ranks beyond those that are known, in every way to choose all but the weights."""

    def __init__(self, ways: Alternatives, choices: Choices) -> None:
        self._ways, self._choices = ways, choices
        self._framework = ways.computed.framework
        self.regions = len(ways.computed.taken)

    @property
    def is_flat(self) -> bool:
        """Whether there is one level of weights."""
        return self._ways.asked.top_only or self._framework.levels == 1

    def by_programmes(self, found: Extremes, budget: Budget) -> Extremes:
        """The extremes exactly. Raises `Impossible` where that is too much.

        Ways that come to the same programmes are solved once, and what all of them come to is counted before any is.
        """
        self._refuse_layout(budget.layout)
        laid_out = [(way, Programmes.of(way.leaves, way.band)) for way in self._distinct(budget)]
        steps = sum(programmes.steps((found.best, found.worst)) for _, programmes in laid_out)
        if steps > budget.steps:
            raise Impossible(self._too_much(steps, budget.steps))
        above = np.ones((self.regions, self.regions), dtype=bool)
        for way, programmes in laid_out:
            solved = programmes.solved((found.best, found.worst), budget)
            found = self._bettered(found, way, solved)
            above &= programmes.above()
        return replace(found, best_bound=found.best, worst_bound=found.worst, above=above, reason=None)

    def by_boxes(self, found: Extremes, budget: Budget) -> Extremes:
        """The extremes as far as the cells go, with bounds where these run out."""
        several = list(self._distinct(budget))
        above = np.ones((self.regions, self.regions), dtype=bool)
        best_bound, worst_bound = found.best, found.worst
        for number, way in enumerate(several):
            parts = list(way.band.steps[-1][1])
            work = boxes.Work(cells=budget.cells // (len(several) - number), check=budget.check)
            given = work.cells
            lower, upper = way.band.lower[parts], way.band.upper[parts]
            searched = boxes.search(way.leaves, lower, upper, (found.best, found.worst), work)
            budget.cells -= given - max(work.cells, 0)
            found = self._bettered(found, way, searched)
            above &= searched.above
            best_bound = np.fmin(best_bound, searched.best_bound)
            worst_bound = np.fmax(worst_bound, searched.worst_bound)
        best_bound, worst_bound = np.fmin(best_bound, found.best), np.fmax(worst_bound, found.worst)
        open_ = int(((best_bound < found.best) | (worst_bound > found.worst)).sum())
        reason = None
        if open_:
            reason = (
                f"The search ended before it was sure for {open_} of {self.regions} regions: `best_bound` and "
                "`worst_bound` say how far their ranks could go at the most. Fewer parts or ways to choose, or a "
                "narrower band, would be less."
            )
        return replace(found, best_bound=best_bound, worst_bound=worst_bound, above=above, reason=reason)

    def _distinct(self, budget: Budget) -> Iterator[_Way]:
        """Each way to choose all but the weights, once."""
        seen: set[bytes] = set()
        for way in self._all():
            budget.check()
            known = fingerprint(way.leaves, way.band)
            if known not in seen:
                seen.add(known)
                yield way

    def _all(self) -> Iterator[_Way]:
        tables = dict(zip(self._ways.ways, self._choices.normalised, strict=True))
        for (treatment, normalisation), values in tables.items():
            for means in self._means():
                for left_out in self._left_out():
                    leaves, band = self._leaves(values, means, left_out)
                    yield _Way(leaves, band, treatment, normalisation, means, left_out)

    def _means(self) -> tuple[Means, ...]:
        """The means that ways differ by: through arithmetic ones alone all are the same."""
        aggregations = self._ways.asked.aggregations
        return tuple(dict.fromkeys(aggregations)) if self._ways.asked.top_only else aggregations[:1]

    def _left_out(self) -> tuple[int | None, ...]:
        return (None, *(range(len(self._framework.indicators)) if self._ways.asked.leave_one_out else ()))

    def _leaves(self, values: Floats, chosen: Means, left_out: int | None) -> tuple[Floats, Band]:
        """What extremes are looked for among: the values of leaves, and the band of their weights."""
        framework = self._framework
        bands = uncertainty.bands(framework, self._choices)
        lower, upper = framework.weights * (1 - bands), framework.weights * (1 + bands)
        weights = framework.weights.copy()
        if left_out is not None:
            lower[left_out] = upper[left_out] = weights[left_out] = 0.0
        if not self._ways.asked.top_only:
            return values, Band.of(framework, lower, upper)
        # The parts of the top have the scores that they have, however these came about.
        scores = composite.scores(framework, values, weights=weights, means=means_of(chosen))
        kept = [part for part in framework.steps[-1][1] if not np.isnan(scores[:, part]).all()]
        steps = ((len(kept), tuple(range(len(kept)))),)
        ends = (np.concatenate([bound[kept], np.ones(1)]) for bound in (lower, upper))
        return scores[:, kept], Band(len(kept), steps, *ends)

    def _bettered(self, found: Extremes, way: _Way, more: boxes.Found | Solved) -> Extremes:
        """What was found with what is beyond it in a way to choose."""

        def at(before: tuple[Reached | None, ...], leaves: Floats) -> tuple[Reached | None, ...]:
            return tuple(
                old if np.isnan(new).any() else self._reached(way, new) for old, new in zip(before, leaves, strict=True)
            )

        return replace(
            found,
            best=np.fmin(found.best, more.best),
            worst=np.fmax(found.worst, more.worst),
            best_at=at(found.best_at, more.best_at),
            worst_at=at(found.worst_at, more.worst_at),
        )

    def _reached(self, way: _Way, leaves: Floats) -> Reached:
        """How a rank is reached with weights, or shares, of the leaves."""
        framework = self._framework
        weights = framework.weights.copy()
        if way.left_out is not None:
            weights[way.left_out] = 0.0
        if self._ways.asked.top_only:
            scored = composite.scores(framework, np.ones((1, len(framework.indicators))), weights=weights)[0]
            kept = [part for part in framework.steps[-1][1] if not np.isnan(scored[part])]
            weights[kept] = leaves
        else:
            # Shares of what stands above are sums of those below, and are in the proportion of weights.
            weights[: len(leaves)] = leaves
            for place, parts, _ in framework.steps:
                weights[place] = weights[list(parts)].sum()
        shares = framework.effective_weights(weights)
        return Reached(shares, way.treatment, way.normalisation, way.means, way.left_out)

    def _refuse_layout(self, most: int) -> None:
        framework, asked = self._framework, self._ways.asked
        lower = len(framework.parts) - 1 - (tops := len(framework.steps[-1][1]))
        ways = len(self._left_out()) * len(set(self._ways.ways)) * len(self._means())
        size = ways * (_WAY + self.regions**2 * (tops + (0 if asked.top_only else _BELOW * lower)))
        if size > most:
            raise Impossible(self._too_much(size, most))

    def _too_much(self, size: int, most: int) -> str:
        hint = "" if self.is_flat else " Fewer ways to choose, or `weights_at` top-level, would be less."
        return f"To find the ranks exactly would take too long: {size:,} steps, and up to {most:,} are taken.{hint}"
