"""Series over time as layers: limits, lines between breaks, marks, and rules where a series breaks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from api.charts.chart import PLAIN, Line, Lines
from api.charts.colours import Palette
from api.charts.scales import ticks_of
from api.charts.vega_lite.numbers import json_number, labels_by_number

_SHAPES = ["circle", "square", "triangle-up", "diamond", "triangle-down", "cross"]
_RUN = {"field": "run"}


def layers(body: Lines, colours: Palette) -> dict[str, Any]:
    """The layers of some series, and their data: a row for each value."""
    values = [value for line in body.lines for value in _values(line)]
    x, y = _across(body), _up(body, values)
    names = [line.label for line in body.lines]
    own = [
        colours.benchmark if line.benchmark else colours.series[place % len(colours.series)]
        for place, line in enumerate(body.lines)
    ]
    colour = {"field": "place", "type": "nominal", "scale": {"domain": names, "range": own}}
    shape = {"field": "place", "type": "nominal", "scale": {"domain": names, "range": _SHAPES[: len(names)]}}
    limits = {"y": {"field": "lower", **y}, "y2": {"field": "upper"}, "color": {**colour, "legend": None}}
    value = {"x": x, "y": {"field": "value", **y}}
    sure = {"condition": {"test": "datum.sure", "value": 1}, "value": 0}
    told = [{"field": name, "type": "nominal"} for name in ("place", "period", "text")]
    marks = {"stroke": colour, "fill": colour, "shape": shape, "fillOpacity": sure, "tooltip": told}
    rule = {"type": "rule", "strokeDash": [3, 3], "color": colours.benchmark}
    return {
        "height": 260,
        "data": {"values": values},
        "layer": [
            {
                "transform": [{"filter": "isValid(datum.lower)"}],
                "mark": {"type": "area", "opacity": 0.16},
                "encoding": {"x": x, **limits, "detail": _RUN},
            },
            {"mark": {"type": "line", "strokeWidth": 2.5}, "encoding": {**value, "color": colour, "detail": _RUN}},
            {"mark": {"type": "point", "size": 50, "strokeWidth": 2, "opacity": 1}, "encoding": {**value, **marks}},
            {"data": {"values": _breaks(body)}, "mark": rule, "encoding": {"x": {"field": "at", **_NUMBER}}},
        ],
    }


_NUMBER = {"type": "quantitative"}


def _values(line: Line) -> list[dict[str, Any]]:
    """A row for each value of a series; `run` is the same between two breaks."""
    run, values = 0, []
    for point in line.points:
        run += point.breaks or point.value is None
        values.append(
            {
                "place": line.label,
                "code": line.code,
                "run": f"{line.code} {run}",
                "at": point.at,
                "period": point.period,
                "value": point.value,
                "lower": point.lower,
                "upper": point.upper,
                "text": point.text,
                "sure": point.kind == PLAIN,
            }
        )
    return values


def _breaks(body: Lines) -> list[dict[str, float]]:
    """Where series break: between the value before and the value after."""
    known = [[point for point in line.points if point.value is not None] for line in body.lines]
    return [{"at": (a.at + b.at) / 2} for points in known for a, b in pairwise(points) if b.breaks]


def _across(body: Lines) -> dict[str, Any]:
    said = labels_by_number([(json_number(tick), label) for tick, label in body.ticks])
    axis = {
        "values": [tick for tick, _ in body.ticks],
        "grid": False,
        "title": None,
        "labelOverlap": True,
        "labelExpr": said,
    }
    return {"field": "at", **_NUMBER, "scale": {"zero": False, "nice": False, "padding": 10}, "axis": axis}


def _up(body: Lines, values: list[dict[str, Any]]) -> dict[str, Any]:
    numbers = [row[name] for row in values for name in ("value", "lower", "upper") if row[name] is not None]
    at = ticks_of(body.axis, numbers, 6)
    label = f"'{body.axis.before}' + format(datum.value, ',') + '{body.axis.after}'"
    axis = {"values": at, "labelExpr": label, "title": body.axis.title or None}
    return {**_NUMBER, "scale": {"domain": [at[0], at[-1]]}, "axis": axis}
