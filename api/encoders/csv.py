"""CSV (RFC 4180): the rows alone, under one header line. What an answer says about itself goes into its headers."""

from __future__ import annotations

import csv
import io
from typing import Any

from api.rows import Answer, Rows

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def encode(answer: Answer) -> bytes:
    """The rows as UTF-8 CSV with CRLF line ends; a missing value is an empty cell."""
    if not isinstance(answer.data, Rows):
        raise TypeError("only rows can be written as CSV")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(answer.data.columns)
    writer.writerows([_safe(cell) for cell in row] for row in answer.data.tuples)
    return text.getvalue().encode()


def _safe(cell: Any) -> Any:
    """A cell that a spreadsheet will not run: text that looks like a formula is kept as text by an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
