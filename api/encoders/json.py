"""JSON: the whole answer, as `{"data", "meta", "links"}`; and NDJSON, a row a line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import orjson

from api.decimals import plain
from api.encoders.tidy import Form, SpanTexts
from api.rows import Answer, Rows, Table, TidyRows, WrittenRows
from api.spans import Span


def stream(answer: Answer) -> Iterator[bytes]:
    """The answer as UTF-8 JSON, keys in the order in which they were given."""
    if isinstance(answer.data, TidyRows | WrittenRows):
        yield b'{"data":['
        yield OBJECTS.text(answer.data)
        yield b"]"
    else:
        yield b'{"data":'
        yield orjson.dumps(answer.data.dicts() if isinstance(answer.data, Rows) else answer.data)
    yield b',"meta":%b,"links":%b}' % (orjson.dumps(answer.meta), orjson.dumps(answer.links))


def stream_lines(answer: Answer) -> Iterator[bytes]:
    """The rows of a table as newline-delimited JSON, a page at a time: numbers with a decimal point, as in CSV."""
    for page in answer.parts():
        yield _lines(page)


def _lines(page: Table | WrittenRows) -> bytes:
    if isinstance(page, TidyRows | WrittenRows):
        return LINES.text(page)
    names, numbers = page.names, [column.kind == "number" for column in page.columns]
    return b"".join(
        orjson.dumps(
            {
                name: orjson.Fragment(plain(cell)) if is_number and cell is not None else cell
                for name, cell, is_number in zip(names, row, numbers, strict=True)
            },
            option=orjson.OPT_APPEND_NEWLINE,
        )
        for row in page.tuples
    )


def _around(indicator: Any, region: Any) -> tuple[str, str]:
    place = f'"region":{_quoted(region.code)},"region_name":{_quoted(region.name)}'
    after = f'","unit":{_quoted(indicator.unit)},"published_region":{_quoted(region.published_code)}}}'
    return f'{{"indicator":{_quoted(indicator.slug)},{place},"period":"', after


def _around_line(indicator: Any, region: Any) -> tuple[str, str]:
    before, after = _around(indicator, region)
    more = f'"region_label":{_quoted(region.label)},"level":{_quoted(region.level)},"period":"'
    return f"{before.removesuffix(_PERIOD)}{more}", f"{after}\n"


@lru_cache(maxsize=4_096)
def _quoted(text: str) -> str:
    """A text as JSON. The same few are written over and over."""
    return orjson.dumps(text).decode()


def _in_full(span: Span) -> str:
    return f'{span.period}","period_start":"{span.start}","period_end":"{span.end}'


_PERIOD = '"period":"'
_BETWEEN = '","value":', ',"status":"'
OBJECTS = Form(around=_around, between=_BETWEEN, missing="null", separator=",")
"""Observations in an array."""
LINES = Form(around=_around_line, between=_BETWEEN, missing="null", spans=SpanTexts(_in_full))
"""Observations in lines."""
