"""Drafts of partners: the bodies that are sent."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.models.catalogue import COLLECTIONS, FREQUENCIES, MEASURES, POLARITIES, QUALITIES, YEAR_KINDS
from api.models.partner import PLACE_LEVELS
from api.models.release import RELEASE_KINDS
from api.schemas import fields
from api.schemas.index import bodies

_SLUG = r"^[a-z0-9][a-z0-9-]{0,56}$"
_PRINTED = r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$"
"""A line with something in it."""
_PAIR = r"^[a-z_]+:[^,\u0000-\u001f\u007f-\u009f]*[^,\s\u0000-\u001f\u007f-\u009f]$"
_CODE = r"^[A-Z][A-Z0-9]{1,11}$"


class Sent(ma.Schema):
    """A body of a partner's: what it does not know it refuses."""

    class Meta:
        unknown = ma.RAISE


def _said(description: str, example: Any = None, **more: Any) -> dict[str, Any]:
    return {"description": description, **({} if example is None else {"examples": [example]}), **more}


def line(description: str, example: Any = None, *, most: int = 1_000, **kwargs: Any) -> ma.fields.String:
    """A text of a line or some, not empty."""
    length = ma.validate.Length(min=1, max=most, error=f"This is a text of 1 to {most:,} characters.")
    blank = ma.validate.Regexp(_PRINTED, error="This is a text with signs that can be printed, and not only blanks.")
    metadata = _said(description, example, pattern=_PRINTED)
    return ma.fields.String(validate=[length, blank], metadata=metadata, **kwargs)


def _word(description: str, known: tuple[str, ...], **kwargs: Any) -> ma.fields.String:
    return ma.fields.String(
        validate=ma.validate.OneOf(known, error="This is one of: {choices}."),
        metadata=_said(description, known[0]),
        **kwargs,
    )


class NewDraft(Sent):
    """A draft that is to be made."""

    reason = line(
        "Why it will be published: readers are told it with the release.", "Digital inclusion, 2026", required=True
    )
    kind = _word(
        "`correction` where mistakes are put right by it, else `release`.", RELEASE_KINDS[:2], load_default="release"
    )
    base_release = bodies.Whole(
        least=1,
        most=fields.MOST,
        load_default=None,
        allow_none=True,
        metadata=_said(
            "The release that you have read (`meta.release`): what others changed after it is a conflict. Without it: "
            "the newest.",
            4,
        ),
    )
    publish_at = ma.fields.AwareDateTime(
        load_default=None,
        allow_none=True,
        metadata=_said(
            "When it is to be published (embargo), with a time zone: it is held until then, once `publish` was "
            "asked for."
        ),
    )


class OwnSourceBody(Sent):
    """Where an indicator's figures come from; what is not said is the owner's name and the Open Government Licence."""

    title = line("Title of the data set.")
    licence = line("Licence.", "Open Government Licence v3.0")
    licence_url = line("Address of the licence.")
    url = line("Where it is published.")
    attribution = line("The attribution that the licence asks for.")


class OwnIndicatorBody(Sent):
    """What an indicator of a partner's own is."""

    title = line("Title.", "Residents who are digitally excluded", required=True)
    description = line("What exactly is measured, of what, by whom.", required=True, most=4_000)
    component = ma.fields.String(
        required=True, metadata=_said("The component it belongs to.", "digital-skills", pattern=fields.IDENTIFIER)
    )
    unit = line("Unit of its values.", "% of adults", required=True, most=100)
    decimals = bodies.Whole(least=0, most=10, load_default=1, metadata=_said("Decimals worth showing.", 1))
    measure = _word("`rate` where values can be compared as they stand.", MEASURES, required=True)
    polarity = _word("Which direction is better, if any.", POLARITIES, required=True)
    frequency = _word("How often it is published.", FREQUENCIES, load_default="annual")
    year_kind = _word("How a year such as 2023/24 is read.", YEAR_KINDS, load_default="calendar")
    quality = _word("Quality label of the statistic.", (QUALITIES[-1], *QUALITIES[:-1]), load_default=QUALITIES[-1])
    collection = _word(
        "How the values come about, and so what error they have.", COLLECTIONS, load_default=None, allow_none=True
    )
    denominator = ma.fields.String(
        load_default=None,
        allow_none=True,
        metadata=_said("The indicator to divide it by before comparing.", pattern=_SLUG),
    )
    variant_of = ma.fields.String(
        load_default=None,
        allow_none=True,
        metadata=_said(
            "The indicator of this service that it is a variant of.", "gigabit-availability", pattern=fields.IDENTIFIER
        ),
    )
    caveats = line("What to know before using it.", load_default=None, allow_none=True, most=4_000)
    source = ma.fields.Nested(
        OwnSourceBody, load_default=None, allow_none=True, metadata=_said("Where its figures come from.")
    )


class GeometryBody(ma.Schema):
    """A geometry as GeoJSON has it, in degrees."""

    type = _word("The kind.", ("Polygon", "MultiPolygon"), required=True)
    coordinates = ma.fields.List(
        ma.fields.Raw(allow_none=True),
        required=True,
        metadata=_said("Rings of points (longitude, latitude), as RFC 7946 has them."),
    )

    class Meta:
        unknown = ma.RAISE


class PlaceBody(Sent):
    """What a place of a partner's own is."""

    name = line("Its name.", "St James's", required=True, most=200)
    level = _word("Its level.", PLACE_LEVELS, required=True)
    within = ma.fields.String(
        required=True, metadata=_said("Code of the local authority that it lies in.", "E08000027", pattern=_CODE)
    )
    valid_from = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Regexp(r"^\d{4}(-\d{2}(-\d{2})?)?$", error="A day is written as 2026-05-19."),
        metadata=_said("Since when the code is in use.", "2024-05-02", pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$"),
    )
    geometry = ma.fields.Nested(GeometryBody, load_default=None, allow_none=True, metadata=_said("Its outline."))
