"""What partners may do, and what they are about to publish: keys, drafts and their uploads, retries, the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.models.base import Base, one_of
from api.models.release import RELEASE_KINDS

SCOPES = ("upload", "publish", "admin")
DRAFT_STATES = ("open", "publishing", "published", "discarded")
READERS = ("tidy-csv", "ons-local-statistics", "nomis-csv", "sdmx-csv", "json-stat", "parquet", "xlsx", "wide")
"""The kinds of files that are read, by the names that `api.readers` gives them: it is not loaded to name them."""
PLACE_LEVELS = ("ward", "neighbourhood")
"""Levels below local authorities, which partners have places of."""
PART_KINDS = ("indicator", "place")
UPLOAD_STATES = ("waiting", "checking", "checked", "refused")
_DIGEST = String(64)


class ApiKey(Base):
    """A key of an owner. What is sent is never stored: its prefix finds it, and its SHA-256 tells whether it is it."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(String(12), unique=True)
    digest: Mapped[str] = mapped_column(_DIGEST)
    owner: Mapped[str] = mapped_column(Text, index=True)
    """Whose it is, as readers are told it of what is published with it."""
    scopes: Mapped[list[str]] = mapped_column(JSON)
    regions: Mapped[list[str] | None] = mapped_column(JSON)
    """Codes whose figures, and those of places within, it may write; null: any."""
    indicators: Mapped[list[str] | None] = mapped_column(JSON)
    """Indicators that it may write; null: any."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """To a minute or so: a key that is used often is not written with each request."""


class Draft(Base):
    """Figures that are to become a release. Nothing of it stands in the tables that readers are answered from."""

    __tablename__ = "draft"
    __table_args__ = (one_of("state", DRAFT_STATES), one_of("kind", RELEASE_KINDS[:2]))

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    owner: Mapped[str] = mapped_column(Text, index=True)
    reason: Mapped[str] = mapped_column(Text)
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    """Another one with every change of it: `If-Match` names it."""
    base_release: Mapped[int] = mapped_column(ForeignKey("release.id"))
    """The release that its figures were compared with: what changed since is a conflict."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    publish_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    """When it is to be published, if it waits for that (embargo)."""
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"), unique=True)
    """The release that it became."""
    preview: Mapped[str | None] = mapped_column(String(40))
    """The name of the copy of the database in which it is published already, for its owner to look at."""
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Why it could not be published when that was last tried in the background."""
    key_id: Mapped[int | None] = mapped_column(ForeignKey("api_key.id"))
    """The key that it was last to be published with; null: the operator's own."""


class DraftPart(Base):
    """What a draft says besides figures: an indicator or a place of the partner's own."""

    __tablename__ = "draft_part"
    __table_args__ = (one_of("kind", PART_KINDS),)

    draft_id: Mapped[str] = mapped_column(ForeignKey("draft.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The indicator's identifier, or the place's code."""
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class Upload(Base):
    """A file of a draft as it was sent, and what came of reading and checking it."""

    __tablename__ = "upload"
    __table_args__ = (one_of("state", UPLOAD_STATES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("draft.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    """As the caller called it; no path is ever made of it."""
    media_type: Mapped[str | None] = mapped_column(Text)
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    """How it is to be read: reader, sheet, mapped columns, constants."""
    bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(_DIGEST)
    """Of the file as it was sent; the file is kept under it."""
    state: Mapped[str] = mapped_column(String(12))
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    held_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """Until when a process that checks it counts as alive."""
    step: Mapped[str | None] = mapped_column(Text)
    """What is being done with it."""
    rows: Mapped[int | None]
    good: Mapped[int | None]
    errors: Mapped[int | None]
    warnings: Mapped[int | None]
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What was understood of it, and the first faults."""


class IdempotentRequest(Base):
    """A write that was answered: whoever sends it again under the same key is told the same, and nothing is done."""

    __tablename__ = "idempotent_request"

    key_id: Mapped[int] = mapped_column(ForeignKey("api_key.id"), primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(String(255), primary_key=True)
    digest: Mapped[str] = mapped_column(_DIGEST)
    """SHA-256 of method, address and body."""
    status: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    location: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


class AuditEntry(Base):
    """Something that was done: by whom, when, from where. Rows are added, and never changed or removed."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    action: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str | None] = mapped_column(Text)
    key_prefix: Mapped[str | None] = mapped_column(String(12))
    """Null where the operator did it."""
    address: Mapped[str | None] = mapped_column(String(64))
    """Where the request came from; null where it was a command."""
    subject: Mapped[str | None] = mapped_column(String(80))
    """The draft, key or release that it was done to."""
    sha256: Mapped[str | None] = mapped_column(_DIGEST)
    """Of the file that came with it."""
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON)
