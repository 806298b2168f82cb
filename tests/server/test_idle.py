"""Connections that say nothing, too little or no goodbye hold nobody else up: browsers open them ahead of use.

The server of these tests never lets go of a connection by itself, so that a caller whom the others held up would never
be answered: that an answer comes while they are still open is all that there is to show.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import running_server
from tests.server.conftest import answer, ask, connect, request, still_open
from tests.server.workers import PATIENT

SAID = {
    "nothing": b"",
    "half a request line": b"GET /v1/regi",
    "half a head": b"GET /v1/regions HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: app",
    "all, but does not hang up": request(Connection="close"),
    "all, and keeps the connection": request(),
    "nonsense, and waits": b"NONSENSE\r\n\r\n",
    "one and a half": request() + b"GET /v1/regi",
    "a long answer, which it does not read": request("/v1/observations?limit=10000"),
    "a long stream, which it does not read": request("/v1/observations.csv"),
    "a head that does not end": request(A="a" * 8_000)[:-4] + b"\r\nB: " + b"b" * 8_100,
    "half a body": request("/v1/calculations", method="POST", Content_Length="1000") + b"{",
    "half a chunk": request("/v1/calculations", method="POST", Transfer_Encoding="chunked") + b"10\r\n{",
    "half a body, where there is nothing": request("/nothing", method="POST", Content_Length="1000") + b"{",
    "half a body of a read": request(Content_Length="1000") + b"{",
    "half a chunk of a read": request(Transfer_Encoding="chunked") + b"10\r\n{",
    "a body over the limit": request("/v1/calculations", method="POST", Content_Length="9000000") + b"{",
}
SILENT = (
    "nothing",
    "half a request line",
    "half a head",
    "a head that does not end",
    "half a body",
    "half a chunk",
    "half a body, where there is nothing",
)
"""Those of whom the server hears nothing that it could answer."""


@pytest.fixture(scope="module")
def patient(sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that never lets go of a connection by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUNICORN_CMD_ARGS", PATIENT)
        with running_server(sqlite_url, log=tmp_path_factory.mktemp("patient") / "log") as address:
            yield address


@pytest.mark.parametrize("count", [10, 20])
@pytest.mark.parametrize("name", SAID)
def test_others_are_answered_while_they_stay(patient: str, hold, count: int, name: str) -> None:
    held = hold(patient, count, SAID[name])
    for _ in range(3):
        assert ask(patient, request())[0].status == 200
    if name in SILENT:
        assert all(still_open(connection) for connection in held)


@pytest.mark.parametrize("name", ["nothing", "half a request line", "one and a half"])
def test_hundreds_of_idle_connections_cost_no_thread(patient: str, hold, name: str) -> None:
    held = hold(patient, 300, SAID[name])
    assert ask(patient, request())[0].status == 200
    if name in SILENT:
        assert all(still_open(connection) for connection in held)


def test_an_idle_connection_can_still_ask(patient: str, hold) -> None:
    for connection in hold(patient, 3, b""):
        connection.sendall(request())
        assert answer(connection)[0].status == 200


def test_a_request_may_come_in_pieces(patient: str, hold) -> None:
    (connection,) = hold(patient, 1, b"")
    said = request()
    for number in range(0, len(said), 7):
        connection.sendall(said[number : number + 7])
    assert answer(connection)[0].status == 200
    # The next on the same connection may as well, and begin with the end of the first.
    connection.sendall(said + said[:20])
    assert answer(connection)[0].status == 200
    assert ask(patient, request())[0].status == 200
    connection.sendall(said[20:])
    assert answer(connection)[0].status == 200
    connection.sendall(said[:20])
    assert ask(patient, request())[0].status == 200
    connection.sendall(said[20:])
    assert answer(connection)[0].status == 200


def test_callers_that_leave_in_the_middle_are_forgotten(patient: str, hold) -> None:
    for connection in hold(patient, 20, b"GET /v1/regi"):
        connection.close()
    assert ask(patient, request())[0].status == 200


def test_a_silent_connection_is_closed_after_a_while(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--worker-class tests.server.workers.Impatient")
    with running_server(sqlite_url, log=tmp_path / "log") as address:
        with connect(address) as silent:
            assert silent.recv(1) == b""
        for said in ("half a request line", "half a body", "half a chunk"):
            told, problem = ask(address, SAID[said])
            assert (told.status, told.headers["Connection"]) == (408, "close")
            assert json.loads(problem)["type"] == "/docs/problems#request-timeout"
        assert ask(address, request())[0].status == 200
