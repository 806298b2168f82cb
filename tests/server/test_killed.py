"""A server that is killed leaves nobody behind who keeps a port for ever, and the next one says what it waits for."""

from __future__ import annotations

import os
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api import processes
from tests.conftest import is_ready, running_server, wait_until
from tests.server.conftest import answer, ask, connect, request
from tests.server.workers import WAITING


def children(parent: int) -> list[int]:
    """The processes that a process has made and that are still there."""
    return [int(number) for number in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def gone(number: int) -> bool:
    """Whether a process has ended."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_workers_end_with_a_server_that_is_killed(sqlite_url: str, tmp_path: Path) -> None:
    server = running_server(sqlite_url, log=tmp_path / "log")
    with server as address, connect(address) as idle:
        idle.sendall(request())
        assert answer(idle)[0].status == 200
        workers = children(server.process.pid)
        assert len(workers) == 2
        server.process.kill()
        wait_until(lambda: all(map(gone, workers)))
    with server as address:  # on the port it had
        assert ask(address, request())[0].status == 200


def test_a_start_waits_for_a_port_and_says_who_holds_it(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUNICORN_CMD_ARGS", WAITING)
    monkeypatch.setenv("FOLDER", str(tmp_path))
    monkeypatch.setenv("WORKERS", "1")
    killed = running_server(sqlite_url, log=tmp_path / "killed")
    after = running_server(sqlite_url, log=tmp_path / "after")
    with killed as address, connect(address) as asking:
        asking.sendall(request("/livez?waiting"))
        wait_until((tmp_path / "asked").exists)
        (worker,) = children(killed.process.pid)
        killed.process.kill()
        killed.process.wait()
        after.port, after.environment = killed.port, killed.environment

        def let_go() -> None:
            wait_until(lambda: "is held by" in (tmp_path / "after").read_text())
            (tmp_path / "go").touch()

        (tmp_path / "after").touch()
        with ThreadPoolExecutor(1) as pool:
            said = pool.submit(let_go)
            with after as again:
                # The worker may have answered that all is ready, for it takes connections until it has ended.
                wait_until(lambda: gone(worker) and is_ready(again))
                assert ask(again, request())[0].status == 200
            said.result()
        told = (tmp_path / "after").read_text()
        assert re.search(rf"127\.0\.0\.1:{killed.port} is held by process {worker} \(.*gunicorn", told)
        assert b"alive" in answer(asking)[1]  # what was asked was answered


def test_a_port_that_somebody_else_holds() -> None:
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        assert not processes.wait_for_port("127.0.0.1", port, seconds=0.5, say=said.append)
    assert processes.wait_for_port("127.0.0.1", port, seconds=0.5, say=said.append)
    assert len(said) == 1
    assert f"process {os.getpid()} (" in said[0]
