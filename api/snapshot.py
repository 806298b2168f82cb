"""What one request reads: one connection, and one state of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import Connection

from api.database import Database


class Snapshot:
    """One state of a database for as long as it is held; each connection sees a state of its own otherwise.

    For one thread at a time.
    """

    def __init__(self, database: Database, check: Callable[[Connection], None]) -> None:
        """`check` is called on every connection before anything is read: what it raises ends the request."""
        self._database, self._check = database, check
        self._held = False
        self._opened = ExitStack()
        self._connection: Connection | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold on to the first connection that is asked for while this lasts."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
            self.let_go()

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection to read with. Problem `not-ready`, for failures of the database too."""
        with self._database.reading():
            try:
                if self._connection is None:
                    connection = self._opened.enter_context(self._database.snapshot())
                    self._check(connection)
                    self._connection = connection
                else:
                    self._database.renew_bound(self._connection)
                yield self._connection
            finally:
                if not self._held:
                    self.let_go()

    def let_go(self) -> None:
        """Give the connection back before something that takes long: the next one may see another state."""
        self._connection = None
        self._opened.close()
