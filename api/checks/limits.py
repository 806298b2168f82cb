"""The lower and upper limits of values, and what they are."""

from __future__ import annotations

import polars as pl

from api.checks.faults import WARNING, Fault, shown
from api.checks.hints import Hints
from api.checks.work import Work
from api.columns import BOUND_KINDS

_DEFAULT = BOUND_KINDS[0]
_SAMPLING = {"95% confidence interval", "95% confidence limits", "95% ci", "ci95", "confidence interval", "95%"}


def read_limits(work: Work) -> None:
    """Add `kind`, of the limits. Needs `number`, `low`, `high` and what of them was refused."""
    low, high, value = pl.col("low"), pl.col("high"), pl.col("number")
    both, neither = low.is_not_null() & high.is_not_null(), low.is_null() & high.is_null()
    work.figures = work.figures.with_columns(_kind(work, both=both, neither=neither).alias("kind"))
    rows = work.figures.filter(~pl.col("removed") & ~pl.col("limits_unread"))
    told = "The limits lower and upper go together, and one of them is missing. Write both, or neither."
    work.found.add(rows.filter(~both & ~neither), "lower", "limits-incomplete", told)
    alone = rows.filter(neither & value.is_not_null() & work.text("bounds_kind").is_not_null())
    told = "The bounds_kind says what lower and upper are, and both are missing. Write all three, or none."
    work.found.add(alone, "bounds_kind", "limits-incomplete", told)
    middle = pl.coalesce(value, low)
    outside = rows.filter(both & ~((low <= middle) & (middle <= high)) & ~pl.col("unread"))
    said = pl.format("The value does not lie between lower ({}) and upper ({}). Put one of the three right.", low, high)
    turned = "The limit lower ({}) is greater than upper ({}). Put the two the other way round."
    said = pl.when(low > high).then(pl.format(turned, low, high)).otherwise(said)
    work.found.add(outside, "value", "limits-outside", said)


def _kind(work: Work, *, both: pl.Expr, neither: pl.Expr) -> pl.Expr:
    """The kind of limits as given; that of sampling error, with one warning for the file, where it is not given."""
    given = _given(work) if work.has("bounds_kind") else pl.lit(None, dtype=pl.String)
    assumed = work.figures.filter(both & work.text("bounds_kind").is_null() & ~pl.col("removed")).head(1)
    told = f"No bounds_kind says what lower and upper are: they were read as {_DEFAULT}, a 95 % confidence interval of "
    told += f"sampling error, here and in every other row. Write a column bounds_kind, of {' or '.join(BOUND_KINDS)}."
    near = pl.lit(_DEFAULT)
    work.found.add(assumed, "bounds_kind", "bounds-kind-assumed", told, nearest=near, severity=WARNING)
    default = pl.when(work.text("bounds_kind").is_null()).then(pl.lit(_DEFAULT))
    return pl.when(both).then(pl.coalesce(given, default)).when(neither).then(None)


def _given(work: Work) -> pl.Expr:
    """The kinds that are written, looked up; an error of those that there are not."""
    read: dict[str, str] = {}
    hints = Hints()
    said: list[tuple[tuple[object, ...], Fault]] = []
    for (text,) in work.distinct("bounds_kind"):
        if text is None:
            continue
        if text.casefold() in BOUND_KINDS:
            read[text] = text.casefold()
            continue
        words = " ".join(text.casefold().split())
        near = _DEFAULT if words in _SAMPLING else hints.nearest(text, BOUND_KINDS)
        told = f"The bounds_kind {shown(text)} is none of {', '.join(BOUND_KINDS)}. Write one of these."
        said.append(((text,), Fault("bounds-kind-unknown", told, near)))
    work.found.tell(work.figures.filter(~pl.col("removed")), ["bounds_kind"], said, "bounds_kind")
    return pl.col("bounds_kind").replace_strict(read, default=None, return_dtype=pl.String)
