"""CSV (RFC 4180): the rows alone, under one header line. What an answer says about itself goes into its headers."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from api.decimals import plain
from api.encoders.tidy import Form, SpanTexts
from api.rows import Answer, Table, TidyRows, WrittenRows
from api.spreadsheets import safe


def stream(answer: Answer) -> Iterator[bytes]:
    """The rows as UTF-8 CSV with CRLF line ends, a page at a time; a missing value is an empty cell."""
    for number, page in enumerate(answer.parts()):
        header = lines([page.names]) if number == 0 else b""
        yield header + _written(page)


def stream_marked(answer: Answer) -> Iterator[bytes]:
    """The same with a mark in front, without which Excel takes UTF-8 for the code page of its country."""
    yield codecs.BOM_UTF8
    yield from stream(answer)


def lines(rows: Iterable[Iterable[Any]]) -> bytes:
    """Some rows as lines."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


@lru_cache(maxsize=4_096)
def cell(text: str) -> str:
    """A text as it stands in a line, made safe and quoted where it must be. The same few are written over and over."""
    return lines([[safe(text)]]).decode().removesuffix("\r\n")


def _written(page: Table | WrittenRows) -> bytes:
    if isinstance(page, TidyRows | WrittenRows):
        return LINES.text(page)
    writers = [_WRITERS.get(column.kind, safe) for column in page.columns]
    return lines(
        [None if value is None else write(value) for write, value in zip(writers, row, strict=True)]
        for row in page.tuples
    )


_WRITERS: dict[str, Callable[[Any], Any]] = {
    "number": plain,
    "integer": int,
    "boolean": lambda value: "true" if value else "false",
}
"""How cells are written that are no text, by the kind of their column."""


def _around(indicator: Any, region: Any) -> tuple[str, str]:
    named = (indicator.slug, region.code, region.name, region.label, region.level)
    return "".join(f"{cell(text)}," for text in named), f",{cell(indicator.unit)},{cell(region.published_code)}\r\n"


LINES = Form(around=_around, between=(",", ","), missing="", spans=SpanTexts(",".join))
"""How observations are written."""
