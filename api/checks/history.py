"""Jumps: values that are far from their neighbours in time, by what is usual for the series."""

from __future__ import annotations

import polars as pl

from api.checks.faults import WARNING
from api.checks.following import KEY, following
from api.checks.work import Work

_TIMES = 6.0
"""How many times the usual yearly change makes a jump."""
_SHARE = 0.05
"""Which share of the neighbour's value a change must be at the least."""
_ENOUGH = 4
"""How many changes a series must have for their median to tell what is usual; below, that of the indicator does."""
_APART = ("B", "D")
"""Statuses of values that are not compared with what came before: those of a break, and of another definition."""
_SERIES = ["region_id", "duration"]


def check_jumps(work: Work) -> None:
    """Warn of values that changed more than is usual. Needs `scaled`.

    A value is compared with the two before it, the nearer of which counts: after one wrong value the next is right
    again. The first values of a series are compared with those after them.
    """
    jumps = [_jumps(figures) for _, figures in following(work, lambda item: item.over_time is not False)]
    if not jumps:
        return
    rows = work.figures.join(pl.concat(jumps), on="at")
    told = "The value is {} a year from {} beside it in time, {} times the usual change. Look whether it is right."
    times = pl.when(pl.col("_scale") > 0).then((pl.col("_change") / pl.col("_scale")).round(0).cast(pl.Int64))
    sizes = [pl.col(name).round_sig_figs(6).cast(pl.String).str.strip_suffix(".0") for name in ("_change", "_beside")]
    many = pl.format(told, *sizes, times)
    told = "The value is {} a year from {} beside it in time, where nothing ever changed. Look whether it is right."
    work.found.add(rows, "value", "jump", pl.coalesce(many, pl.format(told, *sizes)), severity=WARNING)


def _jumps(figures: pl.DataFrame) -> pl.DataFrame:
    """The rows of the file, by `at`, whose value jumps: the change, the value beside it, and the usual change."""
    ordered = _changes(figures)
    new = ordered.filter(pl.col("at").is_not_null() & ~pl.col("said").is_in(_APART) & pl.col("_change").is_not_null())
    new = new.join(_usual(ordered), on=_SERIES, how="left")
    beside = pl.col("_beside").abs()
    scale = pl.coalesce("_usual", pl.lit(_usual_share(ordered), dtype=pl.Float64) * beside)
    far = (pl.col("_change") > _TIMES * scale) & (pl.col("_change") > _SHARE * beside)
    return new.filter(far).select("at", "_beside", "_change", _scale=scale)


def _changes(figures: pl.DataFrame) -> pl.DataFrame:
    """Figures in order, with the yearly change to the nearer of their neighbours (`_change`), and its value."""
    ordered = figures.sort(*_SERIES, "start").with_columns(
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


def _usual_share(ordered: pl.DataFrame) -> float | None:
    """The median change of all series, as a share of the value before it: of what stands, else of the file."""
    of = ordered.filter(pl.col("_one_change").is_not_null() & (pl.col("_beside") != 0))
    stands = of.filter(pl.col("at").is_null())
    of = stands if stands.height else of
    share = (of["_one_change"] / of["_beside"].abs()).median()
    return share if isinstance(share, float) else None
