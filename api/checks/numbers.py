"""Values, their limits and statuses: numbers at once where they are plain, one by one where they are not."""

from __future__ import annotations

import polars as pl

from api.checks import markers
from api.checks.faults import ERROR, WARNING, Fault
from api.checks.hints import Hints
from api.checks.names import indicator_of
from api.checks.texts import Meant, read_cell, too_exact
from api.checks.work import Work
from api.columns import STATUSES

_PLAIN = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_NAMES = {"value": "number", "lower": "low", "upper": "high"}
_ODD = {"_number": pl.Float64, "_status": pl.String, "_wrong": pl.Boolean}


def read_numbers(work: Work) -> None:
    """Add `number`, `low` and `high`, with what markers in the cells of values say (`marked`).

    `unread` and `limits_unread` say that a text is there which is refused. Needs `indicator_id` and `removed`.
    """
    no = pl.lit(value=False)
    work.figures = work.figures.with_columns(marked=pl.lit(None, dtype=pl.String), unread=no, limits_unread=no)
    for column, name in _NAMES.items():
        if work.has(column):
            _read(work, column, name)
        else:
            work.figures = work.figures.with_columns(pl.lit(None, dtype=pl.Float64).alias(name))


def read_statuses(work: Work) -> None:
    """Add `said`, the status: as given, else as a marker says, else normal or not available. Needs `number`."""
    work.figures = work.figures.with_columns(work.text("status"))
    hints = Hints()
    table: list[tuple[object, ...]] = []
    faults: list[tuple[tuple[object, ...], Fault]] = []
    for (text,) in work.distinct("status"):
        code, said = (None, []) if text is None else markers.status_of(text, hints)
        table.append((text, code))
        faults.extend(((text,), item) for item in said)
    work.join(table, ["status"], {"given": pl.String})
    kept = work.figures.filter(~pl.col("removed"))
    work.found.tell(kept, ["status"], faults, "status")
    has, given, marked = pl.col("number").is_not_null(), pl.col("given"), pl.col("marked")
    normal = pl.when(has).then(pl.lit("A")).otherwise(pl.lit("O"))
    own = pl.when((given == "A") & has).then(pl.coalesce(marked, given)).otherwise(pl.coalesce(given, marked, normal))
    work.figures = work.figures.with_columns(said=own)
    _missing(work)
    _contradicting(work)
    work.figures = work.figures.drop("given", "marked")


def _missing(work: Work) -> None:
    """Warn of values that are not there where nothing says why: not available, since a nought is never missing."""
    nothing = pl.col("status").is_null() & pl.col("marked").is_null() & pl.col("number").is_null()
    rows = work.figures.filter(nothing & ~pl.col("unread") & ~pl.col("removed"))
    told = f"The value is missing, and was read as status O ({STATUSES['O']}). Write the status, or the value."
    work.found.add(rows, "value", "value-missing", told, severity=WARNING)


def _contradicting(work: Work) -> None:
    """Tell statuses that say something else than the value."""
    missing, has = pl.col("said").is_in(markers.missing_codes()), pl.col("number").is_not_null()
    known = pl.col("status").is_null() | pl.col("given").is_not_null()
    rows = work.figures.filter((missing == has) & ~pl.col("unread") & ~pl.col("removed") & known)
    meaning = pl.col("said").replace_strict(dict(STATUSES), default="")
    there = pl.when(pl.col("number").is_null()).then(pl.lit("no")).otherwise(pl.lit("a"))
    told = pl.format(
        "The status {} says '{}', and there is {} value. Put one of the two right.", "said", meaning, there
    )
    work.found.add(rows, "status", "status-contradicts", told)


def _read(work: Work, column: str, name: str) -> None:
    text = pl.col(column)
    cast = text.cast(pl.Float64, strict=False)
    plain = text.str.contains(_PLAIN) & cast.is_finite()
    work.figures = work.figures.with_columns(pl.when(plain).then(cast).alias(name))
    kept = work.figures.filter(~pl.col("removed"))
    odd = kept.filter(text.is_not_null() & pl.col(name).is_null())
    _read_odd(work, odd, column, name)
    _too_exact(work, kept.filter(pl.col(name).is_not_null() & (text.str.len_bytes() > 15)), column)


def _read_odd(work: Work, odd: pl.DataFrame, column: str, name: str) -> None:
    """Read the distinct texts that are no plain numbers, each for its indicator."""
    keys = ["indicator_id", column]
    table: list[tuple[object, ...]] = []
    faults: list[tuple[tuple[object, ...], Fault]] = []
    for number, text in odd.select(keys).unique().sort(keys).iter_rows():
        of = indicator_of(work, number)
        counted = of is not None and of.measure == "count"
        cell = read_cell(text, Meant(column, None if of is None else of.unit, counted))
        wrong = any(item.severity == ERROR for item in cell.faults)
        table.append((number, text, cell.number, cell.status, wrong))
        faults.extend(((number, text), item) for item in cell.faults)
    if not table:
        return
    work.found.tell(odd, keys, faults, column)
    work.join(table, keys, _ODD)
    wrong_here = pl.col("_wrong").fill_null(value=False)
    flag = "unread" if column == "value" else "limits_unread"
    read = [pl.coalesce(name, "_number").alias(name), (pl.col(flag) | wrong_here).alias(flag)]
    if column == "value":
        read.append(pl.col("_status").alias("marked"))
    work.figures = work.figures.with_columns(read).drop(_ODD)


def _too_exact(work: Work, rows: pl.DataFrame, column: str) -> None:
    said = []
    for (text,) in rows.select(column).unique().sort(column).iter_rows():
        fault = too_exact(text, column)
        if fault is not None:
            said.append(((text,), fault))
    work.found.tell(rows, [column], said, column)
