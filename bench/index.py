"""The index laboratory against a plain Python loop of the same method (`make bench-index`).

A thousand draws of weights, normalisation, and one indicator left out, for 12 regions and for 361, by 20 indicators in
five groups. The loop has the same random numbers and must come to the same ranks before anything is timed. Then ten
thousand draws, and the best and the worst rank of each of 361 regions, with what of them is proved.
"""

from __future__ import annotations

import math
import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from api.analysis import boxes, normalisation, uncertainty
from api.analysis.budget import MOST_CELLS
from api.analysis.composite import Framework, Part
from api.analysis.uncertainty import Choices

DRAWS, INDICATORS, GROUPS, SEED = 1_000, 20, 5, 1
ROUNDS = 7
TARGETS = {12: 0.1, 361: 1.5}
"""Seconds for the draws, by how many regions there are."""
MANY, MANY_TARGET = 10_000, 0.3
"""Draws of all districts, and seconds for them."""
EXTREMES = {3: 2.0, 4: 2.0, 5: 2.0, 6: 2.0, 8: 2.0}
"""Seconds for the best and the worst rank of all districts, by how many parts weights are of."""


@dataclass(frozen=True)
class Case:
    """An index, and what is drawn."""

    framework: Framework
    choices: Choices

    @classmethod
    def of(cls, regions: int) -> Case:
        """An index of made-up figures, a few of them missing."""
        framework = Framework(
            tuple(Part(code=f"i{place}", parent=f"g{place % GROUPS}") for place in range(INDICATORS)),
            (*(Part(code=f"g{place}", parent="top") for place in range(GROUPS)), Part(code="top", parent=None)),
        )
        values = np.random.default_rng(SEED).lognormal(size=(regions, INDICATORS))
        values[1::7, 3] = np.nan
        scaled = [
            normalisation.min_max(values, framework.directions),
            normalisation.z_score(values, framework.directions),
        ]
        return cls(framework, Choices(normalised=scaled, band=0.25, leave_one_out=True))


def ours(case: Case, draws: int = DRAWS) -> Any:
    """The ranks of every draw, by the engine."""
    points = uncertainty.points_of(case.framework, case.choices, draws=draws, seed=SEED)
    return uncertainty.spread(case.framework, case.choices, points)


def plain(case: Case) -> list[list[int]]:
    """The ranks of every draw, by loops."""
    points = np.random.default_rng(SEED).random((DRAWS, uncertainty.dimensions(case.framework, case.choices))).tolist()
    tables = [table.tolist() for table in case.choices.normalised]
    weights = case.framework.weights.tolist()
    return [_ranks(_scores(case, tables, weights, point)) for point in points]


def _scores(case: Case, tables: list[list[list[float]]], weights: list[float], point: list[float]) -> list[float]:
    table = tables[min(int(point[0] * len(tables)), len(tables) - 1)]
    drawn = [weight * (1 + case.choices.band * (2 * at - 1)) for weight, at in zip(weights, point[3:], strict=True)]
    left_out = min(int(point[2] * (INDICATORS + 1)), INDICATORS)
    if left_out < INDICATORS:
        drawn[left_out] = 0.0
    found = []
    for row in table:
        known = row + [math.nan] * (GROUPS + 1)
        for place, parts, _ in case.framework.steps:
            total = whole = 0.0
            for part in parts:
                if not math.isnan(known[part]):
                    total += drawn[part] * known[part]
                    whole += drawn[part]
            known[place] = total / whole if whole else math.nan
        found.append(known[case.framework.top])
    return found


def _ranks(scores: list[float]) -> list[int]:
    shown = [float(f"{score:.11e}") for score in scores]
    first: dict[float, int] = {}
    for place, score in enumerate(sorted(shown, reverse=True), start=1):
        first.setdefault(score, place)
    return [first[score] for score in shown]


def seconds(function: Callable[[Case], Any], case: Case, *, rounds: int) -> float:
    """The median time that a function takes."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        function(case)
        taken.append(time.perf_counter() - started)
    return median(taken)


def extremes(parts: int) -> tuple[float, int, int]:
    """Seconds for the extreme ranks of 361 districts with weights within a quarter; how many are proved, of how many.

    Figures are made up, alike from place to place in some measure, as those of districts are.
    """
    rng = np.random.default_rng(SEED)
    figures = np.exp(0.7 * rng.normal(size=(361, 1)) + 0.7 * rng.normal(size=(361, parts)))
    values = normalisation.min_max(figures, np.ones(parts))
    lower, upper = np.full(parts, 0.75), np.full(parts, 1.25)
    nothing = np.full(361, np.nan)
    started = time.perf_counter()
    found = boxes.search(values, lower, upper, (nothing, nothing), boxes.Work(cells=MOST_CELLS))
    taken = time.perf_counter() - started
    proved = (found.best == found.best_bound) & (found.worst == found.worst_bound)
    return taken, int(proved.sum()), len(proved)


def met(taken: float, target: float) -> str:
    """Whether a target is met, in words."""
    return f"< {target * 1000:,.0f} ms: {'met' if taken < target else 'MISSED'}"


def main() -> None:
    """Compare the ranks, measure, and say which targets are met."""
    print(f"\nThe index laboratory: {DRAWS:,} draws, {INDICATORS} indicators, medians of {ROUNDS} (loop: of 3)")
    print(f"load {os.getloadavg()[0]:.1f}\n{'regions':>8} {'engine':>10} {'plain loop':>12} {'ratio':>7}   target")
    for regions, target in TARGETS.items():
        case = Case.of(regions)
        if ours(case).ranks.tolist() != plain(case):
            raise SystemExit("The engine and the plain loop come to different ranks.")
        fast, slow = seconds(ours, case, rounds=ROUNDS), seconds(plain, case, rounds=3)
        line = f"{regions:8} {fast * 1000:7.1f} ms {slow * 1000:9.0f} ms {slow / fast:6.0f}x"
        print(f"{line}   {met(fast, target)}")
    case = Case.of(361)
    taken = seconds(lambda one: ours(one, draws=MANY), case, rounds=ROUNDS)
    print(f"\n{MANY:,} draws of 361 regions: {taken * 1000:.0f} ms   {met(taken, MANY_TARGET)}")
    print("\nBest and worst ranks of 361 regions, weights within a quarter\n   parts       time     proved   target")
    for parts, target in EXTREMES.items():
        taken, proved, count = extremes(parts)
        print(f"{parts:8} {taken * 1000:7.0f} ms {proved:6} of {count}   {met(taken, target)}")
    print(f"\nMost memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
