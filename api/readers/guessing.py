"""Which kind of CSV a table is, by its heads."""

from __future__ import annotations

from collections.abc import Sequence

from api.readers.heads import folded


def of_heads(heads: Sequence[str]) -> str:
    """The name of the reader of a text table with these heads. Whether periods stand side by side is seen later."""
    exact = [head.strip().partition(":")[0] for head in heads]
    if exact[:1] in (["DATAFLOW"], ["STRUCTURE"]) or {"TIME_PERIOD", "OBS_VALUE"} <= set(exact):
        return "sdmx-csv"
    names = set(map(folded, heads))
    if "obs value" in names and names & {"geography code", "geography name", "geography"}:
        return "nomis-csv"
    limits = any(name.startswith(("lower confidence", "lci 95")) for name in names)
    if "areacd" in names or ("area code" in names and (limits or "observation status" in names)):
        return "ons-local-statistics"
    return "tidy-csv"
