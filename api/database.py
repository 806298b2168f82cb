"""Engine and connections: SQLite embedded, or PostgreSQL for production. `connect` to read, `begin` to write.

What a database that fails does to a request is settled here: it is waited for only so long, never by all threads of a
process, and a failure is the problem `not-ready` and a line in the log, wherever in an answer it happens.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from api.connecting import sqlite
from api.connecting.failures import Failure, Teller, failure_in
from api.connecting.gate import FullError, Gate
from api.errors import Problem, not_ready
from api.settings import Settings

_BUSY = Failure("gate", "keeps others waiting", "as many threads as may be are waiting for it already", passing=True)
_LOCKED = {"5", "55"}
"""Kinds of failures that say that another one writes (`connecting.failures`)."""
_WRITTEN_TO = "Figures are being published at this moment. Nothing was done: send it again."
_RETRY_SECONDS = 5
_TURN_SECONDS = 0.05
"""Seconds that a reader of SQLite waits for the one before it, which may be at something long."""


class Database:
    """One process's way to the data."""

    def __init__(self, url: str, settings: Settings | None = None) -> None:
        self._settings = settings or Settings()
        self.address = address_of(url)
        self.away: Failure | None = None
        """Why the database is known not to be there: nobody asks it then, but whoever looks whether it is back."""
        self.doubted = False
        """Whether somebody met a failure that may be everybody's: it is time to look."""
        self.engine = make_engine(url, self._settings, lost=lambda: self.away is not None)
        self.teller = Teller()
        self._gate = Gate(self._settings.threads - 1)
        self._bounded = True
        self._identity: tuple[int, ...] | None = None
        self._embedded = self.engine.dialect.name == "sqlite"
        self._turn = threading.RLock()

    @property
    def file(self) -> Path | None:
        """The file of an SQLite database."""
        return sqlite.file_of(self.address) if self._embedded else None

    def create(self) -> None:
        """Make the file of an SQLite database where there is none, empty. Nothing else does."""
        if self.file is not None:
            sqlite.create(self.file)

    def replaced(self) -> bool:
        """Whether the file of an SQLite database is another one since this was last asked.

        What is open of it is closed then. FileNotFoundError where there is none.
        """
        if self.file is None:
            return False
        found, before = sqlite.identity_of(self.file), self._identity
        self._identity = found
        if before is None or found == before:
            return False
        self.engine.dispose()
        return True

    def settle(self) -> None:
        """Leave nothing of what was written beside the file of an SQLite database, see `sqlite.empty_log`."""
        if self.file is not None and sqlite.has_log(self.file):
            with self.engine.connect() as connection:
                driver: Any = connection.connection.driver_connection
                sqlite.empty_log(driver)

    def take_time(self) -> None:
        """Let whoever reads take as long as it takes, from now on: for commands, which nobody waits behind."""
        self._bounded = False

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Count among those who wait for the database while this lasts. Problem `not-ready` for one too many."""
        try:
            with self._gate.entered():
                yield
        except FullError:
            raise self.unavailable(_BUSY) from None

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection to read with; what a reader does is never committed. Problem `not-ready`."""
        with self.reading(), self.engine.connect() as connection:
            self._bound(connection)
            yield connection

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read while this lasts, as one of so many threads. Problem `not-ready`, for failures of the database too."""
        try:
            with self._gate.entered(), self._in_turn():
                self._refuse_if_away()
                yield
        except FullError:
            raise self.unavailable(_BUSY) from None
        except Exception as error:
            failure = failure_in(error)
            if failure is None or failure.unprepared:
                raise
            raise self.unavailable(failure) from error

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection to read with that sees one state of everything, whoever writes while it reads."""
        with self.engine.connect() as connection:
            yield self.in_one_state(connection)

    def in_one_state(self, connection: Connection) -> Connection:
        """Have a connection see one state of everything from its first read on. On SQLite every connection does."""
        if not self._embedded:
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._bound(connection)
        return connection

    def renew_bound(self, connection: Connection) -> None:
        """Give a connection of SQLite its time anew: PostgreSQL counts for each statement by itself."""
        if self._embedded:
            self._bound(connection)

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """A connection to see with whether the database is there, and which it is: raises what the driver raises."""
        with self.engine.connect() as connection:
            if not self._embedded:
                _postgresql().look_quickly(connection, self._settings)
            yield connection

    @contextmanager
    def begin(
        self, *, waiting: Callable[[], None] = lambda: None, patience: float | None = None
    ) -> Iterator[Connection]:
        """A connection in one transaction, committed at the end, rolled back on any error. Problem `not-ready`.

        One writer at a time, whatever the database: what a writer finds, such as the newest release, is still so when
        it commits. Another one waits, however long or for so many seconds (`patience`), and `waiting` is called before
        it does.
        """
        options = {"writing": True, "waiting": waiting, "patience": patience}
        try:
            with self.engine.connect().execution_options(**options) as connection, connection.begin():
                if not self._embedded:
                    _postgresql().begin_writing(connection, waiting, patience)
                yield connection
        except Exception as error:
            failure = failure_in(error)
            if failure is None or failure.unprepared:
                raise
            if patience is not None and failure.kind in _LOCKED:
                raise Problem("busy", _WRITTEN_TO, headers={"Retry-After": "5"}) from error
            raise self.unavailable(failure) from error
        with suppress(SQLAlchemyError, OSError):  # it is committed, whatever comes of this
            self.settle()

    def unavailable(self, failure: Failure) -> Problem:
        """The problem of a failure that was just met: with a line in the log."""
        self.teller.tell(failure)
        self.doubted = self.doubted or not failure.passing
        return refusal(failure)

    def _bound(self, connection: Connection) -> None:
        """Give a reader so many seconds: on PostgreSQL every connection has them for each statement."""
        seconds = self._settings.database_statement_seconds if self._bounded else 0
        if self._embedded:
            sqlite.read_until(connection, time.monotonic() + seconds if seconds else math.inf)
        elif not self._bounded:
            _postgresql().take_time(connection)

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Wait for the reader before, but not for long.

        SQLite gives up the interpreter's lock at every row; several threads reading at once then queue for it, and all
        slow down together (measured in bench/). One reader at a time in each process keeps each as fast as alone, but
        one that reads for long must not hold up the others.
        """
        mine = self._embedded and self._turn.acquire(timeout=_TURN_SECONDS)
        try:
            yield
        finally:
            if mine:
                self._turn.release()

    def _refuse_if_away(self) -> None:
        failure = self.away
        if failure is not None:
            raise refusal(failure)


def refusal(failure: Failure) -> Problem:
    """What a caller is told of a failure: nothing of where the database is, or of its own words."""
    retry = 1 if failure.passing else _RETRY_SECONDS
    return not_ready(f"The database {failure.what}. {failure.advice}", seconds=retry)


def address_of(url: str) -> URL:
    """The address of a database; `postgres://`, as hosting panels write it, is understood too."""
    return make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)


def make_engine(url: str, settings: Settings | None = None, *, lost: Callable[[], bool] = lambda: False) -> Engine:
    """An engine for the address, bounded as the settings say; nobody goes on waiting for a database that is `lost`."""
    address = address_of(url)
    if address.get_backend_name() == "sqlite":
        return sqlite.make_engine(address)
    engine: Engine = _postgresql().make_engine(address, settings or Settings(), lost=lost)
    return engine


def _postgresql() -> Any:
    from api.connecting import postgresql  # noqa: PLC0415  (its driver is loaded where it is used)

    return postgresql
