"""How many threads of a process may be at the database at once: never all of them.

A database that does not answer holds whoever asked it. With one thread kept back, what needs no database is answered
all the same: probes, the documentation, and what is kept.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 1.0
"""Seconds that a thread waits for another one to come back from the database."""


class FullError(Exception):
    """As many threads as may be are at the database, and none of them came back while this one waited."""


class Gate:
    """Lets so many threads in at once. A thread that is in already goes in again."""

    def __init__(self, most: int) -> None:
        self._most = max(1, most)
        self._inside = 0
        self._stuck = False
        """Whether somebody waited in vain, and nobody has come out since: others need not try."""
        self._changed = threading.Condition(threading.Lock())
        self._own = threading.local()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Be inside for as long as this lasts. Raises FullError."""
        depth = getattr(self._own, "depth", 0)
        if depth == 0:
            self._enter()
        self._own.depth = depth + 1
        try:
            yield
        finally:
            self._own.depth = depth
            if depth == 0:
                self._leave()

    def _enter(self) -> None:
        with self._changed:
            free = self._inside < self._most
            if not free and not self._stuck:
                free = self._changed.wait_for(lambda: self._inside < self._most, PATIENCE)
            if not free:
                self._stuck = True
                raise FullError
            self._inside += 1

    def _leave(self) -> None:
        with self._changed:
            self._inside -= 1
            self._stuck = False
            self._changed.notify()
