"""JSON: the whole answer, as `{"data", "meta", "links"}`; and NDJSON, a row a line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import orjson

from api.encoders import tidy
from api.rows import Answer, Rows, Table, TidyRows

_BETWEEN = '","value":', ',"status":"'


def stream(answer: Answer) -> Iterator[bytes]:
    """The answer as UTF-8 JSON, keys in the order in which they were given."""
    if isinstance(answer.data, TidyRows):
        data = f"[{','.join(_observations(answer.data))}]".encode()
    else:
        data = orjson.dumps(answer.data.dicts() if isinstance(answer.data, Rows) else answer.data)
    yield b'{"data":%b,"meta":%b,"links":%b}' % (data, orjson.dumps(answer.meta), orjson.dumps(answer.links))


def stream_lines(answer: Answer) -> Iterator[bytes]:
    """The rows, or whatever the answer lists, as newline-delimited JSON, a page at a time."""
    if isinstance(answer.data, list):
        yield b"".join([orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE) for item in answer.data])
        return
    for page in answer.pages():
        yield _lines(page)


def _lines(page: Table) -> bytes:
    if isinstance(page, TidyRows):
        return "".join([f"{text}\n" for text in _observations(page)]).encode()
    return b"".join([orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in page.dicts()])


def _observations(page: TidyRows) -> list[str]:
    return tidy.written(page, _around, _BETWEEN, missing="null")


def _around(indicator: Any, region: Any) -> tuple[str, str]:
    place = f'"region":{_quoted(region.code)},"region_name":{_quoted(region.name)}'
    return f'{{"indicator":{_quoted(indicator.slug)},{place},"period":"', f'","unit":{_quoted(indicator.unit)}}}'


@lru_cache(maxsize=4_096)
def _quoted(text: str) -> str:
    """A text as JSON. The same few are written over and over."""
    return orjson.dumps(text).decode()
