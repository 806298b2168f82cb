"""Components, sources and indicators."""

from __future__ import annotations

import marshmallow as ma

from api.filters import IndicatorFilter
from api.models.catalogue import COLLECTIONS, FREQUENCIES, MEASURES, NUMBERS, POLARITIES, QUALITIES, YEAR_KINDS
from api.schemas import fields
from api.schemas.base import Item, Question, SourceReference, envelope, flag, many, one, text, texts, whole


class IndicatorQuestion(Question):
    """Which indicators."""

    filter_type = IndicatorFilter
    component = fields.identifiers("Indicators of this component.", "digital-infrastructure")
    source = fields.identifiers("Indicators of this source.", "ofcom-connected-nations")
    level = fields.identifiers("Indicators with values at this level.", "local-authority")
    q = fields.search(
        "identifiers, titles, descriptions and components; words that mean the same are understood", "gigabit"
    )
    limit = fields.Limit(of="items", what="indicators")
    cursor = fields.cursor()


class ComponentItem(Item):
    """A component of Local Digital Capital."""

    id = text("Identifier.", "digital-infrastructure")
    title = text("Title.", "Digital infrastructure")
    description = text("What it is about.")
    measured = flag("Whether there is a usable open measure of it.", True)  # noqa: FBT003
    reason = text("Why there is none, where there is none.", allow_none=True)
    indicators = texts("Its indicators.", ["gigabit-availability"])


class SourceItem(SourceReference):
    """A source: a data set of a publisher."""

    licence = text("Its licence.", "Open Government Licence v3.0")
    licence_url = text("Where the licence stands.")
    attribution = text("The attribution that the licence asks for.")


class SourceFile(Item):
    """A version of a source's file."""

    id = text("Identifier; `source_file` of an observation.", "s4")
    title = text("Title.", "Connected Nations")
    version_date = text("The day of this version, if known and not after the release.", "2026-01-14", allow_none=True)
    retrieved_from = text("The exact file that the figures were read from.", allow_none=True)


class SourceDetail(SourceItem):
    """A source with its indicators and files."""

    indicators = texts("The indicators that draw on it.", ["gigabit-availability"])
    files = many(SourceFile, "The versions that figures were read from.")


class IndicatorItem(Item):
    """Something that is measured of places."""

    id = text("Identifier, never reused.", "gigabit-availability")
    title = text("Title.", "Gigabit-capable broadband availability")
    description = text("What exactly is measured, of what, by whom.")
    component = text("The component it belongs to.", "digital-infrastructure")
    unit = text("Unit of its values.", "% of premises")
    decimals = whole("Decimals worth showing.", 1)
    measure = text(f"One of {', '.join(MEASURES)}: only a rate can be compared as it stands.", "rate")
    denominator = text("The indicator to divide a count or amount by before comparing.", allow_none=True)
    polarity = text(f"One of {', '.join(POLARITIES)}.", "higher-is-better")
    collection = text(
        f"How the values come about, and so what error they have: one of {', '.join(COLLECTIONS)}; null: not known.",
        "administrative",
        allow_none=True,
    )
    over_time = ma.fields.Boolean(
        allow_none=True,
        metadata={
            "description": "Whether its periods may be compared with one another: `false` of surveys that are no time "
            "series. Null: not known.",
            "examples": [True],
        },
    )
    frequency = text(f"One of {', '.join(FREQUENCIES)}.", "half-yearly")
    year_kind = text(f"How a year such as 2023/24 is read: one of {', '.join(YEAR_KINDS)}.", "instant")
    quality = text(f"One of {', '.join(QUALITIES)}.", "official")
    derivation = text("How it is computed, where it is.", allow_none=True)
    caveats = text("What to know before using it.", allow_none=True)
    phrase = text(
        "What names it within a sentence.", "the share of premises that can order gigabit broadband", allow_none=True
    )
    number = text(f"How many the phrase speaks of: {' or '.join(NUMBERS)}.", "singular", allow_none=True)
    meaning = text("What it is and what it is not, in one sentence.", allow_none=True)
    covers = text("For whom it is missing, and why; null where it is there for the whole country.", allow_none=True)
    formula = text(
        "How it is made, where it is: of an indicator, a factor, and another indicator or what has no figures here.",
        "business-births * 100 / active-businesses",
        allow_none=True,
    )
    mistaken_for = texts("Indicators that it is taken for, and is not.", ["premises-below-30-mbps"])
    owner = text("The partner whose indicator it is, who publishes its figures; null: this service.", allow_none=True)
    variant_of = text("The indicator of this service that a partner's is a variant of.", allow_none=True)
    source = one(SourceReference, "Its source.")
    levels = texts("The levels it has values at.", ["uk", "itl1"])
    last_updated = text(
        "The day on which its publisher last updated it, as far as this release knows; null where it does not.",
        allow_none=True,
    )
    latest_period = text("The latest period with a value.", "2026-01", allow_none=True)
    next_update = text("When the next version is expected, where it is announced.", allow_none=True)


class IndicatorMatch(Item):
    """How an indicator answers to the text that was searched."""

    kind = text(
        "`id`, `title` or `description`; `synonym`: its title says it in another word; `component`: it belongs to the "
        "component named; `misspelling`: doubtful.",
        "component",
    )
    detail = text("The same in a sentence.")
    text = text("What of it the text led to.", "Digital skills")


class ListedIndicator(IndicatorItem):
    """An indicator in a list."""

    match = one(IndicatorMatch, "How it answers to `q`; only where `q` is given.", optional=True)


class AvailablePeriod(Item):
    """A period with values."""

    period = text("The period.", "2026-01")
    start = text("The day it begins.", "2026-01-01")
    instant = flag("Whether it is a reading of one moment.", True)  # noqa: FBT003
    regions = whole("How many regions have a value.", 12)


class AvailableLevel(Item):
    """A level with values."""

    level = text("The level.", "itl1")
    periods = many(AvailablePeriod, "The periods with values, oldest first.")


class Availability(Item):
    """What is covered of an indicator."""

    indicator = text("The indicator.", "gigabit-availability")
    latest_period = text("The latest period with a value.", "2026-01", allow_none=True)
    levels = many(AvailableLevel, "The levels with values, widest first.")


ComponentList = envelope("ComponentList", many(ComponentItem, "The components."))
ComponentAnswer = envelope("ComponentAnswer", one(ComponentItem, "The component."))
SourceList = envelope("SourceList", many(SourceItem, "The sources."))
SourceAnswer = envelope("SourceAnswer", one(SourceDetail, "The source."))
IndicatorList = envelope("IndicatorList", many(ListedIndicator, "The indicators of this page."))
IndicatorAnswer = envelope("IndicatorAnswer", one(IndicatorItem, "The indicator."))
AvailabilityAnswer = envelope("AvailabilityAnswer", one(Availability, "What is covered."))
