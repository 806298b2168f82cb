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
"""How long one that was asked again has to find its place before another is."""


class Parked:
    """Those of one worker, the longest waiting first. Its loop alone changes them; threads only look."""

    def __init__(self, worker: Worker, *, patience: float) -> None:
        self._worker, self._patience = worker, patience
        self._waiting: deque[Connection] = deque()
        self._asked = 0.0
        self._let_in = 0
        """How many had found a place when one of them was asked again."""
        self.turns: Turns | None = None
        """What they wait for. None where the application has no such thing."""

    def __len__(self) -> int:
        return len(self._waiting)

    def arrived(self, conn: Connection) -> None:
        """Count the time that a new request may wait from now on."""
        conn.has_been_parked = False
        conn.asked_until = time.monotonic() + self._patience

    def come_before(self, conn: Connection) -> bool:
        """Whether a request has to wait for its turn until others have had theirs."""
        return bool(self._waiting) and not conn.has_been_parked

    def has_room_for(self, conn: Connection) -> bool:
        """Whether a request may wait here, rather than be told that there is too much to do."""
        return time.monotonic() < conn.asked_until and len(self._waiting) < _MOST

    def add(self, conn: Connection) -> None:
        """Have a request wait: behind the others, or in the place that it had."""
        if conn.has_been_parked:
            self._waiting.appendleft(conn)
        else:
            conn.has_been_parked = True
            self._waiting.append(conn)

    def ask_again(self) -> None:
        """Ask for what has been waited for longest, if it finds a turn by now, or has waited long enough."""
        now = time.monotonic()
        let_in = self.turns.let_in if self.turns is not None else 0
        while self._waiting and (let_in != self._let_in or now - self._asked >= _AGAIN_SECONDS):
            conn = self._waiting[0]
            if gone({"gunicorn.socket": conn.sock}):
                self._worker.arrivals.let_go_of(self._waiting.popleft())
                self._worker.drop(conn)
            elif self.turns is not None and not self.turns.room and now < conn.asked_until:
                return
            else:
                self._asked, self._let_in = now, let_in
                self._worker.queue(self._waiting.popleft())
