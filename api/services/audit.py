"""The audit: who did what, when and from where. Entries are added in the transaction of what they tell of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert

from api.models import AuditEntry
from api.services.keys import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does something: the holder of a key, from an address, or the operator (no key) at a terminal."""

    key: Key | None = None
    address: str | None = None
    name: str | None = None
    """What the operator calls whoever it is."""

    @property
    def owner(self) -> str | None:
        """Whose figures it brings; None: the service's own."""
        return self.key.owner if self.key is not None else self.name


def note(
    connection: Connection,
    actor: Actor,
    action: str,
    *,
    subject: str | None = None,
    sha256: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Note what an actor does, in the caller's transaction."""
    connection.execute(
        insert(AuditEntry).values(
            at=datetime.now(UTC),
            action=action,
            owner=actor.owner,
            key_prefix=None if actor.key is None else actor.key.prefix,
            address=actor.address,
            subject=subject,
            sha256=sha256,
            details=details,
        )
    )
