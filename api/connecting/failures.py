"""What the errors of a database mean: that it cannot be had just now, or that our own statement is wrong.

By what the database itself says (SQLite's result code, PostgreSQL's SQLSTATE) rather than by the class of the
exception: for SQLite a locked file and a misspelt column are both an `OperationalError`.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exc

_LOG = logging.getLogger("api.database")
_EVERY = 10.0
"""Seconds in which failures of one kind are one line in the log."""
_LONGEST = 300
"""Characters of a database's own words that are repeated in the log."""

_SQLITE = {
    sqlite3.SQLITE_PERM: "may not be opened",
    sqlite3.SQLITE_BUSY: "is locked by another process",
    sqlite3.SQLITE_LOCKED: "is locked",
    sqlite3.SQLITE_NOMEM: "has no memory left",
    sqlite3.SQLITE_READONLY: "cannot be written to",
    sqlite3.SQLITE_INTERRUPT: "took too long over a statement",
    sqlite3.SQLITE_IOERR: "cannot be read or written",
    sqlite3.SQLITE_CORRUPT: "is damaged",
    sqlite3.SQLITE_FULL: "is full, or its disk is",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_PROTOCOL: "is locked by another process",
    sqlite3.SQLITE_AUTH: "may not be opened",
    sqlite3.SQLITE_NOTADB: "is not a database",
}
"""SQLite's result codes that say that the file cannot be had; the others are mistakes of ours."""
_POSTGRESQL = {
    "08": "cannot be reached",
    "25006": "takes no writing",
    "28": "lets nobody in under this name",
    "3D": "is not there",
    "40": "was at odds with another statement",
    "53100": "is full, or its disk is",
    "53300": "takes no more connections",
    "53": "has nothing left to work with",
    "55": "is locked by another process",
    "57014": "took too long over a statement",
    "57": "is being stopped or started",
    "58": "cannot be read or written",
    "XX001": "is damaged",
    "XX002": "is damaged",
}
"""PostgreSQL's states, or classes of them, that say that the database cannot be had."""
_TOO_LONG = {"57014", str(sqlite3.SQLITE_INTERRUPT)}
_PASSING_SQLITE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_INTERRUPT}
_TABLES_MISSING = {"42P01", "42703", "3F000"}
_PASSING = {"40", "53", "53100", "53300", "55", "57014"}
"""Kinds that say nothing of whether the database is there: it is, and this one statement could not be had."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure that is not a mistake of ours."""

    kind: str
    """What it is counted under in the log."""
    what: str
    """What is the matter with the database, as the end of a sentence that begins with it."""
    said: str
    """The database's own words, on one line."""
    passing: bool = False
    """Whether the database is there all the same."""
    unprepared: bool = False
    """Whether tables or columns are missing: the database has an older schema, or none, or the statement is wrong."""

    @property
    def advice(self) -> str:
        """What a caller may do, as a sentence."""
        return "Ask for less at once, or again later." if self.kind in _TOO_LONG else "Ask again in a moment."


def failure_in(error: BaseException) -> Failure | None:
    """What an error of SQLAlchemy or of a driver says of the database; None where it says nothing."""
    if isinstance(error, exc.TimeoutError):
        return Failure("pool", "has no connection free", "every connection of the pool is in use", passing=True)
    original: Any = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        return _of_sqlite(original)
    if hasattr(original, "sqlstate") and hasattr(original, "diag"):  # psycopg's, without importing it
        return _of_postgresql(original)
    return None


def _of_sqlite(error: sqlite3.Error) -> Failure | None:
    said = _line(error)
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None  # the driver's own: a connection used after its end, or by two threads
    if code & 0xFF == sqlite3.SQLITE_ERROR and said.startswith(("no such table", "no such column")):
        return Failure("tables", "lacks tables that this code needs", said, unprepared=True)
    what = _SQLITE.get(code & 0xFF)
    return None if what is None else Failure(str(code & 0xFF), what, said, passing=code & 0xFF in _PASSING_SQLITE)


def _of_postgresql(error: Any) -> Failure | None:
    said, state = _line(error), error.sqlstate
    if state is None:
        # Not the server's words but those of the way to it; a driver used wrongly raises a ProgrammingError.
        lost = type(error).__name__ != "ProgrammingError"
        return Failure("08", _POSTGRESQL["08"], said) if lost else None
    if state in _TABLES_MISSING:
        return Failure("tables", "lacks tables that this code needs", said, unprepared=True)
    kind = next((part for part in (state, state[:2]) if part in _POSTGRESQL), None)
    return None if kind is None else Failure(kind, _POSTGRESQL[kind], said, passing=kind in _PASSING)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:_LONGEST] or type(error).__name__


class Teller:
    """Writes failures to the log: one line for all of a kind in ten seconds; the next says how many were left out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: dict[str, tuple[float, int]] = {}

    def tell(self, failure: Failure) -> None:
        """One line, unless the last one of the kind was just now."""
        now = time.monotonic()
        with self._lock:
            last, left_out = self._told.get(failure.kind, (-_EVERY, 0))
            if now - last < _EVERY:
                self._told[failure.kind] = last, left_out + 1
                return
            self._told[failure.kind] = now, 0
        others = f" ({left_out:,} more like it since the last line)" if left_out else ""
        _LOG.error("The database %s: %s%s", failure.what, failure.said, others)
