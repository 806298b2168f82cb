"""Room for things that are kept because making them again costs more: bounded in bytes, the longest unused goes first.

What is kept says how large it is; whoever keeps it counts what stands around it, too, or the bound would be none.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Room(Generic[K, V]):
    """What is kept under keys. Safe to share among threads."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def held(self) -> int:
        """How many bytes are kept."""
        return self._bytes

    def get(self, keys: Sequence[K]) -> list[V | None]:
        """What is kept under each of some keys, None where there is nothing; all of it counts as used now."""
        found: list[V | None] = []
        with self._lock:  # once, for however many
            for key in keys:
                kept = self._kept.get(key)
                if kept is None:
                    found.append(None)
                else:
                    self._kept.move_to_end(key)
                    found.append(kept[0])
        return found

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a value of so many bytes, in place of what was kept under its key."""
        with self._lock:
            _, before = self._kept.pop(key, (None, 0))
            self._bytes += size - before
            self._kept[key] = value, size
            while self._bytes > self.most_bytes:
                _, (_, dropped) = self._kept.popitem(last=False)
                self._bytes -= dropped
