"""The work of a check: the figures with what was read of them so far, and what they are held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from api.catalogue import Catalogue
from api.checks.faults import Found

STANDING_SCHEMA = {
    "indicator_id": pl.Int64,
    "region_id": pl.Int64,
    "period": pl.String,
    "period_start": pl.String,
    "period_duration": pl.String,
    "value": pl.Float64,
    "status": pl.String,
    "lower": pl.Float64,
    "upper": pl.Float64,
}
"""The columns of the figures that stand, with their types."""
COLUMNS = (
    "indicator", "region", "period", "value", "status", "lower", "upper", "bounds_kind", "note", "unit", "period_start",
    "period_duration", "change",
)  # fmt: skip
"""The columns that a table may have; all hold text."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What somebody may write: slugs of indicators and codes of regions. None: any."""

    indicators: frozenset[str] | None = None
    regions: frozenset[str] | None = None


@dataclass(slots=True, kw_only=True)
class Work:
    """The figures, a row for each, and what they are held against.

    `figures` begins with the columns of the file and `at`, the place in the frame from 0. Checks add what they read:
    `indicator_id`, `region_id`; `label`, `start`, `duration`, `end` of the period; `removed`; `number`, `low`, `high`,
    `said` (the status), `kind` (of limits). A column is null where its text could not be read.
    """

    figures: pl.DataFrame
    catalogue: Catalogue
    standing: pl.DataFrame
    allowed: Allowed
    today: date | None
    found: Found = field(default_factory=Found)

    def text(self, name: str) -> pl.Expr:
        """The text of a column; null in all rows where the file does not have it."""
        return pl.col(name) if name in self.figures.columns else pl.lit(None, dtype=pl.String).alias(name)

    def has(self, name: str) -> bool:
        """Whether the file has a column."""
        return name in self.figures.columns

    def distinct(self, *names: str) -> list[tuple[str | None, ...]]:
        """The distinct mixes of some columns, in a fixed order."""
        return self.figures.select(names).unique().sort(names).rows()

    def join(self, table: list[tuple[object, ...]], keys: list[str], columns: dict[str, type[pl.DataType]]) -> None:
        """Put what distinct values were read as beside them: `table` has the keys, then the new columns."""
        schema = {name: self.figures.schema[name] for name in keys} | columns
        read = pl.DataFrame(table, schema=schema, orient="row")
        self.figures = self.figures.join(read, on=keys, how="left", nulls_equal=True, maintain_order="left")
