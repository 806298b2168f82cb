"""Releases, and the differences between them."""

from __future__ import annotations

import marshmallow as ma

from api.columns import CHANGES as CHANGE_COLUMNS
from api.columns import in_json
from api.filters import KINDS_OF_CHANGE, DiffFilter
from api.models.release import RELEASE_KINDS
from api.schemas import fields
from api.schemas.base import Item, Meta, envelope, flag, many, one, row_of, text, whole
from api.schemas.observations import ObservationQuestion


def kinds_of_change() -> fields.Texts:
    """The `change` parameter."""
    return fields.Texts(
        fields.Keyword(KINDS_OF_CHANGE, error="{input!r} is no kind of change. Those are {choices}."),
        metadata={
            "description": f"Only changes of this kind: `added`, `changed` or `removed`. {fields.SEVERAL}",
            "example": ["changed"],
        },
    )


class DiffQuestion(ObservationQuestion):
    """Which differences between two releases."""

    filter_type = DiffFilter

    class Meta:
        unknown = ma.RAISE
        exclude: tuple[str, ...] = ("release", "as_of", "status", "latest", "history", "valid_on")

    change = kinds_of_change()


class ReleaseItem(Item):
    """A publication of this service: everything that became true, or stopped being true, at one moment."""

    id = whole("Number of the release.", 3)
    published_at = text("When it was published (ISO 8601, UTC).", "2026-01-14T00:00:00Z")
    kind = text(f"One of {', '.join(RELEASE_KINDS)}.", "correction")
    reason = text("Why it was published.")
    reconstructed = flag("Whether it was laid out afterwards, with no figure that was published after its day.", True)  # noqa: FBT003
    state = text("Whether it is read: `published`, or `withdrawn`, which answers with 410.", "published")
    owner = text(
        "Whose figures it brings; null: this service's own.", "West Midlands Combined Authority", allow_none=True
    )
    withdraws = whole("The release that it withdraws, where it does.", allow_none=True)
    withdrawn_by = whole(
        "The release that withdrew it, or one whose figures it held, where one did: it answers with 410 since.",
        allow_none=True,
    )


class ChangeCounts(Item):
    """How many observations differ."""

    added = whole("Observations that were not there before.", 415)
    changed = whole("Observations with another value or status.", 30)
    removed = whole("Observations that are there no more.", 0)


class ReleaseDetail(ReleaseItem):
    """A release with what it changed."""

    changes = one(ChangeCounts, "How much it changed of the last release before it that is answered.")


class DiffMeta(Meta):
    """What there is to know about a comparison of releases."""

    old_release = whole("The release that is compared from.", 2)
    new_release = whole("The release that is compared to.", 3)
    changes = one(ChangeCounts, "How much differs in all, whatever the page holds.")


ChangeRow = row_of("ChangeRow", in_json(CHANGE_COLUMNS))
"""An observation that differs between two releases."""
ReleaseList = envelope("ReleaseList", many(ReleaseItem, "The releases of this page, newest first."))
ReleaseAnswer = envelope("ReleaseAnswer", one(ReleaseDetail, "The release."))
DiffAnswer = envelope("DiffAnswer", many(ChangeRow, "The differences of this page."), meta=DiffMeta)
