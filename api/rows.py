"""What reads hand to encoders: rows, and the answer that carries them.

The boundary between queries and formats. An encoder sees columns and tuples and knows nothing of SQL or HTTP;
a query knows nothing of formats.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: the names of its columns and one tuple per row, in an order that is unique."""

    columns: tuple[str, ...]
    tuples: Sequence[tuple[Any, ...]]

    def dicts(self) -> list[dict[str, Any]]:
        """The rows as dictionaries."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.tuples]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question: `data`, what there is to know about it, and where to go from here.

    `next_cursor` is the key to go on from, or None on the last page.
    """

    data: Rows | dict[str, Any] | list[Any]
    meta: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str | None] = field(default_factory=dict)
    next_cursor: tuple[Any, ...] | None = None
