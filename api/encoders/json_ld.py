"""JSON-LD: the data alone, which is a document of its own: what an envelope would say of it, it says itself."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from api.rows import Answer


def stream(answer: Answer) -> Iterator[bytes]:
    """The data as UTF-8 JSON, keys in the order in which they were given."""
    yield orjson.dumps(answer.data)
