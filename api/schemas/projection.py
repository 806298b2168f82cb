"""Projections of series."""

from __future__ import annotations

from api.schemas.base import Item, envelope, flag, many, number, one, text, texts, whole


class PredictionInterval(Item):
    """What a value lies within with a probability."""

    lower = number("Lower bound.", 33.2)
    upper = number("Upper bound.", 37.6)


class ProjectedPoint(Item):
    """A period ahead."""

    period = text("Period.", "2024")
    start = text("The day on which the period begins.", "2024-01-01")
    instant = flag("Whether it is of one moment rather than of a span of time.", False)  # noqa: FBT003
    value = number("The projected value, with one decimal more than the indicator has.", 35.41)
    prediction_interval_80 = one(PredictionInterval, "Holds the value with a probability of 80 %.")
    prediction_interval_95 = one(PredictionInterval, "Holds the value with a probability of 95 %.")


class ModelParameter(Item):
    """A parameter of a model."""

    name = text("Name.", "mean-change")
    value = number("Value.", 1.9)
    unit = text("Its unit, where it has one.", "%", allow_none=True)
    meaning = text("What it means.", "Mean change from one period to the next.")


class ProjectionModel(Item):
    """The model that a projection was made by."""

    id = text("`naive`, `drift` or `damped-trend`.", "drift")
    title = text("Title.", "Random walk with drift")
    description = text("What it does.")
    scale = text("What it was fitted to: `logit`, `log` or `level`.", "log")
    scale_description = text("The same in words.")
    parameters = many(ModelParameter, "Its parameters.")
    computed_with = text("What computed it.", "statsmodels 0.15.0")


class ProjectionBase(Item):
    """The points that a projection is made from."""

    points = whole("How many.", 20)
    first_period = text("The first of them.", "2004")
    last_period = text("The last of them.", "2023")
    provisional = texts("Which of them are provisional.", ["2024"])
    since_break = text("The break that they come after, where there is one.", allow_none=True)


class BackTestStep(Item):
    """The errors of forecasts so many periods ahead."""

    step = whole("How many periods ahead.", 1)
    forecasts = whole("How many forecasts were made.", 10)
    mean_absolute_error = number("Mean absolute error of the model, in the unit of the values.", 0.52)
    naive_mean_absolute_error = number("The same of the naive forecast.", 0.74)


class IntervalCoverage(Item):
    """How often the intervals of the back-test held the value."""

    interval = whole("The interval: 80 or 95 %.", 80)
    share_inside = number("Share of the values inside, the intervals as wide as they are served.", 0.81)
    share_inside_unwidened = number("The same of the model's own intervals.", 0.74)


class HeldOutCoverage(Item):
    """How often intervals held values that were held out."""

    interval = whole("The interval: 80 or 95 %.", 80)
    share_inside = number("Share of the held-out values inside.", 0.79)


class ProjectionCalibration(Item):
    """How far the intervals reach: as far as forecasts of all series of the indicator were wrong, period by period."""

    series = whole("Series of the indicator that it rests on.", 390)
    periods = whole("Periods that were forecast: what happens in one happens to all series at once.", 12)
    held_out_values = whole(
        "Values that were held out to try it, the latest of all series; null: the series are too short.",
        2340,
        allow_none=True,
    )
    held_out = many(HeldOutCoverage, "How many of them the intervals held, the whole procedure repeated without them.")


class CandidateModel(Item):
    """A model that was tried."""

    model = text("The model.", "damped-trend")
    mean_absolute_error = number(
        "Mean absolute error of all forecasts; null where it has no fit.", 0.61, allow_none=True
    )
    ratio_to_naive = number("The same over that of the naive forecast.", 0.83, allow_none=True)
    unfit = text("Why it has no fit, where it has none.", allow_none=True)


class ProjectionBackTest(Item):
    """Forecasts made from earlier points alone (rolling origins), against what came."""

    origins = whole("From how many points in time forecasts were made.", 10)
    forecasts = whole("How many forecasts were made in all.", 27)
    mean_absolute_error = number("Mean absolute error of the model served, in the unit of the values.", 0.83)
    naive_mean_absolute_error = number("The same of the naive forecast: the last value going on.", 1.12)
    ratio_to_naive = number(
        "The one over the other; null where the naive forecast made no error.", 0.74, allow_none=True
    )
    better_than_naive = flag("Whether any model did better than the naive forecast, which is served otherwise.", True)  # noqa: FBT003
    steps = many(BackTestStep, "The same by periods ahead.")
    widened_by = number("How wide the 95 % interval of the first step is, beside the model's own.", 1.18)
    coverage = many(IntervalCoverage, "How often the intervals held the value in the back-test of this series.")
    candidates = many(CandidateModel, "The models that were tried.")


class ProjectionDetail(Item):
    """The projection of a series."""

    indicator = text("Indicator.", "gva-per-hour")
    indicator_title = text("Title of the indicator.")
    region = text("Code of the region.", "E12000005")
    region_name = text("Name of the region.", "West Midlands")
    unit = text("Unit of the values.", "£ per hour")
    decimals = whole("Decimals of the indicator.", 2)
    projection = many(ProjectedPoint, "The periods ahead; empty where there is no projection, and `meta` says why.")
    model = one(ProjectionModel, "The model; null where there is no projection.", allow_none=True)
    based_on = one(ProjectionBase, "The points used; null where the series cannot be projected.", allow_none=True)
    back_test = one(ProjectionBackTest, "How well the model did before; null without projection.", allow_none=True)
    calibration = one(
        ProjectionCalibration, "What the width of the intervals rests on; null without projection.", allow_none=True
    )
    statement = text("The projection in a sentence or two, safe to print.", allow_none=True)
    notes = texts("What to know before using it.")


ProjectionAnswer = envelope("ProjectionAnswer", one(ProjectionDetail, "The projection."))
