"""Releases: the unit of change. Everything a reader sees, it sees at one release."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.models.base import Base, one_of

RELEASE_KINDS = ("release", "correction", "withdrawal")


class Release(Base):
    """One publication of this service: everything that became true, or stopped being true, at one moment."""

    __tablename__ = "release"
    __table_args__ = (one_of("kind", RELEASE_KINDS),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), unique=True)
    kind: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    reconstructed: Mapped[bool]
    withdraws_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"), unique=True)
    """The release that this one withdraws; it answers no more."""
