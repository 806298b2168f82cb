"""One calculation held against another: who moved, and whether beyond the range that the other's choices leave open."""

from __future__ import annotations

from typing import Any

import numpy as np

from api.analysis import reliability

NO_RANGE = "The other calculation draws nothing, so that there is no range to be beyond. Give it `uncertainty`."


def moves(found: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The regions of two calculations as they are answered, by how far they moved.

    `beyond` is None where the other calculation has no range.
    """
    uncertain = (other.get("uncertainty") or {}).get("regions")
    ranges = None if uncertain is None else {item["id"]: item["method_range_90"] for item in uncertain}
    before = {item["id"]: item for item in other["regions"]}
    lines = [_line(item, before[item["id"]], ranges) for item in found["regions"] if item["id"] in before]
    known = [line for line in lines if line["moved"] is not None]
    both = np.array([[line["rank"], line["against_rank"]] for line in known], dtype=float).reshape(-1, 2)
    correlation = float(reliability.correlations(both)[0][0, 1]) if len(both) else float("nan")
    return {
        "definition": other["definition"],
        "regions": sorted(lines, key=lambda line: (line["moved"] is None, -abs(line["moved"] or 0), line["id"])),
        "moved": sum(line["moved"] != 0 for line in known),
        "beyond": None if ranges is None else sum(bool(line["beyond"]) for line in known),
        "beyond_reason": NO_RANGE if ranges is None else None,
        "rank_correlation": None if np.isnan(correlation) else correlation,
    }


def _line(item: dict[str, Any], before: dict[str, Any], ranges: dict[str, Any] | None) -> dict[str, Any]:
    """How a region moved: up is above zero."""
    rank, earlier = item["rank"], before["rank"]
    between = None if ranges is None else ranges.get(item["id"])
    beyond = None
    if between is not None and between["lower"] is not None and rank is not None:
        beyond = not between["lower"] <= rank <= between["upper"]
    return {
        "id": item["id"],
        "name": item["name"],
        "rank": rank,
        "score": item["score"],
        "against_rank": earlier,
        "against_score": before["score"],
        "moved": None if rank is None or earlier is None else earlier - rank,
        "against_range_90": between or {"lower": None, "upper": None},
        "beyond": beyond,
    }
