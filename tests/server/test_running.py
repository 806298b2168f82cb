"""Starting, settings, and stopping."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from api.settings import ROOT
from tests.conftest import LIMIT, free_port, running_server, wait_until
from tests.server.conftest import answer, ask, connect, request
from tests.server.workers import ENDING, WAITING


def test_nothing_is_wrong_at_the_start_without_a_home(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not even root can write there, as in a container whose root file system is read-only.
    monkeypatch.setenv("HOME", "/proc")
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with running_server(sqlite_url, log=tmp_path / "log") as address:
        assert ask(address, request())[0].status == 200
    said = (tmp_path / "log").read_text()
    assert f"{address}/docs" in said
    assert re.findall(r".*(?:ERROR|WARNING|CRITICAL|Traceback|rror:).*", said) == []


def test_a_worker_has_loaded_what_there_is_before_anything_is_asked(sqlite_url: str, tmp_path: Path) -> None:
    with running_server(sqlite_url, log=tmp_path / "log") as address:
        _, counted = ask(address, request("/metrics"))
    # What a worker knows of the newest release; /livez, which tells that it runs, looks for none.
    assert b"\ndigital_capital_release_number 4.0\n" in counted


def test_it_listens_where_it_is_told_and_nowhere_else(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-m", "gunicorn", "-c", "python:api.gunicorn_conf", "wsgi:app"]
    port = free_port()
    environment = {**os.environ, "HOST": "127.0.0.2", "PORT": str(port), "DATABASE_URL": sqlite_url}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        wait_until(lambda: listens(f"http://127.0.0.2:{port}"))
        response, body = ask(f"http://127.0.0.2:{port}", request())
        assert response.status == 200
        assert f"http://127.0.0.2:{port}/".encode() in body
        with pytest.raises(ConnectionRefusedError):
            connect(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=LIMIT)


def test_a_port_that_gunicorn_is_given_comes_before_that_of_the_environment(sqlite_url: str, tmp_path: Path) -> None:
    """What holds the port of the environment holds nothing up, and the addresses that are printed are right."""
    command = [sys.executable, "-m", "gunicorn", "-c", "python:api.gunicorn_conf", "wsgi:app"]
    port, log = free_port(), tmp_path / "log"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        environment = {**os.environ, "PORT": str(other.getsockname()[1]), "DATABASE_URL": sqlite_url}
        with log.open("wb") as said:
            bound = [*command, "--bind", f"127.0.0.1:{port}"]
            process = subprocess.Popen(bound, cwd=ROOT, env=environment, stdout=said, stderr=said)
        try:
            wait_until(lambda: listens(f"http://127.0.0.1:{port}"))
            wait_until(lambda: "Ctrl-C" in log.read_text())
        finally:
            process.terminate()
            process.wait(timeout=LIMIT)
    assert "is held by" not in log.read_text()
    assert f"http://127.0.0.1:{port}/docs" in log.read_text()


def test_it_serves_from_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    with running_server(postgresql_url, log=tmp_path / "log") as address:
        assert b"92.3" in ask(address, request())[1]


def test_two_servers_and_a_preparation_share_a_database(sqlite_url: str, tmp_path: Path) -> None:
    with (
        running_server(sqlite_url, log=tmp_path / "first") as first,
        running_server(sqlite_url, log=tmp_path / "second") as second,
    ):
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "data", "prepare"]
        environment = {**os.environ, "DATABASE_URL": sqlite_url, "DOWNLOADS_PATH": str(tmp_path / "downloads")}
        prepared = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        assert "nothing to load" in prepared.stdout
        for address in (first, second):
            assert b"92.3" in ask(address, request())[1]


def test_it_starts_again_at_once_on_the_port_it_had(sqlite_url: str, tmp_path: Path) -> None:
    server = running_server(sqlite_url, log=tmp_path / "log")
    for _ in range(2):
        with server as address, connect(address) as kept:
            kept.sendall(request())
            assert answer(kept)[0].status == 200


@pytest.mark.parametrize("others", [0, 10], ids=["alone", "with idle connections"])
def test_it_stops_when_told_once_it_has_answered(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: int
) -> None:
    """Idle connections, which this server never lets go of by itself, do not hold up its end either."""
    monkeypatch.setenv("GUNICORN_CMD_ARGS", WAITING)
    monkeypatch.setenv("FOLDER", str(tmp_path))
    server = running_server(sqlite_url, log=tmp_path / "log")
    with contextlib.ExitStack() as held, server as address, connect(address) as asking:
        for said in [b"", b"GET /v1/regi"] * (others // 2):
            held.enter_context(connect(address)).sendall(said)
        asking.sendall(request("/livez?waiting"))
        wait_until((tmp_path / "asked").exists)
        server.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "Handling signal: term" in server.log.read_text())
        (tmp_path / "go").touch()
        response, body = answer(asking)
        assert response.status == 200
        assert b"alive" in body
        asking.close()
        assert server.process.wait(timeout=LIMIT) == 0


def test_a_request_that_has_begun_to_come_is_answered_when_it_is_told_to_stop(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it has let go of those who have said nothing."""
    monkeypatch.setenv("GUNICORN_CMD_ARGS", ENDING)
    server = running_server(sqlite_url, log=tmp_path / "log")
    with server as address, connect(address) as silent, connect(address) as begun:
        begun.sendall(request()[:-10])
        assert ask(address, request())[0].status == 200
        server.process.send_signal(signal.SIGTERM)
        assert silent.recv(1) == b""
        begun.sendall(request()[-10:])
        response, body = answer(begun)
        assert response.status == 200 and b"92.3" in body
        assert response.headers["Connection"] == "close"
        begun.close()
        assert server.process.wait(timeout=LIMIT) == 0


def listens(address: str) -> bool:
    """Whether anybody takes connections at an address."""
    parts = urlsplit(address)
    try:
        socket.create_connection((parts.hostname, parts.port), timeout=LIMIT).close()
    except OSError:
        return False
    return True
