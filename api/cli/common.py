"""What commands have in common: faults told in a line each, and a database that they can work on."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from api.database import Database
from api.errors import Problem
from api.services import verify
from api.services.backup import BackupError
from api.services.copying import CopyError
from api.services.project import ExtraMissingError
from api.services.ranges import RefusedError
from api.services.tables import FaultsError

F = TypeVar("F", bound=Callable[..., Any])

FAULTS = (Problem, FaultsError, RefusedError, BackupError, CopyError, ExtraMissingError, OSError, SQLAlchemyError)
"""What commands tell in words: everything else is a fault of the code."""


def reports_faults(command: F) -> F:
    """A command whose faults are told as such, a line each, with exit code 1, and never as a traceback."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except FAULTS as error:
            raise click.ClickException(in_words(error)) from error

    return with_appcontext(wrapped)  # type: ignore[return-value]


def in_words(error: Exception) -> str:
    """What is told of one of the `FAULTS`."""
    if isinstance(error, FaultsError):
        return "Nothing is published.\n" + "\n".join(error.faults)
    if isinstance(error, OSError):
        return _of_the_system(error)
    return _of_the_database(error) if isinstance(error, SQLAlchemyError) else str(error)


def _of_the_system(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    advice = " Make room, or name a file elsewhere." if error.errno in {errno.ENOSPC, errno.EDQUOT} else ""
    return f"{where}{error.strerror or error}.{advice}"


def _of_the_database(error: SQLAlchemyError) -> str:
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()
    return f"The database says: {' '.join(said) or type(error).__name__}"


def database_of_service() -> Database:
    """The database of the service, read for as long as it takes: nobody waits behind a command."""
    database: Database = current_app.extensions["database"]
    database.take_time()
    return database


def waiting() -> None:
    """Say that a command waits for another one: given to `Database.begin`, so that it is said before that waits."""
    click.echo("Another process is writing to this database. Waiting until it is done ...", err=True)


@contextmanager
def own_database() -> Iterator[Database]:
    """The database of the service. A file that is not there is not made."""
    database = database_of_service()
    if database.file is not None and not database.file.exists():
        raise click.ClickException(
            f"There is no database {database.file}. Run `flask --app wsgi data prepare`, or restore a backup."
        )
    yield database


@contextmanager
def ready_database() -> Iterator[Database]:
    """The database of the service, where it has the newest schema."""
    with own_database() as database:
        with database.connect() as connection:
            for fault in verify.at_newest_schema(connection):
                raise click.ClickException(fault)
        yield database


class Moment(click.ParamType):  # type: ignore[type-arg]  # generic to the checker alone
    """A moment in ISO 8601; without a time zone it is of UTC."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment, with a time zone."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment. Write one as 2026-11-27T09:30:00Z.", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
