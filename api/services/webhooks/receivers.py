"""Receivers are made, found, listed, enabled and deleted. Whoever is not the owner of one hears that there is none."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_bytes, token_urlsafe
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from api.errors import Fault, Problem, invalid_definition, unknown_id
from api.limits import limit_of
from api.models import Webhook, WebhookDelivery
from api.models.webhook import TEST
from api.queries.releases import newest_release
from api.services import audit
from api.services.audit import Actor
from api.services.figures import catalogue_of
from api.services.ranges import in_utc
from api.services.webhooks.addresses import RefusedAddressError, target_of

_PREFIX = "whsec_"
_SECRET_BYTES = 32
_LISTED = 100
"""Messages of a receiver that are listed, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """A receiver as it stands, without its secret."""

    id: str
    owner: str
    url: str
    indicators: list[str] | None
    regions: list[str] | None
    state: str
    disabled_because: str | None
    failures: int
    failing_since: datetime | None
    told_to: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message, and what came of it."""

    id: int
    message_id: str
    type: str
    release: int | None
    state: str
    attempts: int
    due_at: datetime
    created_at: datetime
    attempted_at: datetime | None
    outcome: dict[str, Any] | None


def create(
    connection: Connection,
    actor: Actor,
    *,
    url: str,
    indicators: Sequence[str] | None = None,
    regions: Sequence[str] | None = None,
    private: bool = False,
) -> tuple[Receiver, str]:
    """A new receiver of the actor's owner, told of releases from the next one on; and its secret, shown this once.

    Problem `invalid-definition` for a URL that is never asked, for names that are unknown, and for one too many.
    """
    owner = _owner(actor)
    count = connection.execute(select(func.count()).where(Webhook.owner == owner)).scalar_one()
    if count >= limit_of("max_webhooks"):
        raise _invalid("url", f"You have {count} webhooks already. Delete one of them.", "too-many-webhooks")
    try:
        target_of(url, private=private)
    except RefusedAddressError as refused:
        raise _invalid("url", str(refused), "bad-url") from None
    newest = newest_release(connection)
    if newest is None:
        raise Problem("not-ready", "Nothing has been published here yet.", headers={"Retry-After": "30"})
    known, places = _named(connection, indicators, regions)
    number, secret = token_urlsafe(12), _PREFIX + base64.b64encode(token_bytes(_SECRET_BYTES)).decode()
    connection.execute(
        insert(Webhook).values(
            id=number,
            owner=owner,
            url=url,
            secret=secret,
            indicators=known,
            regions=places,
            state="active",
            failures=0,
            told_to=newest[0],
            created_at=datetime.now(UTC),
        )
    )
    audit.note(connection, actor, "webhook-created", subject=number, details={"url": url})
    return find(connection, actor, number), secret


def find(connection: Connection, actor: Actor, webhook: str) -> Receiver:
    """A receiver of the actor's owner. Problem `unknown-id` for any other, whether or not there is one."""
    statement = select(Webhook.__table__).where(Webhook.id == webhook, Webhook.owner == _owner(actor))
    row = connection.execute(statement).mappings().first()
    if row is None:
        raise unknown_id("webhook", webhook, field="webhook", candidates=(), where="/v1/webhooks")
    return _receiver(row)


def all_of(connection: Connection, actor: Actor) -> list[Receiver]:
    """The receivers of the actor's owner, the newest first."""
    statement = select(Webhook.__table__).where(Webhook.owner == _owner(actor))
    return [_receiver(row) for row in connection.execute(statement.order_by(Webhook.created_at.desc())).mappings()]


def remove(connection: Connection, actor: Actor, webhook: str) -> None:
    """Delete a receiver with all messages to it. Problem `unknown-id`."""
    find(connection, actor, webhook)
    connection.execute(delete(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook))
    connection.execute(delete(Webhook).where(Webhook.id == webhook))
    audit.note(connection, actor, "webhook-deleted", subject=webhook)


def enable(connection: Connection, actor: Actor, webhook: str) -> Receiver:
    """Have a receiver told again, of all that it missed, from now on. Problem `unknown-id`."""
    find(connection, actor, webhook)
    values = {"state": "active", "disabled_because": None, "failures": 0, "failing_since": None}
    connection.execute(update(Webhook).where(Webhook.id == webhook).values(values))
    waits = WebhookDelivery.webhook_id == webhook, WebhookDelivery.state == "waiting"
    connection.execute(update(WebhookDelivery).where(*waits).values(due_at=datetime.now(UTC), attempts=0))
    audit.note(connection, actor, "webhook-enabled", subject=webhook)
    return find(connection, actor, webhook)


def send_test(connection: Connection, actor: Actor, webhook: str) -> Delivery:
    """Have a message sent that tells of nothing, once, also to one that is disabled. Problem `unknown-id`."""
    found, now = find(connection, actor, webhook), datetime.now(UTC)
    said = {"type": TEST, "timestamp": _text(now), "data": {"webhook": found.id, "owner": found.owner}}
    message = f"msg_{found.id}_test_{token_urlsafe(6)}"
    connection.execute(
        insert(WebhookDelivery).values(
            webhook_id=found.id,
            message_id=message,
            type=TEST,
            body=json.dumps(said, ensure_ascii=False),
            state="waiting",
            attempts=0,
            due_at=now,
            created_at=now,
        )
    )
    audit.note(connection, actor, "webhook-tested", subject=webhook)
    statement = select(WebhookDelivery.__table__).where(WebhookDelivery.message_id == message)
    return _delivery(connection.execute(statement).mappings().one())


def deliveries_of(connection: Connection, actor: Actor, webhook: str) -> list[Delivery]:
    """The messages to a receiver, the newest first, a hundred at the most. Problem `unknown-id`."""
    find(connection, actor, webhook)
    statement = select(WebhookDelivery.__table__).where(WebhookDelivery.webhook_id == webhook)
    rows = connection.execute(statement.order_by(WebhookDelivery.id.desc()).limit(_LISTED)).mappings()
    return [_delivery(row) for row in rows]


def _named(
    connection: Connection, indicators: Sequence[str] | None, regions: Sequence[str] | None
) -> tuple[list[str] | None, list[str] | None]:
    """The canonical names of what a receiver asks to be told of. Problem `invalid-definition`."""
    if not indicators and not regions:
        return None, None
    catalogue = catalogue_of(connection)
    faults: list[Fault] = []

    def canonical(names: Sequence[str] | None, field: str, look: Any, attribute: str) -> list[str] | None:
        found = []
        for place, name in enumerate(names or ()):
            try:
                found.append(getattr(look(name, field=f"body/{field}/{place}"), attribute))
            except Problem as problem:
                faults.extend(problem.faults)
        return sorted(set(found)) or None

    known = canonical(indicators, "indicators", catalogue.indicator, "slug")
    places = canonical(regions, "regions", catalogue.region, "code")
    if faults:
        raise invalid_definition(faults)
    return known, places


def _owner(actor: Actor) -> str:
    if actor.owner is None:
        raise ValueError("a webhook has an owner")
    return actor.owner


def _invalid(field: str, message: str, code: str) -> Problem:
    return invalid_definition([Fault(code, f"body/{field}", message)])


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _receiver(row: Any) -> Receiver:
    names = Receiver.__slots__
    return Receiver(**{name: _aware(row[name]) for name in names})


def _delivery(row: Any) -> Delivery:
    own = {name: _aware(row[name]) for name in Delivery.__slots__ if name != "release"}
    return Delivery(**own, release=row["release_id"])


def _aware(value: Any) -> Any:
    return in_utc(value) if isinstance(value, datetime) else value
