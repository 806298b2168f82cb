"""How far the ranks of an index depend on its choices, as the API says it."""

from __future__ import annotations

from typing import Any

import numpy as np

from api.analysis.budget import Budget
from api.analysis.definition import CHOICES, Uncertainty
from api.analysis.extreme_ranks import Extremes, Reached
from api.analysis.laboratory import Computed
from api.analysis.ranks import Floats
from api.analysis.robustness import Influence, Robustness, influence, robustness
from api.answers.index.written import means_written

RANGE_NOTE = "The range of ranks over what is `varied`, not a confidence interval."
AS_THEY_ARE = f"{RANGE_NOTE} The figures are taken as they are."


def of(computed: Computed, include: tuple[str, ...], budget: Budget) -> dict[str, Any]:
    """Uncertainty and sensitivity, where they are asked for. Raises `Impossible`."""
    drawn, effects = computed.definition.uncertainty, computed.definition.sensitivity
    found: dict[str, Any] = {}
    if not DRAWN.isdisjoint(include):
        found["uncertainty"] = drawn and _uncertainty(computed, drawn, robustness(computed, drawn, budget), include)
    if "sensitivity" in include:
        found["sensitivity"] = None
        if drawn is not None and effects is not None:
            found["sensitivity"] = _sensitivity(computed, influence(computed, drawn, effects, budget))
    return found


DRAWN = frozenset({"uncertainty", "draws", "reached", "pairs"})
"""Parts of an answer that draws are made for."""


def _uncertainty(computed: Computed, asked: Uncertainty, found: Robustness, include: tuple[str, ...]) -> dict[str, Any]:
    varied, extremes = asked.varied, found.extremes
    ids = [computed.inputs.regions[region] for region in computed.taken]
    told: dict[str, Any] = {
        "draws": asked.draws,
        "top": asked.top,
        "note": RANGE_NOTE if "data-error" in varied else AS_THEY_ARE,
        "varied": list(varied),
        "fixed": [name for name in CHOICES if not any(item.startswith(name) for item in varied)],
        "errors_known": _errors_known(computed) if "data-error" in varied else None,
        "basis": None if extremes is None else _basis(extremes),
        "basis_reason": None if extremes is None else extremes.reason,
        **_ordered_pairs(extremes, len(ids)),
        "regions": _regions(ids, found),
    }
    if "draws" in include:
        told["ranks"] = [[None if rank is None else int(rank) for rank in row] for row in nulled(found.spread.ranks)]
    if "reached" in include:
        told["reached"] = None if extremes is None else _reached(computed, ids, extremes)
    if "pairs" in include:
        above = None if extremes is None else extremes.above
        told["pairs"] = (
            None
            if above is None
            else [
                {"id": region, "ahead_of": [ids[place] for place in np.flatnonzero(row)]}
                for region, row in zip(ids, above, strict=True)
            ]
        )
    return told


def _basis(extremes: Extremes) -> str:
    if extremes.reason is None:
        return "exact"
    return "range_over_draws" if extremes.best_bound is None else "bounds"


def _ordered_pairs(extremes: Extremes | None, regions: int) -> dict[str, Any]:
    """How many pairs of regions stand in the same order whatever is chosen."""
    if extremes is None or extremes.above is None:
        return {"ordered_pairs": None, "pairs_count": regions * (regions - 1) // 2}
    return {"ordered_pairs": int(extremes.above.sum()), "pairs_count": regions * (regions - 1) // 2}


def _regions(ids: list[str], found: Robustness) -> list[dict[str, Any]]:
    spread, extremes = found.spread, found.extremes
    nothing = np.full(len(ids), np.nan)
    sides = ("best", "worst", "best_bound", "worst_bound")
    ends = [nothing if extremes is None else getattr(extremes, side) for side in sides]
    columns = [nulled(nothing if column is None else column) for column in ends]
    of_draws = [nulled(column) for column in (spread.median, spread.low, spread.high, found.top)]
    return [
        {
            "id": region,
            "median_rank": median,
            "method_range_90": {"lower": low, "upper": high},
            "top_share": share,
            **{side: None if rank is None else int(rank) for side, rank in zip(sides, ranks, strict=True)},
        }
        for region, (median, low, high, share), ranks in zip(
            ids, zip(*of_draws, strict=True), zip(*columns, strict=True), strict=True
        )
    ]


def _reached(computed: Computed, ids: list[str], extremes: Extremes) -> list[dict[str, Any]]:
    """By region, what its best and its worst rank are reached by."""
    return [
        {"id": region, "best": _how(computed, best), "worst": _how(computed, worst)}
        for region, best, worst in zip(ids, extremes.best_at, extremes.worst_at, strict=True)
    ]


def _how(computed: Computed, reached: Reached | None) -> dict[str, Any] | None:
    if reached is None:
        return None
    parts = computed.framework.parts
    left_out = reached.left_out
    return {
        "weights": {part.code: share for part, share in zip(parts, reached.shares.tolist(), strict=True)},
        "treatment": reached.treatment.written(),
        "normalisation": reached.normalisation.written(),
        "aggregation": means_written(reached.means),
        "left_out": None if left_out is None else parts[left_out].code,
    }


def _errors_known(computed: Computed) -> list[str]:
    """The indicators whose figures are drawn from within their errors; of the others these are not known."""
    errors = computed.inputs.errors
    parts = computed.framework.indicators
    return [] if errors is None else [part.code for part, known in zip(parts, errors.known, strict=True) if known]


def _sensitivity(computed: Computed, found: Influence) -> dict[str, Any]:
    first, total = nulled(found.effects.first), nulled(found.effects.total)
    firsts, totals = nulled(found.effects.first_95), nulled(found.effects.total_95)
    asked = computed.definition.sensitivity
    ids = [computed.inputs.regions[region] for region in computed.taken]

    def effects(output: int) -> list[dict[str, Any]]:
        return [
            {
                "choice": name,
                "first_order": first[place][output],
                "first_order_95": _between(firsts, place, output),
                "total": total[place][output],
                "total_95": _between(totals, place, output),
            }
            for place, name in enumerate(found.inputs)
        ]

    return {
        "samples": asked and asked.samples,
        "evaluations": found.effects.evaluations,
        "mean_rank_shift": effects(0),
        "regions": [{"id": region, "rank": effects(place + 1)} for place, region in enumerate(ids)],
    }


def _between(ends: list[Any], place: int, output: int) -> dict[str, Any]:
    return {"lower": ends[0][place][output], "upper": ends[1][place][output]}


def nulled(values: Floats) -> Any:
    """An array as lists, None where there is no number."""
    found = np.asarray(values, dtype=float)
    return np.where(np.isfinite(found), found, None).tolist()  # type: ignore[call-overload]
