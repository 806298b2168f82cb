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
    if any(isinstance(value, int) and not -(2**63) <= value < 2**63 for value in values):
        raise ValueError(text)
    return tuple(values)
