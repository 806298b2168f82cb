"""Which rows of a release-ranged table are true at a release.

Old versions of a value lie beside the current one, in the order of the key. A connection that is known to see no newer
release (`note_newest`) needs only rows whose range is open, which have an index of their own: however often a value was
revised, the database then passes over none of its old versions. It may still read by the key where few rows are old; it
decides by the statistics that every publication renews.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, or_

CURRENT = "current"
"""The part of a selection's shape that says: at the newest release that the connection sees."""
_NEWEST = "newest_release"


def holds_in(table: Any, release: int | BindParameter[int]) -> ColumnElement[bool]:
    """The rows that are true at a release, whichever it is."""
    return and_(table.first_release <= release, or_(is_current(table), table.last_release >= release))


def is_current(table: Any) -> ColumnElement[bool]:
    """The rows that are true at the newest release."""
    condition: ColumnElement[bool] = table.last_release.is_(None)
    return condition


def note_newest(connection: Connection, release: int) -> None:
    """Say which is the newest release in the state that a connection sees for as long as it is held."""
    connection.execution_options(**{_NEWEST: release})


def sees_as_newest(connection: Connection, release: int) -> bool:
    """Whether a release is known to be the newest one that a connection sees."""
    newest: int | None = connection.get_execution_options().get(_NEWEST)
    return newest == release
