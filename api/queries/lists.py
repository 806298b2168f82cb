"""Long lists in a statement: as one parameter, where a parameter for each value would cost more than what is read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Integer, String, TypeDecorator, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Boolean, TypeEngine

LONG = 500
"""Values from which on a list is one parameter."""


class _Numbers(TypeDecorator[Sequence[int]]):
    """A list of whole numbers: JSON on SQLite, an array on PostgreSQL."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Integer) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps(value, separators=(",", ":"))


class _IsListed(GenericFunction[bool]):
    name = "is_listed"
    type = Boolean()
    inherit_cache = True


def is_listed(column: Any, name: str) -> ColumnElement[bool]:
    """Whether a column of whole numbers is among those of a parameter, which is given as a list."""
    return _IsListed(column, bindparam(name, type_=_Numbers()))


@compiles(_IsListed, "sqlite")
def _on_sqlite(element: _IsListed, compiler: Any, **named: Any) -> str:
    column, numbers = (compiler.process(part, **named) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608  (a name and a parameter)


@compiles(_IsListed, "postgresql")
def _on_postgresql(element: _IsListed, compiler: Any, **named: Any) -> str:
    column, numbers = (compiler.process(part, **named) for part in element.clauses)
    return f"{column} = ANY({numbers})"
