"""Quoted figures."""

from __future__ import annotations

from api.filters import PublishedFigureFilter
from api.schemas import fields
from api.schemas.base import Item, Question, envelope, many, number, text


class PublishedFigureQuestion(Question):
    """Which quoted figures."""

    filter_type = PublishedFigureFilter
    region = fields.identifiers("Figures for this region.", "E47000007")
    edition = fields.titles("Figures from this edition.", "LDI 2023")
    q = fields.search("measures, places, sources and notes", "gigabit")
    limit = fields.Limit(of="items", what="figures")
    cursor = fields.cursor()


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


PublishedFigureList = envelope("PublishedFigureList", many(PublishedFigure, "The figures of this page."))
