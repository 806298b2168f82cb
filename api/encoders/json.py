"""JSON: the whole answer, as `{"data", "meta", "links"}`."""

from __future__ import annotations

import orjson

from api.rows import Answer, Rows


def encode(answer: Answer) -> bytes:
    """The answer as UTF-8 JSON, keys in the order in which they were given."""
    data = answer.data.dicts() if isinstance(answer.data, Rows) else answer.data
    return orjson.dumps({"data": data, "meta": answer.meta, "links": answer.links})
