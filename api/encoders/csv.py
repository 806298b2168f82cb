"""CSV (RFC 4180): the rows alone, under one header line. What an answer says about itself goes into its headers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from api.rows import Answer

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def stream(answer: Answer) -> Iterator[bytes]:
    """The rows as UTF-8 CSV with CRLF line ends, a page at a time; a missing value is an empty cell."""
    for number, page in enumerate(answer.pages()):
        header = [page.columns] if number == 0 else []
        yield lines([*header, *([safe(cell) for cell in row] for row in page.tuples)])


def lines(rows: Iterable[Iterable[Any]]) -> bytes:
    """Some rows as lines."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def safe(cell: Any) -> Any:
    """A cell that a spreadsheet will not run: text that looks like a formula is kept as text by an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
