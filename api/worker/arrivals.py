"""Connections whose next request is coming in: they wait in the poller, within deadlines, until all of it is there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from selectors import EVENT_READ
from typing import TYPE_CHECKING, Any

from api.limits import Limits
from api.worker.incoming import Incoming
from api.worker.uploads import MOST_AT_ONCE, ROOM, FileBody

if TYPE_CHECKING:
    from api.worker import Worker
    from api.worker.connection import Connection

HEAD_SECONDS = 10.0
"""How long a connection may take to say what it wants."""
BODY_SECONDS = 60.0
"""How long it may take to send the body along."""
STOP_SECONDS = 10.0
"""How long the rest of a request may take to come to a worker that is told to stop."""
MOST_HEAD = 32_768
"""Bytes of a head. A longer one is refused with 431."""
MOST_HELD_BYTES = 64_000_000
"""Bytes of requests that a process holds: those that come in, wait or are answered. Where there are as many, one that
has a body is refused with 503."""
_READ = 1 << 16
_READS = 16
"""Times in a row that one connection is read from, before it is the turn of the others."""
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Arrivals:
    """Reads requests for a worker. All of it runs in the worker's own loop."""

    def __init__(self, worker: Worker, folder: Path) -> None:
        self._worker = worker
        self._until: dict[Connection, float] = {}
        """When each has waited long enough, the longest waiting first."""
        self._bytes = 0
        self._uploads: set[FileBody] = set()
        self.limits = Limits()
        """Those of the application, as soon as there is one."""
        self.folder = folder
        """Where files that are uploaded are put down."""

    def wait_for(self, conn: Connection) -> None:
        """Wait for the next request of a connection, of which some may have been sent ahead."""
        conn.incoming = Incoming(
            most_line=self.limits.max_request_line,
            most_head=MOST_HEAD,
            most_body=self.limits.max_body_bytes,
            file_for=self._file_for,
        )
        conn.noted = 0
        if conn.ahead:
            conn.incoming.add(conn.ahead)
            self._count(conn, len(conn.ahead))
            conn.ahead = b""
        self._until[conn] = time.monotonic() + HEAD_SECONDS
        self._read(conn)

    def look(self, now: float) -> None:
        """Let go of those that have waited too long."""
        for conn in [conn for conn, until in self._until.items() if until <= now]:
            if conn.incoming.data:
                self._refuse(conn, 408, "The request did not come to its end in time")
            else:
                self._drop(conn)

    def let_go_of_one(self) -> bool:
        """Make room: let go of the connection that has been longest without a whole request, if there is one."""
        if self._until:
            self._drop(next(iter(self._until)))
            return True
        return False

    def let_go_by(self, deadline: float) -> None:
        """Wait no longer than that for those that have said nothing, and not much longer for those that have begun."""
        begun = time.monotonic() + STOP_SECONDS
        for conn, until in self._until.items():
            self._until[conn] = min(until, begun if conn.incoming.data else deadline)

    @property
    def held_bytes(self) -> int:
        """Bytes of requests that have come, in part or whole, and are not answered yet."""
        return self._bytes

    def let_go_of(self, conn: Connection) -> None:
        """Let go of a request that is answered, or that nobody is going to answer."""
        upload = conn.incoming.upload
        if upload is not None:
            self._uploads.discard(upload)
            conn.forget_body()
            upload.close()
        conn.end_request()
        self._count(conn, -conn.counted)

    def _file_for(self, size: int | None) -> FileBody | None:
        """The file that an upload is written to; None where as many are written as may be."""
        if len(self._uploads) >= MOST_AT_ONCE:
            return None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            body = FileBody(str(self.folder), size=size, most=self.limits.max_upload_bytes)
        except OSError:
            return None
        self._uploads.add(body)
        return body

    def _count(self, conn: Connection, count: int) -> None:
        conn.counted += count
        self._bytes += count

    def _read(self, conn: Connection, _file: Any = None) -> None:
        """Take in what has come of a request."""
        incoming, had_head = conn.incoming, conn.incoming.head_arrived
        for piece in _pieces(conn):
            if not piece:
                self._ended(conn)
                return
            incoming.add(piece)
            if incoming.upload is None:
                self._count(conn, len(piece))
            elif incoming.upload.length - conn.noted >= ROOM:
                conn.noted = incoming.upload.length
                self._until[conn] = time.monotonic() + BODY_SECONDS
        if incoming.no_room:
            self._refuse(conn, 503, "Too many files are being sent at once")
        elif incoming.head_too_large:
            self._refuse(conn, 431, f"The head of a request has at most {MOST_HEAD:,} bytes")
        elif self._bytes > MOST_HELD_BYTES and conn.counted > MOST_HEAD:
            self._refuse(conn, 503, "Too many long requests are being sent at once")
        elif incoming.arrived:
            self._hand_on(conn)
        else:
            self._go_on_waiting(conn, for_body=incoming.head_arrived and not had_head)

    def _go_on_waiting(self, conn: Connection, *, for_body: bool) -> None:
        if for_body:
            self._until[conn] = time.monotonic() + BODY_SECONDS
            if conn.incoming.expects_continue:
                try:
                    conn.sock.sendall(_CONTINUE)
                except OSError:
                    self._drop(conn)
                    return
        if not conn.registered:
            self._worker.poller.register(conn.sock, EVENT_READ, partial(self._read, conn))
            conn.registered = True

    def _ended(self, conn: Connection) -> None:
        """The caller says no more, but may still wait for an answer to what it has said."""
        if conn.incoming.head_arrived:
            self._refuse(conn, 400, "The body ended before it was whole")
        else:
            self._drop(conn)

    def _hand_on(self, conn: Connection) -> None:
        self._end(conn)
        conn.take_request()
        self._worker.request_arrived(conn)

    def _drop(self, conn: Connection) -> None:
        self._end(conn)
        self.let_go_of(conn)
        self._worker.drop(conn)

    def _refuse(self, conn: Connection, status: int, why: str) -> None:
        """Answer a request that is not going to be read to its end."""
        self._end(conn)
        conn.take_request()
        self.let_go_of(conn)
        self._worker.refuse(conn, status, why)

    def _end(self, conn: Connection) -> None:
        del self._until[conn]
        if conn.registered:
            self._worker.poller.unregister(conn.sock)
            conn.registered = False


def _pieces(conn: Connection) -> Iterator[bytes]:
    """What can be read now of a request that has not arrived; b"" where the other side has ended."""
    for _ in range(_READS):
        if conn.incoming.arrived:
            return
        piece = conn.sock.recv_now(_READ)
        if piece is None:
            return
        yield piece
        if len(piece) < _READ:
            return
