"""JSON: the whole answer, as `{"data", "meta", "links"}`; and NDJSON, a row a line."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from api.rows import Answer, Rows


def stream(answer: Answer) -> Iterator[bytes]:
    """The answer as UTF-8 JSON, keys in the order in which they were given."""
    data = answer.data.dicts() if isinstance(answer.data, Rows) else answer.data
    yield orjson.dumps({"data": data, "meta": answer.meta, "links": answer.links})


def stream_lines(answer: Answer) -> Iterator[bytes]:
    """The rows as newline-delimited JSON, a page at a time."""
    for page in answer.pages():
        yield b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in page.dicts())
