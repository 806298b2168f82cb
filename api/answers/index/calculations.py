"""An index of the caller's own, computed: scores, ranks, every stage, and how far they depend on choices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from api.analysis import reliability
from api.analysis.budget import Budget
from api.analysis.errors import Impossible
from api.analysis.laboratory import Computed, compute
from api.answers import provenance
from api.answers.index import costs, influences, moves
from api.answers.index.calculation import Calculation
from api.answers.index.influences import nulled
from api.answers.index.written import written
from api.answers.reading import Check, Reading
from api.errors import MOST_FAULTS, Fault, Problem, standing_in
from api.rows import Answer
from api.settings import VERSION

NOT_A_SUM = "The score is a sum of contributions only where the mean at the top is arithmetic."
TOO_LONG = "The definition is too long for an address. Keep it, and send it again with the release."
NO_PERMALINK = "The figures came with the question and nothing is stored, so that no address leads back to this answer."


def calculate(reading: Reading, asked: Calculation, against: Calculation | None = None) -> Answer:
    """The index, held against another one where there is one.

    Problem `impossible-calculation` with the regions and indicators that stand in its way.
    """
    found = answered(reading, asked)
    data, cacheable = found.data, found.cacheable
    if against is not None:
        with standing_in("against"):
            other = answered(reading, against)
        data, cacheable = {**data, "against": moves.moves(found.data, other.data)}, cacheable and other.cacheable
    address = asked.address and f"{asked.address}&release={reading.release}"
    permalink = address if address and len(address) <= reading.settings.limits.max_parameter_length else None
    meta, links = _meta(reading, asked, permalink), {"permalink": permalink}
    return Answer(data, meta=meta, links=links, cacheable=cacheable)


@dataclass(frozen=True, slots=True)
class Answered:
    """An index as it is computed and as it is answered, and whether it is what would be answered at any other time."""

    computed: Computed
    data: dict[str, Any]
    cacheable: bool


def answered(reading: Reading, asked: Calculation) -> Answered:
    """The index; one that costs something in its turn. Problem `impossible-calculation`."""

    def work(check: Check) -> Answered:
        return _answered(asked, costs.budget(reading.settings.limits, check))

    return work(lambda: None) if costs.light(asked) else reading.costly(costs.key(asked), work)


def _answered(asked: Calculation, budget: Budget) -> Answered:
    try:
        computed = compute(asked.definition, asked.inputs)
        data = _data(asked, computed, budget)
        return Answered(computed, data, cacheable=not budget.cut_short)
    except Impossible as error:
        raise _problem(error, asked) from None


def _meta(reading: Reading, asked: Calculation, permalink: str | None) -> dict[str, Any]:
    if asked.figures.described is None:
        return inline()
    return {
        **provenance.meta(replace(reading, address=permalink or reading.address), asked.figures.sources),
        "version": VERSION,
        "figures": "mixed" if asked.figures.own else "service",
        "permalink_reason": None if permalink else NO_PERMALINK if asked.figures.own else TOO_LONG,
    }


def inline() -> dict[str, Any]:
    """Nothing of a release is in an answer of inline figures: the same question has the same answer at any time."""
    return {
        "release": None,
        "published_at": None,
        "reconstructed": None,
        "source": [],
        "licence": None,
        "attribution": None,
        "citation": f"Calculated by the {provenance.SERVICE}, version {VERSION}, from figures of the caller's own",
        "version": VERSION,
        "figures": "inline",
        "permalink_reason": NO_PERMALINK,
    }


def _problem(error: Impossible, asked: Calculation) -> Problem:
    """The problem that names each cell, with its place in the definition where it is one of the figures sent."""
    message, faults, names = str(error), [], []
    for region, part in (error.places or ((None, None),))[:MOST_FAULTS]:
        own = asked.figures.own.get(part or "")
        path = "" if own is None else f"data/values/{part}"
        if own is not None and region is not None:
            path += f"/{own[region]}" if region in own else ""
        names.append(", ".join(name for name in (region, part) if name is not None))
        said = f"{names[-1]}: {message}" if names[-1] else message
        faults.append(Fault("impossible", path, said, cell=(region, part)))
    more = " and more" if len(error.places) > 5 else ""
    detail = f"{message} At fault: {'; '.join(names[:5])}{more}." if any(names) else message
    return Problem("impossible-calculation", detail, faults=tuple(faults))


def _data(asked: Calculation, computed: Computed, budget: Budget) -> dict[str, Any]:
    budget.check()
    framework, include = computed.framework, asked.include
    codes = [part.code for part in framework.parts]
    data: dict[str, Any] = {
        "title": asked.title,
        "definition": written(asked.definition, asked.weights, asked.title, asked.figures.regions),
        "top": codes[framework.top],
        "regions": _regions(asked, computed),
        "figures": None if asked.figures.described is None else list(asked.figures.described),
        **asked.about,
    }
    if asked.figures.sized_by is not None:
        data["sized_by"] = asked.figures.sized_by
    if "contributions" in include:
        data["contributions_reason"] = NOT_A_SUM if computed.contributions is None else None
    if "effective_weights" in include and not any(mean.method.own_weights for mean in asked.definition.aggregation):
        data["effective_weights"] = dict(zip(codes, framework.effective_weights().tolist(), strict=True))
    if "treatment" in include:
        treated = computed.treatment
        data["treatment"] = [
            {"indicator": code, "winsorised": points, "logged": logged}
            for code, points, logged in zip(codes, treated.winsorised, treated.logged, strict=False)
            if points or logged
        ]
    if "correlations" in include:
        found, shared = reliability.correlations(computed.scores, check=budget.check)
        data["correlations"] = {"parts": codes, "values": nulled(found), "n": shared.astype(int).tolist()}
    if "alpha" in include:
        data["alpha"] = _alphas(computed, codes)
    data |= influences.of(computed, include, budget)
    return data


def _alphas(computed: Computed, codes: list[str]) -> list[dict[str, Any]]:
    found = []
    for place, parts, _ in computed.framework.steps:
        alpha = reliability.cronbach_alpha(computed.scores[:, list(parts)])
        found.append({"aggregate": codes[place], "parts": len(parts), "value": alpha.value, "n": alpha.regions})
    return found


def _regions(asked: Calculation, computed: Computed) -> list[dict[str, Any]]:
    framework, include = computed.framework, asked.include
    count = len(framework.indicators)
    codes = [part.code for part in framework.parts]
    tops = [codes[part] for part in framework.steps[-1][1]]
    scores, ranks = nulled(computed.scores), nulled(computed.ranks)
    parts = None if computed.contributions is None else nulled(computed.contributions)
    stages = _stages(computed) if "stages" in include else None
    found = []
    for place, region in enumerate(computed.inputs.regions):
        rank = ranks[place]
        item: dict[str, Any] = {
            "id": region,
            "name": asked.figures.names[place],
            "rank": None if rank is None else int(rank),
            "score": scores[place][framework.top],
            "reason": _reason(asked, computed, place) if rank is None else None,
            "coverage": float(computed.coverage[place]),
        }
        if "scores" in include:
            item["scores"] = dict(zip(codes[count:], scores[place][count:], strict=True))
        if "contributions" in include:
            item["contributions"] = None if parts is None else dict(zip(tops, parts[place], strict=True))
        if stages is not None:
            item["indicators"] = dict(zip(codes, stages[place], strict=False))
        found.append(item)
    return found


def _reason(asked: Calculation, computed: Computed, place: int) -> str:
    if place in computed.taken:
        return "No value is left to make a score of."
    least = asked.definition.minimum_coverage
    return (
        f"Values cover {computed.coverage[place]:.4g} of the weight, and {least:g} is the least: it takes no part in "
        "means, deviations, extremes or ranks of the others."
    )


def _stages(computed: Computed) -> list[list[dict[str, Any]]]:
    """What became of each value, by region and indicator."""
    names = ("raw", "denominated", "imputed", "treated", "normalised")
    arrays = [getattr(computed, name) for name in names]
    filled = np.isnan(computed.denominated) & ~np.isnan(computed.imputed)
    changed = (computed.imputed != computed.treated) & ~np.isnan(computed.treated)
    lists = [nulled(array) for array in arrays] + [filled.tolist(), changed.tolist()]
    keys = (*names, "was_imputed", "was_treated")
    return [
        [dict(zip(keys, cells, strict=True)) for cells in zip(*rows, strict=True)] for rows in zip(*lists, strict=True)
    ]
