"""Gunicorn's threaded worker, with its threads kept for requests that have arrived.

Gunicorn's own gives each new connection a thread, which waits there for the first byte (five seconds) and then for the
rest of the request (for ever); and it closes connections in the one loop that accepts them, up to two seconds each
where the other side is slow to. A few dozen connections that say nothing, or ten that linger, then hold everybody up
(`make bench` shows it). Here a connection waits in the poller until the head of its request is there, which costs no
thread, and is closed in the thread that answered it.
"""

from __future__ import annotations

import errno
import socket
import struct
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_SECONDS = 10.0
"""How long a connection may take to say what it wants."""
STALL_SECONDS = 20
"""How long a thread waits for a caller that neither takes nor gives a byte."""
_PEEKED = 16_384
"""A head longer than this is handed to a thread as it is: gunicorn refuses most of them."""
_GONE = {errno.EAGAIN, errno.ECONNABORTED}


class Connection(TConn):  # type: ignore[misc]
    """A connection that is closed once, whoever comes first."""

    closed = False
    seen = 0
    """Bytes of an incomplete head that have been looked at."""

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002  (gunicorn's signature)
        """Close the socket, at the first call."""
        if not self.closed:
            self.closed = True
            super().close(graceful)


class Worker(ThreadWorker):  # type: ignore[misc]
    """The worker class of `api.server`. For TCP; it looks into a request only where that is not encrypted."""

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
        self._await_head(Connection(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Wait for a further request on a connection that was kept, as for the first."""
        self.keepalived_conns.remove(conn)
        self.poller.unregister(client)
        self._await_head(conn)
        self.on_pending_socket_readable(conn, client)

    def on_pending_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """Give a connection a thread as soon as there is something to do for it."""
        if self._head_arrived(conn, client):
            super().on_pending_socket_readable(conn, client)

    def handle(self, conn: Connection) -> Any:
        """Answer a request; then close here, if at all, since this may take as long as the other side likes."""
        keep = super().handle(conn)
        if not keep:
            conn.close(graceful=True)
        return keep

    def _await_head(self, conn: Connection) -> None:
        conn.seen = 0
        conn.timeout = time.monotonic() + HEAD_SECONDS
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _head_arrived(self, conn: Connection, client: socket.socket) -> bool:
        if self.cfg.is_ssl:
            return True
        try:
            peeked = client.recv(_PEEKED, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        # Readable without a further byte: the other side has closed, and nothing more will come.
        arrived = len(peeked) in {conn.seen, _PEEKED} or b"\r\n\r\n" in peeked
        if not arrived or conn.seen:
            # Not readable again before there is more than has been looked at.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1 if arrived else len(peeked) + 1)
        conn.seen = len(peeked)
        return arrived

    def _cap_keepalive(self, deadline: float) -> None:
        """Where the worker is told to stop, let go of connections that have said nothing, too."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)
