"""Parquet: the file's own account of rows and bytes is looked at first, then its columns are read as text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import polars.selectors as cs

from api.readers.content import too_many_bytes
from api.readers.delimited import check_size, tidied, too_many_rows
from api.readers.reading import Grid, ReadLimits, Unreadable
from api.readers.text import too_many_columns
from api.readers.thrift import Malformed, struct

_MAGIC, _TAIL = b"PAR1", 8
_MOST_OF_FOOTER = 50_000_000
_ROWS, _GROUPS, _GROUP_COLUMNS, _GROUP_BYTES, _META, _UNPACKED = 3, 4, 1, 2, 3, 6
"""Numbers of fields in the footer: rows and groups of a file; columns and bytes of a group; those of a column."""


def read_parquet(path: Path, limits: ReadLimits) -> Grid:
    """The rows, numbered from 1. Columns that hold lists, objects or bytes are left out.

    Unreadable where the file is damaged or cut off, or says that it has too many rows, columns or bytes.
    """
    rows, size = _account(path)
    if rows > limits.rows:
        raise too_many_rows(limits)
    if size > limits.unpacked_bytes:
        raise too_many_bytes("The Parquet file", limits)
    try:
        schema = pl.read_parquet_schema(path)
        if len(schema) > limits.columns:
            raise too_many_columns(len(schema), limits, 0)
        kept = [name for name, kind in schema.items() if not kind.is_nested() and kind not in {pl.Binary, pl.Object}]
        # The rows are bounded here as well, whatever the footer says.
        frame = pl.read_parquet(path, columns=kept, n_rows=limits.rows + 1)
    except (pl.exceptions.PolarsError, OSError):
        raise damaged() from None
    frame = _text(frame)
    heads = tuple(kept)
    frame = frame.rename({name: str(place) for place, name in enumerate(heads)}).with_row_index("row", offset=1)
    frame, _ = tidied(frame.cast({"row": pl.UInt32}), len(heads))
    check_size(frame, limits)
    return Grid(heads, frame, "parquet", "UTF-8")


def _text(frame: pl.DataFrame) -> pl.DataFrame:
    """All cells as text: numbers with the fewest digits, whole ones without a point, days as ISO days."""
    return frame.with_columns(
        cs.boolean().cast(pl.String).str.to_uppercase(),
        cs.float().fill_nan(None).cast(pl.String).str.replace(r"\.0$", ""),
        cs.datetime().dt.to_string("iso:strict").str.replace(r"T00:00:00(\.0+)?$", ""),
        (cs.all() - cs.boolean() - cs.float() - cs.datetime() - cs.string()).cast(pl.String),
    )


def _account(path: Path) -> tuple[int, int]:
    """The rows of a file and the bytes that its columns come to unpacked, as its footer says."""
    length = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, length - _TAIL))
        tail = file.read(_TAIL)
        footer = int.from_bytes(tail[:4], "little")
        if tail[4:] != _MAGIC or footer > min(length - _TAIL, _MOST_OF_FOOTER):
            raise damaged()
        file.seek(length - _TAIL - footer)
        text = file.read(footer)
    try:
        said = struct(text)
        groups = said.get(_GROUPS, [])
        return int(said[_ROWS]), sum(_bytes_of(group) for group in groups)
    except (Malformed, KeyError, TypeError, ValueError, AttributeError):
        raise damaged() from None


def _bytes_of(group: Mapping[int, Any]) -> int:
    told = sum(int(column.get(_META, {}).get(_UNPACKED, 0)) for column in group.get(_GROUP_COLUMNS, []))
    return max(told, int(group.get(_GROUP_BYTES, 0)), 0)


def damaged() -> Unreadable:
    """The refusal of Parquet that cannot be read."""
    return Unreadable(
        "parquet-damaged", "The Parquet file is damaged or was cut off. Write it anew, and send it whole."
    )
