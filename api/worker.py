"""Gunicorn's threaded worker, with its threads kept for requests that have arrived.

Gunicorn's own gives each new connection a thread, which waits there for the first byte (five seconds) and then for the
rest of the request (for ever); and it closes connections in the one loop that accepts them, up to two seconds each
where the other side is slow to. A few dozen connections that say nothing, or ten that linger, then hold everybody up
(`make bench-workers` shows it). Here connections wait in the poller, for the head of their request and for their end,
which costs no thread.
"""

from __future__ import annotations

import errno
import socket
import struct
import time
from collections import deque
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_SECONDS = 10.0
"""How long a connection may take to say what it wants."""
LINGER_SECONDS = 2.0
"""How long the other side may take to close, so that it can read an answer it got while still sending."""
STALL_SECONDS = 10
"""How long a thread waits for a caller that neither takes nor gives a byte."""
_PEEKED = 16_384
"""A head longer than this is handed to a thread as it is: gunicorn refuses most of them."""
_END = b"\r\n\r\n"
_GONE = {errno.EAGAIN, errno.ECONNABORTED}


class Connection(TConn):  # type: ignore[misc]
    """A connection that leaves its closing to the worker where that may take time."""

    def __init__(self, worker: Worker, client: socket.socket, address: Any, listener: socket.socket) -> None:
        super().__init__(worker.cfg, client, address, listener.getsockname())
        self.worker = worker
        self.data_ready = True
        self.seen = 0
        """Bytes of an incomplete head that have been looked at."""

    def sent_ahead(self) -> bytes:
        """What was read along with the last request and belongs to the next."""
        return self.parser.unreader.buf.getvalue() if self.parser else b""

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002  (gunicorn's signature)
        """Close at once, or as soon as the other side does."""
        if graceful:
            self.worker.linger(self)
        else:
            super().close()


class Worker(ThreadWorker):  # type: ignore[misc]
    """The worker class of `api.server`. For TCP; it looks into a request only where that is not encrypted."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.lingering: deque[Connection] = deque()

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection, and wait for its request without a thread."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in _GONE:
                raise
            return
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            client.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", STALL_SECONDS, 0))
        self.nr_conns += 1
        self.enqueue_req(Connection(self, client, address, listener))

    def enqueue_req(self, conn: Connection) -> None:
        """Give a connection a thread, as soon as the head of its first or next request is there."""
        conn.seen = 0
        if self._head_arrived(conn):
            super().enqueue_req(conn)
            return
        conn.timeout = time.monotonic() + HEAD_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def on_pending_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Look again at a connection that waits."""
        if self._head_arrived(conn):
            self.poller.unregister(client)
            self.pending_conns.remove(conn)
            super().enqueue_req(conn)

    def linger(self, conn: Connection) -> None:
        """Say that nothing more will come, and close when the other side does. Called in the worker's own loop."""
        try:
            conn.sock.settimeout(0)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            conn.close()
            return
        self.nr_conns += 1
        conn.timeout = time.monotonic() + LINGER_SECONDS
        self.lingering.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self._drain, conn))

    def murder_pending(self) -> None:
        """Close what has waited too long, for its request or for its end."""
        super().murder_pending()
        while self.lingering and self.lingering[0].timeout <= time.monotonic():
            self._forget(self.lingering[0])

    def _drain(self, conn: Connection, client: socket.socket) -> None:
        try:
            more = client.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        if not more:
            self._forget(conn)

    def _forget(self, conn: Connection) -> None:
        self.lingering.remove(conn)
        self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def _head_arrived(self, conn: Connection) -> bool:
        ahead = conn.sent_ahead()
        if self.cfg.is_ssl or _END in ahead:
            return True
        try:
            peeked = conn.sock.recv(_PEEKED, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True
        # Readable without a further byte: the other side has closed, and nothing more will come.
        arrived = len(peeked) in {conn.seen, _PEEKED} or _END in ahead + peeked
        if not arrived or conn.seen:
            # Not readable again before there is more than has been looked at.
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1 if arrived else len(peeked) + 1)
        conn.seen = len(peeked)
        return arrived

    def _cap_keepalive(self, deadline: float) -> None:
        """Where the worker is told to stop, let go of connections that have said nothing, too."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)
