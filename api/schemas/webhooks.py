"""Webhooks of partners: what is sent, and what is answered."""

from __future__ import annotations

import marshmallow as ma

from api.models.webhook import DELIVERY_STATES, EVENTS, TEST, WEBHOOK_STATES
from api.schemas import fields
from api.schemas.base import Item, NoParameters, many, one, text, texts, whole
from api.schemas.changes import ReleaseOrMoment
from api.schemas.draft_bodies import Sent


def _names(description: str, example: str) -> ma.fields.List[str]:
    length = ma.validate.Length(min=1, max=100, error="Name 1 to 100, or leave it out to be told of all.")
    name = ma.fields.String(validate=ma.validate.Length(max=64), metadata={"pattern": fields.IDENTIFIER})
    said = {"description": description, "examples": [[example]]}
    return ma.fields.List(name, load_default=None, allow_none=True, validate=length, metadata=said)


class NewWebhook(Sent):
    """A webhook that is to be made."""

    url = ma.fields.String(
        required=True,
        metadata={
            "description": "Where messages are sent: HTTPS, on the public internet.",
            "examples": ["https://example.org/releases"],
            "pattern": "^https?://",
        },
    )
    indicators = _names("Only releases that touched figures of one of these indicators.", "gigabit-availability")
    regions = _names("Only releases that touched figures for one of these regions.", "E12000005")


class ReplayQuestion(NoParameters):
    """After which release messages are sent again."""

    class Meta:
        unknown = ma.RAISE
        exclude: tuple[str, ...] = ("release", "as_of", "draft")

    filter_type = dict
    since = ReleaseOrMoment(
        required=True,
        error_messages={"required": "Say after which release messages are to be sent again, such as since=4."},
        metadata={
            "description": "The release, or moment, after which all is sent again.",
            "anyOf": [{"type": "string", "pattern": "^[1-9][0-9]{0,8}$"}, {"format": "date"}, {"format": "date-time"}],
            "example": "4",
        },
    )


class WebhookItem(Item):
    """An address that is told of releases."""

    id = text("Identifier.", "kX3v9QpLr2TzWb1c")
    url = text("Where messages are sent.", "https://example.org/releases")
    owner = text("Whose it is.")
    indicators = texts("The indicators that it is told of; null: all.", allow_none=True)
    regions = texts("The regions that it is told of; null: all.", allow_none=True)
    state = text(f"One of {', '.join(WEBHOOK_STATES)}.", "active")
    disabled_because = text("Why it is told no more; null while it is.", allow_none=True)
    failures = whole("How many attempts failed since the last one that did not.", 0)
    failing_since = text("Since when every attempt failed; null where the last one did not.", allow_none=True)
    told_to = whole("The last release of which a message was made, or would have been.", 7)
    created_at = text("When it was made.", "2026-06-26T00:00:00Z")


class NewWebhookItem(WebhookItem):
    """A webhook that was just made, with its secret."""

    secret = text("What messages are signed with (Standard Webhooks). It is shown this once.")


class DeliveryItem(Item):
    """A message to a webhook, and what came of it."""

    id = text("Its identifier, sent as `webhook-id`: the same with every attempt.", "msg_kX3v9QpLr2TzWb1c_7")
    type = text(f"One of {', '.join(EVENTS.values())}, {TEST}.", "release.published")
    release = whole("The release that it tells of; null: it is a test.", 7, allow_none=True)
    state = text(f"One of {', '.join(DELIVERY_STATES)}.", "delivered")
    attempts = whole("How often it was tried.", 1)
    created_at = text("When it was made.")
    attempted_at = text("When it was last tried.", allow_none=True)
    next_attempt_at = text("When it is tried next, if those before it have arrived; null: never.", allow_none=True)
    status = whole("The status of the last answer.", 204, allow_none=True)
    problem = text("Why the last attempt failed.", allow_none=True)
    answer = text("The beginning of the last answer.", allow_none=True)


class QueuedItem(Item):
    """Messages that are to be sent."""

    queued = whole("How many.", 1)


WebhookAnswer = Item.from_dict({"data": one(WebhookItem, "The webhook.")}, name="WebhookAnswer")
NewWebhookAnswer = Item.from_dict(
    {"data": one(NewWebhookItem, "The webhook, with its secret.")}, name="NewWebhookAnswer"
)
WebhookList = Item.from_dict({"data": many(WebhookItem, "The webhooks, the newest first.")}, name="WebhookList")
DeliveryList = Item.from_dict({"data": many(DeliveryItem, "The messages, the newest first.")}, name="DeliveryList")
QueuedAnswer = Item.from_dict({"data": one(QueuedItem, "How many messages are to be sent.")}, name="QueuedAnswer")
