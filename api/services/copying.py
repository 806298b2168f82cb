"""All rows of a database copied into another of the same schema, whichever two kinds they are of.

Tables that are another application's in the same database are neither read nor written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, DateTime, MetaData, Table, func, insert, inspect, select, text

from api.models import Base
from api.services.ranges import in_utc

_VERSION = "alembic_version"
_OURS = frozenset(Base.metadata.tables)
"""The tables of every revision so far. One that a migration takes away is still to stand here, for those before it."""
_BATCH = 5_000

Row = dict[str, Any]


class CopyError(ValueError):
    """Rows that cannot be copied; the text says why."""


def tables_of(connection: Connection) -> list[Table]:
    """Our tables as they are in the database, those that others refer to first; not that of the schema's revision."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name in _OURS)
    return [table for table in found.sorted_tables if table.name in _OURS]


def tables_of_others(connection: Connection) -> list[str]:
    """The names of tables in the database that are not ours."""
    return sorted(set(inspect(connection).get_table_names()) - _OURS - {_VERSION})


def copy(source: Connection, target: Connection, *, leave_out: Collection[str] = frozenset()) -> dict[str, int]:
    """Copy every row into the empty tables of another database, but of tables to leave out; how many each table has.

    CopyError where the two have other tables or columns.
    """
    into = {table.name: table for table in tables_of(target)}
    given = tables_of(source)
    different = sorted(_columns(into.values()) ^ _columns(given))
    if different:
        raise CopyError(f"The databases have not the same tables and columns. One alone has {', '.join(different)}.")
    if target.dialect.name == "sqlite":
        target.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    copied = {}
    for table in (table for table in given if table.name not in leave_out):
        name = str(table.name)  # the dialect's own kind of text
        copied[name] = 0
        for rows in _rows(source, table):
            target.execute(insert(into[name]), rows)
            copied[name] += len(rows)
    _continue_numbers(target, list(into.values()))
    return copied


def clear(connection: Connection) -> None:
    """Delete every row of ours. Readers go on with what they see until the transaction is committed."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    for table in reversed(tables_of(connection)):
        connection.execute(table.delete())


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each of our tables has."""
    return {
        str(table.name): connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables_of(connection)
    }


def _columns(tables: Iterable[Table]) -> set[str]:
    return {f"{table.name}.{name}" for table in tables for name in table.c.keys()}  # noqa: SIM118  (no dictionary)


def _rows(connection: Connection, table: Table) -> Iterator[list[Row]]:
    """The rows of a table in the order of its key, some at a time; what a row refers to in its own table goes first."""
    moments = [column.name for column in table.c if isinstance(column.type, DateTime)]
    statement = select(table).order_by(*table.primary_key.columns)
    result = connection.execution_options(stream_results=True).execute(statement)
    own = [(key.parent.name, key.column.name) for key in table.foreign_keys if key.column.table is table]
    waiting: list[Row] = []
    written: set[tuple[str, Any]] = set()
    for part in result.mappings().partitions(_BATCH):
        rows = [_in_utc(dict(row), moments) for row in part]
        if not own:
            yield rows
        waiting.extend(rows if own else ())
    while waiting:
        ready = [row for row in waiting if all(row[name] is None or (to, row[name]) in written for name, to in own)]
        if not ready:
            raise CopyError(f"Rows of the table {table.name} refer to one another in a circle, or to none there is.")
        written.update((to, row[to]) for row in ready for _, to in own)
        waiting = [row for row in waiting if not any(row is other for other in ready)]
        yield ready


def _in_utc(row: Row, moments: list[str]) -> Row:
    """The row with its moments in UTC: SQLite keeps no time zone, and PostgreSQL gives them in that of the session."""
    for name in moments:
        if isinstance(row[name], datetime):
            row[name] = in_utc(row[name])
    return row


def _continue_numbers(connection: Connection, tables: list[Table]) -> None:
    """Have PostgreSQL number new rows after those that are there; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key.columns:
            named = {"table": table.name, "column": column.name}
            sequence = connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), named).scalar()
            if sequence is not None:
                last = connection.execute(select(func.max(column))).scalar()
                given = {"name": sequence, "last": last or 1, "called": last is not None}
                connection.execute(text("SELECT setval(:name, :last, :called)"), given)
