"""Observations and time series."""

from __future__ import annotations

from api.columns import BOUND_KINDS, METHODS, OBSERVATIONS, STATUS, STATUSES, in_json
from api.filters import ObservationFilter, SeriesFilter
from api.schemas import fields
from api.schemas.base import Item, Question, envelope, flag, many, number, one, row_of, text, texts, whole
from api.schemas.history import history_of


class SeriesListQuestion(Question):
    """Which series, and which part of each."""

    filter_type = ObservationFilter
    indicator = fields.identifiers("Figures of this indicator.", "gigabit-availability")
    region = fields.identifiers("Figures for this region, by its code or another code of it.", "E12000005")
    level = fields.identifiers(
        "Figures for the regions of this level. With `latest` or one period that is a partition: codes that others "
        "replaced are left out, and named in `meta.left_out`.",
        "itl1",
    )
    parent = fields.identifiers("Figures for the regions within this one, at any depth.", "E92000001")
    component = fields.identifiers("Figures of the indicators of this component.", "digital-infrastructure")
    period_from = fields.period("Only periods that begin on or after the first day of this one.", "2024")
    period_to = fields.period("Only periods that begin on or before the last day of this one.", "2026")
    latest = fields.Flag(
        metadata={"description": "Only the latest value of each series, within the periods asked for.", "example": True}
    )
    history = history_of()
    valid_on = fields.Day(
        metadata={
            "description": "Figures of regions that existed on this day; `any` for all there ever were, those that "
            "others replaced among them.",
            "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "enum": ["any"]}],
            "example": "any",
        }
    )
    limit = fields.Limit(of="observations", what="observations")
    cursor = fields.cursor()


class ObservationQuestion(SeriesListQuestion):
    """Which observations."""

    period = fields.Texts(
        fields.Period(metadata={"format": "period"}),
        metadata={
            "description": f"Exactly these periods. {fields.PERIOD_SPELLINGS} {fields.SEVERAL}",
            "example": ["2026-01"],
        },
    )
    status = fields.Texts(
        fields.Keyword(STATUSES, error="{input!r} is not a status in use here. Those are {choices}."),
        metadata={"description": f"{STATUS} {fields.SEVERAL}", "example": ["A", "B"]},
    )


class SeriesQuestion(Question):
    """How one series is asked for."""

    filter_type = SeriesFilter
    history = history_of(merged=True)
    period_from = fields.period("Only periods that begin on or after the first day of this one.", "2015")
    period_to = fields.period("Only periods that begin on or before the last day of this one.", "2026")


class Bounds(Item):
    """The bounds of a value, as they were published."""

    kind = text(f"What they are: one of {', '.join(BOUND_KINDS)}.", "sampling_ci_95")
    lower = number("Lower bound; null where the upper one alone is published.", 89.9, allow_none=True)
    upper = number("Upper bound; null where the lower one alone is published.", 90.5, allow_none=True)


class SeriesObservation(Item):
    """One figure of a series."""

    period = text("Period.", "2026-01")
    start = text("The day on which the period begins.", "2026-01-01")
    instant = flag("Whether it is a reading of one moment rather than of a span of time.", True)  # noqa: FBT003
    value = number("The value; null where it is missing, and `status` says why.", 90.2, allow_none=True)
    status = text(STATUS, "A")
    bounds = one(Bounds, "Published bounds, where there are any.", allow_none=True)
    note = text("What the publisher, or the compilation, says of this figure.", allow_none=True)
    region = text("The code it is published under: maybe an earlier one of the place.", "E12000005")
    source_file = text("The file it was read from, see the source; of a value that was put together, the first.", "s5")
    method = text(
        f"How it was put together from its parts, with `history=merged`: one of {', '.join(METHODS)}; null where it "
        "was published.",
        allow_none=True,
    )
    parts = texts("The codes that it was put together from; empty where it was published.", [])


class SeriesHead(Item):
    """What all series say of themselves."""

    indicator = text("Indicator.", "gigabit-availability")
    indicator_title = text("Title of the indicator.", "Gigabit-capable broadband availability")
    region = text("Code of the region.", "E12000005")
    region_name = text("Name of the region.", "West Midlands")
    frequency = text("How often it is published.", "half-yearly")
    unit = text("Unit of the values.", "% of premises")
    decimals = whole("Decimals worth showing.", 1)
    measure = text("`rate`, `count` or `amount`.", "rate")
    polarity = text("Which direction is better, if any.", "higher-is-better")
    observations = many(SeriesObservation, "The figures, oldest first.")


class SeriesItem(SeriesHead):
    """A series in a list."""

    continues = flag("Whether the page ended within this series: the next page has the rest.", False)  # noqa: FBT003


class NotMerged(Item):
    """A period that cannot be put together, and why."""

    period = text("The period.", "2018")
    reason = text("Why not.")


class ComparedValue(Item):
    """A value that the publisher has, and ours for the same period."""

    period = text("The period.", "2024-01")
    published = number("The publisher's value.", 40.2)
    merged = number("What its parts come to.", 40.18)
    agrees = flag("Whether they agree within rounding.", True)  # noqa: FBT003


class Merged(Item):
    """What a series was put together from, and where that could not be done."""

    parts = texts("The codes of the districts that the place was formed of.", ["E07000026", "E07000028", "E07000029"])
    reason = text("Why nothing can be put together; null where something can.", allow_none=True)
    values = whole("How many values were put together.", 5)
    not_merged = many(NotMerged, "Periods that parts have values of and that cannot be put together.")
    compared = many(ComparedValue, "Periods that the publisher has a value of too, with both.")


class SeriesDetail(SeriesHead):
    """A series by itself."""

    history = text("`linked`: under all codes of the place; `own`: under this code alone.", "linked")
    linked_regions = texts("The codes it is made of, newest first.", ["E08000038", "E08000016"])
    merged = one(Merged, "What came of `history=merged`; null unless it is asked for.", allow_none=True)


ObservationRow = row_of("ObservationRow", in_json(OBSERVATIONS))
"""One figure, as a line of a table."""
ObservationList = envelope("ObservationList", many(ObservationRow, "The observations of this page."))
SeriesList = envelope("SeriesList", many(SeriesItem, "The series of this page."))
SeriesAnswer = envelope("SeriesAnswer", one(SeriesDetail, "The series."))
