"""Cursors: where a page ended, as an opaque text. They hold the key of the last item, never an offset."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

Key = tuple[str | int, ...]


def encode(key: Key) -> str:
    """The text of a key."""
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def decode(text: str, *, like: tuple[type, ...]) -> Key:
    """The key of a text, which must hold values of the types in `like`. ValueError for anything else."""
    try:
        values: Any = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise ValueError(text) from error
    if not isinstance(values, list) or [type(value) for value in values] != list(like):
        raise ValueError(text)
    if not all(_storable(value) for value in values):
        raise ValueError(text)
    return tuple(values)


def _storable(value: str | int) -> bool:
    """Whether a database can take the value: it knows no larger numbers, and no NUL and no half characters."""
    return value.isprintable() if isinstance(value, str) else -(2**63) <= value < 2**63
