"""The least that Flask can do: a view that has its bytes ready. What 304 and kept answers are compared with.

`/1000` answers a thousand bytes: a kept answer is compared with as many as it has itself. A 304, which has no body, is
compared with `SMALL` bytes, as short answers have.
"""

from __future__ import annotations

from functools import cache

from flask import Flask, Response

SMALL = 2_048

app = Flask(__name__)


@cache
def _constant(size: int) -> bytes:
    return b"x" * size


@app.get("/<int:size>")
def constant(size: int) -> Response:
    """So many bytes."""
    return Response(_constant(size), content_type="application/octet-stream")
