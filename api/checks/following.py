"""Figures as they would stand after a file: those that stand, with those that the file adds or changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from api.catalogue import Indicator
from api.checks.work import Work

KEY = ["region_id", "start", "duration"]
"""What tells the figures of an indicator apart."""
_COLUMNS = [*KEY, "number", "said"]


def following(work: Work, wanted: Callable[[Indicator], bool]) -> Iterator[tuple[Indicator, pl.DataFrame]]:
    """Each wanted indicator that the file changes, with all figures that it would have: `KEY`, `number`, `said`, `at`.

    `at` is null where the figure stands already, also where the file says it again: that was looked at when it was
    published. Values that are told as of another
    size are left out. One indicator at a time, since what is worked out of a figure takes more room than the figure.
    """
    for indicator, own in each_indicator(work):
        if not wanted(indicator):
            continue
        standing = _standing(work, indicator)
        read = own.filter(pl.all_horizontal(pl.col(*KEY, "number").is_not_null()) & ~pl.col("removed"))
        read = read.filter(~pl.col("scaled")).select("at", *_COLUMNS).unique(KEY, keep="first", maintain_order=True)
        read = read.join(standing, on=[*KEY, "number"], how="anti", maintain_order="left")
        if read.height:
            removed = own.filter(pl.col("removed")).select(KEY)
            kept = standing.join(pl.concat([read.select(KEY), removed]), on=KEY, how="anti")
            yield indicator, pl.concat([kept, read.select(*_COLUMNS, "at")], how="diagonal")


def each_indicator(work: Work) -> Iterator[tuple[Indicator, pl.DataFrame]]:
    """Each indicator of the file with its rows."""
    for number in work.figures["indicator_id"].drop_nulls().unique().sort():
        yield work.catalogue.indicators[number], work.figures.filter(pl.col("indicator_id") == number)


def _standing(work: Work, indicator: Indicator) -> pl.DataFrame:
    """The figures of an indicator that stand and have a value, by the names that those of the file have."""
    own = work.standing.filter((pl.col("indicator_id") == indicator.id) & pl.col("value").is_not_null())
    return own.select("region_id", start="period_start", duration="period_duration", number="value", said="status")
