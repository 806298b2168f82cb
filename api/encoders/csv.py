"""CSV (RFC 4180): the rows alone, under one header line. What an answer says about itself goes into its headers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from api.encoders.tidy import Form
from api.rows import Answer, Table, TidyRows, WrittenRows

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def stream(answer: Answer) -> Iterator[bytes]:
    """The rows as UTF-8 CSV with CRLF line ends, a page at a time; a missing value is an empty cell."""
    for number, page in enumerate(answer.parts()):
        header = lines([page.names]) if number == 0 else b""
        yield header + _written(page)


def lines(rows: Iterable[Iterable[Any]]) -> bytes:
    """Some rows as lines."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


@lru_cache(maxsize=4_096)
def cell(text: str) -> str:
    """A text as it stands in a line, made safe and quoted where it must be. The same few are written over and over."""
    return lines([[safe(text)]]).decode().removesuffix("\r\n")


def safe(value: Any) -> Any:
    """A cell that a spreadsheet will not run: text that looks like a formula is kept as text by an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _written(page: Table | WrittenRows) -> bytes:
    if isinstance(page, TidyRows | WrittenRows):
        return LINES.text(page)
    return lines([safe(value) for value in row] for row in page.tuples)


def _around(indicator: Any, region: Any) -> tuple[str, str]:
    after = f",{cell(indicator.unit)},{cell(region.published_code)}\r\n"
    return f"{cell(indicator.slug)},{cell(region.code)},{cell(region.name)},", after


LINES = Form(around=_around, between=(",", ","), missing="")
"""How observations are written."""
