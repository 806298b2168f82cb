"""Receivers of messages about releases, as a partner would write one: each message is verified before it counts."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

from tests.conftest import LIMIT


class Receiving:
    """What a receiver got, and how it answers."""

    def __init__(self) -> None:
        self.secret = ""
        self.port = 0
        self.status = 204
        self.head: dict[str, str] = {}
        self.said: list[tuple[str, dict[str, Any]]] = []
        """Identifier and content of each message, in the order in which they came; those sent again too."""
        self.hosts: list[str] = []
        self.arrived = threading.Event()
        self.go = threading.Event()
        self.go.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/releases?of=uk"

    @property
    def releases(self) -> list[int]:
        """The releases that it heard of, each once by the identifier of its message."""
        return [said["data"]["release"] for said in dict(self.said).values()]


@contextmanager
def receiver(*, port: int = 0, encrypted: ssl.SSLContext | None = None) -> Iterator[Receiving]:
    """A receiver on the loopback while the context lasts."""
    receiving = Receiving()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = dict(self.headers.items())
            said = Webhook(receiving.secret).verify(body, headers) if receiving.secret else {}
            receiving.hosts.append(headers["Host"])
            receiving.said.append((headers["webhook-id"], said))
            receiving.arrived.set()
            assert receiving.go.wait(LIMIT)
            self.send_response(receiving.status)
            for name, text in receiving.head.items():
                self.send_header(name, text)
            self.end_headers()
            if receiving.status != 204:
                self.wfile.write(b"x" * 100_000)

        def log_message(self, *_: object) -> None: ...

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Who was killed hears no answer."""

    server = Server(("127.0.0.1", port), Handler)
    if encrypted is not None:
        server.socket = encrypted.wrap_socket(server.socket, server_side=True)
    receiving.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiving
    finally:
        receiving.go.set()
        server.shutdown()
        server.server_close()
        thread.join()
