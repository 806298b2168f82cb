"""The audit: who did what, when and from where. Entries are added in the transaction of what they tell of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from api.models import AuditEntry
from api.services.keys import Key
from api.services.ranges import in_utc


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


def entries(
    connection: Connection, *, before: int | None, limit: int, owner: str | None, subject: str | None
) -> list[dict[str, Any]]:
    """Entries of the audit, the newest first: those before one of a number, of an owner and a subject if named."""
    table = AuditEntry.__table__
    statement = select(table).order_by(table.c.id.desc()).limit(limit)
    for column, value in ((table.c.owner, owner), (table.c.subject, subject)):
        if value is not None:
            statement = statement.where(column == value)
    if before is not None:
        statement = statement.where(table.c.id < before)
    return [dict(row) | {"at": in_utc(row["at"])} for row in connection.execute(statement).mappings()]
