"""What changed since a release, and what is followed."""

from __future__ import annotations

import re
from typing import Any

import marshmallow as ma

from api.columns import CHANGES_SINCE, in_json
from api.filters import ChangesFilter, FeedFilter
from api.schemas import fields
from api.schemas.base import Meta, Question, envelope, many, row_of, whole
from api.schemas.observations import ObservationQuestion
from api.schemas.releases import kinds_of_change


class ReleaseOrMoment(fields.Moment):
    """The number of a release, or a day (to its end) or a moment of this service's publication time."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = self.canonical(str(value))
        if re.fullmatch(r"[1-9][0-9]{0,8}", text, re.ASCII):
            return int(text)
        try:
            return super()._deserialize(text, attr, data, **kwargs)
        except ma.ValidationError:
            raise ma.ValidationError(
                f"{text[:40]!r} is neither a release nor a moment. Write the number of a release, such as 3, a day as "
                "2026-01-31, or a moment as 2026-01-31T12:00:00Z."
            ) from None


def _end(description: str, example: str, **kwargs: Any) -> ReleaseOrMoment:
    kinds = [{"type": "string", "pattern": "^[1-9][0-9]{0,8}$"}, {"format": "date"}, {"format": "date-time"}]
    return ReleaseOrMoment(metadata={"description": description, "anyOf": kinds, "example": example}, **kwargs)


class ChangesQuestion(ObservationQuestion):
    """Which changes: after which release, up to which, and of which observations."""

    filter_type = ChangesFilter

    class Meta:
        unknown = ma.RAISE
        exclude: tuple[str, ...] = ("status", "latest", "history", "valid_on")

    since = _end(
        "Only what came after this release, or after the newest one at a moment: the one that you have.",
        "2",
        required=True,
        error_messages={
            "required": "Say after which release changes are asked for: its number, such as 2, or a moment. "
            "/v1/releases lists them."
        },
    )
    until = _end("Only what came up to this release, or moment. Without it: up to the release that is read.", "3")
    change = kinds_of_change()


class ChangesMeta(Meta):
    """What there is to know about changes."""

    old_release = whole("The release after which changes are told.", 2)
    new_release = whole("The last release that is told of.", 4)
    next_since = whole(
        "On the last page: the `since` to ask with next time, to hear what came since. Null: go on with `links.next`.",
        4,
        allow_none=True,
    )


ChangeSinceRow = row_of("ChangeSinceRow", in_json(CHANGES_SINCE))
"""An observation that a release changed."""
ChangesAnswer = envelope("ChangesAnswer", many(ChangeSinceRow, "The changes of this page."), meta=ChangesMeta)


class FeedQuestion(Question):
    """Of what a feed is."""

    class Meta:
        unknown = ma.RAISE
        exclude: tuple[str, ...] = ("release", "as_of", "draft")

    filter_type = FeedFilter
    indicator = fields.identifiers("Only what touched figures of this indicator.", "gigabit-availability")
    region = fields.identifiers("Only what touched figures for this region, under any code of it.", "E12000005")
