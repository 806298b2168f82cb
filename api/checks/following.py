"""Figures as they would stand after a file: those that stand, with those that the file adds or changes."""

from __future__ import annotations

import polars as pl

from api.checks.work import Work

KEY = ["indicator_id", "region_id", "start", "duration"]
_COLUMNS = [*KEY, "number", "said"]


def read_figures(work: Work) -> pl.DataFrame:
    """The figures of the file that have a value, each once: `at`, `KEY`, `number`, `said`.

    What says what stands already is left out: that was looked at when it was published.
    """
    whole = pl.all_horizontal(pl.col(*KEY, "number").is_not_null()) & ~pl.col("removed")
    read = work.figures.filter(whole).select("at", *_COLUMNS).unique(KEY, keep="first", maintain_order=True)
    return read.join(_standing(work), on=[*KEY, "number"], how="anti", maintain_order="left")


def following(work: Work, read: pl.DataFrame) -> pl.DataFrame:
    """All figures with a value of the indicators that `read` has: `KEY`, `number`, `said`, `at` (null: it stands)."""
    standing = _standing(work).join(read.select("indicator_id").unique(), on="indicator_id", how="semi")
    removed = work.figures.filter(pl.col("removed")).select(KEY)
    kept = standing.join(pl.concat([read.select(KEY), removed]), on=KEY, how="anti")
    return pl.concat([kept, read.select(*_COLUMNS, "at")], how="diagonal")


def _standing(work: Work) -> pl.DataFrame:
    """The figures that stand and have a value, by the names that those of the file have."""
    return work.standing.filter(pl.col("value").is_not_null()).select(
        "indicator_id", "region_id", start="period_start", duration="period_duration", number="value", said="status"
    )
