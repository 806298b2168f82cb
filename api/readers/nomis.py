"""CSV of Nomis: a row for each measure of a date and geography; measures of confidence become limits of the value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

import polars as pl

from api.readers.dimensions import check_single, chosen, several
from api.readers.reading import Grid

_WANTED = {
    "region": ("GEOGRAPHY_CODE", "GEOGRAPHY_NAME"),
    "period": ("DATE_NAME", "DATE"),
    "value": ("OBS_VALUE",),
    "status": ("OBS_STATUS", "OBS_STATUS_NAME"),
}
_ENDINGS = ("_NAME", "_CODE", "_TYPE", "_TYPECODE", "_SORTORDER")
_NOT_DIMENSIONS = {"DATE", "GEOGRAPHY", "MEASURES", "OBS_VALUE", "OBS_STATUS", "OBS_CONF", "URN"}
_CONFIDENCE = {"20701", "21003"}
"""Measures that are half the width of a 95% interval, by number, where names are not in the file."""
_OF_EARNINGS = {"PAY", "ITEM"}
"""Dimensions of the survey of hours and earnings, whose confidence is a coefficient of variation and no interval."""


def from_nomis(grid: Grid, mapping: Mapping[str, str]) -> tuple[Grid, dict[str, str]]:
    """The table with a row for each value, limits in columns of their own, and which head is which column.

    Unreadable where another dimension, or the measure, has more than one value.
    """
    asked = chosen(grid.heads, _WANTED, mapping)
    check_single(grid, [name for name in _dimensions(grid.heads) if name not in asked.values()])
    heads = {head.upper(): head for head in grid.heads}
    name = heads.get("MEASURES_NAME", heads.get("MEASURES"))
    if name is None or name in mapping.values():
        return grid, asked
    return _by_measure(grid, asked, name)


def _dimensions(heads: tuple[str, ...]) -> list[str]:
    """A column of each dimension that is neither date nor geography nor measure: its names where it has them."""
    found: dict[str, str] = {}
    for head in heads:
        ending = next((item for item in _ENDINGS if head.upper().endswith(item)), "")
        base = head.upper().removesuffix(ending)
        if base and base not in _NOT_DIMENSIONS and not base.startswith("RECORD_") and ending in {"", "_NAME"}:
            found[base] = head if ending or base not in found else found[base]
    return list(found.values())


def _by_measure(grid: Grid, asked: dict[str, str], name: str) -> tuple[Grid, dict[str, str]]:
    cells = grid.cells(grid.heads.index(name))
    named = cells.drop_nulls().unique(maintain_order=True).to_list()
    sure = [item for item in named if item in _CONFIDENCE or "confidence" in item.casefold()]
    values = [item for item in named if item not in sure]
    if len(values) > 1:
        raise several(name, values, len(values), "measure")
    if not values or not sure:
        return grid, asked
    kept = grid.frame.filter(cells.is_null() | cells.is_in(values))
    if _OF_EARNINGS & {head.upper().removesuffix("_NAME") for head in grid.heads}:
        # Said as rows that were passed over, so that nobody takes them for read.
        return replace(grid, frame=kept, passed_over=grid.passed_over + grid.frame.height - kept.height), asked
    place = {
        column: str(grid.heads.index(asked[column]))
        for column in ("region", "period", "value")
        if asked.get(column) in grid.heads
    }
    if len(place) < 3 or {"lower", "upper"} & set(asked):
        return replace(grid, frame=kept), asked
    keys, value = [place["region"], place["period"]], place["value"]
    half = grid.frame.filter(cells.is_in(sure)).select(*keys, pl.col(value).alias("half")).unique(keys, keep="first")
    joined = kept.join(half, on=keys, how="left", maintain_order="left")
    limits = [_limits(*pair) for pair in joined.select(value, "half").iter_rows()]
    width = len(grid.heads)
    frame = joined.drop("half").with_columns(
        pl.Series(str(width), [lower for lower, _ in limits], pl.String),
        pl.Series(str(width + 1), [upper for _, upper in limits], pl.String),
    )
    heads = (*grid.heads, f"{sure[0]} (below)", f"{sure[0]} (above)")
    return replace(grid, heads=heads, frame=frame), asked | {"lower": heads[-2], "upper": heads[-1]}


def _limits(value: str | None, half: str | None) -> tuple[str | None, str | None]:
    """The value less and plus half the width of its interval, in decimal digits; nothing where either is no number."""
    try:
        middle, width = Decimal(value or ""), Decimal(half or "")
        if not (middle.is_finite() and width.is_finite()):
            return None, None
    except InvalidOperation:
        return None, None
    return f"{middle - width:f}", f"{middle + width:f}"
