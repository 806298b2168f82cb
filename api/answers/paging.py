"""Pages of lists that are held in memory: a unique order, and the key to go on from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TypeVar

from api import cursors
from api.answers.reading import Reading, read_cursor
from api.filters import Page

_T = TypeVar("_T")


def page(
    items: Sequence[_T],
    *,
    reading: Reading,
    asked: Page,
    key: Callable[[_T], cursors.Key],
    like: tuple[type, ...],
    ordered: bool = False,
) -> tuple[list[_T], cursors.Key | None, int]:
    """One page of items sorted by `key`, the key of its last item where more follow, and how many the cursor leaves.

    `ordered`: they come sorted.
    """
    items = items if ordered else sorted(items, key=key)
    after = read_cursor(asked.cursor, like=like)
    start = 0 if after is None else bisect_right(items, after, key=key)
    everything = reading.whole and asked.cursor is None
    limit = asked.limit or (len(items) or 1 if everything else getattr(reading.settings.limits, asked.default_limit))
    if reading.sample is not None:
        limit = min(limit, reading.sample)
    shown = list(items[start : start + limit])
    more = start + limit < len(items)
    return shown, key(shown[-1]) if more else None, len(items) - start
