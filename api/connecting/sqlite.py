"""SQLite: a file that must be there, and how it is opened."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event

READER_MS = 2_000
"""Milliseconds that a reader waits for a file that another process has for itself."""
_WRITER_MS = 3_600_000
"""Milliseconds that a writer waits for another one: a publication may take long, and then it is this one's turn."""
_SOON_MS = 500
_LOG = "-wal"
_BESIDE = (_LOG, "-shm")
_PRAGMAS = (
    f"PRAGMA busy_timeout={READER_MS}",  # first: the others may find the file locked
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA mmap_size=1073741824",
    "PRAGMA cache_size=-65536",
)


def file_of(address: URL) -> Path | None:
    """The file of an address; None for a database in memory, and for an address that is SQLite's own kind of URI."""
    name = address.database
    return None if not name or name == ":memory:" or name.startswith("file:") else Path(name)


def make_engine(address: URL) -> Engine:
    """An engine for a file that is there: opening never makes one."""
    engine = create_engine(address)
    if file_of(address) is not None:
        event.listen(engine, "do_connect", _open_existing)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def create(file: Path) -> None:
    """Make an empty file where there is none: what prepares a database does, and nobody else."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


@dataclass(frozen=True, slots=True)
class Identity:
    """Which file stands under a name, and which ones SQLite keeps beside it: devices and inodes, size and time."""

    file: tuple[int, int]
    written: tuple[int, int]
    beside: dict[str, int]

    @classmethod
    def of(cls, file: Path) -> Identity:
        """The identity of what stands there now. OSError where nothing does."""
        found = file.stat()
        beside = {}
        for end in _BESIDE:
            with suppress(OSError):
                beside[end] = Path(f"{file}{end}").stat().st_ino
        return cls((found.st_dev, found.st_ino), (found.st_size, found.st_mtime_ns), beside)


def clear_away(file: Path, before: Identity) -> None:
    """Take away what a file that was replaced has left beside the one that stands there now.

    SQLite finds its log and its index by name: it would read those of the old file into the new one. What other
    processes have open of the old file stays as it is for them. A log that is not empty keeps a name of its own.
    """
    with _alone(file.parent):
        now = Identity.of(file)
        for end, inode in before.beside.items():
            if now.file != before.file and now.beside.get(end) == inode:
                left = Path(f"{file}{end}")
                if end == _LOG and left.stat().st_size:
                    left.rename(f"{left}.of-replaced-{inode}")
                else:
                    left.unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While this lasts, no other process clears away in the folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def empty_log(connection: sqlite3.Connection) -> None:
    """Bring what was written into the file itself, so that nothing lies beside it that it could be parted from."""
    with suppress(sqlite3.OperationalError):  # somebody still reads what was before: the next writer does it
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _open_existing(_dialect: Any, _record: Any, cargs: list[Any], cparams: dict[str, Any]) -> None:
    cargs[0] = f"file:{quote(cargs[0])}?mode=rw"
    cparams["uri"] = True


def _set_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
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
        _begin_writing(driver, options["waiting"])
    else:
        driver.execute("BEGIN DEFERRED")


def _begin_writing(driver: sqlite3.Connection, waiting: Callable[[], None]) -> None:
    try:
        driver.execute(f"PRAGMA busy_timeout={_SOON_MS}")
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            waiting()
            driver.execute(f"PRAGMA busy_timeout={_WRITER_MS}")
            driver.execute("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={READER_MS}")
