"""What a check comes to: the rows that may be published, the faults, and the table to mend them in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from api.checks.faults import SEVERITIES
from api.checks.work import STANDING_SCHEMA
from api.spreadsheets import safe

ROWS_SCHEMA = {
    "row": pl.UInt32,
    **STANDING_SCHEMA,
    "bounds_kind": pl.String,
    "note": pl.String,
    "removed": pl.Boolean,
}
"""The columns of the rows that may be published, with the types of the database."""
_SAID = ("value", "status", "lower", "upper", "bounds_kind", "note")
"""What a figure says, and a row that takes one out does not."""
_PROBLEM = {
    "column": "problem_column",
    "severity": "problem_severity",
    "code": "problem",
    "message": "problem_message",
    "nearest": "problem_nearest",
}
_FORMULA = r"^[=+\-@\t\r]"
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
"""A number with a sign is no formula: an apostrophe before it would have to be taken away by hand."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The good rows, the faults, ordered by row and column, and counts of both."""

    rows: pl.DataFrame
    """Rows without an error, with the columns of `ROWS_SCHEMA`; a row that has only warnings is among them."""
    faults: pl.DataFrame
    """The columns of `FAULTS_SCHEMA`."""
    counts: dict[str, int]
    """`rows`, `good`, `errors`, `warnings`, and how many faults each code has."""
    places: pl.Series
    """The place in the checked frame, from 0, that each fault is of."""

    @property
    def publishable(self) -> bool:
        """Whether no row has an error."""
        return not self.counts["errors"]

    def table(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows with faults as they stood in the checked frame, a line for each fault, with what is wrong.

        The columns are those of `frame`, then problem_column, problem_severity, problem, problem_message and
        problem_nearest.
        """
        told = self.faults.select(pl.col(name).alias(new) for name, new in _PROBLEM.items())
        return pl.concat([frame[self.places], told], how="horizontal")

    def write_table(self, frame: pl.DataFrame, path: Path) -> None:
        """Write that table as CSV in UTF-8 with a byte order mark, so that Excel reads it as such.

        A cell that a spreadsheet would run as a formula is kept as text by an apostrophe; a number is left as it is.
        """
        table = self.table(frame)
        texts = [name for name, kind in table.schema.items() if kind == pl.String]
        table.with_columns(_safe(table[name]) for name in texts).write_csv(
            path, include_bom=True, line_terminator="\r\n", quote_style="necessary"
        )


def counted(faults: pl.DataFrame, rows: int, good: int) -> dict[str, int]:
    """How many rows, good rows, errors and warnings there are, and faults of each code."""
    by = dict(faults.group_by("severity").len().iter_rows())
    codes = dict(faults.group_by("code").len().sort("code").iter_rows())
    severities = {f"{name}s": by.get(name, 0) for name in SEVERITIES}
    return {"rows": rows, "good": good} | severities | codes


def publishable_rows(figures: pl.DataFrame, errors: pl.Series) -> pl.DataFrame:
    """The figures without an error, by the names of the database."""
    good = figures.filter(~pl.col("at").is_in(errors.implode()))
    note = pl.col("note") if "note" in figures.columns else pl.lit(None, dtype=pl.String)
    named = {"period": "label", "period_start": "start", "period_duration": "duration", "value": "number"}
    named |= {"status": "said", "lower": "low", "upper": "high", "bounds_kind": "kind"}
    own = {name: pl.col(named.get(name, name)) for name in ROWS_SCHEMA} | {"note": note}
    stays = ~pl.col("removed")
    own |= {name: pl.when(stays).then(own[name]) for name in _SAID}
    return good.select(own[name].cast(kind).alias(name) for name, kind in ROWS_SCHEMA.items())


def _safe(column: pl.Series) -> pl.Series:
    """A column whose cells a spreadsheet will not run. Python looks at distinct texts that may be formulas only."""
    suspect = column.str.contains(_FORMULA) & ~column.str.contains(_NUMBER)
    texts = column.filter(suspect).unique()
    return column.replace(texts, pl.Series([safe(text) for text in texts], dtype=pl.String)) if len(texts) else column
