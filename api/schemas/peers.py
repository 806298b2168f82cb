"""Peers: the regions most like a region."""

from __future__ import annotations

import marshmallow as ma

from api.answers.peers.choice import RULE
from api.filters import PeerFilter
from api.schemas import fields
from api.schemas.base import NAMED, Item, Question, envelope, many, number, one, text, texts, whole
from api.schemas.profile import ProfileRegion

MOST_PEERS = 50


class PeerQuestion(Question):
    """Whose peers, by what."""

    filter_type = PeerFilter
    indicators = fields.identifiers(
        f"The indicators that likeness is told by. A region needs every one of them to be a peer. Without it: {RULE}.",
        "gigabit-availability",
    )
    weights = fields.Texts(
        fields.Weight(metadata={"pattern": fields.WEIGHT}),
        metadata={
            "description": "How much an indicator counts, as `indicator:weight`, a number from 0 on; only the weights' "
            f"proportions matter. An indicator that is not named counts 1. {fields.SEVERAL}",
            "example": ["gigabit-availability:2"],
        },
    )
    k = fields.Whole(
        validate=ma.validate.Range(min=1, max=MOST_PEERS, error=f"There are 1 to {MOST_PEERS} peers, not {{input:,}}."),
        metadata={"description": "How many peers are listed at the most. Without it: 5.", "example": 3},
    )
    level = fields.identifier(
        "The level whose regions may be peers, where the region is of several. Without it: the one that most figures "
        "are published for.",
        "itl1",
    )
    period = fields.period(
        "As of the end of this period: of each indicator the region's latest value that begins by then. Without it: as "
        "of the day of the release.",
        "2024",
    )


class PeerIndicator(Item):
    """An indicator that likeness is told by, and the region's own value."""

    indicator = text("Identifier.", "gigabit-availability")
    title = text("Title.", "Gigabit broadband availability")
    unit = text("Unit of the values, as they are compared.", "% of premises")
    decimals = whole("Decimals worth showing.", 1)
    formula = text("How the comparable value is made; null for rates.", allow_none=True)
    period = text("The period of all values: the latest that the region has a value of.", "2026-01")
    denominator_years = texts("The years of the denominators, where there are any.", ["2023"])
    weight = number("Its weight.", 1)
    n = whole("How many regions it is standardised over: all of the level with a value in the period.", 12)
    left_out = texts(f"Codes left out of them, since one that came after them has a figure too{NAMED}.", ["E08000016"])
    left_out_count = whole("How many are left out of them in all.", 1)
    nominal_share = number("Its share of all weights.", 0.1)
    effective_share = number(
        "What it adds to the squared distances of all candidates from the region, on average.", 0.12, allow_none=True
    )
    mean = number("Their mean; null where there are no peers.", 88.1, allow_none=True)
    median = number("Their median; null where there are no peers.", 88.6, allow_none=True)
    deviation = number(
        "Their interquartile range divided by 1.349, which is the standard deviation where they are normally "
        "distributed; that itself where half of them are the same; 0: all are, and it has no effect.",
        5.1,
        allow_none=True,
    )
    value = number("The region's own value.", 90.2)
    code = text("The code that it stands under: an earlier one where the region was recoded.", "E12000005")
    z = number("The same in deviations from the median, not beyond 3.", 0.31, allow_none=True)


class UnusedIndicator(Item):
    """An indicator that likeness is not told by."""

    indicator = text("Identifier.", "population")
    reason = text("Why, in a word.", "not-comparable")
    detail = text("The same in a sentence.")


class PeerValue(Item):
    """The value of a peer, beside that of the region."""

    indicator = text("Indicator.", "gigabit-availability")
    value = number("The peer's value, of the same period.", 91.2)
    code = text("The code that it stands under.", "E12000002")
    z = number("The same in deviations from the median, not beyond 3.", 0.5)
    difference = number("Its z less the region's.", 0.19)
    share = number("What it adds to the squared distance: 0 to 1; 0 for all where the distance is 0.", 0.12)


class PeerItem(Item):
    """A region like another."""

    position = whole("Its place, 1 the nearest.", 1)
    region = text("Its code.", "E12000002")
    region_name = text("Its name.", "North West")
    distance = number("The distance, in deviations: 0 is the same in everything.", 0.42)
    why = text("In what it is like the region, and in what it is not.")
    indicators = many(PeerValue, "Its values, in the order of `indicators`.")


class LackingRegion(Item):
    """A region that cannot be a peer, and which indicators it has no comparable value of."""

    region = text("Its code.", "N92000002")
    region_name = text("Its name.", "Northern Ireland")
    indicators = texts("What it lacks.", ["apprenticeship-starts-rate"])


class PeerGroup(Item):
    """The regions that could be peers."""

    level = text("The level.", "itl1")
    day = text("The day on which they existed, and as of which figures are taken.", "2026-06-26")
    n = whole("How many have every indicator, the region itself not counted.", 11)
    missing = whole("How many lack one or more.", 0)
    missing_regions = many(LackingRegion, f"Those, and what they lack{NAMED}.")


class PeerList(Item):
    """The regions most like a region, and how that was told."""

    region = one(ProfileRegion, "The region.")
    k = whole("How many peers were asked for.", 5)
    chosen_by = text("Who chose the indicators: `caller` or `rule`.", "rule")
    rule = text("The rule that chooses where the caller does not.")
    standardisation = text("How values become distances.")
    warning = text("Why likeness is to be taken with care: it rests on few indicators.", allow_none=True)
    indicators = many(PeerIndicator, "The indicators that likeness is told by.")
    not_used = many(UnusedIndicator, "Those that it is not told by, and why.")
    group = one(PeerGroup, "The candidates.")
    peers = many(PeerItem, "The peers, nearest first.")


PeerAnswer = envelope("PeerAnswer", one(PeerList, "The peers."))
