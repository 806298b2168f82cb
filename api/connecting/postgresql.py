"""PostgreSQL: connections that are waited for only so long, whatever the server does.

`statement_timeout` is kept by the server, and a server that is frozen, or behind a network that swallows everything,
keeps nothing. TCP notices neither: the other side's system goes on acknowledging. So the client has a bound of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import URL, Engine, create_engine, event

from api.settings import Settings

GRACE = 1.0
"""Seconds beyond its own bound that a server is given to say that it has given up."""
_WRITERS = 20_260_519
"""The number of the lock that writers queue for; any number that nobody else uses."""
_TCP = {"keepalives": 1, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
_USER_TIMEOUT_MS = 15_000
"""A peer that is gone is known to be after so many milliseconds; keepalives of an idle connection take longer."""
_NAME = "digital-capital"
_PAGES = "-c random_page_cost=1.1"
"""Figures lie in memory or on a disk without moving parts. The usual 4 is for others: with it 500 areas of a period
were found by reading the whole table, in five times the time."""


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that gives up waiting: after `bound` seconds, or as soon as `lost` says that waiting is in vain."""

    bound: float | None = None
    lost: Callable[[], bool] | None = None

    def wait(self, gen: Any, *given: Any, **named: Any) -> Any:
        """Wait as psycopg does, within the bound. Raises OperationalError, and is closed then."""
        if self.bound is None:
            return super().wait(gen, *given, **named)
        return super().wait(self._bounded(gen, time.monotonic() + self.bound), *given, **named)

    def _bounded(self, gen: Any, until: float) -> Any:
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                # psycopg comes by every tenth of a second, with nothing where nothing has come.
                if not ready and (time.monotonic() > until or (self.lost and self.lost())):
                    self.close()
                    raise psycopg.OperationalError("the server does not answer")
                wanted = gen.send(ready)
        except StopIteration as done:
            return done.value


def make_engine(address: URL, settings: Settings, *, lost: Callable[[], bool]) -> Engine:
    """An engine with bounds on connecting, on statements, and on how many connections there are."""
    defaults = {
        "connect_timeout": settings.database_connect_seconds,
        "tcp_user_timeout": _USER_TIMEOUT_MS,
        "fallback_application_name": _NAME,
        **_TCP,
    }
    # What the address itself says goes before.
    arguments: dict[str, Any] = {name: value for name, value in defaults.items() if name not in address.query}
    own = [_PAGES]
    if settings.database_statement_seconds:
        own.append(f"-c statement_timeout={round(settings.database_statement_seconds * 1_000)}")
    arguments["options"] = " ".join((*own, str(address.query.get("options", "")))).strip()
    engine = create_engine(
        address,
        connect_args=arguments,
        pool_pre_ping=True,
        pool_size=settings.threads + 1,
        max_overflow=settings.threads,
        pool_timeout=settings.database_pool_seconds,
    )
    statement = settings.database_statement_seconds + GRACE if settings.database_statement_seconds else None

    def do_connect(_dialect: Any, _record: Any, cargs: list[Any], cparams: dict[str, Any]) -> Any:
        connection = BoundedConnection.connect(*cargs, **cparams)
        connection.bound = settings.database_connect_seconds
        return connection

    def lend(connection: BoundedConnection, *_: Any) -> None:
        connection.bound, connection.lost = statement, lost

    def take_back(connection: BoundedConnection | None, *_: Any) -> None:
        # Until it is lent again there is only the question whether it is still there, which takes no time.
        if connection is not None:
            connection.bound, connection.lost = settings.database_connect_seconds, None

    event.listen(engine, "do_connect", do_connect)
    event.listen(engine, "checkout", lend)
    event.listen(engine, "checkin", take_back)
    return engine


def look_quickly(connection: Any, settings: Settings) -> None:
    """Have a connection wait for a moment only, and whatever is thought of the database: it is to be found out."""
    driver = connection.connection.driver_connection
    driver.bound, driver.lost = settings.database_connect_seconds, None


def take_time(connection: Any) -> None:
    """Let what is read in this transaction take as long as it takes."""
    driver = connection.connection.driver_connection
    driver.bound, driver.lost = None, None
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")


def begin_writing(connection: Any, waiting: Callable[[], None], patience: float | None) -> None:
    """Let a transaction take its time, and have it wait for other writers, however long or for so many seconds.

    `waiting` is called where there is one. Who has waited long enough fails with the server's own error.
    """
    take_time(connection)
    if not connection.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({_WRITERS})").scalar():
        waiting()
        if patience is not None:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(patience * 1_000)}")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS})")
