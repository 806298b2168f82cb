"""Releases: the unit of change. Everything a reader sees, it sees at one release."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex

from sqlalchemy import DateTime, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.models.base import Base, one_of

RELEASE_KINDS = ("release", "correction", "withdrawal")
RELEASE_STATES = ("draft", "published", "withdrawn")


class Release(Base):
    """One publication of this service: everything that became true, or stopped being true, at one moment."""

    __tablename__ = "release"
    __table_args__ = (one_of("kind", RELEASE_KINDS), one_of("state", RELEASE_STATES))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), unique=True)
    kind: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    reconstructed: Mapped[bool]
    mark: Mapped[str | None] = mapped_column(String(16), default=lambda: token_hex(8))
    """Tells releases of one database from those of another that have the same numbers: tags and files are named by it.

    Null where code older than the column published it. A copy of a database has the same marks: it answers the same.
    """
    fingerprint: Mapped[str | None] = mapped_column(String(32))
    """A digest of all that the release says besides figures: names, texts, sources, gaps, definitions.

    Null where code older than the column published it, until `flask data prepare` adds it.
    """
    state: Mapped[str] = mapped_column(String(9), server_default="published")
    """Readers are given what is published. What is withdrawn answers that it is."""
    added: Mapped[int | None]
    """How many observations it added to the release before it; null where code older than the column published it."""
    changed: Mapped[int | None]
    """How many of them it changed."""
    removed: Mapped[int | None]
    """How many it took out."""
    owner: Mapped[str | None] = mapped_column(Text)
    """Whose figures it brings; null: this service's own."""
    actor: Mapped[str | None] = mapped_column(Text)
    """Who published it, for the operator: it stands in no answer."""
    withdraws_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"), unique=True)
    """The release that this one withdraws; it answers no more."""
    withdraws_to: Mapped[int | None]
    """The last release that held figures of the one that is withdrawn: all from that one to this answer no more.

    Null where it withdraws nothing, and where code older than the column withdrew it.
    """


class ReleaseFile(Base):
    """What a release took from a file for an indicator: how many observations began to hold, and how many ended.

    Noted when it is published, so that nobody has to look through all observations for it.
    """

    __tablename__ = "release_file"

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), primary_key=True)
    source_file_id: Mapped[int] = mapped_column(ForeignKey("source_file.id"), primary_key=True)
    begun: Mapped[int]
    ended: Mapped[int]
