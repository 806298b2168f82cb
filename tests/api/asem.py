"""The ASEM index as a body, and its published stages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

ASEM = json.loads((Path(__file__).parents[1] / "analysis" / "asem.json").read_text(encoding="utf-8"))
INDICATORS = [code for code, *_ in ASEM["indicators"]]
AGGREGATES = [code for code, *_ in ASEM["aggregates"]]


def body(**more: Any) -> dict[str, Any]:
    """The definition, with the choices that the index was published with, or others."""
    return {
        "indicators": [
            {"id": code, "parent": parent, "direction": direction, "weight": weight, "denominator": divisor}
            for code, parent, direction, weight, divisor in ASEM["indicators"]
        ],
        "aggregates": [{"id": code, "parent": parent, "weight": weight} for code, parent, weight in ASEM["aggregates"]],
        "data": {
            "regions": ASEM["regions"],
            "groups": ASEM["groups"],
            "values": {code: [row[place] for row in ASEM["values"]] for place, code in enumerate(INDICATORS)},
            "denominators": ASEM["denominators"],
        },
        "imputation": "group-mean",
        "treatment": "winsorise-then-log",
        **more,
    }


def stages() -> dict[str, Any]:
    """What each stage is published as, (regions, indicators)."""
    found = {"raw": np.array(ASEM["values"], dtype=float), "denominated": np.array(ASEM["denominated"], dtype=float)}
    before = found["denominated"]
    for name in ("imputed", "treated"):
        before = before.copy()
        for region, indicator, value in ASEM[name]:
            before[region, indicator] = value
        found[name] = before
    return found | {"normalised": np.array(ASEM["min_max"], dtype=float)}
