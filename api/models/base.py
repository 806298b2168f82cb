"""What all tables share: the metadata with its naming convention, and the column types of the house."""

from __future__ import annotations

from typing import Annotated

from sqlalchemy import CheckConstraint, MetaData, String
from sqlalchemy.orm import DeclarativeBase, mapped_column

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


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A check that a text column holds one of a few values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
