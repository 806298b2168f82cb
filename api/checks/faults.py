"""Faults: what is wrong with a row, or was read otherwise than it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

ERROR, WARNING = SEVERITIES = ("error", "warning")
FAULTS_SCHEMA = {
    "row": pl.UInt32,
    "column": pl.String,
    "value": pl.String,
    "severity": pl.String,
    "code": pl.String,
    "message": pl.String,
    "nearest": pl.String,
}
"""The columns of a frame of faults, with their types."""
_SHOWN = 60
"""How many characters of a cell a message shows."""
_OF_CELLS = ("value", "period")
"""What a wide table holds in its cells and heads: a fault of these is placed at the head of the cell's column."""
_PLACED = {"at": pl.UInt32} | FAULTS_SCHEMA


@dataclass(frozen=True, slots=True)
class Fault:
    """What is said of a value: a stable code, a sentence that says what to do, the nearest right value, a severity."""

    code: str
    message: str
    nearest: str | None = None
    severity: str = ERROR
    column: str | None = None
    """The column that it is of, where it is another than the value's."""


def shown(text: str) -> str:
    """A text as a message shows it: quoted, and cut where it is long."""
    return repr(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}\u2026")


class Found:
    """What checks find, collected as frames and put in order once, at the end.

    A row is known by `at`, its place in the frame from 0: several figures of a wide table stand in one row.
    """

    def __init__(self) -> None:
        self._frames: list[pl.DataFrame] = []

    def add(
        self,
        rows: pl.DataFrame,
        column: str,
        code: str,
        message: str | pl.Expr,
        *,
        nearest: pl.Expr | None = None,
        severity: str = ERROR,
    ) -> None:
        """Tell each of some rows the same fault; `message` and `nearest` may be expressions over their columns."""
        if not rows.height:
            return
        said = pl.lit(message) if isinstance(message, str) else message
        near = pl.lit(None, dtype=pl.String) if nearest is None else nearest.cast(pl.String)
        one = {"severity": pl.lit(severity), "code": pl.lit(code), "message": said, "nearest": near}
        self._keep(rows, pl.lit(column), one, _text(rows, column))

    def tell(
        self, rows: pl.DataFrame, keys: Sequence[str], said: Iterable[tuple[tuple[Any, ...], Fault]], column: str
    ) -> None:
        """Tell faults of distinct values to all rows that have them; `keys` are the columns that values stand in."""
        table = [
            (*key, item.column or column, item.severity, item.code, item.message, item.nearest) for key, item in said
        ]
        if not table:
            return
        names = ("_column", "_severity", "_code", "_message", "_nearest")
        schema = {name: rows.schema[name] for name in keys} | dict.fromkeys(names, pl.String)
        faults = pl.DataFrame(table, schema=schema, orient="row")
        told = rows.join(faults, on=list(keys), how="inner", nulls_equal=True)
        one = {name[1:]: pl.col(name) for name in names[1:]}
        columns = {name for (name,) in faults.select("_column").unique().iter_rows()}
        value = pl.coalesce(
            *(pl.when(pl.col("_column") == name).then(_text(rows, name)) for name in sorted(columns)), pl.lit(None)
        )
        self._keep(told, pl.col("_column"), one, value)

    def errors(self) -> pl.Series:
        """The places in the frame that have an error, each once."""
        frames = [item.filter(pl.col("severity") == ERROR).select("at") for item in self._frames]
        return pl.concat([pl.DataFrame(schema={"at": pl.UInt32}), *frames])["at"].unique()

    def frame(self) -> pl.DataFrame:
        """All faults, ordered by row, then column, with the place in the frame that each is of (`at`)."""
        empty = pl.DataFrame(schema=_PLACED)
        return pl.concat([empty, *self._frames]).sort("row", "at", "column", "code", maintain_order=True)

    def _keep(self, rows: pl.DataFrame, column: pl.Expr, one: dict[str, pl.Expr], value: pl.Expr) -> None:
        if "cell" in rows.columns:
            column = pl.when(column.is_in(_OF_CELLS)).then(pl.coalesce("cell", column)).otherwise(column)
        made = rows.select("at", "row", column=column, value=value, **one)
        self._frames.append(made.select(pl.col(name).cast(kind) for name, kind in _PLACED.items()))


def _text(rows: pl.DataFrame, column: str) -> pl.Expr:
    """What stood in a column of the file; nothing where the file does not have it."""
    return pl.col(column) if column in rows.columns else pl.lit(None, dtype=pl.String)
