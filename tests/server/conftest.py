"""Plain sockets: what a caller really says and hears, without a library that puts it right."""

from __future__ import annotations

import contextlib
import io
import socket
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest

from tests.conftest import LIMIT

SERIES = "/v1/series/gigabit-availability/E47000007"


def connect(address: str) -> socket.socket:
    """A connection to a server."""
    parts = urlsplit(address)
    assert parts.hostname is not None
    return socket.create_connection((parts.hostname, parts.port), timeout=LIMIT)


def request(path: str = SERIES, *, method: str = "GET", **headers: str) -> bytes:
    """A request as it is sent."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def answer(connection: socket.socket, *, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    """The next answer on a connection, and its body."""
    response = HTTPResponse(connection, method=method)
    with contextlib.closing(response):
        response.begin()
        return response, response.read()


class _Heard(io.BufferedReader):
    """What is heard on a connection. It outlasts each answer, for the next one may have been read along with it."""

    def makefile(self, _mode: str) -> _Heard:
        """As a socket gives to whoever reads an answer from it."""
        return self

    def close(self) -> None:
        """Go on."""


def answers(connection: socket.socket) -> Iterator[tuple[HTTPResponse, bytes]]:
    """The answers on a connection to requests that were sent ahead, one after another, until it is closed."""
    heard = _Heard(connection.makefile("rb", buffering=0))
    while heard.peek(1):
        response = HTTPResponse(heard)  # type: ignore[arg-type]
        response.begin()
        yield response, response.read()


def ask(address: str, said: bytes, *, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    """The answer to something said on a connection of its own."""
    with connect(address) as connection:
        connection.sendall(said)
        return answer(connection, method=method)


def still_open(connection: socket.socket) -> bool:
    """Whether the server has left a connection as it is: it said nothing more on it, and did not close it."""
    connection.setblocking(False)  # noqa: FBT003
    try:
        connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    finally:
        connection.settimeout(LIMIT)
    return False


@pytest.fixture
def hold() -> Iterator[Callable[[str, int, bytes], list[socket.socket]]]:
    """Opens connections to a server that say something, or nothing, and stay."""
    with contextlib.ExitStack() as held:

        def open_many(address: str, count: int, said: bytes) -> list[socket.socket]:
            opened = [held.enter_context(connect(address)) for _ in range(count)]
            for connection in opened:
                connection.sendall(said)
            return opened

        yield open_many
