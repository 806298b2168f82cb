"""The projection of a series, as it was computed when the release was published, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from api.analysis.projectable import Base, Point, Refusal, base_of
from api.answers import absence
from api.answers.projection_words import MODELS, SCALES, notes_on, parameters_of, statement_of
from api.answers.provenance import meta_of_figures, meta_of_rows
from api.answers.reading import Reading
from api.answers.selection import resolve
from api.catalogue import Indicator, Region
from api.columns import PROJECTIONS
from api.decimals import Fixed
from api.durations import INSTANT
from api.filters import Nothing, ObservationFilter
from api.queries.observations import TIDY, all_observations
from api.queries.projections import find_projection
from api.rows import DURATION, PERIOD, REGION, START, STATUS, VALUE, Answer, Rows, number
from api.spans import span_of

_METHOD = 2
"""The version of the method: what another one made is not found. 2: intervals are calibrated over an indicator."""
_FEW_HELD = 20
"""Fewer values held out than these tell nothing of an indicator."""
_LEAST_HELD = 0.5
"""The share of held-out values that 80 % intervals must have held for the indicator to be projected."""


def points_of(rows: Iterable[tuple[Any, ...]]) -> list[Point]:
    """Observations of a series as what a projection is made from."""
    return [Point(row[PERIOD], row[START], row[DURATION], row[VALUE], row[STATUS]) for row in rows]


def digest_of(indicator: Indicator, base: Base) -> str:
    """What tells the figures that a projection is made from: the same ones lead to the same projection."""
    points = [(point.start, point.duration, point.value) for point in base.points]
    said = (_METHOD, indicator.unit.startswith("%"), indicator.decimals, base.months, base.horizon, points)
    return blake2b(repr(said).encode(), digest_size=16).hexdigest()


def one_projection(reading: Reading, _: Nothing, indicator: Indicator, region: Region) -> Answer:
    """The projection of an indicator for a place, from what is published under the newest code that has figures.

    What earlier codes have is not joined on: the boundary, or the way of counting, may have changed with the code.
    """
    catalogue = reading.catalogue
    address = f"/v1/series/{indicator.slug}/{region.code}"
    question = ObservationFilter(indicator=(indicator.slug,), region=(region.code,))
    resolved = resolve(reading, question)
    codes, region = catalogue.codes_of(region), catalogue.place_of(region)
    with reading.database.connect() as connection:
        every = all_observations(connection, resolved.selection, columns=TIDY)
        newest = next((code for code in codes if any(row[REGION] == code for row in every)), region.id)
        found = [row for row in every if row[REGION] == newest]
        base = base_of(points_of(found), over_time=indicator.over_time)
        kept = None
        if not found:
            why = absence.explain(connection, reading, question, resolved, path=address)
        elif isinstance(base, Refusal):
            why = absence.because(base.reason, _refused(reading, base, catalogue.regions[newest]), address)
        else:
            digest = digest_of(indicator, base)
            kept = find_projection(connection, indicator=indicator.id, region=newest, digest=digest)
            why = {} if kept else absence.because("not-computed", _not_computed(reading), address)
            if kept and not _holds(kept):
                why = absence.because("not-calibrated", _not_calibrated(kept), address)
                kept = None
    meta = meta_of_rows(reading, found) if found else meta_of_figures(reading, [indicator])
    meta |= {"returned": len(kept["ahead"]) if kept else 0, **why}
    cacheable = why.get("reason") != "not-computed"
    if reading.whole:
        rows = Rows(PROJECTIONS, _rows(kept, indicator, region) if kept else [])
        return Answer(rows, meta=meta, indicators={indicator.slug: indicator}, cacheable=cacheable)
    used = base if isinstance(base, Base) else None
    data = _described(reading, indicator, region, used, kept)
    return Answer(data, meta=meta, links={"series": address}, cacheable=cacheable)


def _refused(reading: Reading, refusal: Refusal, region: Region) -> str:
    earlier = [item.code for item in reading.catalogue.recoded_from(region)]
    apart = f" What is published under {', '.join(earlier)} is not joined on." if earlier else ""
    return f"{refusal.detail}{apart}"


def _not_computed(reading: Reading) -> str:
    return (
        "The series can be projected, but nobody has computed it for this release: an operator does, with "
        f"`flask data project --release {reading.release}`."
    )


def _holds(kept: dict[str, Any]) -> bool:
    """Whether the intervals of an indicator's projections have held often enough to be served."""
    held = kept["calibration"]["held_out"]
    return held is None or held["values"] < _FEW_HELD or bool(held["inside"]["80"] >= _LEAST_HELD)


def _not_calibrated(kept: dict[str, Any]) -> str:
    held = kept["calibration"]["held_out"]
    return (
        f"Tried on {held['values']:,} values that were held out, 80 % intervals held {held['inside']['80']:.0%} of "
        f"them and 95 % intervals {held['inside']['95']:.0%}: what happened lately is unlike what the series show "
        "before, and no interval of theirs is to be relied on."
    )


def _rows(kept: dict[str, Any], indicator: Indicator, region: Region) -> list[tuple[Any, ...]]:
    head = (indicator.slug, region.code, region.name, region.label, region.levels[0])
    tail = (indicator.unit, kept["model"])
    # With one decimal more than the indicator has: that is how they are computed.
    return [
        (*head, *span_of(item["period"]), *(Fixed(value, indicator.decimals + 1) for value in item["numbers"]), *tail)
        for item in kept["ahead"]
    ]


def _described(
    reading: Reading, indicator: Indicator, region: Region, base: Base | None, kept: dict[str, Any] | None
) -> dict[str, Any]:
    projected = base if kept else None
    return {
        "indicator": indicator.slug,
        "indicator_title": indicator.title,
        "region": region.code,
        "region_name": region.name,
        "unit": indicator.unit,
        "decimals": indicator.decimals,
        "projection": [_step(item, base) for item in kept["ahead"]] if kept and base else [],
        "model": _model(kept, indicator) if kept else None,
        "based_on": _based_on(base) if base else None,
        "back_test": _back_test(kept) if kept else None,
        "calibration": _calibration(kept) if kept else None,
        "statement": statement_of(kept, base, indicator, region) if kept and base else None,
        "notes": notes_on(kept, projected, indicator, reading.catalogue.release) if kept and projected else [],
    }


def _step(item: dict[str, Any], base: Base) -> dict[str, Any]:
    value, lower_80, upper_80, lower_95, upper_95 = map(number, item["numbers"])
    return {
        "period": item["period"],
        "start": item["start"],
        "instant": base.points[-1].duration == INSTANT,
        "value": value,
        "prediction_interval_80": {"lower": lower_80, "upper": upper_80},
        "prediction_interval_95": {"lower": lower_95, "upper": upper_95},
    }


def _model(kept: dict[str, Any], indicator: Indicator) -> dict[str, Any]:
    title, description = MODELS[kept["model"]]
    return {
        "id": kept["model"],
        "title": title,
        "description": description,
        "scale": kept["scale"],
        "scale_description": SCALES[kept["scale"]],
        "parameters": parameters_of(kept, indicator),
        "computed_with": kept["engine"],
    }


def _based_on(base: Base) -> dict[str, Any]:
    return {
        "points": len(base.points),
        "first_period": base.points[0].period,
        "last_period": base.points[-1].period,
        "provisional": [point.period for point in base.points if point.status == "P"],
        "since_break": base.points[0].period if base.since_break else None,
    }


def _back_test(kept: dict[str, Any]) -> dict[str, Any]:
    test = kept["back_test"]
    error, ratio = test["candidates"][kept["model"]]
    return {
        "origins": test["origins"],
        "forecasts": test["forecasts"],
        "mean_absolute_error": error,
        "naive_mean_absolute_error": test["candidates"]["naive"][0],
        "ratio_to_naive": ratio,
        "better_than_naive": kept["model"] != "naive",
        "steps": [
            {"step": place, "forecasts": count, "mean_absolute_error": own, "naive_mean_absolute_error": naive}
            for place, (count, own, naive) in enumerate(test["steps"], 1)
        ],
        "widened_by": test["widening"],
        "coverage": [
            {"interval": int(level), "share_inside": after, "share_inside_unwidened": before}
            for level, (before, after) in test["coverage"].items()
        ],
        "candidates": [
            {"model": name, "mean_absolute_error": mae, "ratio_to_naive": part, "unfit": None}
            for name, (mae, part) in test["candidates"].items()
        ]
        + [
            {"model": name, "mean_absolute_error": None, "ratio_to_naive": None, "unfit": reason}
            for name, reason in test["unfit"].items()
        ],
    }


def _calibration(kept: dict[str, Any]) -> dict[str, Any]:
    found, held = kept["calibration"], kept["calibration"]["held_out"]
    return {
        "series": found["series"],
        "periods": found["periods"],
        "held_out_values": None if held is None else held["values"],
        "held_out": []
        if held is None
        else [{"interval": int(level), "share_inside": share} for level, share in held["inside"].items()],
    }
