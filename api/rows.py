"""What reads hand to encoders: rows, and the answer that carries them.

The boundary between queries and formats. An encoder sees columns and tuples and knows nothing of SQL or HTTP;
a query knows nothing of formats.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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

    `next_cursor` is the key to go on from, or None on the last page. Where everything was asked for rather than a
    page, `rest` yields the rows after the first; it reads as it is consumed, once.
    """

    data: Rows | dict[str, Any] | list[Any]
    meta: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str | None] = field(default_factory=dict)
    next_cursor: tuple[Any, ...] | None = None
    rest: Iterable[Rows] | None = None
    indicators: Mapping[str, Any] = field(default_factory=dict)
    """The indicators that rows may speak of, by identifier: titles, units and decimals for formats that carry them."""

    def pages(self) -> Iterator[Rows]:
        """All rows, page by page."""
        if not isinstance(self.data, Rows):
            raise TypeError("only rows have pages")
        yield self.data
        yield from self.rest or ()
