"""Messages follow from releases: made for each receiver of what came after the last release that it was told of.

They are made in one transaction with that number, so that there is one message for each release whatever is killed
when, and publishing writes nothing for it. A message has one identifier, made of receiver and release: sent again, it
is the same one to whoever gets it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from api.answers.selection import every_code
from api.answers.withdrawn import before_of
from api.catalogue import ReleaseInfo
from api.errors import unknown_id
from api.limits import limit_of
from api.models import Indicator, Webhook, WebhookDelivery
from api.models.webhook import EVENTS
from api.queries.releases import all_releases, newest_release
from api.queries.touched import indicators_touched, releases_touching
from api.services.audit import Actor
from api.services.figures import catalogue_of
from api.services.ranges import in_utc
from api.services.webhooks import receivers
from api.services.webhooks.backoff import Backoff
from api.services.webhooks.sending import Message, Outcome

_KEPT = timedelta(days=90)
"""For how long messages that arrived are kept, for their owner to look at."""


def any_behind(connection: Connection) -> bool:
    """Whether any receiver is to be told of a release of which no message was made yet."""
    newest = newest_release(connection)
    behind = select(Webhook.id).where(Webhook.state == "active", Webhook.told_to < (newest[0] if newest else 0))
    return connection.execute(behind.limit(1)).first() is not None


def fill(connection: Connection, *, url: str) -> int:
    """Make the messages that are due to receivers; how many. `url` is the address of the service, for their links."""
    known = all_releases(connection)
    if not known:
        return 0
    made = 0
    behind = select(Webhook.__table__).where(Webhook.state == "active", Webhook.told_to < known[-1].id)
    for row in connection.execute(behind.order_by(Webhook.id)).mappings().all():
        later = [item for item in known if item.id > row["told_to"]]
        made += _write(connection, row, later, known, url=url)
        connection.execute(update(Webhook).where(Webhook.id == row["id"]).values(told_to=known[-1].id))
    old = datetime.now(UTC) - _KEPT
    connection.execute(
        delete(WebhookDelivery).where(WebhookDelivery.state != "waiting", WebhookDelivery.created_at < old)
    )
    return made


def replay(connection: Connection, actor: Actor, webhook: str, since: int | str, *, url: str) -> int:
    """Have a receiver told again of all after a release, or a moment; of how many. Problem `unknown-id`.

    Each message has the identifier that it had, so that whoever got it before knows it.
    """
    found, known = receivers.find(connection, actor, webhook), all_releases(connection)
    if isinstance(since, int):
        if since > known[-1].id:
            newest = tuple(str(item.id) for item in known[-3:][::-1])
            raise unknown_id("release", str(since), field="query/since", candidates=newest, where="/v1/releases")
        first = since
    else:
        first = max((item.id for item in known if item.published_at <= since), default=0)
    row = connection.execute(select(Webhook.__table__).where(Webhook.id == webhook)).mappings().one()
    later = [item for item in known if first < item.id <= found.told_to]
    return _write(connection, row, later, known, url=url)


def heads(connection: Connection, now: datetime, *, without: Collection[str] = ()) -> list[Message]:
    """The next message to each receiver that is due: of the oldest release that it was not told of, or a test.

    A message waits for the one before it, so that each receiver hears of releases in their order. `without`: receivers
    that are being told something already.
    """
    own = WebhookDelivery.__table__.c
    waiting = own.state == "waiting"
    first = (
        select(own.webhook_id, func.min(own.release_id).label("release_id"))
        .where(waiting, own.release_id.is_not(None))
        .group_by(own.webhook_id)
        .subquery()
    )
    told = (
        select(own.id, own.webhook_id, own.message_id, own.body, own.due_at, Webhook.url, Webhook.secret)
        .join(Webhook, Webhook.id == own.webhook_id)
        .where(waiting)
    )
    in_order = told.join(first, (first.c.webhook_id == own.webhook_id) & (first.c.release_id == own.release_id)).where(
        Webhook.state == "active"
    )
    tests = told.where(own.release_id.is_(None)).order_by(own.id)
    found: dict[str, Message] = {}
    for row in (*connection.execute(tests), *connection.execute(in_order)):
        if in_utc(row.due_at) <= now and row.webhook_id not in without:
            message = Message(
                webhook=row.webhook_id,
                delivery=row.id,
                message_id=row.message_id,
                url=row.url,
                secret=row.secret,
                body=row.body,
            )
            found.setdefault(row.webhook_id, message)
    return list(found.values())


def note(connection: Connection, message: Message, outcome: Outcome, backoff: Backoff) -> None:
    """Note what came of an attempt: when it is tried again, and whether the receiver is to be disabled."""
    now, own = datetime.now(UTC), WebhookDelivery.__table__.c
    row = connection.execute(
        select(own.attempts, own.release_id, Webhook.failing_since)
        .join(Webhook, Webhook.id == own.webhook_id)
        .where(own.id == message.delivery)
    ).first()
    if row is None:  # its receiver was deleted meanwhile
        return
    attempts, is_test = row.attempts + 1, row.release_id is None
    state = "delivered" if outcome.arrived else "failed" if is_test else "waiting"
    connection.execute(
        update(WebhookDelivery)
        .where(own.id == message.delivery)
        .values(
            state=state,
            attempts=attempts,
            attempted_at=now,
            due_at=now + backoff.after(attempts),
            outcome=outcome.told(),
        )
    )
    if is_test:
        return
    values: dict[str, Any] = {"failures": 0, "failing_since": None}
    if not outcome.arrived:
        since = now if row.failing_since is None else in_utc(row.failing_since)
        values = {"failures": Webhook.failures + 1, "failing_since": since}
        because = _disabling(outcome, now - since)
        if because is not None:
            values |= {"state": "disabled", "disabled_because": because}
    connection.execute(update(Webhook).where(Webhook.id == message.webhook).values(values))


def _disabling(outcome: Outcome, failing: timedelta) -> str | None:
    """Why a receiver is told no more, in words for its owner; None where it is."""
    after = "What it missed is kept: enable it, and it is sent."
    if outcome.gone:
        return f"It answered 410: it wants no more messages. {after}"
    days = limit_of("max_webhook_failing_days")
    if failing >= timedelta(days=days):
        return f"Every attempt of {days} days failed, the last one so: {outcome.problem} {after}"
    return None


def _write(
    connection: Connection, row: Any, releases: Sequence[ReleaseInfo], known: Sequence[ReleaseInfo], *, url: str
) -> int:
    """Make the messages of some releases to a receiver, or have those that were made sent again; how many."""
    if not releases:
        return 0
    now, made = datetime.now(UTC), 0
    touched = indicators_touched(connection, releases[0].id, releases[-1].id)
    slugs = dict(connection.execute(select(Indicator.id, Indicator.slug)).all())
    among = _touching(connection, row)
    for item in releases:
        named = sorted(slugs[number] for number in touched.get(item.id, ()))
        asked = row["indicators"]
        if (among is not None and item.id not in among) or (asked and not {*asked} & {*named}):
            continue
        own = {"state": "waiting", "attempts": 0, "due_at": now}
        message = f"msg_{row['id']}_{item.id}"
        again = update(WebhookDelivery).where(WebhookDelivery.message_id == message).values(own)
        if connection.execute(again).rowcount == 0:
            body = json.dumps(_said(item, named, known, url.rstrip("/")), ensure_ascii=False)
            new = own | {"webhook_id": row["id"], "message_id": message, "release_id": item.id, "created_at": now}
            connection.execute(insert(WebhookDelivery).values(new | {"type": EVENTS[item.kind], "body": body}))
        made += 1
    return made


def _touching(connection: Connection, row: Any) -> set[int] | None:
    """The releases that touched the regions that a receiver asks for; None where it asks for none."""
    if not row["regions"]:
        return None
    catalogue = catalogue_of(connection)
    regions: set[int] = set()
    indicators = None
    for code in row["regions"]:
        regions |= every_code(catalogue, {catalogue.region(code).id})
    if row["indicators"]:
        indicators = {catalogue.indicator(slug).id for slug in row["indicators"]}
    return releases_touching(connection, regions, indicators)


def _said(release: ReleaseInfo, indicators: list[str], known: Sequence[ReleaseInfo], base: str) -> dict[str, Any]:
    """What is told of a release: Standard Webhooks' `type`, `timestamp` and `data`."""
    before = before_of(release, known)
    since = f"{base}/v1/changes?since={before.id}&until={release.id}" if before else None
    return {
        "type": EVENTS[release.kind],
        "timestamp": release.published_at,
        "data": {
            "release": release.id,
            "kind": release.kind,
            "reason": release.reason,
            "owner": release.owner,
            "withdraws": release.withdraws,
            "indicators": indicators,
            "links": {"release": f"{base}/v1/releases/{release.id}", "changes": since},
        },
    }
