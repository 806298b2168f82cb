"""What a database knows of the sizes of its tables, by which it decides how to read."""

from __future__ import annotations

from sqlalchemy import Connection

from api.models import Base

_LOOKED_AT = 1_000
"""Rows of an index that SQLite looks at to tell its size: a millisecond, however large the table is."""


def note_sizes(connection: Connection) -> None:
    """Have the database look at the sizes of our tables. PostgreSQL would do so by itself, but later."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ANALYZE {', '.join(table.name for table in Base.metadata.sorted_tables)}")
    else:
        connection.exec_driver_sql(f"PRAGMA analysis_limit = {_LOOKED_AT}")
        connection.exec_driver_sql("ANALYZE")
