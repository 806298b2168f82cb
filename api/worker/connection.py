"""A connection between its requests: what gunicorn's own leaves to threads is left to the worker's loop."""

from __future__ import annotations

import io
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from gunicorn import http
from gunicorn.workers.gthread import TConn

from api.worker.incoming import Incoming
from api.worker.outgoing import CallerSocket

if TYPE_CHECKING:
    from api.worker import Worker


_PIECE = 1_024
"""Bytes that the parser is given at a time, where it does not ask for a long chunk: it copies with each chunk what it
has been given and not read, so that a body of short ones, given as one piece, would cost the square of its size."""
_USUAL = 8_192
"""Bytes that the parser asks for when it does not know how many will come."""


class Connection(TConn):  # type: ignore[misc]
    """A connection whose requests are read by the worker's own loop, and handed on in bytes."""

    def __init__(self, worker: Worker, caller: CallerSocket, address: Any, server: Any) -> None:
        super().__init__(worker.cfg, caller, address, server)
        self.parser: Any = None
        self.worker = worker
        self.data_ready = True
        self.incoming: Incoming = None  # type: ignore[assignment]  # set before anything is read
        self.registered = False
        self.counted = 0
        """Bytes of its request that are counted as held (`Arrivals`)."""
        self.noted = 0
        """Bytes of an upload that had come when its caller was last given its time anew."""
        self.said = b""
        """The request that is being answered, in bytes, and what came along with it."""
        self.ahead = b""
        """What came along with the last request and belongs to the next."""
        self._unread = memoryview(b"")
        """What of it the parser has not been given yet."""
        self.may_be_kept = False
        """Whether its answer may be in memory, and nobody has looked yet."""
        self.answered: Future[Any] = None  # type: ignore[assignment]  # set when a thread is asked for
        self.has_been_parked = False
        """Whether its costly work has found no turn before."""
        self.asked_until = 0.0
        """Until when it may be asked again, rather than told that there is too much to do."""
        self.arrived = 0.0
        """When its request was there in full (`time.perf_counter`)."""

    def take_request(self) -> None:
        """Take what has arrived as the request to answer."""
        self.said, self.incoming.data = self.incoming.request(), bytearray()
        self.sock.bodiless = self.said.startswith(b"HEAD ")

    def init(self) -> None:
        """Begin to read the request with gunicorn's parser, which reads what arrived and never from the socket."""
        if self.parser is None:
            self.parser = http.get_parser(self.cfg, self, self.client)
            self.initialized = True
        self._unread = memoryview(self.said)

    def begin_again(self) -> None:
        """Have the request read anew, as if nobody had looked at it."""
        self.parser, self.initialized = None, False

    def recv(self, size: int) -> bytes:
        """What comes next for the parser of what arrived."""
        piece = self._unread[: size if size > _USUAL else _PIECE]
        self._unread = self._unread[len(piece) :]
        return bytes(piece)

    def forget_body(self) -> None:
        """Have the parser pass over what nobody has read of a body that is in a file, which is gone."""
        if self.parser is not None and self.parser.mesg is not None:
            self.parser.mesg.body = io.BytesIO()

    def end_request(self) -> None:
        """Let go of the request, which is answered, but for what was sent ahead of the next."""
        self.ahead = (self.parser.unreader.take_buffered() if self.parser else b"") + bytes(self._unread)
        self.said, self._unread = b"", memoryview(b"")

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002  (gunicorn's signature)
        """Close at once, or as soon as the other side does."""
        if graceful:
            self.worker.departures.linger(self)
        else:
            super().close()
