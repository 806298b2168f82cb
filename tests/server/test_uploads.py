"""Files that are uploaded to the real server: to disk as they come, whole or not at all, holding nobody up."""

from __future__ import annotations

import hashlib
import http.client
import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.database import Database
from api.limits import Limits
from api.services import keys
from tests.conftest import running_server, wait_until

LINES = b"region,period,value\n" + b"E08000027,2025,1\n" * 200_000
"""Longer than what a worker reads at once, many times."""


class Caller:
    """A holder of a key, on a connection that is kept."""

    def __init__(self, address: str, key: str) -> None:
        self.connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=120)
        self.headers = {"Authorization": f"Bearer {key}"}

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON of the answer to a request; a body that is an iterator is sent in chunks."""
        self.connection.request(method, path, body=body, headers=self.headers | headers)
        answer = self.connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None

    def draft(self) -> str:
        """A new draft."""
        status, told = self.ask(
            "POST", "/v1/drafts", json.dumps({"reason": "A"}), **{"Content-Type": "application/json"}
        )
        assert status == 201, told
        return str(told["data"]["id"])


@pytest.fixture(scope="module")
def server(sqlite_seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path]]:
    """The address of a server, a key, and its folder of drafts."""
    folder = tmp_path_factory.mktemp("uploads")
    shutil.copy(sqlite_seeded, folder / "own.sqlite3")
    database = Database(f"sqlite:///{folder / 'own.sqlite3'}")
    with database.begin() as connection:
        _, key = keys.create(connection, owner="A partner", scopes=["upload"])
    database.engine.dispose()
    with running_server(f"sqlite:///{folder / 'own.sqlite3'}", log=folder / "log") as address:
        yield address, key, folder / "drafts"


@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "in chunks"])
def test_files_are_kept_as_they_were_sent_on_a_connection_that_is_kept(server, *, chunked: bool) -> None:
    address, key, drafts = server
    with Caller(address, key) as caller:
        draft = caller.draft()
        for number in range(3):
            sent = LINES + b"%d\n" % number
            body = iter([sent[:100], sent[100:70_000], sent[70_000:]]) if chunked else sent
            status, told = caller.ask("POST", f"/v1/drafts/{draft}/uploads", body, **{"Content-Type": "text/csv"})
            assert status == 202, told
            digest = hashlib.sha256(sent).hexdigest()
            assert (told["data"]["bytes"], told["data"]["sha256"]) == (len(sent), digest)
            assert (drafts / "files" / digest[:2] / digest).read_bytes() == sent
            assert caller.ask("GET", f"/v1/drafts/{draft}")[0] == 200
    assert not list((drafts / "coming").iterdir())


def test_a_body_of_a_put_is_waited_for(server) -> None:
    address, key, _ = server
    with Caller(address, key) as caller:
        body = iter([b'{"name": "A place", "level"', b': "ward", "within": "E08000027"}'])
        path = f"/v1/drafts/{caller.draft()}/places/E05001301"
        status, told = caller.ask("PUT", path, body, **{"Content-Type": "application/json"})
    assert (status, told) == (201, {"data": {"kind": "place", "name": "E05001301"}})


def test_a_file_that_is_too_long_is_refused_before_it_comes(server) -> None:
    address, key, drafts = server
    with Caller(address, key) as caller:
        draft = caller.draft()
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=120) as raw:
        raw.sendall(
            f"POST /v1/drafts/{draft}/uploads HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: text/csv\r\nContent-Length: {Limits().max_upload_bytes + 1}\r\n\r\n".encode()
        )
        answer = raw.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"is longer than 100,000,000 bytes" in answer
    assert not list((drafts / "coming").iterdir())


def test_a_stream_that_is_cut_leaves_nothing(server) -> None:
    address, key, drafts = server
    with Caller(address, key) as caller:
        draft = caller.draft()
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=120) as raw:
        raw.sendall(
            f"POST /v1/drafts/{draft}/uploads HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\n"
            f"Content-Type: text/csv\r\nContent-Length: {len(LINES)}\r\n\r\n".encode()
            + LINES[:1_000_000]
        )
        raw.shutdown(socket.SHUT_WR)
        assert raw.makefile("rb").read().startswith(b"HTTP/1.1 400 ")
    with Caller(address, key) as caller:
        assert caller.ask("GET", f"/v1/drafts/{draft}")[1]["data"]["uploads"] == []
    wait_until(lambda: not list((drafts / "coming").iterdir()), "the end of what was cut")


def test_without_a_key_nothing_is_written_down(server) -> None:
    """A body of a computation's length is refused once it has come, a longer one before."""
    address, _, drafts = server
    for size, status in ((1_000, 401), (5_000_000, 401)):
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=120) as raw:
            head = f"POST /v1/drafts/abc/uploads HTTP/1.1\r\nHost: a\r\nContent-Length: {size}\r\n\r\n"
            raw.sendall(head.encode() + b"a" * min(size, 1_000))
            assert raw.makefile("rb").readline().startswith(f"HTTP/1.1 {status} ".encode())
    assert not list((drafts / "coming").iterdir())
