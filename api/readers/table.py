"""From a table of text to a reading: columns are understood, constants put in, and wide tables made long."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from api.readers.delimited import too_many_rows
from api.readers.heads import check_column, missing, understand
from api.readers.reading import COLUMNS, NEEDED, Grid, Reading, ReadLimits, Unreadable, shown
from api.readers.wide import Group, groups_of, melted, no_periods

_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def settle(
    grid: Grid,
    *,
    mapping: Mapping[str, str],
    constants: Mapping[str, str],
    limits: ReadLimits,
    synonyms: bool = True,
    wide: bool | None = None,
) -> Reading:
    """The reading of a table. `wide`: whether its periods stand side by side; None: where it has no column of them.

    Unreadable where a column that is needed is not found, may be two, or is said both by the file and a constant.
    """
    for name in constants:
        check_column(name, "constants")
    places = understand(grid.heads, mapping, synonyms=synonyms, constants=constants)
    _forget_doubtful(grid, places, mapping)
    _forget_empty(grid, places, constants)
    groups = groups_of(grid.heads, places) if _may_be_wide(places, constants, wide=wide) else []
    if wide and not groups:
        raise no_periods(grid)
    if groups:
        _check_groups(groups, constants)
        beside = {name for group in groups for name in group.places}
        places = {name: place for name, place in places.items() if name in set(_BESIDE_PERIODS) - beside}
    _check_needed(grid, places, constants, side_by_side=bool(groups))
    if grid.frame.height * max(1, len(groups)) > limits.rows:
        raise too_many_rows(limits)
    long = melted(grid, places, groups) if groups else _picked(grid, places)
    return _reading(grid, places, groups, long, constants)


def _reading(
    grid: Grid, places: Mapping[str, int], groups: list[Group], long: pl.DataFrame, constants: Mapping[str, str]
) -> Reading:
    long = long.with_columns(pl.lit(value, pl.String).alias(name) for name, value in constants.items())
    used = set(places.values()) | {place for group in groups for place in group.places.values()}
    order = [name for name in ("row", "cell", *COLUMNS) if name in long.columns]
    return Reading(
        frame=long.select(order),
        reader="wide" if groups else grid.reader,
        columns={name: grid.heads[place] for name, place in places.items()} | _of_groups(grid, groups),
        unused=tuple(head for place, head in enumerate(grid.heads) if place not in used and head),
        rows=long.height,
        sheet=grid.sheet,
        encoding=grid.encoding,
        faults=grid.faults,
        passed_over=grid.passed_over,
    )


_BESIDE_PERIODS = ("indicator", "region", "unit", "note", "bounds_kind", "change")
"""What a wide table says once for all periods of a line."""


def _may_be_wide(places: Mapping[str, int], constants: Mapping[str, str], *, wide: bool | None) -> bool:
    if wide is not None:
        return wide
    return "period" not in places and "period" not in constants and "value" not in places


def _of_groups(grid: Grid, groups: list[Group]) -> dict[str, str]:
    """What the columns of periods were understood as: the first and the last head."""
    if not groups:
        return {}
    heads = [grid.heads[group.places["value"]] for group in groups]
    told = heads[0] if len(heads) == 1 else f"{heads[0]} … {heads[-1]}"
    return {"period": told, "value": told}


def _check_groups(groups: list[Group], constants: Mapping[str, str]) -> None:
    """A constant for what stands beside the periods of a wide table contradicts that."""
    for name in sorted(({name for group in groups for name in group.places} | {"period"}) & set(constants)):
        raise Unreadable(
            "constant-contradicts",
            f"The column {name} is said twice: by the constant {shown(constants[name])!r} and beside the periods of "
            "the table. Leave the constant out.",
            column=name,
        )


def _forget_doubtful(grid: Grid, places: dict[str, int], mapping: Mapping[str, str]) -> None:
    """A column "Change" is more often one of numbers than of what was removed; an "Indicator" of ONS has its names."""
    if "change" in places and "change" not in mapping and grid.cells(places["change"]).str.contains(r"\d").any():
        del places["change"]
    if grid.reader == "ons-local-statistics" and "indicator" in places and "indicator" not in mapping:
        named = grid.cells(places["indicator"]).drop_nulls()
        if named.n_unique() > 1 and not named.str.contains(_SLUG).all():
            raise Unreadable(
                "indicators-several",
                f"The file has {named.n_unique()} indicators under {shown(grid.heads[places['indicator']])!r}, by "
                "names that are not ours. Send each in a file of its own and say which it is, or write ours.",
                column="indicator",
            )
        if not named.str.contains(_SLUG).all():
            del places["indicator"]


def _forget_empty(grid: Grid, places: dict[str, int], constants: Mapping[str, str]) -> None:
    """A constant stands for a column that is empty; one that is not is a contradiction."""
    for name in set(constants) & set(places):
        head, cells = grid.heads[places[name]], grid.cells(places[name])
        if cells.null_count() < cells.len():
            row = int(grid.frame.filter(cells.is_not_null()).get_column("row")[0])
            raise Unreadable(
                "constant-contradicts",
                f"The column {name} is said twice: by the constant {shown(constants[name])!r} and by the file, under "
                f"{shown(head)!r} (row {row}: {shown(cells.drop_nulls()[0])!r}). Leave one of the two out.",
                row=row,
                column=name,
            )
        del places[name]


def _check_needed(grid: Grid, places: Mapping[str, int], constants: Mapping[str, str], *, side_by_side: bool) -> None:
    for name in NEEDED[:1] if side_by_side else NEEDED:
        if name not in places and name not in constants:
            raise missing(name, grid.heads, grid.head_row)


def _picked(grid: Grid, places: Mapping[str, int]) -> pl.DataFrame:
    return grid.frame.select("row", *(pl.col(str(place)).alias(name) for name, place in places.items()))
