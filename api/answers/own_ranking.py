"""Ranks of estimates that come with the question, with confidence sets for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np

from api.analysis import intervals
from api.analysis.rank_sets import Estimates
from api.analysis.ranks import Floats, ranks
from api.answers.index.calculations import inline
from api.answers.reading import Check, Reading
from api.errors import Fault
from api.rows import Answer, number

DIRECTIONS = ("highest-first", "lowest-first")
METHOD = (
    "Confidence sets of ranks after Mogstad, Romano, Shaikh and Wilhelm (2024, doi:10.1093/restud/rdad006): stepwise "
    "tests of all pairs (simultaneous) and of the pairs of each (marginal), with critical values from draws. Assumed "
    "are independent, normally distributed errors."
)
_LIGHT = 40
"""Estimates whose sets take no more than a fifth of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedEstimate:
    """An estimate with its error."""

    id: str
    estimate: float
    standard_error: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRanking:
    """Estimates whose ranks are asked for."""

    estimates: tuple[AskedEstimate, ...]
    title: str | None = None
    direction: str = DIRECTIONS[0]
    coverage: float = 0.95
    best: int | None = None
    worst: int | None = None
    text: str = ""
    place: str = ""


def faults_of(asked: AskedRanking) -> Iterator[Fault]:
    """What cannot be ranked: a name given twice, an error missing or given twice, bounds beside the estimate."""
    seen: set[str] = set()
    for place, item in enumerate(asked.estimates):
        path = f"estimates/{place}"
        if item.id in seen:
            yield Fault("repeated-id", f"{path}/id", f"{item.id} is named more than once. Name it once.")
        seen.add(item.id)
        bounded = item.lower is not None and item.upper is not None
        if (item.lower is None) != (item.upper is None) or bounded == (item.standard_error is not None):
            message = "Give either standard_error, or both lower and upper."
            yield Fault("missing-error", path, message, ("standard_error", "lower", "upper"))
        elif bounded and not (item.lower or 0.0) <= item.estimate <= (item.upper or 0.0):
            yield Fault("bounds-around", path, "The estimate does not lie between lower and upper.")
    for name, count in (("best", asked.best), ("worst", asked.worst)):
        if count is not None and count > len(asked.estimates):
            yield Fault("invalid-value", name, f"There are {len(asked.estimates)} estimates, fewer than {count}.")


def rank(reading: Reading, asked: AskedRanking) -> Answer:
    """The estimates in order, each with its confidence sets; many of them in their turn."""

    def work(check: Check) -> dict[str, Any]:
        return _data(asked, check)

    few = len(asked.estimates) <= _LIGHT
    key = blake2b(repr(asked).encode(), digest_size=16).digest()
    return Answer(work(lambda: None) if few else reading.costly(key, work), meta=inline(), links={"permalink": None})


def _data(asked: AskedRanking, check: Check) -> dict[str, Any]:
    sign = 1.0 if asked.direction == DIRECTIONS[0] else -1.0
    values, (below, above) = np.array([item.estimate for item in asked.estimates]), _errors(asked)
    if sign < 0:
        below, above = above, below
    found = Estimates(values * sign, below, above, level=asked.coverage, check=check)
    order = ranks(values * sign)
    simultaneous, marginal = found.simultaneous(), found.marginal()
    tiers = intervals.tiers(values * sign, np.ones(len(values), dtype=bool), found.told_above.item)
    best = None if asked.best is None else found.among_best(asked.best)
    worst = None if asked.worst is None else found.among_worst(asked.worst)
    lines = [
        {
            "id": asked.estimates[place].id,
            "estimate": number(asked.estimates[place].estimate),
            "rank": int(order[place]),
            "marginal": {"lower": int(marginal[0][place]), "upper": int(marginal[1][place])},
            "simultaneous": {"lower": int(simultaneous[0][place]), "upper": int(simultaneous[1][place])},
            "tier": tiers[place],
            "among_best": None if best is None else bool(best[place]),
            "among_worst": None if worst is None else bool(worst[place]),
        }
        for place in np.argsort(order, kind="stable")
    ]
    about = {name: getattr(asked, name) for name in ("title", "direction", "coverage", "best", "worst")}
    return {**about, "n": len(values), "method": METHOD, "draws": found.draws, "estimates": lines}


def _errors(asked: AskedRanking) -> tuple[Floats, Floats]:
    """The standard errors of the estimates downwards and upwards."""
    values = np.array([item.estimate for item in asked.estimates])
    lower = np.array([item.lower for item in asked.estimates], dtype=float)
    upper = np.array([item.upper for item in asked.estimates], dtype=float)
    below, above = intervals.errors_of(values, lower, upper)
    given = np.array([item.standard_error for item in asked.estimates], dtype=float)
    return np.where(np.isnan(given), below, given), np.where(np.isnan(given), above, given)
