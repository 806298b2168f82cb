"""What published indices are made of: components and indicators, and how each enters an edition."""

from __future__ import annotations

from api.schemas.base import NAMED, Item, flag, many, number, one, text, texts, whole


class Goalposts(Item):
    """The values that count as 0 and as 100 (the other way round where less is better)."""

    lower = number("The lower one.", 66)
    upper = number("The upper one.", 100)


class IndexIndicatorItem(Item):
    """An indicator of an index, and how it enters an edition."""

    indicator = text("The indicator.", "gigabit-availability")
    title = text("Its title.")
    polarity = text("Which direction is better.", "higher-is-better")
    weight = number("Its weight within the component.", 1)
    goalposts = one(Goalposts, "The values that count as 0 and as 100.")
    logarithm = flag("Whether its logarithm enters: each step up is a ratio.", False)  # noqa: FBT003
    digital = flag("Whether it measures something digital, rather than the ground that this grows on.", True)  # noqa: FBT003
    unit = text("The unit that is compared.", "% of premises")
    denominator = text("What it is divided by; null for rates.", allow_none=True)
    period = text("The period that enters; null: none does.", "2026-01", allow_none=True)
    n = whole("How many regions have a comparable value in it.", 12)
    denominator_years = texts("The years of the denominators.")
    missing = texts(f"The regions without a value in it{NAMED}.")
    missing_count = whole("How many regions have no value in it.", 0)
    reason = text("Why it does not enter.", allow_none=True)


class IndexComponentItem(Item):
    """A component of an index."""

    component = text("The component.", "digital-infrastructure")
    title = text("Its title.")
    weight = number("Its weight within the index.", 1)
    measured = flag("Whether any of its indicators enters.", True)  # noqa: FBT003
    reason = text("Why it is not measured.", allow_none=True)
    indicators = many(IndexIndicatorItem, "Its indicators.")
