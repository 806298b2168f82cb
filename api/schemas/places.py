"""Regions and levels."""

from __future__ import annotations

import marshmallow as ma

from api.columns import STATUS
from api.filters import RegionFilter
from api.models.geography import NAME_KINDS
from api.schemas import fields
from api.schemas.base import Item, Question, envelope, many, number, one, text, texts, whole
from api.schemas.drawing import Geometry


class ChildQuestion(Question):
    """Which regions within another."""

    filter_type = RegionFilter
    level = fields.identifiers("Regions of this level.", "local-authority")
    valid_on = fields.Day(
        metadata={
            "description": "Regions that existed on this day; `any` for all there ever were. Without it: the day on "
            "which the release was published.",
            "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "enum": ["any"]}],
            "example": "2024-06-30",
        }
    )
    limit = fields.Limit(of="items", what="regions")
    cursor = fields.cursor()


class RegionQuestion(ChildQuestion):
    """Which regions."""

    parent = fields.identifiers("Regions within this one, at any depth.", "E12000005")
    q = fields.search(
        "codes, names and aliases, former and everyday ones too; words such as council or UA only choose among "
        "places of one name",
        "west midlands",
    )
    indicator = fields.identifier(
        "With each region the latest value of this indicator: what a map of places needs.", "gigabit-availability"
    )
    geometry = Geometry()


class LevelItem(Item):
    """A tier of places."""

    id = text("Identifier.", "itl1")
    title = text("Title.", "ITL 1 region")
    description = text("What it is.")
    regions = whole("How many regions of this level existed on the day of the release.", 12)


class RegionReference(Item):
    """A region in short."""

    code = text("Code.", "E12000005")
    name = text("Name. Not unique: West Midlands is a region and a combined authority.", "West Midlands")
    levels = texts("The levels it belongs to.", ["itl1"])


class RegionSuccession(RegionReference):
    """A region that came before or after another."""

    kind = text("`recoded`: the same place under another code; `reorganised`: merged, split or redrawn.", "recoded")


class RegionItem(RegionReference):
    """A region as it stands in lists."""

    welsh_name = text("Its name in Welsh, where that is another.", "Caerdydd", allow_none=True)
    label = text("Name and level: what tells places of one name apart.", "West Midlands (ITL 1 region)")
    parents = texts("Codes of the regions it lies in.", ["E92000001", "K02000001"])
    valid_from = text("First day of the code (or year, where only that is known); null: unknown.", allow_none=True)
    valid_to = text("Last day of the code (or year); null: still in use.", allow_none=True)


class Centroid(Item):
    """A point that stands for a region."""

    latitude = number("Degrees north (WGS 84).", 52.48)
    longitude = number("Degrees east (WGS 84).", -1.9)
    method = text("`published`, or `mean-of-members`: derived as the mean of its local authorities' points.")


class LatestValue(Item):
    """The latest value of the indicator that was asked for."""

    indicator = text("The indicator.", "gigabit-availability")
    period = text("Its period.", "2026-01")
    value = number("The value.", 90.2)
    status = text(STATUS, "A")
    unit = text("Its unit.", "% of premises")
    published_region = text("The code that it is published under, where the place has several.", "E12000005")


class PlaceMatch(Item):
    """How a region answers to the text that was searched."""

    kind = text(
        "`name` or `code`; another name by its kind, as in `aliases` (`former-name`, `everyday-name` ...); "
        "`words` of a name; `level`, where a text says only the kind of place; `successor` of a place so called that "
        "has ended; `misspelling`: doubtful.",
        "former-name",
    )
    of = text("The place that has ended, whose spelling that is; only of a `successor`.", allow_none=True)
    detail = text("The same in a sentence.")
    text = text("The spelling that the text led to.", "Shepway")


class ListedRegion(RegionItem):
    """A region in a list."""

    centroid = one(Centroid, "A point for it, where there is one.", allow_none=True)
    latest = one(
        LatestValue,
        "Its latest value of `indicator`, null where it has none; only where `indicator` is given.",
        allow_none=True,
        optional=True,
    )
    match = one(PlaceMatch, "How it answers to `q`; only where `q` is given.", optional=True)
    same_area = ma.fields.List(
        ma.fields.String(),
        metadata={
            "description": "Codes of other levels that are the same area, under which it has further figures; only "
            "where `q` is given.",
            "examples": [["TLG36"]],
            "optional": True,
        },
    )


class RegionAlias(Item):
    """Another spelling of a region."""

    alias = text("The spelling.", "TLG")
    scheme = text("Where it comes from: `itl`, `nuts`, `ons` (codes that lead here) or `name` (helps a search).", "itl")
    kind = text(f"Of which kind a name is, such as {', '.join(NAME_KINDS)}; null for codes.", allow_none=True)


class Hexagon(Item):
    """Where a region stands in a cartogram of hexagons (odd-r layout)."""

    q = whole("Column.", 5)
    r = whole("Row.", 1)


class Population(Item):
    """The latest population of a region."""

    value = number("People.", 6_085_687)
    period = text("Mid-year of.", "2023")
    region = text("The code it is published under: an earlier one where the region was recoded.", "E12000005")


class RegionDetail(RegionItem):
    """All there is to know of a region."""

    parents = many(RegionReference, "The regions it lies in, at any depth.")
    aliases = many(RegionAlias, "Its other spellings.")
    centroid = one(Centroid, "A point for it, where there is one.", allow_none=True)
    same_area = many(
        RegionReference,
        "The places of other levels that are the same area, and may have figures that this code has not: Dudley the "
        "district and Dudley the ITL 3 area.",
    )
    hexagon = one(Hexagon, "Its place in a cartogram, where it has one.", allow_none=True)
    population = one(Population, "Its latest population, where there is one.", allow_none=True)
    predecessors = many(RegionSuccession, "What stood in its place before.")
    successors = many(RegionSuccession, "What stands in its place now.")


LevelList = envelope("LevelList", many(LevelItem, "The levels, widest first."))
RegionList = envelope("RegionList", many(ListedRegion, "The regions of this page."))
RegionAnswer = envelope("RegionAnswer", one(RegionDetail, "The region."))
