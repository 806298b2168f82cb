"""Requests whose costly work finds no turn: they wait here without a thread, and are asked again."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from api.http.callers import gone
from api.http.turns import Turns

if TYPE_CHECKING:
    from api.worker import Worker
    from api.worker.connection import Connection

_MOST = 100
"""Requests that may wait here, beside those that wait in a thread."""
_AGAIN_SECONDS = 0.2
"""How often one of them is asked again."""


class Parked:
    """Those of one worker, the longest waiting first. All but `has_room_for` runs in the worker's own loop."""

    def __init__(self, worker: Worker, *, patience: float) -> None:
        self._worker, self._patience = worker, patience
        self._waiting: deque[Connection] = deque()
        self._asked = 0.0
        self.turns: Turns | None = None
        """What they wait for. None where the application has no such thing."""

    def __len__(self) -> int:
        return len(self._waiting)

    def arrived(self, conn: Connection) -> None:
        """Count the time that a request may wait from now on."""
        conn.asked_until = time.monotonic() + self._patience

    def has_room_for(self, conn: Connection) -> bool:
        """Whether a request may wait here, rather than be told that there is too much to do."""
        return time.monotonic() < conn.asked_until and len(self._waiting) < _MOST

    def add(self, conn: Connection) -> None:
        """Have a request wait."""
        self._waiting.append(conn)

    def ask_again(self) -> None:
        """Ask for what has been waited for longest, if it finds a turn by now, or has waited long enough."""
        now = time.monotonic()
        while self._waiting and now - self._asked >= _AGAIN_SECONDS:
            conn = self._waiting[0]
            if gone({"gunicorn.socket": conn.sock}):
                self._worker.arrivals.let_go_of(self._waiting.popleft())
                self._worker.drop(conn)
            elif self.turns is not None and not self.turns.room and now < conn.asked_until:
                return
            else:
                self._asked = now
                self._worker.queue(self._waiting.popleft())
