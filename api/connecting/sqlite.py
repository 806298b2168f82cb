"""SQLite: a file that must be there, and how it is opened."""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import randbelow
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event

READER_MS = 2_000
"""Milliseconds that a reader waits for a file that another process has for itself."""
_WRITER_MS = 3_600_000
"""Milliseconds that a writer waits for another one: a publication may take long, and then it is this one's turn."""
_SOON_MS = 500
_STEPS = 1_000_000
"""Steps of SQLite's machine, some hundredths of a second, after which a reader's time is looked at."""
_PRAGMAS = (
    f"PRAGMA busy_timeout={READER_MS}",  # first: the others may find the file locked
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA mmap_size=1073741824",
    "PRAGMA cache_size=-65536",
)


class BoundedConnection(sqlite3.Connection):
    """A connection that gives up what it is reading at a moment: `until`, as `time.monotonic` counts."""

    until = math.inf

    def bound(self) -> None:
        """Look at the time now and then while a statement runs. One that is too late fails as interrupted."""
        self.set_progress_handler(lambda: time.monotonic() > self.until, _STEPS)


def read_until(connection: Connection, moment: float) -> None:
    """Bound what a connection reads from now on."""
    driver: Any = connection.connection.driver_connection
    driver.until = moment


def file_of(address: URL) -> Path | None:
    """The file of an address; None for a database in memory, and for an address that is SQLite's own kind of URI."""
    name = address.database
    return None if not name or name == ":memory:" or name.startswith("file:") else Path(name)


def make_engine(address: URL) -> Engine:
    """An engine for a file that is there: opening never makes one."""
    engine = create_engine(address, connect_args={"factory": BoundedConnection})
    if file_of(address) is not None:
        event.listen(engine, "do_connect", _open_existing)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkin", _unbound)
    return engine


def create(file: Path) -> None:
    """Make an empty file where there is none: what prepares a database does, and nobody else."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


def identity_of(file: Path) -> tuple[int, ...]:
    """What changes where another file stands under a name, and with no write. FileNotFoundError without one."""
    found = file.stat()
    return found.st_dev, found.st_ino


def note_rewritten(connection: Connection) -> None:
    """Note that all rows were written anew: the file is another database from here on, whatever its releases are.

    The note is the `user_version` in the file's head, which SQLite leaves to applications.
    """
    connection.exec_driver_sql(f"PRAGMA user_version = {randbelow(2**31)}")


def has_log(file: Path) -> bool:
    """Whether something was written that lies beside the file, or may."""
    try:
        return file.with_name(f"{file.name}-wal").stat().st_size > 0
    except OSError:
        return False


def empty_log(connection: sqlite3.Connection) -> None:
    """Bring what was written into the file itself, and leave nothing in the log beside it.

    SQLite finds its log by name. What lay there of one file would be read into another that is put in its place.
    """
    with suppress(sqlite3.OperationalError):  # somebody still reads what was before: the next one does it
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _open_existing(_dialect: Any, _record: Any, cargs: list[Any], cparams: dict[str, Any]) -> None:
    cargs[0] = f"file:{quote(cargs[0])}?mode=rw"
    cparams["uri"] = True


def _unbound(connection: BoundedConnection | None, _record: Any) -> None:
    # Whoever is lent it next, a writer perhaps, has as long as it takes unless it is bounded again.
    if connection is not None:
        connection.until = math.inf


def _set_pragmas(connection: BoundedConnection, _record: Any) -> None:
    connection.bound()
    # Autocommit in the driver: SQLAlchemy's own BEGIN (below) is the only one.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    # A reader takes no lock, and in WAL mode never waits; a writer takes its lock at once, or finds it taken and waits.
    # To the driver itself: this stands before every read, and SQLAlchemy would make a result of it.
    driver: Any = connection.connection.driver_connection
    options = connection.get_execution_options()
    if options.get("writing"):
        _begin_writing(driver, options["waiting"], options.get("patience"))
    else:
        driver.execute("BEGIN DEFERRED")


def _begin_writing(driver: sqlite3.Connection, waiting: Callable[[], None], patience: float | None) -> None:
    try:
        driver.execute(f"PRAGMA busy_timeout={_SOON_MS}")
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            waiting()
            driver.execute(f"PRAGMA busy_timeout={_WRITER_MS if patience is None else int(patience * 1_000)}")
            driver.execute("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={READER_MS}")
