"""The whole of a specification: what it says of itself, its colours, and the layers that draw it."""

from __future__ import annotations

from typing import Any

from api.charts.chart import DARK, Areas, Chart, Lines, Rows
from api.charts.colours import DARK as DARK_COLOURS
from api.charts.colours import LIGHT as LIGHT_COLOURS
from api.charts.colours import Palette
from api.charts.svg.style import FAMILY
from api.charts.text import wrapped
from api.charts.vega_lite import areas, lines, rows

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_EDGE = 20


def specification(chart: Chart) -> dict[str, Any]:
    """The specification of a chart."""
    colours = DARK_COLOURS if chart.look.theme == DARK else LIGHT_COLOURS
    width = chart.look.width
    notes = [line for note in (*chart.notes, chart.source) for line in wrapped(note, 11, width)]
    said: dict[str, Any] = {
        "$schema": SCHEMA,
        "description": chart.statement,
        "title": {
            "text": wrapped(chart.title, 18, width),
            "subtitle": wrapped(chart.subtitle, 13, width),
            "anchor": "start",
            "frame": "bounds",
            "offset": 12,
        },
        "background": colours.ground,
        "config": _config(colours),
        "usermeta": {"source": chart.source, "notes": list(chart.notes), "address": chart.address},
    }
    drawn = _body(chart, colours)
    # What is said below stands as a title of its own, since Vega-Lite has no place for notes.
    placed = {"orient": "bottom", "anchor": "start", "frame": "bounds", "offset": 12}
    below = {"text": notes, **placed, "fontSize": 11, "fontWeight": "normal", "color": colours.quiet}
    room = width - 2 * _EDGE
    return said | {"vconcat": [drawn | {"width": room}, _notes(below, room)], "spacing": 4}


def _notes(below: dict[str, Any], width: int) -> dict[str, Any]:
    """An empty drawing with a title: the notes."""
    return {
        "data": {"values": [{}]},
        "mark": {"type": "point", "opacity": 0},
        "width": width,
        "height": 1,
        "title": below,
        "view": {"stroke": None},
    }


def _body(chart: Chart, colours: Palette) -> dict[str, Any]:
    match chart.body:
        case Lines():
            return lines.layers(chart.body, colours)
        case Rows():
            return rows.layers(chart.body, colours)
        case Areas():
            return areas.layers(chart.body, colours)
    said = {"type": "text", "align": "left", "x": 0, "text": wrapped(chart.statement, 13, chart.look.width - 2 * _EDGE)}
    return {"data": {"values": [{}]}, "mark": said, "height": 60}


def _config(colours: Palette) -> dict[str, Any]:
    quiet = {
        "labelColor": colours.quiet,
        "titleColor": colours.quiet,
        "labelFontSize": 11.5,
        "titleFontSize": 11.5,
        "titleFontWeight": "normal",
    }
    return {
        "font": FAMILY,
        "view": {"stroke": None},
        "axis": {**quiet, "gridColor": colours.grid, "domain": False, "ticks": False, "labelPadding": 6},
        "legend": {**quiet, "title": None, "orient": "top"},
        "title": {
            "color": colours.text,
            "subtitleColor": colours.quiet,
            "fontSize": 18,
            "fontWeight": 600,
            "subtitleFontSize": 13,
        },
        "header": {"labelColor": colours.text, "labelFontWeight": 600, "title": None},
        "text": {"color": colours.text, "fontSize": 13},
    }
