"""How far the ranks of an index depend on its choices, as the API says it."""

from __future__ import annotations

from typing import Any

import numpy as np

from api.analysis.budget import Budget
from api.analysis.definition import CHOICES
from api.analysis.laboratory import Computed
from api.analysis.ranks import Floats
from api.analysis.robustness import Influence, Robustness, influence, robustness

RANGE_NOTE = "The range of ranks over what is `varied`, not a confidence interval."
AS_THEY_ARE = f"{RANGE_NOTE} The figures are taken as they are."


def of(computed: Computed, include: tuple[str, ...], budget: Budget) -> dict[str, Any]:
    """Uncertainty and sensitivity, where they are asked for. Raises `Impossible`."""
    drawn, effects = computed.definition.uncertainty, computed.definition.sensitivity
    found: dict[str, Any] = {}
    if "uncertainty" in include or "draws" in include:
        found["uncertainty"] = drawn and _uncertainty(computed, robustness(computed, drawn, budget), include)
    if "sensitivity" in include:
        found["sensitivity"] = None
        if drawn is not None and effects is not None:
            found["sensitivity"] = _sensitivity(computed, influence(computed, drawn, effects, budget))
    return found


def _uncertainty(computed: Computed, found: Robustness, include: tuple[str, ...]) -> dict[str, Any]:
    asked, spread = computed.definition.uncertainty, found.spread
    varied = asked.varied if asked else ()
    ids = [computed.inputs.regions[region] for region in computed.taken]
    nothing = np.full(len(ids), np.nan)
    sought = found.best is not None and found.worst is not None
    columns = zip(
        ids,
        nulled(spread.median),
        nulled(spread.low),
        nulled(spread.high),
        nulled(found.top),
        nulled(found.best if found.best is not None else nothing),
        nulled(found.worst if found.worst is not None else nothing),
        strict=True,
    )
    told: dict[str, Any] = {
        "draws": asked and asked.draws,
        "top": asked and asked.top,
        "note": RANGE_NOTE if "data-error" in varied else AS_THEY_ARE,
        "varied": list(varied),
        "fixed": [name for name in CHOICES if not any(item.startswith(name) for item in varied)],
        "errors_known": _errors_known(computed) if "data-error" in varied else None,
        "basis": None if not sought else "exact" if found.reason is None else "range_over_draws",
        "basis_reason": found.reason,
        "regions": [
            {
                "id": region,
                "median_rank": median,
                "method_range_90": {"lower": low, "upper": high},
                "top_share": share,
                "best": None if best is None else int(best),
                "worst": None if worst is None else int(worst),
            }
            for region, median, low, high, share, best, worst in columns
        ],
    }
    if "draws" in include:
        told["ranks"] = [[None if rank is None else int(rank) for rank in row] for row in nulled(spread.ranks)]
    return told


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
