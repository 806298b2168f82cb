"""What is said of a projection: models, scales and parameters in plain words, a sentence, and what to know of it."""

from __future__ import annotations

from math import expm1
from typing import Any

from api.analysis.projectable import Base
from api.catalogue import Indicator, Region, ReleaseInfo
from api.durations import shifted_day

MODELS = {
    "naive": ("Last value", "The last value goes on unchanged."),
    "drift": (
        "Random walk with drift",
        "From the last value on, each period changes by the mean change of all the points.",
    ),
    "damped-trend": (
        "Holt's damped trend",
        "A level and a trend that follow newer points more than older ones, the trend fading: ETS(A,Ad,N).",
    ),
}
"""The models there are: title and description."""
SCALES = {
    "logit": "Log-odds of the percentage: nothing leaves 0 to 100. Values of 0 or 100 count as half of the last "
    "published digit off. The projected value is the median.",
    "log": "Logarithm, since all values are above 0: errors grow with the size, and nothing falls below 0. The "
    "projected value is the median.",
    "level": "The values as they are; where none is below 0, neither is the projection.",
}
"""The scales there are, in words."""
_SMOOTHING = {
    "level": "How much of what a point differs from its expectation moves the level: 0 nothing, 1 all of it.",
    "trend": "How much of it moves the trend.",
    "damping": "How much of the trend is left from one period ahead to the next.",
}
_CHANGES = {
    "mean-change": "Mean change from one period to the next.",
    "next-change": "The trend: the change from the level reached to the first period ahead.",
}
"""Parameters that stand on the scale of the model."""
_FEW = 10
"""Forecasts below which a back-test is said to tell little."""
_WIDE = 10
"""How many times its lower bound the upper one is from which on an interval is said to tell little."""
_TRIED = "A projection goes on from past figures and knows nothing of what may change them."
_CHOSEN = "The model was chosen by this back-test, which therefore makes its error look somewhat smaller than it is."


def parameters_of(kept: dict[str, Any], indicator: Indicator) -> list[dict[str, Any]]:
    """The parameters of a projection's model, each with its meaning."""
    given: dict[str, float] = kept["parameters"]
    said = []
    for name, value in given.items():
        if name in _CHANGES:
            logs = kept["scale"] == "log"
            unit = "%" if logs else "log-odds" if kept["scale"] == "logit" else indicator.unit
            said.append(_parameter(name, expm1(value) * 100 if logs else value, unit, _CHANGES[name]))
        else:
            said.append(_parameter(name, value, None, _SMOOTHING[name]))
    return said


def _parameter(name: str, value: float, unit: str | None, meaning: str) -> dict[str, Any]:
    return {"name": name, "value": float(f"{value:.4g}"), "unit": unit, "meaning": meaning}


def statement_of(kept: dict[str, Any], base: Base, indicator: Indicator, region: Region) -> str:
    """A projection in a sentence or two that are safe to print, made from its numbers only."""
    item, test = kept["ahead"][-1], kept["back_test"]
    value, _, _, lower, upper = (f"{number:,.{indicator.decimals}f}" for number in item["numbers"])
    error, ratio = test["candidates"][kept["model"]]
    title = MODELS[kept["model"]][0]
    span = f"{len(base.points)} values, {base.points[0].period} to {base.points[-1].period}"
    where = f"{indicator.title}, {region.label}, {item['period']}: {value} ({indicator.unit}), 95 % prediction interval"
    opening = f"{where} {lower} to {upper}, projected by “{title}” from {span}."
    errors = f"a mean absolute error of {error:,.{indicator.decimals + 1}f} in {test['forecasts']} forecasts"
    if kept["model"] == "naive":
        return f"{opening} No model did better in the back-test than the last value going on ({errors})."
    return f"{opening} In the back-test it had {errors}, {ratio:.2f} of that of the last value going on."


def notes_on(kept: dict[str, Any], base: Base, indicator: Indicator, release: ReleaseInfo) -> list[str]:
    """What to know before a projection is used."""
    provisional = [point.period for point in base.points if point.status == "P"]
    test, last = kept["back_test"], base.points[-1]
    over = shifted_day(last.start, (base.horizon + 1) * base.months) <= release.published_at[:10]
    clipped = kept["scale"] == "logit" and {0.0, 100.0} & set(base.values)
    _, _, _, lower, upper = kept["ahead"][-1]["numbers"]
    notes = [
        f"Provisional, and counted like the others: {', '.join(provisional)}." if provisional else "",
        f"Only the points since the break at {base.points[0].period} are used." if base.since_break else "",
        "Values of 0 or 100 % count as half of the last published digit off." if clipped else "",
        f"The latest value is of {last.period}: every period that is projected has passed." if over else "",
        _CHOSEN if kept["model"] != "naive" else "",
        f"The 95 % interval of the first step is {test['widening']} times as wide as the model's own: forecasts of "
        "this indicator's series were as far off as that." if test["widening"] > 1 else "",
        f"The back-test has {test['forecasts']} forecasts only: it tells little." if test["forecasts"] < _FEW else "",
        "The intervals are so wide that the projected values tell little." if upper > _WIDE * lower > 0 else "",
        f"{_TRIED}{_held_out(kept)}",
        f"Of the indicator: {indicator.caveats}" if indicator.caveats else "",
    ]  # fmt: skip
    return [note for note in notes if note]


def _held_out(kept: dict[str, Any]) -> str:
    """How the intervals did with values that were held out."""
    held = kept["calibration"]["held_out"]
    if held is None:
        return " The intervals could not be tried on values held out: the series are too short."
    inside = held["inside"]
    return (
        f" Tried on {held['values']:,} values of this indicator that were held out, 80 % intervals held "
        f"{inside['80']:.0%} of them and 95 % intervals {inside['95']:.0%}."
    )
