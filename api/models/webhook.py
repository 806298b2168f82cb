"""Who is told of releases, and what each was told: receivers of partners, and the messages to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.models.base import Base, one_of

WEBHOOK_STATES = ("active", "disabled")
DELIVERY_STATES = ("waiting", "delivered", "failed")
EVENTS = {"release": "release.published", "correction": "release.corrected", "withdrawal": "release.withdrawn"}
"""The type of the message about a release, by the kind of the release."""
TEST = "webhook.test"
"""The type of a message that its owner asks for, to see whether it arrives."""


class Webhook(Base):
    """An address of a partner's that is told of releases."""

    __tablename__ = "webhook"
    __table_args__ = (one_of("state", WEBHOOK_STATES),)

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    owner: Mapped[str] = mapped_column(Text, index=True)
    url: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(Text)
    """What messages are signed with. It is stored as it is, since nothing can be signed with its digest."""
    indicators: Mapped[list[str] | None] = mapped_column(JSON)
    """Only releases that touched one of them; null: all."""
    regions: Mapped[list[str] | None] = mapped_column(JSON)
    """Only releases that touched one of them, by code; null: all."""
    state: Mapped[str] = mapped_column(String(8))
    disabled_because: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int]
    """How many attempts failed since the last one that did not."""
    failing_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    told_to: Mapped[int]
    """The last release of which a message was made, or would have been if it had touched what is asked for."""
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class WebhookDelivery(Base):
    """A message to a receiver, and what came of it. It has the same identifier with every attempt."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        one_of("state", DELIVERY_STATES),
        Index("ix_webhook_delivery_webhook_id_release_id", "webhook_id", "release_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhook.id"))
    message_id: Mapped[str] = mapped_column(String(64), unique=True)
    release_id: Mapped[int | None]
    """The release that it tells of; null: it is a test."""
    type: Mapped[str] = mapped_column(String(24))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(9), index=True)
    attempts: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    attempted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Of the last attempt: status and beginning of the answer, or what kept it from being one."""
