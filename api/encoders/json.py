"""JSON: the whole answer, as `{"data", "meta", "links"}`; and NDJSON, a row a line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import orjson

from api.encoders.tidy import Form
from api.rows import Answer, Rows, Table, TidyRows, WrittenRows


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
    """The rows, or whatever the answer lists, as newline-delimited JSON, a page at a time."""
    if isinstance(answer.data, list):
        yield b"".join([orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE) for item in answer.data])
        return
    for page in answer.parts():
        yield _lines(page)


def _lines(page: Table | WrittenRows) -> bytes:
    if isinstance(page, TidyRows | WrittenRows):
        return LINES.text(page)
    return b"".join([orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in page.dicts()])


def _around(indicator: Any, region: Any) -> tuple[str, str]:
    place = f'"region":{_quoted(region.code)},"region_name":{_quoted(region.name)}'
    after = f'","unit":{_quoted(indicator.unit)},"published_region":{_quoted(region.published_code)}}}'
    return f'{{"indicator":{_quoted(indicator.slug)},{place},"period":"', after


def _around_with_end(indicator: Any, region: Any) -> tuple[str, str]:
    before, after = _around(indicator, region)
    return before, f"{after}\n"


@lru_cache(maxsize=4_096)
def _quoted(text: str) -> str:
    """A text as JSON. The same few are written over and over."""
    return orjson.dumps(text).decode()


_BETWEEN = '","value":', ',"status":"'
OBJECTS = Form(around=_around, between=_BETWEEN, missing="null", separator=",")
"""Observations in an array."""
LINES = Form(around=_around_with_end, between=_BETWEEN, missing="null")
"""Observations in lines."""
