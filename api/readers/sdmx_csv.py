"""SDMX-CSV 1.0 and 2.0: components by their identifiers, alone, or with names in the same cells or columns beside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from api.readers.dimensions import check_single, chosen
from api.readers.reading import Grid

_WANTED = {
    "indicator": ("INDICATOR",),
    "region": ("REF_AREA", "GEO", "GEOGRAPHY"),
    "period": ("TIME_PERIOD",),
    "value": ("OBS_VALUE",),
    "status": ("OBS_STATUS",),
    "note": ("COMMENT_OBS", "OBS_COMMENT"),
    "change": ("ACTION",),
}
_NO_DIMENSIONS = {"DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "FREQ"}
_CODED = ("indicator", "region", "period", "status", "change")
_DELETED = "D"


def from_sdmx(grid: Grid, mapping: Mapping[str, str]) -> tuple[Grid, dict[str, str]]:
    """The table with identifiers alone, and which head is which column. The action D makes a change `removed`.

    Unreadable where another dimension has more than one value.
    """
    labelled = any(": " in head for head in grid.heads)
    heads = tuple(head.partition(":")[0].strip() for head in grid.heads) if labelled else grid.heads
    grid = replace(grid, heads=heads)
    asked = chosen(
        heads, _WANTED, {name: head.partition(":")[0] if labelled else head for name, head in mapping.items()}
    )
    places = {name: str(heads.index(head)) for name, head in asked.items() if head in heads}
    columns = []
    if labelled:
        columns += [_code(places[name]) for name in _CODED if name in places and name != "change"]
    if "value" in places:
        value = pl.col(places["value"])
        # So is a missing value written, for which the standard has no empty cell.
        columns.append(pl.when(value.str.to_lowercase() != "nan").then(value).alias(places["value"]))
    if "change" in places and "change" not in mapping:
        deleted = pl.col(places["change"]).str.split(":").list.first().str.strip_chars() == _DELETED
        columns.append(pl.when(deleted).then(pl.lit("removed")).alias(places["change"]))
    grid = replace(grid, frame=grid.frame.with_columns(columns))
    if (
        "change" in places
        and "change" not in mapping
        and grid.frame.get_column(places["change"]).drop_nulls().is_empty()
    ):
        del asked["change"]
    check_single(grid, [head for head in _dimensions(heads) if head not in asked.values()])
    return grid, asked


def _code(place: str) -> pl.Expr:
    """What stands before the name in a cell such as `A: normal value`."""
    return pl.col(place).str.replace(r"(?s)^([^:\s]+): .*$", "$1").alias(place)


def _dimensions(heads: tuple[str, ...]) -> list[str]:
    """The dimensions besides those that are read: components before the value, which attributes follow."""
    upper = [head.upper() for head in heads]
    end = upper.index("OBS_VALUE") if "OBS_VALUE" in upper else len(heads)
    # Where names have columns of their own, these are no identifiers.
    form = r"[A-Z][A-Z0-9_]*" if "STRUCTURE_NAME" in upper else r"[A-Za-z]\w*"
    return [
        head
        for head, name in zip(heads[:end], upper, strict=False)
        if name not in _NO_DIMENSIONS and re.fullmatch(form, head)
    ]
