"""Profiles of places."""

from __future__ import annotations

import marshmallow as ma

from api.columns import STATUS
from api.filters import ProfileFilter
from api.schemas import fields
from api.schemas.base import NAMED, Item, Question, envelope, flag, many, number, one, text, texts, whole
from api.schemas.comparison_parts import Benchmark, Comparable, Rank

MOST_POINTS = 24


class ProfileQuestion(Question):
    """How a profile is asked for."""

    filter_type = ProfileFilter
    component = fields.identifiers("Only the indicators of this component.", "digital-infrastructure")
    points = fields.Whole(
        validate=ma.validate.Range(
            min=0, max=MOST_POINTS, error=f"A short series has 0 to {MOST_POINTS} points, not {{input:,}}."
        ),
        metadata={
            "description": "How many points the short series have at the most: their last ones. Without it: 6.",
            "example": 12,
        },
    )
    level = fields.identifier(
        "The level to compare the region in, where it is of several. Without it: for each indicator the one in which "
        "most regions have a value.",
        "itl1",
    )


class ProfileRegion(Item):
    """The place that is profiled."""

    code = text("Code.", "E12000005")
    name = text("Name.", "West Midlands")
    label = text("Name and level.", "West Midlands (ITL 1 region)")
    levels = texts("The levels it belongs to.", ["itl1"])


class LatestFigure(Item):
    """The latest value of an indicator for the place, in the indicator's unit."""

    period = text("Its period.", "2026-01")
    start = text("The day on which the period begins.", "2026-01-01")
    value = number("The value.", 90.2)
    status = text(STATUS, "A")
    note = text("What the publisher, or the compilation, says of this figure.", allow_none=True)
    region = text(
        "What it is published for: the place, or the other area (`same_area`) where there are no figures but for that.",
        "E12000005",
    )
    region_label = text("Its name and level.", "West Midlands (ITL 1 region)")
    published_region = text("The code that it is published under, where the place has several.", "E12000005")


class ElsewhereFigure(Item):
    """A later figure for the other area that is the same land (`same_area`)."""

    region = text("The other area.", "TLG36")
    region_name = text("Its name.", "Dudley")
    period = text("The latest period there.", "2026-01")
    value = number("The value there.", 85.9)
    status = text(STATUS, "A")
    address = text("The series there.", "/v1/series/gigabit-availability/E08000038")


class ProfilePoint(Item):
    """One point of a short series."""

    period = text("Period.", "2026-01")
    value = number("The value; null where it is missing, and `status` says why.", 90.2, allow_none=True)
    status = text(STATUS, "A")
    since_break = flag(
        "Whether no break lies between this point and the end of the series: false means not comparable with it.",
        True,  # noqa: FBT003
    )


class ShortSeries(Item):
    """The end of a region's own series, in the indicator's unit."""

    points = many(ProfilePoint, "The last points, oldest first.")
    of = whole("How many points the whole series has.", 5)
    breaks = texts("The periods with a break: not comparable with those before them.", ["2025-01"])
    since_break = text("The last of them; null where the series has none.", "2025-01", allow_none=True)
    address = text("The whole series; null where there is none.", allow_none=True)


class ProfileBenchmark(Benchmark):
    """A value to compare with, and how far the region is from it; medians carry one decimal more."""

    class Meta(Item.Meta):
        exclude = ("regions",)


class MissingRegions(Item):
    """Regions without a comparable value for one reason."""

    reason = text("Why, in a word.", "geography-not-covered")
    detail = text("The same in a sentence.", "England only.")
    regions = texts(f"Their codes{NAMED}.", ["N92000002", "S92000003", "W92000004"])
    count = whole("How many they are in all.", 3)


class ProfileGroup(Item):
    """The regions that a value is compared with, each place once, in the same period."""

    level = text("The level.", "itl1")
    period = text("The period.", "2026-01")
    n = whole("How many regions have a comparable value.", 12)
    left_out = texts(f"Codes left out, since one that came after them has a figure too{NAMED}.", ["E08000016"])
    left_out_count = whole("How many are left out in all.", 1)
    missing = whole("How many regions of the level have no comparable value.", 0)
    missing_regions = many(MissingRegions, f"Those, by reason{NAMED} reasons.")
    denominator_years = texts("The years of the denominators, where there are any.", ["2023"])
    reason = text("Why nothing can be compared in it; null where it can.", allow_none=True)


class ProfileIndicator(Item):
    """An indicator in a profile: the value, what it is compared with, and what must be known to read it."""

    indicator = text("Identifier.", "gigabit-availability")
    title = text("Title.", "Gigabit broadband availability")
    unit = text("Unit of `latest` and of the series.", "% of premises")
    decimals = whole("Decimals worth showing.", 1)
    measure = text("`rate`, `count` or `amount`.", "rate")
    polarity = text("`higher-is-better`, `lower-is-better` or `neutral`.", "higher-is-better")
    collection = text("`administrative`, `survey` or `modelled`.", "administrative", allow_none=True)
    quality = text("Quality label of the statistics.", "no-accreditation")
    caveats = text("What must be known to read it.", allow_none=True)
    latest = one(LatestFigure, "The latest value; null where there is none, see `reason`.", allow_none=True)
    reason = text("Why there is no value; null where there is one.", "geography-not-covered", allow_none=True)
    detail = text("The same in a sentence.", "England only.", allow_none=True)
    elsewhere = one(ElsewhereFigure, "Under another code of the same place, where more is known.", allow_none=True)
    comparable = one(Comparable, "The latest value as it is compared; null where it is not.", allow_none=True)
    not_comparable = text("Why the latest value is not compared.", "not comparable: size", allow_none=True)
    group = one(ProfileGroup, "Whom it is compared with; null without a value.", allow_none=True)
    benchmarks = many(ProfileBenchmark, "`median` (of the level), `uk-median` and `uk`; none without a value.")
    rank = one(Rank, "Where it stands in its group; null where it is not in it.", allow_none=True)
    no_rank = text("Why it has no rank.", allow_none=True)
    series = one(ShortSeries, "The end of its series.")


class ProfileComponent(Item):
    """A component with its indicators."""

    id = text("Identifier.", "digital-infrastructure")
    title = text("Title.", "Digital infrastructure")
    role = text("`component` of digital capital, its `outcome`, or `context` to read the others with.", "component")
    measured = flag("Whether there is a usable measure.", True)  # noqa: FBT003
    reason = text("Why there is none.", allow_none=True)
    indicators = many(ProfileIndicator, "Its indicators, those without a value for this region among them.")


class ScoredIndicator(Item):
    """How far an indicator is from the median of the level, in interquartile ranges; better is positive."""

    indicator = text("Identifier.", "business-birth-rate")
    title = text("Title.", "Business birth rate")
    component = text("Its component.", "finance-investment")
    outcome = flag("Whether it measures what comes of digital capital rather than that itself.", False)  # noqa: FBT003
    score = number("The score.", 0.71)
    value = number("The comparable value.", 11.0)
    unit = text("Its unit.", "% of active businesses")
    median = number("The median of the level.", 10.67)
    interquartile_range = number("Upper less lower quartile.", 0.5)
    n = whole("How many regions the median is of.", 12)
    period = text("The period.", "2024")
    tested = flag("Whether sampling error was tested: only where bounds are held here.", False)  # noqa: FBT003
    basis = text("What is known of the error of the values, see ranks; null: nothing.", "rounding", allow_none=True)
    basis_reason = text("Why nothing is known of it.", "sampling error not held here", allow_none=True)


class UnscoredIndicator(Item):
    """An indicator without a score."""

    indicator = text("Identifier.", "active-businesses")
    reason = text("Why it has none.", "neutral: neither direction is better")


class Profile(Item):
    """All that is measured of a place."""

    region = one(ProfileRegion, "The place.")
    other_codes = texts("Other codes of the same place, whose figures stand here too.", ["E08000038"])
    same_area = one(
        ProfileRegion,
        "Another area that is the same land: the ITL 3 area that is this district, or the other way round. What is "
        "published for it alone stands here too, and says so.",
        allow_none=True,
    )
    level = text("The level that was asked for; null where each indicator decides.", allow_none=True)
    components = many(ProfileComponent, "The components in the order of the index, those without a measure too.")
    method = text("How strengths and gaps are scored.")
    strengths = many(ScoredIndicator, "What the place does better than the median of its level, the furthest first.")
    gaps = many(ScoredIndicator, "What it does worse, the furthest first.")
    not_scored = many(UnscoredIndicator, "The indicators that are neither, and why.")


ProfileAnswer = envelope("ProfileAnswer", one(Profile, "The profile."))
