"""Projections of series, computed when a release is published."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.models.base import Base


class Projection(Base):
    """What a series was projected to be, from some figures of it.

    Keyed by a digest of those figures rather than by releases: a release finds what was made from the figures that it
    holds, so that a series that does not change is not computed again, one that goes back to earlier figures finds
    what was made from those, and an answer once given is never another. Rows are added, and never changed or removed.
    """

    __tablename__ = "projection"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    """The release that it was first computed for."""
    engine: Mapped[str] = mapped_column(Text)
    """What computed it, with its version."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Model, values and back-test, as they are served: nothing is ever asked of their parts."""
