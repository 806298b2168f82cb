"""Regions and levels."""

from __future__ import annotations

from api.columns import STATUS
from api.filters import RegionFilter
from api.schemas import fields
from api.schemas.base import Item, Question, envelope, many, number, one, text, texts, whole
from api.settings import Settings

_DEFAULTS = Settings()
_PAGE = {"default": _DEFAULTS.default_items, "most": _DEFAULTS.max_items}


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
    limit = fields.limit(**_PAGE, what="regions")
    cursor = fields.cursor()


class RegionQuestion(ChildQuestion):
    """Which regions."""

    parent = fields.identifiers("Regions within this one, at any depth.", "E12000005")
    q = fields.search("codes, names and aliases", "west midlands")
    indicator = fields.identifier(
        "With each region the latest value of this indicator: what a map of places needs.", "gigabit-availability"
    )


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


class ListedRegion(RegionItem):
    """A region in a list."""

    centroid = one(Centroid, "A point for it, where there is one.", allow_none=True)
    latest = one(
        LatestValue,
        "Its latest value of `indicator`, null where it has none; only where `indicator` is given.",
        allow_none=True,
        optional=True,
    )


class RegionAlias(Item):
    """Another spelling of a region."""

    alias = text("The spelling.", "TLG")
    scheme = text("Where it comes from: `itl`, `nuts`, `ons` (codes that lead here) or `name` (helps a search).", "itl")


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
    hexagon = one(Hexagon, "Its place in a cartogram, where it has one.", allow_none=True)
    population = one(Population, "Its latest population, where there is one.", allow_none=True)
    same_area = one(
        RegionReference,
        "Another area that is the same land, with figures of its own: the ITL 3 area that is this district, or the "
        "other way round.",
        allow_none=True,
    )
    predecessors = many(RegionSuccession, "What stood in its place before.")
    successors = many(RegionSuccession, "What stands in its place now.")


LevelList = envelope("LevelList", many(LevelItem, "The levels, widest first."))
RegionList = envelope("RegionList", many(ListedRegion, "The regions of this page."))
RegionAnswer = envelope("RegionAnswer", one(RegionDetail, "The region."))
