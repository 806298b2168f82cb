"""Values of another size than their unit says: fractions for percentages, shares beyond 100, small counts of people."""

from __future__ import annotations

import polars as pl

from api.catalogue import Indicator
from api.checks.faults import WARNING
from api.checks.work import Work

_OF_PEOPLE = {
    "people", "persons", "residents", "adults", "children", "pupils", "students", "learners", "apprentices", "trainees",
    "employees", "claimants", "households", "aims", "starts", "achievements", "enrolments",
}  # fmt: skip
_APART = 25.0
"""How many times the middle of what stands is that of fractions for it: 100, or up to four times less."""
_ENOUGH = 5
"""How many figures must stand for them to show that a unit is one of fractions."""


def check_scale(work: Work) -> None:
    """Tell values of another size than their unit says; add `scaled`, of those that are errors. Needs `number`."""
    used = work.figures.filter(pl.col("number").is_not_null() & ~pl.col("removed"))
    indicators = [work.catalogue.indicators[number] for number in used["indicator_id"].drop_nulls().unique().sort()]
    scaled = [_fractions(work, used, item) for item in indicators]
    wrong = pl.concat([pl.Series("at", dtype=pl.UInt32), *scaled])
    used = used.filter(~pl.col("at").is_in(wrong.implode()))
    outside = _beyond(work, used, indicators)
    _counts(work, used, indicators)
    wrong = pl.concat([wrong, outside])
    work.figures = work.figures.with_columns(scaled=pl.col("at").is_in(wrong.implode()))


def _beyond(work: Work, used: pl.DataFrame, indicators: list[Indicator]) -> pl.Series:
    """Tell shares beyond 0 to 100, unless such figures stand; the places of those told."""
    shares = [item.id for item in indicators if is_share(item) and not _exceeds(work, item)]
    outside = used.filter(pl.col("indicator_id").is_in(shares) & ~pl.col("number").is_between(0, 100))
    told = "A share of a hundred lies between 0 and 100, and this value does not. Look whether it is of another unit."
    work.found.add(outside, "value", "out-of-range", told)
    return outside["at"]


def _counts(work: Work, used: pl.DataFrame, indicators: list[Indicator]) -> None:
    """Warn of negative counts, and of small counts of people."""
    counts = [item for item in indicators if item.measure == "count"]
    negative = used.filter(pl.col("indicator_id").is_in([item.id for item in counts]) & (pl.col("number") < 0))
    told = "A count is negative. Look whether it is a change, or a marker of a missing value, and put it right."
    work.found.add(negative, "value", "out-of-range", told, severity=WARNING)
    people = [item.id for item in counts if _OF_PEOPLE & set(item.unit.casefold().split())]
    small = used.filter(pl.col("indicator_id").is_in(people) & pl.col("number").is_between(1, 4))
    told = "So small a count may tell of single people. Look whether it may be published; if not, leave it empty and "
    work.found.add(small, "value", "small-count", told + "write Q into the status.", severity=WARNING)


def is_share(indicator: Indicator) -> bool:
    """Whether values are shares of something, in per cent; a change in per cent may be negative."""
    return indicator.unit.startswith("% of") or indicator.unit == "%"


def _fractions(work: Work, used: pl.DataFrame, indicator: Indicator) -> pl.Series:
    """Tell an indicator whose values are all fractions for percentages, or the reverse; the places of those told."""
    nothing = pl.Series("at", dtype=pl.UInt32)
    rows = used.filter(pl.col("indicator_id") == indicator.id)
    stands = work.standing.filter((pl.col("indicator_id") == indicator.id) & pl.col("value").is_not_null())
    same = stands.join(rows.select("region_id").unique(), on="region_id", how="semi")
    latest = (same if same.height else stands).sort("period_start").group_by("region_id").agg(pl.last("value"))
    middle, usual, largest = _middle(rows["number"]), _middle(latest["value"]), rows["number"].abs().max()
    if middle is None or not isinstance(largest, float):
        return nothing
    if is_share(indicator) and largest <= 1:
        return _for_percent(work, rows, same, middle, usual)
    fractions = stands.height >= _ENOUGH and stands["value"].is_between(0, 1).all()
    if (
        indicator.measure == "rate"
        and not is_share(indicator)
        and fractions
        and usual
        and middle > max(1.0, usual * _APART)
    ):
        told = "Every figure of this indicator that stands is a fraction from 0 to 1, and those of the file are "
        return _scaled(work, rows, "percent-for-fraction", told + "percentages. Divide them by 100.", 0.01)
    return nothing


def _for_percent(work: Work, rows: pl.DataFrame, same: pl.DataFrame, middle: float, usual: float | None) -> pl.Series:
    """Tell values of a share that are all 1 at the most: errors where what stands is of another size.

    Where figures of the same places (`same`) are as small, they may be right, and there is a warning alone.
    """
    small = same["value"].is_between(0, 1, closed="right").any()
    if usual is None or (usual > middle * _APART and small):
        told = "Every value of this indicator is 1 or less, and it is in per cent. Where they are fractions, "
        work.found.add(rows.head(1), "value", "fraction-for-percent", told + "multiply them by 100.", severity=WARNING)
    elif usual > middle * _APART:
        told = "Every value of this indicator is 1 or less, and those that stand are of per cent. Multiply values and "
        return _scaled(work, rows, "fraction-for-percent", told + "limits by 100.", 100.0)
    return pl.Series("at", dtype=pl.UInt32)


def _scaled(work: Work, rows: pl.DataFrame, code: str, told: str, factor: float) -> pl.Series:
    """Tell rows that their values are to be multiplied by a factor; a nought is the same in both."""
    wrong = rows.filter(pl.col("number") != 0)
    near = (pl.col("number") * factor).round_sig_figs(12).cast(pl.String).str.strip_suffix(".0")
    work.found.add(wrong, "value", code, told, nearest=near)
    return wrong["at"]


def _middle(values: pl.Series) -> float | None:
    """The median of the sizes of values that are not nought; None where there are none."""
    found = values.filter(values != 0).abs().median()
    return found if isinstance(found, float) else None


def _exceeds(work: Work, indicator: Indicator) -> bool:
    """Whether figures that stand lie beyond 0 to 100, so that the unit is no limit."""
    own = work.standing.filter(pl.col("indicator_id") == indicator.id)["value"].drop_nulls()
    return not own.is_between(0, 100).all()
