"""Quoted figures that are held against ours."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api import errors
from api.answers.verification_words import VERDICTS
from api.filters import Asked, VerificationFilter
from api.quoted import KINDS, PATTERN, parse, spelt
from api.schemas import fields
from api.schemas.base import Item, Links, Meta, Question, many, number, one, text, whole

_NEEDED = "Name the figure as it was printed, such as figure=71.3% or figure=£33,400."
_TOO_WIDE = (
    "Say of what or of where the figure is: name an indicator (/v1/indicators?q= finds one) or a region "
    "(/v1/regions?q= finds its code)."
)
_VERDICTS = "; ".join(f"`{word}`: {meaning}" for word, meaning in VERDICTS.items())


class PrintedFigure(ma.fields.String):
    """A figure as it was printed, see `api.quoted`."""

    def canonical(self, text: str) -> str:
        """Its one spelling."""
        return spelt(text)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return parse(str(value))
        except ValueError as error:
            raise ma.ValidationError(str(error)) from error


class VerificationQuestion(Question):
    """Which figure is held against what."""

    filter_type = VerificationFilter
    figure = PrintedFigure(
        required=True,
        error_messages={"required": _NEEDED},
        metadata={
            "description": "The figure as it was printed: `71.3%`, `£33,400`, `2,055`, `1.2 million`, `-0.4`. How many "
            "digits there are says how it was rounded.",
            "pattern": PATTERN,
            "example": "90.2",
        },
    )
    indicator = fields.identifiers("What it is of.", "gigabit-availability")
    region = fields.identifiers("Where it is of.", "E47000007")
    period = fields.Texts(
        fields.Period(metadata={"format": "period"}),
        metadata={
            "description": f"Which periods it may be of. {fields.PERIOD_SPELLINGS} {fields.SEVERAL}",
            "example": ["2026-01"],
        },
    )
    limit = fields.Limit(of="items", what="figures")
    cursor = fields.cursor()

    @ma.post_load(pass_original=True)
    def _make(self, data: dict[str, Any], original: dict[str, str], **given: Any) -> Asked:
        # Last: whoever misspelt one of the two is told that instead.
        if not {"indicator", "region"} & data.keys():
            raise errors.invalid("query/indicator", _TOO_WIDE, code="too-wide")
        made: Asked = super()._make(data, original, **given)
        return made


class Standing(Item):
    """What stands in place of a figure that was revised or removed."""

    value = number("The value; null where there is none.", 83.9, allow_none=True)
    status = text("Its status; null where there is no such observation.", "A", allow_none=True)
    release = whole("The release since which that is so.", 3)
    published_at = text("When that was published.", "2026-01-13T00:00:00Z")


class HeldAgainst(Item):
    """An observation that a figure was held against."""

    indicator = text("The indicator.", "gigabit-availability")
    indicator_title = text("Its title.", "Gigabit broadband availability")
    region = text("Code of the place.", "E47000007")
    region_name = text("Its name.", "West Midlands")
    region_label = text("Its name with its level.", "West Midlands (Combined authority)")
    published_region = text("The code that it was published under.", "E47000007")
    period = text("The period.", "2026-01")
    value = number("The published value, with every digit.", 90.2)
    status = text("Its status.", "A")
    unit = text("Its unit.", "% of premises")
    decimals = whole("Decimals worth showing.", 1)
    address = text("Its series.", "/v1/series/gigabit-availability/E47000007")


class MatchingFigure(HeldAgainst):
    """An observation that is, or was, what was quoted."""

    verdict = text(f"What is to be said of it: {_VERDICTS}.", "stands")
    first_release = whole("The release that said so first.", 4)
    first_published_at = text("When that was published.", "2026-06-26T00:00:00Z")
    last_release = whole("The last release that said so; null: it still stands.", allow_none=True)
    now = one(Standing, "What stands in its place; null where it stands itself.", allow_none=True)


class AlsoQuoted(Item):
    """A figure that others printed. See `/v1/published-figures`."""

    id = text("Identifier.")
    region = text("Code of its region; null for a group without a code.", "E47000007", allow_none=True)
    region_name = text("Place, as printed.", "West Midlands")
    label = text("What the figure says.", "Gigabit coverage")
    printed = text("The figure as printed.", ">88")
    unit = text("Unit.", "% of premises")
    period = text("What it is for, where that is printed.", allow_none=True)
    edition = text("The edition it stands in.", "LDI 2023")
    source_title = text("Where it was printed.")


class Verification(Item):
    """Whether a figure is ours."""

    figure = text("The figure as it was read.", "90.2%")
    kind = text(f"What its signs say of its unit, one of {', '.join(KINDS)}; a `number` may be of any.", "percentage")
    value = number("The number in full.", 90.2)
    rounded_to = number("To what published values are rounded to read so.", 0.1)
    verdict = text(f"What is to be said of it, by the best of its matches on this page: {_VERDICTS}.", "stands")
    matches = many(MatchingFigure, "What matches, on this page: what stands first, then the newest period.")
    matches_count = whole("How many match in all.", 1)
    nearest = many(HeldAgainst, "Where nothing matches, the figures that come nearest.")
    quoted = many(AlsoQuoted, "Figures of others that print the same of the place, or of the indicator.")
    statement = text("The same in sentences that are safe to print.")


class VerificationLinks(Links):
    """Where to go from here, and how to come back."""

    permalink = text("This question at its release: for ever the same answer.", "/v1/verify?figure=90.2%25&release=4")


VerificationAnswer = Item.from_dict(
    {
        "data": one(Verification, "What there is to the figure."),
        "meta": one(Meta, "Release, provenance, and why there is nothing near it where that is so."),
        "links": one(VerificationLinks, "Where to go from here."),
    },
    name="VerificationAnswer",
)
