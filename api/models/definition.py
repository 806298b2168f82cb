"""Definitions of indices: which indicators make up which component, by which method."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from api.models.base import Base, Described, Slug, with_history


@with_history
class IndexDefinition(Described, Base):
    """The definition of an index, as it stands in the files of `api/indices`, which new databases begin with."""

    __tablename__ = "index_definition"

    id: Mapped[Slug] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """All of it but the identifier: nothing is ever asked of its parts."""
