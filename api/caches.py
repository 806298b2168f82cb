"""What a process keeps in memory because making it again costs more: some caches, which share one budget of bytes.

| cache | what it holds | where it is used |
|---|---|---|
| `responses` | responses as they were sent | `http/response_cache` |
| `series` | series of observations as text, of which pages are put together | `answers/series_cache` |
| `groups` | comparison groups, and the ranks of their regions | `answers/group_cache` |
| `groups` | charts, without their look | `answers/charts/cached` |
| `groups` | what stands on the page of a method | `http/method` |

Where the budget is spent, the entry that has been unused longest is dropped, whichever cache it is of. What the keys
consist of stands in CONTRIBUTING, beside all else that is kept in memory.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from typing import Any, Generic, TypeVar

from cachetools import LRUCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

NAMES = ("responses", "series", "groups")
_PARTS = 8
"""No one entry may take more than one of so many parts of the budget: it would push out what others ask for."""


class Cache(Generic[K, V]):
    """One of the caches. Safe to share among threads."""

    def __init__(self, name: str, entries: _Entries, *, used: bool = True) -> None:
        """A cache that is not `used` keeps nothing."""
        self.name = name
        self.hits = 0
        """Keys that were looked up and found."""
        self.misses = 0
        self.largest = entries.maxsize // _PARTS if used else 0
        """Bytes that one entry may take; 0 where nothing is kept."""
        self._entries = entries

    @property
    def used(self) -> bool:
        """Whether anything is kept."""
        return self.largest > 0

    @property
    def held(self) -> int:
        """Bytes of what is kept."""
        return self._entries.held[self.name]

    def __len__(self) -> int:
        return self._entries.counts[self.name]

    def get(self, key: K) -> V | None:
        """The value under a key, None where there is none. It counts as used now."""
        return self.get_all((key,))[0]

    def get_all(self, keys: Sequence[K]) -> list[V | None]:
        """The value under each of some keys, None where there is none. All of them count as used now."""
        name = self.name
        with self._entries.lock:  # once, for however many
            found = self._entries.find([(name, key) for key in keys])
            missed = found.count(None)
            self.misses += missed
            self.hits += len(found) - missed
        return [None if entry is None else entry.value for entry in found]

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a value of so many bytes, what stands around it among them, in place of what was under its key.

        One that is too large is not kept, nor is what it would have taken the place of.
        """
        with self._entries.lock:
            if size <= self.largest:
                self._entries[self.name, key] = _Entry(value, size)
            else:
                self._entries.pop((self.name, key), None)


class Caches:
    """The caches of a process, under one budget."""

    def __init__(self, most_bytes: int, *, used: Collection[str] = NAMES) -> None:
        """`used` are the names of those that keep anything."""
        entries = _Entries(most_bytes)
        self.responses: Cache[Any, Any] = Cache("responses", entries, used="responses" in used)
        self.series: Cache[Any, Any] = Cache("series", entries, used="series" in used)
        self.groups: Cache[Any, Any] = Cache("groups", entries, used="groups" in used)

    def all(self) -> tuple[Cache[Any, Any], ...]:
        """Each of them."""
        return self.responses, self.series, self.groups


class _Entry:
    __slots__ = ("size", "used", "value")

    def __init__(self, value: Any, size: int) -> None:
        self.value, self.size = value, size
        self.used = 0
        """How many entries had been put in when it was looked up last."""


class _Entries(LRUCache[tuple[str, Hashable], _Entry]):
    """The entries of all caches, each under the name of its cache and its key."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(most_bytes, getsizeof=lambda entry: entry.size)
        self.lock = threading.Lock()
        self.held: Counter[str] = Counter()
        """Bytes of each cache."""
        self.counts: Counter[str] = Counter()
        """How many entries each cache has."""
        self._all: dict[tuple[str, Hashable], _Entry] = {}
        """The same entries, which are looked up hundreds at a time: a look-up in an LRU is four calls."""
        self._put = 0
        """How many entries have been put in so far."""

    def find(self, keys: Sequence[tuple[str, Hashable]]) -> list[_Entry | None]:
        """The entry under each of some keys, None where there is none.

        They count as used. What goes first is decided when an entry is put in, so that of several look-ups in between
        the first one tells.
        """
        found = list(map(self._all.get, keys))
        put = self._put
        for key in [key for key, entry in zip(keys, found, strict=True) if entry is not None and entry.used != put]:
            self[key].used = put
        return found

    def __setitem__(self, key: tuple[str, Hashable], entry: _Entry, **_: Any) -> None:
        self.pop(key, None)
        super().__setitem__(key, entry)
        self._all[key] = entry
        self._put += 1
        self.held[key[0]] += entry.size
        self.counts[key[0]] += 1

    def __delitem__(self, key: tuple[str, Hashable], **_: Any) -> None:
        self.held[key[0]] -= self[key].size
        self.counts[key[0]] -= 1
        del self._all[key]
        super().__delitem__(key)
