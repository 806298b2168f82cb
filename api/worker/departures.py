"""Connections whose answer is written and not yet taken, or taken and not yet closed: they wait in the poller."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from functools import partial
from selectors import EVENT_READ, EVENT_WRITE
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.worker import Worker
    from api.worker.connection import Connection

LINGER_SECONDS = 2.0
"""How long the other side may take to close, so that it can read an answer it got while still sending."""
SLOW_RATE = 100_000
"""Bytes a second: who takes more is not let go of to make room for others."""
_READ = 1 << 16


class Departures:
    """Sends what is left of answers, and closes. All of it runs in the worker's own loop."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._sending: dict[Connection, Callable[[], None]] = {}
        """What is to be done when all is sent."""
        self._lingering: dict[Connection, float] = {}

    def send(self, conn: Connection, then: Callable[[], None]) -> None:
        """Go on with a connection once its caller has taken all of the answer."""
        if not conn.sock.left_over:
            then()
            return
        self._sending[conn] = then
        self._worker.poller.register(conn.sock, EVENT_WRITE, partial(self._send_more, conn))

    def linger(self, conn: Connection) -> None:
        """Say that nothing more will come, and close when the other side does."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            conn.close()
            return
        self._worker.nr_conns += 1
        self._lingering[conn] = time.monotonic() + LINGER_SECONDS
        self._worker.poller.register(conn.sock, EVENT_READ, partial(self._drain, conn))

    def look(self, now: float) -> None:
        """Let go of those that take too long."""
        for conn in [conn for conn in self._sending if conn.sock.too_slow(now)]:
            self._break_off(conn)
        for conn in [conn for conn, until in self._lingering.items() if until <= now]:
            self._forget(conn)

    def let_go_of_one(self) -> bool:
        """Make room: let go of one that only closes, or else of the slowest reader, if it is slow."""
        if self._lingering:
            self._forget(next(iter(self._lingering)))
            return True
        now = time.monotonic()
        slowest = min(self._sending, key=lambda conn: conn.sock.rate(now), default=None)
        if slowest is None or slowest.sock.rate(now) > SLOW_RATE:
            return False
        self._break_off(slowest)
        return True

    def _send_more(self, conn: Connection, _file: Any) -> None:
        try:
            more = conn.sock.send_left()
        except OSError:
            self._break_off(conn)
            return
        if not more:
            self._worker.poller.unregister(conn.sock)
            self._sending.pop(conn)()

    def _break_off(self, conn: Connection) -> None:
        del self._sending[conn]
        self._worker.poller.unregister(conn.sock)
        self._worker.drop(conn)
        if self._worker.metrics is not None:
            self._worker.metrics.made.broken_off.labels("slow").inc()

    def _drain(self, conn: Connection, _file: Any) -> None:
        if conn.sock.recv_now(_READ) == b"":
            self._forget(conn)

    def _forget(self, conn: Connection) -> None:
        del self._lingering[conn]
        self._worker.poller.unregister(conn.sock)
        self._worker.drop(conn)
