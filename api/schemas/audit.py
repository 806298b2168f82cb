"""The audit: what is asked of it, and an entry."""

from __future__ import annotations

import marshmallow as ma

from api.schemas import fields
from api.schemas.base import Item, Question, many, one, text, whole


class AuditQuestion(Question):
    """Which entries of the audit. Loads into a dictionary."""

    filter_type = dict

    before = fields.count_of("Entries before the one of this number.", 120)
    limit = fields.Limit(of="items", what="entries")
    owner = ma.fields.String(
        metadata={"description": "Of this owner.", "pattern": fields.PLAIN, "example": "Dudley Council"}
    )
    subject = ma.fields.String(
        metadata={"description": "Of this draft or key.", "pattern": fields.PLAIN, "example": "kX3v9QpLr2TzWb1c"}
    )

    class Meta:
        unknown = ma.RAISE
        exclude = ("release", "as_of", "draft")


class AuditItem(Item):
    """Something that was done."""

    id = whole("Its number: later entries have higher ones.", 121)
    at = text("When it was done (ISO 8601, UTC).", "2026-11-28T09:30:00Z")
    action = text("What was done.", "published")
    owner = text("Whose key it was done with; null: the operator.", "Dudley Council", allow_none=True)
    key = text("The beginning of the key.", "89de4a67", allow_none=True)
    address = text("Where the request came from; null where it was a command.", "192.0.2.7", allow_none=True)
    subject = text("The draft, key or release that it was done to.", "kX3v9QpLr2TzWb1c", allow_none=True)
    sha256 = text("SHA-256 of the file that came with it.", allow_none=True)
    details = ma.fields.Dict(
        required=True,
        allow_none=True,
        metadata={"description": "What else is known of it.", "examples": [{"release": 8}]},
    )


class AuditLinks(Item):
    """Where to go from here."""

    next = text("Earlier entries; null where there are none.", "/v1/audit?before=22", allow_none=True)


AuditList = Item.from_dict(
    {"data": many(AuditItem, "The entries, the newest first."), "links": one(AuditLinks, "Where to go from here.")},
    name="AuditList",
)
