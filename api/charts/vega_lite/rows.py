"""Values along an axis as layers: the middle half, intervals, earlier values, dots, and texts at the ends of rows."""

from __future__ import annotations

from typing import Any

from api.charts.chart import PLAIN, Mark, Row, Rows
from api.charts.colours import Palette
from api.charts.scales import labels_of, ticks_of
from api.charts.vega_lite.numbers import json_number, labels_by_number

_NUMBERS = ("value", "lower", "upper", "least", "most", "earlier")
_Y = {"field": "row", "type": "nominal", "sort": None, "axis": {"title": None, "labelLimit": 320}}


def layers(body: Rows, colours: Palette) -> dict[str, Any]:
    """The layers of some rows, and their data: a row for each of them."""
    values = [_value(row, place, one_place=body.one_place) for place, row in enumerate(body.rows)]
    x = _axis(body, values)
    strong = {"condition": {"test": "datum.emphasised", "value": colours.strong}, "value": colours.benchmark}
    empty = {"test": "!datum.sure", "value": colours.ground}
    fill = {"condition": [empty, strong["condition"]], "value": colours.benchmark}
    told = [{"field": name, "type": "nominal"} for name in ("row", "text")]
    return {
        "height": {"step": 24},
        "data": {"values": values},
        "layer": [
            *_ground(body, colours, x),
            {**_between("least", "most", x, strong), "mark": {"type": "rule", "strokeWidth": 1.5}},
            {**_between("lower", "upper", x, strong), "mark": {"type": "rule", "strokeWidth": 4, "opacity": 0.45}},
            {**_between("earlier", "value", x, strong), "mark": {"type": "rule", "strokeWidth": 1.5}},
            {
                "transform": [{"filter": "isValid(datum.earlier)"}],
                "mark": {"type": "point", "filled": True, "fill": colours.ground, "size": 40, "opacity": 1},
                "encoding": {"x": {"field": "earlier", **x}, "y": _Y, "stroke": strong},
            },
            {
                "mark": {"type": "point", "size": 80, "filled": True, "opacity": 1, "strokeWidth": 2},
                "encoding": {"x": {"field": "value", **x}, "y": _Y, "stroke": strong, "fill": fill, "tooltip": told},
            },
            {
                "mark": {"type": "text", "align": "left", "x": "width", "dx": 12},
                "encoding": {"y": _Y, "text": {"field": "said"}},
            },
        ],
    }


def _value(row: Row, place: int, *, one_place: bool) -> dict[str, Any]:
    lower, upper = row.interval or (None, None)
    least, most = row.extremes or (None, None)
    return {
        "row": row.label,
        "code": row.code,
        "group": row.heading or None,
        "order": place,
        "value": row.value,
        "text": row.text,
        "lower": lower,
        "upper": upper,
        "least": least,
        "most": most,
        "earlier": row.earlier,
        "said": "   ".join((row.text, *row.cells)),
        "sure": row.kind == PLAIN,
        "emphasised": row.emphasised or one_place,
    }


def _axis(body: Rows, values: list[dict[str, Any]]) -> dict[str, Any]:
    known = [*(value[name] for value in values for name in _NUMBERS), *(mark.value for mark in body.marks)]
    at = ticks_of(body.axis, [value for value in known if value is not None], 7)
    labels = labels_by_number(zip(map(json_number, at), labels_of(body.axis, at), strict=True))
    axis = {"values": at, "title": body.axis.title or None, "labelExpr": labels}
    return {"type": "quantitative", "scale": {"domain": [at[0], at[-1]]}, "axis": axis}


def _ground(body: Rows, colours: Palette, x: dict[str, Any]) -> list[dict[str, Any]]:
    """What rows stand on: the band of the middle half, and marks."""
    found: list[dict[str, Any]] = []
    if body.band is not None:
        low, high = body.band
        found.append(
            {
                "data": {"values": [{"low": low, "high": high}]},
                "mark": {"type": "rect", "color": colours.band},
                "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}},
            }
        )
    return [*found, *(_marked(mark, colours, x) for mark in body.marks)]


def _marked(mark: Mark, colours: Palette, x: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": [{"at": mark.value, "label": mark.label}]},
        "mark": {"type": "rule", "strokeDash": [3, 3], "color": colours.benchmark},
        "encoding": {"x": {"field": "at", **x}, "tooltip": {"field": "label"}},
    }


def _between(start: str, end: str, x: dict[str, Any], strong: dict[str, Any]) -> dict[str, Any]:
    """What leads from one value of a row to another, where it has both."""
    return {
        "transform": [{"filter": f"isValid(datum.{start}) && isValid(datum.{end})"}],
        "encoding": {"x": {"field": start, **x}, "x2": {"field": end}, "y": _Y, "color": strong},
    }
