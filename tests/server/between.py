"""What stands between a service and its database: to be frozen or cut, as a network or a server may be."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import make_url


class Between:
    """Passes on what is said on a port of the loopback to a PostgreSQL server, and back, in a thread of its own.

    Frozen, it takes connections and everything that is said on them, and passes on nothing: so does a server that is
    stopped (SIGSTOP), whose system goes on acknowledging. Gone, it refuses connections and has closed those there were.
    """

    def __init__(self, url: str) -> None:
        self._address = make_url(url)
        self._target = f"{parse_qs(urlsplit(url).query)['host'][0]}/.s.PGSQL.5432"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._frozen = False
        self._left: int | None = None
        """Bytes that still come from the server before it is gone."""
        self._ended = False
        self._thread = threading.Thread(target=self._pass_on, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The address of the database, through here."""
        address = self._address.set(host="127.0.0.1", port=self.port, query={})
        return address.render_as_string(hide_password=False)

    def freeze(self) -> None:
        """Pass on nothing from now on."""
        self._frozen = True

    def thaw(self) -> None:
        """Pass on what was said meanwhile, and everything from now on."""
        self._frozen = False

    def cut(self, after: int = 0) -> None:
        """Be gone, once so many more bytes have come from the server."""
        self._left = after

    def mend(self) -> None:
        """Be there again."""
        self._left = None

    def close(self) -> None:
        """Be gone for good."""
        self._ended = True
        self._thread.join()
        self._close_all()
        self._listener.close()

    def _pass_on(self) -> None:
        while not self._ended:
            if self._left is not None and self._left <= 0:
                self._close_all()
            watched = [self._listener] if self._frozen else [self._listener, *self._pairs]
            for ready in select.select(watched, [], [], 0.02)[0]:
                with contextlib.suppress(OSError):
                    if ready is self._listener:
                        self._accept()
                    elif ready in self._pairs:
                        self._copy(ready)

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        if self._left is not None and self._left <= 0:
            client.close()
            return
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._target)
        self._pairs |= {client: server, server: client}

    def _copy(self, source: socket.socket) -> None:
        target = self._pairs[source]
        try:
            said = source.recv(1 << 16)
            target.sendall(said)
        except OSError:
            said = b""
        if self._left is not None and source.family == socket.AF_UNIX:
            self._left -= len(said)
        if not said:
            for end in (source, target):
                self._pairs.pop(end, None)
                end.close()

    def _close_all(self) -> None:
        while self._pairs:
            self._pairs.popitem()[0].close()
