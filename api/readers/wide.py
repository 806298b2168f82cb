"""Tables with a line for each region and a column for each period, made long: a row for each region and period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from api.readers.heads import meant
from api.readers.periods import period_and_rest
from api.readers.reading import Grid, Unreadable, listed

_OF_A_PERIOD = {"value", "lower", "upper", "status", "note"}


@dataclass(frozen=True, slots=True)
class Group:
    """The columns of one period: where its value stands, and its limits, status and note if it has them."""

    period: str
    places: dict[str, int] = field(default_factory=dict)


def groups_of(heads: Sequence[str], places: Mapping[str, int]) -> list[Group]:
    """The periods that stand side by side, in their order, each with a column of values.

    A head is a period (`2019`, `Q1 2020`), or one with what stands there (`2020 value`, `lower 2020`). Unreadable where
    two columns are of the same.
    """
    found: dict[str, Group] = {}
    taken = {place for name, place in places.items() if name != "value"}
    for place, head in enumerate(heads):
        parts = period_and_rest(head) if head and place not in taken else None
        if parts is None:
            continue
        period, rest = parts
        said = (meant(rest) or ("", 0))[0] if rest else "value"
        if said not in _OF_A_PERIOD:
            continue
        group = found.setdefault(period.casefold(), Group(period))
        if said in group.places:
            raise Unreadable(
                "column-ambiguous",
                f"The {said} of {period} could stand under {listed([heads[group.places[said]], head])}. Leave one out.",
                column=said,
                near=(heads[group.places[said]], head),
            )
        group.places[said] = place
    return [group for group in found.values() if "value" in group.places]


def melted(grid: Grid, places: Mapping[str, int], groups: Sequence[Group]) -> pl.DataFrame:
    """The table with a row for each line and period; `cell` is the head that the value stood under."""
    beside = [pl.col(str(place)).alias(name) for name, place in places.items()]
    told = sorted({name for group in groups for name in group.places})
    parts = [
        grid.frame.select(
            "row",
            *beside,
            pl.lit(grid.heads[group.places["value"]]).alias("cell"),
            pl.lit(group.period).alias("period"),
            *(_column(group, name).alias(name) for name in told),
        )
        for group in groups
    ]
    return pl.concat(parts).sort("row", maintain_order=True)


def _column(group: Group, name: str) -> pl.Expr:
    return pl.col(str(group.places[name])) if name in group.places else pl.lit(None, pl.String)


def no_periods(grid: Grid) -> Unreadable:
    """The refusal of a table that was to have periods side by side."""
    return Unreadable(
        "periods-missing",
        "No head is a period, as the columns of a wide table have (2019, 2020/21, Q1 2020, Mar-21). Its heads are "
        f"{listed([head for head in grid.heads if head])}.",
        row=grid.head_row,
        column="period",
    )
