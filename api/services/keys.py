"""Keys of partners: made, found, replaced and revoked. A key is shown once; what is stored cannot be sent."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_hex, token_urlsafe
from typing import Any

from sqlalchemy import Connection, insert, select, update

from api.models import ApiKey
from api.models.partner import SCOPES
from api.services.ranges import RefusedError, in_utc

_BEGINNING = "ukdc"
_SECRET_BYTES = 32
_LONGEST = 100
_NOTED_EVERY = timedelta(minutes=1)
_NOBODY = sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key as it is known, without what is sent."""

    id: int
    prefix: str
    owner: str
    scopes: frozenset[str]
    regions: frozenset[str] | None
    indicators: frozenset[str] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def refusal(self, now: datetime) -> str | None:
        """Why it is taken no more, None where it is."""
        if self.revoked_at is not None and self.revoked_at <= now:
            return "This key was revoked. Ask whoever runs this service for another one."
        if self.expires_at is not None and self.expires_at <= now:
            return f"This key ended on {self.expires_at:%Y-%m-%d}. Ask whoever runs this service for another one."
        return None


def create(
    connection: Connection,
    *,
    owner: str,
    scopes: Sequence[str],
    regions: Sequence[str] | None = None,
    indicators: Sequence[str] | None = None,
    expires_at: datetime | None = None,
) -> tuple[Key, str]:
    """A new key, and what is to be sent, which nobody can find again. RefusedError where it is not to be made."""
    name = " ".join(owner.split())
    if not name:
        raise RefusedError("A key needs an owner: readers are told it of what is published with the key.")
    unknown = sorted({*scopes} - {*SCOPES})
    if unknown or not scopes:
        raise RefusedError(f"A key needs scopes, of {', '.join(SCOPES)}; there is no {', '.join(unknown) or 'other'}.")
    now = datetime.now(UTC)
    if expires_at is not None and expires_at <= now:
        raise RefusedError(f"The key would have ended on {expires_at:%Y-%m-%d} already. Name a later day.")
    prefix = token_hex(4)
    sent = f"{_BEGINNING}_{prefix}_{token_urlsafe(_SECRET_BYTES)}"
    connection.execute(
        insert(ApiKey).values(
            prefix=prefix,
            digest=_digest(sent),
            owner=name,
            scopes=sorted({*scopes}),
            regions=sorted({*regions}) if regions else None,
            indicators=sorted({*indicators}) if indicators else None,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return by_prefix(connection, prefix), sent


def looks_like_one(text: str) -> bool:
    """Whether a text may be a key of this service, by its form."""
    return text.startswith(f"{_BEGINNING}_") and len(text) <= _LONGEST and text.count("_") >= 2


def find(connection: Connection, sent: str) -> Key | None:
    """The key that a text is, whether or not it is still taken; None where it is none.

    Found by its prefix, and compared in constant time, also where there is none of that prefix.
    """
    parts = sent.split("_", 2)
    prefix = parts[1] if len(parts) == 3 and looks_like_one(sent) else ""
    row = connection.execute(select(ApiKey.__table__).where(ApiKey.prefix == prefix[:12])).mappings().first()
    same = hmac.compare_digest(_digest(sent), _NOBODY if row is None else row["digest"])
    return _key(row) if row is not None and same else None


def by_prefix(connection: Connection, prefix: str) -> Key:
    """The key of a prefix. RefusedError where there is none."""
    row = connection.execute(select(ApiKey.__table__).where(ApiKey.prefix == prefix)).mappings().first()
    if row is None:
        raise RefusedError(f"There is no key {prefix!r}. `data keys list` tells those that there are.")
    return _key(row)


def by_id(connection: Connection, number: int) -> Key:
    """The key of a number that is known to be one."""
    return _key(connection.execute(select(ApiKey.__table__).where(ApiKey.id == number)).mappings().one())


def all_keys(connection: Connection) -> list[Key]:
    """Every key that there ever was, oldest first."""
    return [_key(row) for row in connection.execute(select(ApiKey.__table__).order_by(ApiKey.id)).mappings()]


def revoke(connection: Connection, prefix: str, *, at: datetime | None = None) -> Key:
    """Take a key no more, from now on or from a moment on. RefusedError where there is none, or it is revoked."""
    key, now = by_prefix(connection, prefix), datetime.now(UTC)
    if key.revoked_at is not None and key.revoked_at <= now:
        raise RefusedError(f"The key {prefix} was revoked on {key.revoked_at:%Y-%m-%d}.")
    connection.execute(update(ApiKey).where(ApiKey.id == key.id).values(revoked_at=at or now))
    return by_prefix(connection, prefix)


def rotate(connection: Connection, prefix: str, *, keep: timedelta = timedelta(0)) -> tuple[Key, str]:
    """Another key that may do the same; the old one is taken for so long yet. RefusedError as with `revoke`."""
    old = by_prefix(connection, prefix)
    revoke(connection, prefix, at=datetime.now(UTC) + keep)
    return create(
        connection,
        owner=old.owner,
        scopes=sorted(old.scopes),
        regions=None if old.regions is None else sorted(old.regions),
        indicators=None if old.indicators is None else sorted(old.indicators),
        expires_at=old.expires_at,
    )


def is_to_be_noted(key: Key, now: datetime) -> bool:
    """Whether the last use of a key is so long ago that another one is to be noted."""
    return key.last_used_at is None or now - key.last_used_at >= _NOTED_EVERY


def note_use(connection: Connection, key: Key, now: datetime) -> None:
    """Note that a key was used."""
    connection.execute(update(ApiKey).where(ApiKey.id == key.id).values(last_used_at=now))


def _digest(sent: str) -> str:
    """What is stored of a key: of 256 random bits a plain digest is enough, since nobody can go through them."""
    return sha256(sent.encode()).hexdigest()


def _key(row: Any) -> Key:
    moments: dict[str, Any] = {
        name: None if row[name] is None else in_utc(row[name])
        for name in ("created_at", "expires_at", "revoked_at", "last_used_at")
    }
    return Key(
        id=row["id"],
        prefix=row["prefix"],
        owner=row["owner"],
        scopes=frozenset(row["scopes"]),
        regions=None if row["regions"] is None else frozenset(row["regions"]),
        indicators=None if row["indicators"] is None else frozenset(row["indicators"]),
        **moments,
    )
