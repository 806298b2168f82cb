"""Rows that take a figure out, and figures that a file has twice."""

from __future__ import annotations

import polars as pl

from api.checks.faults import Fault, shown
from api.checks.following import KEY, each_indicator
from api.checks.work import Work

_CHANGES = {"added": False, "changed": False, "removed": True}


def read_changes(work: Work) -> None:
    """Add `removed`: whether a row takes a figure out."""
    if not work.has("change"):
        work.figures = work.figures.with_columns(removed=pl.lit(value=False))
        return
    table: list[tuple[object, ...]] = []
    said: list[tuple[tuple[object, ...], Fault]] = []
    for (text,) in work.distinct("change"):
        table.append((text, _CHANGES.get((text or "added").casefold(), False)))
        if text is not None and text.casefold() not in _CHANGES:
            told = f"The change {shown(text)} is none. Write 'removed' to take a figure out, else nothing."
            said.append(((text,), Fault("change-unknown", told)))
    work.join(table, ["change"], {"removed": pl.Boolean})
    work.found.tell(work.figures, ["change"], said, "change")


def check_removals(work: Work) -> None:
    """Tell removals of figures that do not stand. Needs `label`."""
    removed = work.figures.filter(pl.col("removed") & pl.all_horizontal(pl.col("region_id", "label").is_not_null()))
    standing = work.standing.select("indicator_id", "region_id", label="period")
    unknown = removed.join(standing, on=["indicator_id", "region_id", "label"], how="anti")
    told = "There is no figure of this indicator for {} in {} that could be removed. Leave the row out."
    work.found.add(unknown, "change", "value-removed-unknown", pl.format(told, "region", "label"))


def check_duplicates(work: Work) -> None:
    """Tell every figure that an earlier row has already."""
    for _, own in each_indicator(work):
        whole = own.filter(pl.all_horizontal(pl.col(KEY).is_not_null()))
        several = whole.group_by(KEY).agg(pl.len().alias("_times"), pl.col("at").min().alias("_first"))
        several = several.filter(pl.col("_times") > 1)
        again = whole.join(several, on=KEY).filter(pl.col("at") != pl.col("_first"))
        again = again.join(whole.select("at", _first_row="row"), left_on="_first", right_on="at")
        told = pl.format("This figure stands in row {} already. Leave one of them.", "_first_row")
        work.found.add(again, "row", "duplicate", told)
