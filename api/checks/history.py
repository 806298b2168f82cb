"""Jumps: values that are far from their neighbours in time, by what is usual for the series."""

from __future__ import annotations

import polars as pl

from api.checks.faults import WARNING
from api.checks.following import KEY, following, read_figures
from api.checks.work import Work

_TIMES = 6.0
"""How many times the usual yearly change makes a jump."""
_SHARE = 0.05
"""Which share of the neighbour's value a change must be at the least."""
_ENOUGH = 4
"""How many changes a series must have for their median to tell what is usual; below, that of the indicator does."""
_APART = ("B", "D")
"""Statuses of values that are not compared with what came before: those of a break, and of another definition."""
_SERIES = ["indicator_id", "region_id", "duration"]


def check_jumps(work: Work) -> None:
    """Warn of values that changed more than is usual. Needs `scaled`.

    A value is compared with the two before it, the nearer of which counts: after one wrong value the next is right
    again. The first values of a series are compared with those after them.
    """
    compared = [item.id for item in work.catalogue.indicators.values() if item.over_time is not False]
    read = read_figures(work).filter(pl.col("indicator_id").is_in(compared))
    if not read.height:
        return
    ordered = _changes(following(work, read))
    usual = _usual(ordered)
    new = ordered.filter(pl.col("at").is_not_null() & ~pl.col("said").is_in(_APART) & pl.col("_change").is_not_null())
    new = new.join(usual, on=_SERIES, how="left").join(_usual_share(ordered), on="indicator_id", how="left")
    scale = pl.coalesce("_usual", pl.col("_usual_share") * pl.col("_beside").abs())
    far = (pl.col("_change") > _TIMES * scale) & (pl.col("_change") > _SHARE * pl.col("_beside").abs())
    jumps = new.filter(far).select("at", "_beside", "_change", _scale=scale)
    scaled = pl.col("scaled") if "scaled" in work.figures.columns else pl.lit(value=False)
    rows = work.figures.filter(~scaled).join(jumps, on="at")
    told = "The value is {} a year from {} beside it in time, {} times the usual change. Look whether it is right."
    times = pl.when(pl.col("_scale") > 0).then((pl.col("_change") / pl.col("_scale")).round(0).cast(pl.Int64))
    sizes = [pl.col(name).round_sig_figs(6).cast(pl.String).str.strip_suffix(".0") for name in ("_change", "_beside")]
    many = pl.format(told, *sizes, times)
    none = pl.format(
        "The value is {} a year from {} beside it in time, where nothing ever changed. Look whether it is right.",
        *sizes,
    )
    work.found.add(rows, "value", "jump", pl.coalesce(many, none), severity=WARNING)


def _changes(figures: pl.DataFrame) -> pl.DataFrame:
    """Figures in order, with the yearly change to the nearer of their neighbours (`_change`), and its value."""
    ordered = figures.sort(*KEY[:2], "duration", "start").with_columns(
        pl.col("start").str.to_date(strict=False).to_physical().alias("_day"),
        _group=pl.struct(_SERIES).rle_id(),
    )
    shifts = {"_one": 1, "_two": 2, "_next": -1, "_after": -2}
    group = pl.col("_group")
    beside = [
        pl.when(group == group.shift(by)).then(pl.col(name).shift(by)).alias(f"{new}{name}")
        for new, by in shifts.items()
        for name in ("number", "_day")
    ]
    ordered = ordered.with_columns(beside)
    # One beyond the neighbour is held to the neighbour's distance: else a new level would count half.
    days = {"_one": "_one", "_two": "_one", "_next": "_next", "_after": "_next"}
    yearly = {new: _yearly(pl.col(f"{new}number"), pl.col(f"{days[new]}_day")) for new in shifts}
    ordered = ordered.with_columns(item.alias(f"{new}_change") for new, item in yearly.items())
    first, second = pl.col("_one_change"), pl.coalesce("_two_change", "_next_change")
    turned = pl.min_horizontal("_next_change", "_after_change")
    change = pl.when(first.is_null()).then(turned).otherwise(pl.min_horizontal(first, second))
    named = pl.coalesce("_onenumber", "_nextnumber")
    return ordered.select(*KEY, "number", "said", "at", "_one_change", _beside=named, _change=change)


def _yearly(value: pl.Expr, day: pl.Expr) -> pl.Expr:
    """The size of a change, for each year where it is of several."""
    years = pl.max_horizontal((pl.col("_day") - day).abs() / 365.25, 1.0)
    return (pl.col("number") - value).abs() / years


def _usual(ordered: pl.DataFrame) -> pl.DataFrame:
    """The median change of the series that have enough: of what stands, else of the file."""
    of = ordered.filter(pl.col("_one_change").is_not_null())
    stands = of.filter(pl.col("at").is_null())
    each = [
        some.group_by(_SERIES).agg(pl.col("_one_change").median().alias("_usual"), pl.len().alias("_n"))
        for some in (stands, of)
    ]
    enough = [some.filter((pl.col("_n") >= _ENOUGH) & (pl.col("_usual") > 0)).drop("_n") for some in each]
    return pl.concat([enough[0], enough[1].join(enough[0], on=_SERIES, how="anti")])


def _usual_share(ordered: pl.DataFrame) -> pl.DataFrame:
    """The median change of all series of an indicator, as a share of the value before it."""
    of = ordered.filter(pl.col("_one_change").is_not_null() & (pl.col("_beside") != 0))
    share = pl.col("_one_change") / pl.col("_beside").abs()
    return of.group_by("indicator_id").agg(share.median().alias("_usual_share"))
