"""Connections that say nothing, too little or no goodbye hold nobody else up: browsers open them ahead of use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import running_server
from tests.server.conftest import answer, ask, connect, request, seconds_to_answer

SAID = {
    "nothing": b"",
    "half a request line": b"GET /v1/regi",
    "half a head": b"GET /v1/regions HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: app",
    "all, but does not hang up": request(Connection="close"),
    "all, and keeps the connection": request(),
    "nonsense, and waits": b"NONSENSE\r\n\r\n",
    "one and a half": request() + b"GET /v1/regi",
    "a long answer, which it does not read": request("/v1/observations?limit=10000"),
}


@pytest.mark.parametrize("count", [10, 20])
@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_others_are_answered_at_once(server: str, hold, count: int, said: bytes) -> None:
    hold(count, said)
    assert seconds_to_answer(server) < 1


@pytest.mark.parametrize("said", ["nothing", "half a request line", "one and a half"])
def test_hundreds_of_idle_connections_cost_no_thread(server: str, hold, said: str) -> None:
    hold(300, SAID[said])
    assert seconds_to_answer(server) < 1


def test_an_idle_connection_can_still_ask(server: str, hold) -> None:
    for connection in hold(3, b""):
        connection.sendall(request())
        assert answer(connection)[0].status == 200


def test_a_request_may_come_in_pieces(server: str, hold) -> None:
    (connection,) = hold(1, b"")
    said = request()
    for number in range(0, len(said), 7):
        connection.sendall(said[number : number + 7])
    assert answer(connection)[0].status == 200
    # The next on the same connection may as well, and begin with the end of the first.
    connection.sendall(said + said[:20])
    assert answer(connection)[0].status == 200
    assert seconds_to_answer(server) < 1
    connection.sendall(said[20:])
    assert answer(connection)[0].status == 200
    connection.sendall(said[:20])
    assert seconds_to_answer(server) < 1
    connection.sendall(said[20:])
    assert answer(connection)[0].status == 200


def test_a_caller_that_leaves_in_the_middle_is_forgotten(server: str, hold) -> None:
    for connection in hold(20, b"GET /v1/regi"):
        connection.close()
    assert seconds_to_answer(server) < 1


def test_a_silent_connection_is_closed_after_a_while(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--worker-class tests.server.workers.Impatient")
    with running_server(sqlite_url, log=tmp_path / "log") as address:
        with connect(address) as silent, connect(address) as halfway:
            halfway.sendall(b"GET /v1/regi")
            assert silent.recv(1) == b""
            with pytest.raises(ConnectionResetError):
                halfway.recv(1)
        assert ask(address, request())[0].status == 200
