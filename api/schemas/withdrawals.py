"""Taking back releases: what is sent, and what is answered."""

from __future__ import annotations

from api.schemas.base import Item, one, text, whole
from api.schemas.draft_bodies import Sent, line


class WithdrawalBody(Sent):
    """Why a release is taken back."""

    reason = line(
        "Why: readers are told it, and nothing else of the release.",
        "The column of 2024 was sent as 2025.",
        required=True,
    )


class WithdrawalItem(Item):
    """What came of taking back a release."""

    withdrawn = whole("The release that is withdrawn.", 8)
    release = whole("The release that withdraws it; null of a dry run.", 9, allow_none=True)
    state = text("`withdrawn`, or `published` of a dry run.", "withdrawn")
    ended = whole("Figures that stand no more as it said them.", 46)
    restored = whole("Figures of before it that stand again.", 0)
    to = whole(
        "The newest release that holds its figures: those from `withdrawn` to this one answer no more, whosever they "
        "are.",
        8,
    )


WithdrawalAnswer = Item.from_dict({"data": one(WithdrawalItem, "What was taken back.")}, name="WithdrawalAnswer")
