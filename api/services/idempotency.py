"""Writes that may be sent again: what was answered under an `Idempotency-Key` is noted with what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from api.models import IdempotentRequest

KEPT = timedelta(days=7)
"""For how long a request may be sent again and hear the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What was answered to a request."""

    digest: str
    status: int
    body: str
    location: str | None


def find(connection: Connection, key: int, name: str) -> Answered | None:
    """What was answered to the holder of a key under a name; None where nothing was."""
    table = IdempotentRequest
    columns = (table.digest, table.status, table.body, table.location)
    asked = select(*columns).where(table.key_id == key, table.idempotency_key == name)
    row = connection.execute(asked).mappings().first()
    return None if row is None else Answered(**row)


def note(connection: Connection, key: int, name: str, answered: Answered) -> None:
    """Note what is answered, in the transaction of what is done; what is too old is dropped."""
    now = datetime.now(UTC)
    connection.execute(delete(IdempotentRequest).where(IdempotentRequest.answered_at < now - KEPT))
    own = {"digest": answered.digest, "status": answered.status, "body": answered.body, "location": answered.location}
    values = {"key_id": key, "idempotency_key": name, "answered_at": now, **own}
    connection.execute(insert(IdempotentRequest).values(**values))
