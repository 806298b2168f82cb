"""What all tables share: the metadata with its naming convention, and the column types of the house."""

from __future__ import annotations

from typing import Annotated, TypeVar

from sqlalchemy import CheckConstraint, Column, Integer, MetaData, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Slug = Annotated[str, mapped_column(String(64))]
"""A readable identifier, never reused."""
Code = Annotated[str, mapped_column(String(12))]
"""A region code: GSS where there is one, else ITL or NUTS."""
IsoDate = Annotated[str, mapped_column(String(10))]
"""A day as ISO 8601 text. Text, because it sorts and compares as a date does, is read without any conversion, and
can hold the reduced precision (`2025`) in which the validity of some codes is known."""
PeriodLabel = Annotated[str, mapped_column(String(24))]
"""The canonical label of a period, see `api.periods`."""


class Base(DeclarativeBase):
    """The declarative base; its metadata is what migrations are compared with."""

    metadata = MetaData(naming_convention=NAMING)


class Described:
    """What figures are about, at a release: a mixin of the tables of texts, places, sources and definitions.

    A row holds from `first_release` on. What it said until then is kept in the table's history, so that every release
    can be read as it was; see `queries.described`.
    """

    first_release: Mapped[int] = mapped_column(server_default="1", sort_order=1)
    """Since which release the row says what it says."""


T = TypeVar("T", bound=type[Base])
HISTORIES: dict[type[Base], Table] = {}
"""The history of each table of `Described`: the same columns, and the last release in which a row held (inclusive)."""


def with_history(model: T) -> T:
    """Give the table of a model its history, `<table>_history`: a class decorator."""
    table: Table = model.__table__  # type: ignore[assignment]
    columns = [
        Column(item.name, item.type, primary_key=True, autoincrement=False)
        if item.primary_key or item.name == "first_release"
        else Column(item.name, item.type, nullable=item.nullable)
        for item in table.columns
    ]
    last = Column("last_release", Integer, nullable=False)
    HISTORIES[model] = Table(f"{table.name}_history", Base.metadata, *columns, last)
    return model


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A check that a text column holds one of a few values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column, info={"column": column, "values": values})
