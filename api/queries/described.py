"""What a release says besides figures: the rows of descriptive tables that hold at a release."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Integer, Select, Subquery, bindparam, select, union_all

from api.models import HISTORIES, Base

Row = dict[str, Any]
_RANGE = {"first_release", "last_release"}


def at_release(model: type[Base], release: int | BindParameter[int]) -> Subquery:
    """The rows of a table of `models.Described` that hold at a release, under the table's name.

    Those that still hold stand in the table itself, others in its history: to read the newest release costs the same
    however much was said before.
    """
    table, history = model.__table__, HISTORIES[model]
    names = [item.name for item in table.columns if item.name not in _RANGE]
    holding = select(*(table.c[name] for name in names)).where(table.c.first_release <= release)
    ended = select(*(history.c[name] for name in names)).where(
        history.c.first_release <= release, history.c.last_release >= release
    )
    return union_all(holding, ended).subquery(table.name)  # type: ignore[attr-defined]


def rows_at(connection: Connection, model: type[Base], release: int, *order: str) -> list[Row]:
    """Those rows, ordered by some columns."""
    names, statement = _rows_of(model, order)
    return [dict(zip(names, row, strict=True)) for row in connection.execute(statement, {"release": release})]


@cache
def _rows_of(model: type[Base], order: tuple[str, ...]) -> tuple[list[str], Select[Any]]:
    """The names of the columns, and the statement. Building it anew each time would take longer than most tables."""
    held = at_release(model, bindparam("release", type_=Integer))
    return [str(column.name) for column in held.c], select(held).order_by(*(held.c[name] for name in order))
