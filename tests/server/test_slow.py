"""Callers that are slow to take their answer get it, as long as they go on, and hold nobody up."""

from __future__ import annotations

import json
import select
import socket
import struct
from collections.abc import Iterator
from http.client import IncompleteRead
from itertools import islice
from pathlib import Path

import pytest

from tests.conftest import LIMIT, running_server, wait_until
from tests.server.conftest import SERIES, answer, answers, ask, connect, request
from tests.server.workers import CROWDED, NARROW, PATIENT, WAITING

STREAM = "/v1/observations.csv"
THREADS = 4


@pytest.fixture(scope="module")
def patient(sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that never lets go of a connection by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUNICORN_CMD_ARGS", f"{PATIENT} --workers 1")
        with running_server(sqlite_url, log=tmp_path_factory.mktemp("patient") / "log") as address:
            yield address


@pytest.mark.parametrize("path", [STREAM, "/v1/observations?limit=10000"])
def test_an_answer_waits_for_who_reads_it_late(patient: str, hold, path: str) -> None:
    _, whole = ask(patient, request(path))
    late = hold(patient, 2 * THREADS, request(path))
    assert ask(patient, request())[0].status == 200
    for connection in late:
        response, body = answer(connection)
        assert (response.status, body) == (200, whole)
    # And the connection serves on.
    late[0].sendall(request())
    assert answer(late[0])[0].status == 200


def test_what_is_asked_ahead_is_answered_in_turn(patient: str, hold) -> None:
    (connection,) = hold(patient, 1, request(STREAM) + request("/livez") + request(STREAM))
    assert ask(patient, request())[0].status == 200
    (_, first), (_, alive), (_, second) = islice(answers(connection), 3)
    assert first == second and json.loads(alive)["status"] == "alive"


def test_callers_that_leave_an_answer_unread_are_forgotten(patient: str, hold) -> None:
    for connection in hold(patient, 10, request(STREAM)):
        connection.close()
    assert ask(patient, request())[0].status == 200


def test_a_body_may_come_byte_by_byte_and_be_asked_for(patient: str) -> None:
    body = b'{"indicators": []}'
    for coding in ({"Content_Length": str(len(body))}, {"Transfer_Encoding": "chunked"}):
        sent = body if "Content_Length" in coding else b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        head = request(
            "/v1/calculations", method="POST", Content_Type="application/json", Expect="100-continue", **coding
        )
        with connect(patient) as connection:
            connection.sendall(head)
            assert connection.recv(1_000) == b"HTTP/1.1 100 Continue\r\n\r\n"
            for number in range(len(sent)):
                connection.sendall(sent[number : number + 1])
            assert answer(connection)[0].status == 422


def test_who_takes_nothing_is_let_go_and_too_much_is_not_put_aside(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hold
) -> None:
    """In both cases the answer is seen to have broken off: its last chunk is missing."""
    monkeypatch.setenv("GUNICORN_CMD_ARGS", "--worker-class tests.server.workers.Strict --workers 1")
    with running_server(sqlite_url, log=tmp_path / "log") as address:
        waiting = hold(address, 2 * THREADS, request(STREAM))
        assert ask(address, request())[0].status == 200
        wait_until(lambda: "broken off" in (tmp_path / "log").read_text())
        broken = 0
        for connection in waiting:
            try:
                answer(connection)
            except (IncompleteRead, ConnectionError):
                broken += 1
        assert broken > 0
        log = (tmp_path / "log").read_text()
        assert log.count("answers are broken off") == 1 and "Traceback" not in log
        assert ask(address, request(STREAM))[0].status == 200


def test_probes_and_what_is_kept_are_answered_while_all_threads_are_taken(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hold
) -> None:
    monkeypatch.setenv("FOLDER", str(tmp_path))
    monkeypatch.setenv("GUNICORN_CMD_ARGS", f"{WAITING} --workers 1")
    with running_server(sqlite_url, log=tmp_path / "log") as address:
        known, series = ask(address, request())
        tag = known.headers["ETag"]
        held = hold(address, THREADS, request("/livez?waiting"))
        (other,) = hold(address, 1, request("/v1/regions/E12000005"))
        for _ in range(3):
            assert ask(address, request("/livez"))[0].status == 200
            assert ask(address, request())[1] == series
            assert ask(address, request(If_None_Match=tag))[0].status == 304
        with connect(address) as connection:  # several on one connection, the first and the last of them kept
            connection.sendall(request() + request("/v1/levels") + request())
            heard = answers(connection)
            assert next(heard)[1] == series
            (tmp_path / "go").touch()
            assert json.loads(next(heard)[1])["data"]
            assert next(heard)[1] == series
        assert json.loads(answer(other)[1])["data"]["code"] == "E12000005"
        assert all(answer(connection)[0].status == 200 for connection in held)


def test_a_connection_without_a_request_makes_room_for_others(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hold
) -> None:
    monkeypatch.setenv("GUNICORN_CMD_ARGS", f"{PATIENT} --workers 1 --worker-connections 20")
    with running_server(sqlite_url, log=tmp_path / "log") as address:
        held = hold(address, 60, b"")
        assert ask(address, request(SERIES))[0].status == 200
        assert held[0].recv(1) == b""


def test_the_slowest_reader_makes_room_for_others(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hold
) -> None:
    monkeypatch.setenv("GUNICORN_CMD_ARGS", f"{PATIENT} --workers 1 --worker-connections 20")
    with running_server(sqlite_url, log=tmp_path / "log") as address:
        held = hold(address, 20, request(STREAM))
        assert ask(address, request(SERIES))[0].status == 200
        assert len(held) == 20  # none of them has read or left


def test_a_worker_that_may_have_few_files_has_fewer_connections(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hold
) -> None:
    monkeypatch.setenv("GUNICORN_CMD_ARGS", f"{CROWDED} --workers 1")
    with running_server(sqlite_url, log=tmp_path / "log") as address:
        hold(address, 40, request(STREAM))  # each takes two, of 140
        hold(address, 60, b"")
        for _ in range(3):
            wait_until(lambda: is_answered(address), "that a reader is answered")
    log = (tmp_path / "log").read_text()
    assert log.count("Booting worker") == 1 and "Traceback" not in log


def test_who_leaves_while_it_is_told_to_go_on_takes_nobody_along(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKERS", "1")
    said = request("/v1/calculations", method="POST", Content_Length="5", Expect="100-continue")
    at_once = struct.pack("ii", 1, 0)
    with running_server(sqlite_url, log=tmp_path / "log") as address:
        for _ in range(40):
            with connect(address) as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
                connection.sendall(said)
        assert ask(address, request(SERIES))[0].status == 200
    assert (tmp_path / "log").read_text().count("Booting worker") == 1


def is_answered(address: str) -> bool:
    """Whether a reader is answered. Without room, a connection may be closed whose request has not come yet."""
    try:
        return ask(address, request(SERIES))[0].status == 200
    except ConnectionError:
        return False


def asked(folder: Path) -> int:
    """How many requests have come to wait in a thread."""
    file = folder / "asked"
    return len(file.read_text().splitlines()) if file.exists() else 0


def held_bytes(address: str) -> int:
    """Bytes of requests that the worker holds, that of asking among them."""
    body = ask(address, request("/metrics", Connection="close"))[1].decode()
    line = next(line for line in body.splitlines() if line.startswith("digital_capital_requests_held_bytes"))
    return int(float(line.split()[-1]))


def test_requests_that_wait_are_held_up_to_a_limit_and_let_go_of_once_answered(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hold
) -> None:
    monkeypatch.setenv("FOLDER", str(tmp_path))
    monkeypatch.setenv("GUNICORN_CMD_ARGS", f"{NARROW} --workers 1")
    long = request("/v1/calculations", method="POST", Content_Length="400000") + b" " * 400_000
    with running_server(sqlite_url, log=tmp_path / "log") as address:
        assert ask(address, request(SERIES))[0].status == 200
        for turn in (1, 2):
            busy = hold(address, THREADS, request("/livez?waiting"))
            # Connections that are opened at once may come in any order: first all threads are to be taken.
            wait_until(lambda turn=turn: asked(tmp_path) == turn * THREADS, "that no thread is free")
            waiting = hold(address, 3, long)
            (refused,), _, _ = select.select(waiting, [], [], LIMIT)
            response, problem = answer(refused)
            assert response.status == 503 and "Too many long requests" in json.loads(problem)["detail"]
            waiting.remove(refused)
            assert ask(address, request(SERIES, Connection="close"))[0].status == 200
            (tmp_path / "go").touch()
            assert {answer(connection)[0].status for connection in busy} == {200}
            assert {answer(connection)[0].status for connection in waiting} == {415}
            # An answer arrives a moment before its request is let go of.
            wait_until(lambda: held_bytes(address) < 10_000, "that requests are let go of")
            (tmp_path / "go").unlink()
