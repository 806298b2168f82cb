"""A connection between its requests: what gunicorn's own leaves to threads is left to the worker's loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gunicorn import http
from gunicorn.workers.gthread import TConn

from api.worker.incoming import Incoming
from api.worker.outgoing import CallerSocket

if TYPE_CHECKING:
    from api.worker import Worker


class Connection(TConn):  # type: ignore[misc]
    """A connection whose requests are read by the worker's own loop, and handed on in bytes."""

    def __init__(self, worker: Worker, caller: CallerSocket, address: Any, server: Any) -> None:
        super().__init__(worker.cfg, caller, address, server)
        self.parser: Any = None
        self.worker = worker
        self.data_ready = True
        self.incoming: Incoming = None  # type: ignore[assignment]  # set before anything is read
        self.registered = False
        self.said = b""
        """The request that is being answered, in bytes."""
        self.asked_until = 0.0
        """Until when it may be asked again, rather than told that there is too much to do."""
        self.arrived = 0.0
        """When its request was there in full (`time.perf_counter`)."""

    def init(self) -> None:
        """Give what arrived to gunicorn's parser, which never reads from the socket itself."""
        if self.parser is None:
            self.parser = http.get_parser(self.cfg, self, self.client)
            self.initialized = True
        self.said = bytes(self.incoming.data)
        self.parser.unreader.unread(self.said)
        self.incoming.data = bytearray()

    def begin_again(self) -> None:
        """Have the request read anew, as if nobody had looked at it."""
        self.parser, self.initialized = None, False
        self.incoming.data = bytearray(self.said)

    def recv(self, _size: int) -> bytes:
        """What the parser finds behind what arrived: nothing."""
        return b""

    def sent_ahead(self) -> bytes:
        """What was read along with the last request and belongs to the next."""
        return self.parser.unreader.take_buffered() if self.parser else b""

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002  (gunicorn's signature)
        """Close at once, or as soon as the other side does."""
        if graceful:
            self.worker.departures.linger(self)
        else:
            super().close()
