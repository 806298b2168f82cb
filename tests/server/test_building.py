"""Files of releases are built by one, and nobody waits in a thread for what another one builds.

The CSV files of this server are not done before they are let go: what is answered meanwhile does not wait for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.exports.locks import alone
from tests.conftest import LIMIT, running_server, wait_until
from tests.server.conftest import answer, ask, connect, request

DOWNLOAD = "/v1/releases/4/download"
READS = ("/livez", "/v1/series/gigabit-availability/E47000007", "/v1/regions?limit=3")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the server notes what it begins, and keeps its files."""
    monkeypatch.setenv("FOLDER", str(tmp_path))
    return tmp_path


@pytest.fixture
def one_process(folder: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that has nobody ask again later."""
    monkeypatch.setenv("WORKERS", "1")
    monkeypatch.setenv("COSTLY_PATIENCE_SECONDS", "0")
    with running_server(sqlite_url, log=folder / "log", application="tests.server.building:app") as address:
        yield address


def begun(folder: Path) -> list[str]:
    """The releases whose file was begun."""
    noted = folder / "begun"
    return noted.read_text().split() if noted.exists() else []


def refused(address: str, said: bytes, *, method: str = "GET") -> None:
    """Ask for a file that somebody else builds, and see that nothing is waited for."""
    response, body = ask(address, said, method=method)
    assert response.status == 503 and response.headers["Retry-After"] == "5"
    assert response.headers["Cache-Control"] == "no-store"
    if method == "GET":
        problem = json.loads(body)
        assert problem["type"] == "/docs/problems#not-ready"
        assert "being made" in problem["detail"]
        assert "/v1/observations.csv?release=4&history=own" in problem["detail"]


def test_nobody_waits_for_a_file_that_another_request_has_built(one_process: str, folder: Path) -> None:
    with connect(one_process) as first:
        first.sendall(request(f"{DOWNLOAD}.csv"))
        wait_until(lambda: begun(folder) == ["4"])
        for _ in range(8):  # more than there are threads
            refused(one_process, request(f"{DOWNLOAD}.csv"))
        refused(one_process, request(f"{DOWNLOAD}.csv", method="HEAD"), method="HEAD")
        refused(one_process, request(f"{DOWNLOAD}.zip"))  # one file at a time
        for path in READS:
            assert ask(one_process, request(path))[0].status == 200
        meanwhile = ask(one_process, request("/v1/observations.csv?release=4&history=own"))[1]
        (folder / "go").touch()
        response, body = answer(first)
    assert response.status == 200
    again, same = ask(one_process, request(f"{DOWNLOAD}.csv"))
    assert again.status == 200 and same == body == meanwhile
    assert begun(folder) == ["4"]
    assert ask(one_process, request(f"{DOWNLOAD}.zip"))[0].status == 200


def test_nobody_waits_for_a_file_that_another_process_builds(one_process: str, folder: Path) -> None:
    (folder / "go").touch()
    with alone(folder):
        refused(one_process, request(f"{DOWNLOAD}.csv"))
        refused(one_process, request(f"{DOWNLOAD}.parquet"))
        for path in READS:
            assert ask(one_process, request(path))[0].status == 200
        assert begun(folder) == []
    assert ask(one_process, request(f"{DOWNLOAD}.csv"))[0].status == 200


def test_two_processes_build_a_file_once(folder: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKERS", "1")
    monkeypatch.setenv("COSTLY_PATIENCE_SECONDS", "0")
    application = "tests.server.building:app"
    one = running_server(sqlite_url, log=folder / "one", application=application)
    two = running_server(sqlite_url, log=folder / "two", application=application)
    # A file is named by the address of the service among other things, and these two serve the same.
    for server in (one, two):
        server.environment["PUBLIC_URL"] = "https://stats.example.org"
    with one as here, two as there, connect(here) as first:
        first.sendall(request(f"{DOWNLOAD}.csv"))
        wait_until(lambda: begun(folder) == ["4"])
        refused(there, request(f"{DOWNLOAD}.csv"))
        assert ask(there, request("/livez"))[0].status == 200
        (folder / "go").touch()
        body = answer(first)[1]
        response, same = ask(there, request(f"{DOWNLOAD}.csv"))
        assert (response.status, same) == (200, body)
    assert begun(folder) == ["4"]


def test_who_may_wait_waits_without_a_thread_and_has_the_file(
    folder: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, hold
) -> None:
    monkeypatch.setenv("WORKERS", "1")
    monkeypatch.setenv("COSTLY_PATIENCE_SECONDS", str(LIMIT))
    with running_server(sqlite_url, log=folder / "log", application="tests.server.building:app") as address:
        waiting = hold(address, 8, request(f"{DOWNLOAD}.csv"))
        wait_until(lambda: begun(folder) == ["4"])
        parked = b'digital_capital_costly_requests{state="parked"} 7.0'
        wait_until(lambda: parked in ask(address, request("/metrics"))[1])
        for path in READS:
            assert ask(address, request(path))[0].status == 200
        (folder / "go").touch()
        answers = [answer(connection) for connection in waiting]
    assert [response.status for response, _ in answers] == [200] * 8
    assert len({body for _, body in answers}) == 1
    assert begun(folder) == ["4"]


def test_a_file_that_its_caller_left_is_finished_for_the_next(one_process: str, folder: Path) -> None:
    with connect(one_process) as first:
        first.sendall(request(f"{DOWNLOAD}.csv"))
        wait_until(lambda: begun(folder) == ["4"])
    (folder / "go").touch()
    wait_until(lambda: ask(one_process, request(f"{DOWNLOAD}.csv"))[0].status == 200)
    assert begun(folder) == ["4"]
