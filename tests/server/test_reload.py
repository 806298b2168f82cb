"""New code without a gap: nothing that was asked is lost, what does not load changes nothing, the process stays."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path

import pytest

from api.settings import ROOT
from tests.conftest import LIMIT, free_port, wait_until
from tests.server.conftest import SERIES, answer, ask, connect, request
from tests.server.test_running import listens

MARKED = """
import os, time
from pathlib import Path

from api import create_app, settings
from api.worker import arrivals, outgoing

app, folder, own = create_app(), Path(os.environ["FOLDER"]), settings.VERSION
application = app.wsgi_app
arrivals.HEAD_SECONDS = arrivals.BODY_SECONDS = arrivals.STOP_SECONDS = outgoing.STALL_SECONDS = 3600

def marked(environ, start_response):
    if environ["QUERY_STRING"] == "waiting":
        (folder / f"asked-{own}").touch()
        while not (folder / "go").exists():
            time.sleep(0.05)
        environ["QUERY_STRING"] = ""
    return application(environ, lambda status, head, *more: start_response(status, [*head, ("X-Code", own)], *more))

app.wsgi_app = marked
"""
"""A `wsgi.py` that says which version of the code answers, and answers `?waiting` once a file `go` stands in FOLDER."""
DEFINITION = {
    "indicators": [{"id": "broadband"}, {"id": "outages", "polarity": "lower-is-better"}],
    "data": {"regions": ["N", "S", "E"], "values": {"broadband": [78.5, 91.2, 84.0], "outages": [12, 9, 4]}},
}


class Deployed:
    """The service as it is deployed: a folder for each version, and `current`, a link to the one that is served."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database = folder, database
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log"
        self.options = f"--graceful-timeout {LIMIT}"
        self.process: subprocess.Popen[bytes]

    def lay_out(self, version: str) -> Path:
        """A version of the project, with a number of its own, as the one to be served."""
        tree = self.folder / version
        leave = shutil.ignore_patterns("node_modules")
        for name in ("api", "migrations", "openapi"):
            shutil.copytree(ROOT / name, tree / name, ignore=leave)
        (tree / "seed").symlink_to(ROOT / "seed")
        (tree / "wsgi.py").write_text(MARKED)
        text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        (tree / "pyproject.toml").write_text(re.sub(r'(?m)^version = ".*"', f'version = "{version}"', text))
        (self.folder / "next").symlink_to(tree)
        (self.folder / "next").rename(self.folder / "current")
        return tree

    def start(self, **more: str) -> None:
        current = self.folder / "current"
        own = {"DATABASE_URL": self.database, "DOWNLOADS_PATH": str(self.folder), "FOLDER": str(self.folder)}
        own |= {"HOST": "127.0.0.1", "PORT": str(self.port), "PWD": str(current), "GUNICORN_CMD_ARGS": self.options}
        command = [sys.executable, "-m", "gunicorn", "-c", "python:api.gunicorn_conf", "wsgi:app"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=current, env={**os.environ, **own, **more}, stdout=log, stderr=log
            )
        wait_until(lambda: listens(self.address))

    def reload(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    def code(self) -> str:
        """The version that answers."""
        response, _ = ask(self.address, request("/livez", Connection="close"))
        assert response.status == 200
        return response.headers["X-Code"]

    def workers(self) -> list[int]:
        master = self.process.pid
        return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]

    def stop(self) -> None:
        self.process.kill() if self.process.poll() is None else None
        self.process.wait(timeout=LIMIT)


@pytest.fixture
def deployed(sqlite_url: str, tmp_path: Path) -> Iterator[Deployed]:
    deployed = Deployed(tmp_path, sqlite_url)
    deployed.lay_out("1.0")
    yield deployed
    (tmp_path / "go").touch()
    deployed.stop()


class Callers:
    """Callers who ask on and on, each on one connection or each time on a new one, and what they met."""

    def __init__(self, address: str) -> None:
        self.address, self.going = address, True
        self.heard: Counter[tuple[int, str]] = Counter()
        self.wrong: list[str] = []
        self.expected = ask(address, request())[1]
        self.threads = [threading.Thread(target=self._ask, args=(kept,)) for kept in (True, False) * 3]

    def __enter__(self) -> Callers:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.going = False
        for thread in self.threads:
            thread.join()

    def _ask(self, kept: bool) -> None:  # noqa: FBT001
        connection = None
        while self.going:
            try:
                connection = connection or connect(self.address)
                connection.sendall(request(SERIES) if kept else request(SERIES, Connection="close"))
                response, body = answer(connection)
            except Exception as error:
                self.wrong.append(repr(error))
                connection = None
                continue
            self.heard[response.status, response.headers["X-Code"]] += 1
            if body != self.expected:
                self.wrong.append(f"{response.status} {body[:100]!r}")
            if response.headers["Connection"] == "close":
                connection.close()
                connection = None
        if connection:
            connection.close()


def test_a_reload_under_load_loses_nothing_and_loads_new_code(deployed: Deployed) -> None:
    deployed.start()
    stream = "/v1/observations.csv?period_from=1850"
    _, whole = ask(deployed.address, request(stream))
    body = json.dumps(DEFINITION).encode()
    head = {"Content_Type": "application/json", "Content_Length": str(len(body))}
    calculation = request("/v1/calculations?waiting", method="POST", **head) + body
    with (
        Callers(deployed.address) as callers,
        connect(deployed.address) as computing,
        connect(deployed.address) as half_a_head,
        connect(deployed.address) as half_a_body,
        Reader(deployed.address, stream) as reader,
    ):
        computing.sendall(calculation)
        half_a_head.sendall(request()[:-10])
        half_a_body.sendall(calculation.replace(b"?waiting", b"")[:-10])
        wait_until((deployed.folder / "asked-1.0").exists)
        wait_until(lambda: len(reader.read) > 100_000)
        deployed.lay_out("2.0")
        deployed.reload()
        wait_until(lambda: (200, "2.0") in callers.heard)
        (deployed.folder / "go").touch()
        half_a_head.sendall(request()[-10:])
        half_a_body.sendall(calculation[-10:])
        for asked in (computing, half_a_head, half_a_body):
            response, said = answer(asked)
            assert response.status == 200 and response.headers["X-Code"] == "1.0", said
            assert json.loads(said)["data"]
        reader.hurry()
        assert reader.status == 200 and reader.body() == whole
        seen = callers.heard[200, "2.0"]
        wait_until(lambda: callers.heard[200, "2.0"] > seen + 50)
        assert callers.wrong == []
    assert {status for status, _ in callers.heard} == {200}
    wait_until(lambda: len(deployed.workers()) == 2)
    assert deployed.code() == "2.0"
    assert deployed.process.poll() is None
    deployed.process.terminate()
    assert deployed.process.wait(timeout=LIMIT) == 0


class Reader:
    """A caller who takes a stream piece by piece, slowly until told to hurry."""

    def __init__(self, address: str, path: str) -> None:
        self.connection = socket.socket()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self.connection.settimeout(LIMIT)
        self.connection.connect(("127.0.0.1", int(address.rpartition(":")[2])))
        self.connection.sendall(request(path))
        self.response = HTTPResponse(self.connection)
        self.read = bytearray()
        self.status, self._pause, self._error = 0, 0.05, ""
        self._thread = threading.Thread(target=self._go_on)

    def __enter__(self) -> Reader:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hurry()
        self._thread.join()
        self.connection.close()

    def hurry(self) -> None:
        self._pause = 0.0

    def body(self) -> bytes:
        self._thread.join()
        assert not self._error
        return bytes(self.read)

    def _go_on(self) -> None:
        try:
            self.response.begin()
            self.status = self.response.status
            while piece := self.response.read(16_384):
                self.read += piece
                time.sleep(self._pause)
        except Exception as error:
            self._error = repr(error)


def test_code_that_does_not_load_changes_nothing(deployed: Deployed) -> None:
    deployed.start()
    tree = deployed.lay_out("2.0")
    (tree / "wsgi.py").write_text("this is no Python")
    deployed.reload()
    wait_until(lambda: "The code does not load" in deployed.log.read_text())
    assert "this is no Python" in deployed.log.read_text()
    assert deployed.code() == "1.0"
    (tree / "wsgi.py").write_text(MARKED)
    deployed.reload()
    wait_until(lambda: deployed.code() == "2.0")


def test_signals_that_come_while_code_is_loaded_are_not_lost(deployed: Deployed) -> None:
    deployed.start()
    for version in ("2.0", "3.0"):
        deployed.lay_out(version)
        deployed.reload()
    wait_until(lambda: deployed.code() == "3.0")
    deployed.reload()
    wait_until(lambda: deployed.log.read_text().count("Loading new code") >= 2)
    deployed.process.terminate()
    assert deployed.process.wait(timeout=LIMIT) == 0
    assert deployed.log.read_text().count("New code is loaded") >= 2


def test_an_old_worker_that_hangs_is_ended_in_the_end(deployed: Deployed) -> None:
    deployed.options = "--graceful-timeout 1 --timeout 2"
    deployed.start()
    with connect(deployed.address) as asking:
        asking.sendall(request("/livez?waiting"))
        wait_until((deployed.folder / "asked-1.0").exists)
        old = deployed.workers()
        deployed.lay_out("2.0")
        deployed.reload()
        wait_until(lambda: deployed.code() == "2.0")
        wait_until(lambda: not set(old) & set(deployed.workers()))
    assert len(deployed.workers()) == 2


def test_systemd_is_told_when_it_serves_and_when_it_serves_anew(deployed: Deployed) -> None:
    """As `Type=notify` asks for, from the process that systemd started."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(deployed.folder / "notify"))
        systemd.settimeout(LIMIT)
        systemd.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        deployed.start(NOTIFY_SOCKET=str(deployed.folder / "notify"))
        assert _told(systemd, "READY=1") == deployed.process.pid
        deployed.reload()
        assert _told(systemd, "RELOADING=1") == deployed.process.pid
        assert _told(systemd, "READY=1") == deployed.process.pid


def _told(systemd: socket.socket, what: str) -> int:
    """The process that has said something to systemd."""
    while True:
        said, credentials, _, _ = systemd.recvmsg(4_096, socket.CMSG_SPACE(12))
        if what in said.decode().splitlines():
            (held,) = credentials
            return int.from_bytes(held[2][:4], sys.byteorder)
