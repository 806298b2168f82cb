"""Engine and connections: SQLite embedded, or PostgreSQL for production. `connect` to read, `begin` to write."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA busy_timeout=30000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA mmap_size=1073741824",
    "PRAGMA cache_size=-65536",
)

_WRITERS = 20_260_519
"""The number of the lock that writers to a PostgreSQL database queue for; any number that nobody else uses."""


class Database:
    """One process's way to the data."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        # SQLite gives up the interpreter's lock at every row; several threads reading at once then queue for it, and
        # all slow down together (measured in bench/). One reader at a time per process keeps each as fast as alone.
        self._reading = threading.RLock() if self.engine.dialect.name == "sqlite" else None

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection to read with; what a reader does is never committed."""
        if self._reading is None:
            with self.engine.connect() as connection:
                yield connection
        else:
            with self._reading, self.engine.connect() as connection:
                yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection to read with that sees one state of everything, however long it reads and whoever writes.

        On SQLite every connection does.
        """
        with self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)  # noqa: PLW2901
            yield connection

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A connection in one transaction, committed at the end, rolled back on any error.

        One writer at a time, whatever the database: what a writer finds, such as the newest release, is still so when
        it commits. Another one waits.
        """
        with self.engine.connect().execution_options(begin="IMMEDIATE") as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")
            yield connection


def make_engine(url: str) -> Engine:
    """An engine for the address; `postgres://`, as hosting panels write it, is understood too."""
    address = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
    if address.get_backend_name() == "sqlite":
        if address.database and address.database != ":memory:":
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(address)
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
        return engine
    return create_engine(address, pool_pre_ping=True)


def _set_pragmas(connection: SQLiteConnection, _record: Any) -> None:
    # Autocommit in the driver: SQLAlchemy's own BEGIN (below) is the only one.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    # A reader takes no lock, and in WAL mode never waits; a writer takes its lock at once, or finds it taken and waits.
    # To the driver itself: this stands before every read, and SQLAlchemy would make a result of it.
    kind = connection.get_execution_options().get("begin", "DEFERRED")
    connection.connection.driver_connection.execute(f"BEGIN {kind}")  # type: ignore[union-attr]
