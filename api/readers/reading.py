"""What readers give and refuse: a table of text with what was understood of it, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

COLUMNS = (
    "indicator",
    "region",
    "period",
    "value",
    "status",
    "lower",
    "upper",
    "bounds_kind",
    "note",
    "unit",
    "period_start",
    "period_duration",
    "change",
)
"""The columns that a reading may have besides `row` and `cell`, in their order; all of text."""
NEEDED = ("region", "period", "value")
"""The columns that every reading has."""
FAULTS = {
    "row": pl.UInt32,
    "column": pl.String,
    "value": pl.String,
    "code": pl.String,
    "message": pl.String,
    "nearest": pl.String,
}
"""The columns of `Reading.faults`."""
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Reader:
    """A kind of file that is read: its name, a title, and a sentence of what it reads."""

    name: str
    title: str
    description: str


_ALL = (
    Reader(
        "tidy-csv",
        "Tidy CSV",
        "One figure a line under a head, separated by commas, semicolons, tabs or bars; titles above are passed over.",
    ),
    Reader(
        "ons-local-statistics",
        "ONS Explore Local Statistics",
        "CSV or XLSX as ONS's Explore Local Statistics has it: area codes, periods, values, and their 95% limits.",
    ),
    Reader(
        "nomis-csv",
        "Nomis CSV",
        "CSV of a Nomis data set with one value of each dimension but date and geography; confidence becomes limits.",
    ),
    Reader("sdmx-csv", "SDMX-CSV", "SDMX-CSV 1.0 or 2.0, with identifiers alone, or with names beside or behind them."),
    Reader("json-stat", "JSON-stat 2.0", "A JSON-stat 2.0 dataset whose dimensions are geography, time and metric."),
    Reader("parquet", "Parquet", "A Parquet file of one figure a row."),
    Reader("xlsx", "Tidy workbook", "A sheet of an XLSX workbook, one figure a row under a head."),
    Reader("wide", "Wide table", "CSV or XLSX with a line for each region and a column for each period."),
)
READERS = {item.name: item for item in _ALL}
"""Every reader, by its name."""


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much is read: rows, bytes after unpacking, columns, characters of a cell, members of a workbook."""

    rows: int = 1_000_000
    unpacked_bytes: int = 500_000_000
    columns: int = 1_000
    cell: int = 32_767
    members: int = 1_000


class Unreadable(ValueError):  # noqa: N818  (named as what it says)
    """A file that cannot be read as a whole: a stable `code`, and a `message` that says what is wrong and what to do.

    `row` is the line, `column` the head, where they are known; `near` are the heads or names that may be meant.
    """

    def __init__(
        self, code: str, message: str, *, row: int | None = None, column: str | None = None, near: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.row, self.column, self.near = code, message, row, column, near


def no_faults() -> pl.DataFrame:
    """The faults of a file that has none."""
    return pl.DataFrame(schema=FAULTS)


@dataclass(frozen=True)
class Reading:
    """A file as it was read.

    `frame` has `row` (UInt32, the line, row or number of the observation), for wide tables `cell` (the head that the
    value stood under), and those of `COLUMNS` that the file has, as text, null where a cell is empty. `columns` says
    which head was understood as which column, `unused` which were not needed. `faults` are of single lines, which are
    left out of `frame`. `passed_over` counts footnotes below the table, and rows that
    are no figures (the coefficients of variation of Nomis).
    """

    frame: pl.DataFrame
    reader: str
    columns: dict[str, str]
    unused: tuple[str, ...]
    rows: int
    sheet: str | None
    encoding: str
    faults: pl.DataFrame = field(default_factory=no_faults)
    passed_over: int = 0


@dataclass(frozen=True)
class Grid:
    """A table before its columns are understood: heads, and cells as text in columns named "0", "1", ... beside `row`.

    `reader` is what it was read by; `wide` and others may be found in it.
    """

    heads: tuple[str, ...]
    frame: pl.DataFrame
    reader: str
    encoding: str
    sheet: str | None = None
    faults: pl.DataFrame = field(default_factory=no_faults)
    passed_over: int = 0
    head_row: int | None = None

    def cells(self, place: int) -> pl.Series:
        """The cells of a column, by its place from 0."""
        return self.frame.get_column(str(place))


def shown(text: str | None) -> str:
    """A text of the client as it may stand in a message: printable, and no more than 100 characters."""
    kept = "".join(letter if letter.isprintable() else " " for letter in (text or "")[: _SHOWN * 2])
    return kept if len(kept) <= _SHOWN else f"{kept[: _SHOWN - 1]}…"


def listed(names: tuple[str, ...] | list[str], most: int = 8) -> str:
    """Some names in quotes, and how many more there are."""
    told = ", ".join(repr(shown(name)) for name in names[:most])
    return told if len(names) <= most else f"{told} and {len(names) - most} more"
