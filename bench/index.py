"""The index laboratory against a plain Python loop of the same method (`make bench-index`).

A thousand draws of weights, normalisation, and one indicator left out, for 12 regions and for 361, by 20 indicators in
five groups. The loop has the same random numbers and must come to the same ranks before anything is timed.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from api.analysis import normalisation, uncertainty
from api.analysis.composite import Framework, Part
from api.analysis.uncertainty import Choices

DRAWS, INDICATORS, GROUPS, SEED = 1_000, 20, 5, 1
ROUNDS = 7
TARGETS = {12: 0.1, 361: 1.5}
"""Seconds for the draws, by how many regions there are."""


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


def ours(case: Case) -> Any:
    """The ranks of every draw, by the engine."""
    return uncertainty.spread(case.framework, case.choices, draws=DRAWS, seed=SEED)


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


def main() -> None:
    """Compare the ranks, measure, and say which targets are met."""
    print(f"\nThe index laboratory: {DRAWS:,} draws, {INDICATORS} indicators, medians of {ROUNDS} (loop: of 3)")
    print(f"load {os.getloadavg()[0]:.1f}\n{'regions':>8} {'engine':>10} {'plain loop':>12} {'ratio':>7}   target")
    for regions, target in TARGETS.items():
        case = Case.of(regions)
        if ours(case).ranks.tolist() != plain(case):
            raise SystemExit("The engine and the plain loop come to different ranks.")
        fast, slow = seconds(ours, case, rounds=ROUNDS), seconds(plain, case, rounds=3)
        met = "met" if fast < target else "MISSED"
        line = f"{regions:8} {fast * 1000:7.1f} ms {slow * 1000:9.0f} ms {slow / fast:6.0f}x"
        print(f"{line}   < {target * 1000:,.0f} ms: {met}")


if __name__ == "__main__":
    main()
