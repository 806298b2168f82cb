"""Quoted figures."""

from __future__ import annotations

from api.filters import PublishedFigureFilter
from api.models.observation import MATCHES, REVISED
from api.schemas import fields
from api.schemas.base import Item, Question, envelope, many, number, one, text

_KINDS = "; ".join(f"`{kind}` {meaning}" for kind, meaning in MATCHES.items())


class PublishedFigureQuestion(Question):
    """Which quoted figures."""

    filter_type = PublishedFigureFilter
    region = fields.identifiers("Figures for this region.", "E47000007")
    edition = fields.titles("Figures from this edition.", "LDI 2023")
    indicator = fields.identifiers("Figures that come nearest to this indicator.", "gigabit-availability")
    match = fields.Texts(
        fields.Keyword(MATCHES, error="{input!r} is no kind of match. Those are {choices}."),
        metadata={"description": f"Figures that compare so with it: {_KINDS}. {fields.SEVERAL}", "example": ["equal"]},
    )
    q = fields.search("measures, places, sources and notes", "gigabit")
    limit = fields.Limit(of="items", what="figures")
    cursor = fields.cursor()


class Match(Item):
    """How a quoted figure compares with the nearest one that is served here."""

    kind = text(
        f"How: {_KINDS}; `{REVISED}` where it was equal when it was compared, and what is served here changed since.",
        "other-period",
    )
    detail = text("Why, in a sentence.", "The indicator begins in January 2024 for regions.")
    region = text("The region of the figure that it is compared with.", "E12000005", allow_none=True)
    period = text("Its period.", "2024-01", allow_none=True)
    value = number("Its value; null where there is no one figure to compare with.", 82.8, allow_none=True)
    status = text("Its status.", "A", allow_none=True)
    unit = text("Its unit.", "% of premises", allow_none=True)
    address = text("The series that it is of.", "/v1/series/gigabit-availability/E12000005", allow_none=True)


class PublishedFigure(Item):
    """A figure as somebody printed it. With a `bound` the number is not a value: `>88` is not 88."""

    id = text("Identifier.")
    region = text("Code of the region; null for a group without a code.", "E47000007", allow_none=True)
    region_name = text("Place, as printed.", "West Midlands")
    level = text("Level of the place, where it has one.", "combined-authority", allow_none=True)
    label = text("What the figure says.", "Gigabit coverage")
    printed = text("The figure as printed.", ">88")
    value = number("The figure as a number, where one was printed as such.", allow_none=True)
    bound = text("`>` where the number printed is a lower bound, `<` an upper one.", ">", allow_none=True)
    bound_value = number("The bound as a number.", 88, allow_none=True)
    unit = text("Unit.", "% of premises")
    period = text("What it is for, where that is printed.", allow_none=True)
    edition = text("The edition or publication it stands in.", "LDI 2023")
    source_title = text("Where it was printed.")
    source_url = text("Its address.")
    note = text("What to know about it.", allow_none=True)
    indicator = text("The indicator here that comes nearest to it.", "gigabit-availability", allow_none=True)
    median_side = text(
        "The side of the median of the United Kingdom's regions (`above` or `below`) that its source puts it on.",
        allow_none=True,
    )
    match = one(Match, "How it compares with that indicator; null where nobody has compared it.", allow_none=True)


PublishedFigureList = envelope("PublishedFigureList", many(PublishedFigure, "The figures of this page."))
