"""A map as a layer: shapes that are in kilometres already, in the colours of their classes."""

from __future__ import annotations

from typing import Any

from api.charts.chart import Areas
from api.charts.colours import Palette

_HIGH = 620


def layers(body: Areas, colours: Palette) -> dict[str, Any]:
    """The layer of a map, and its data: a shape for each place."""
    features = []
    for area in body.areas:
        rings = [
            [[round(x, 1), round(y, 1)] for x, y in zip(ring[::2], ring[1::2], strict=True)] for ring in area.rings
        ]
        said = {
            "name": area.label,
            "code": area.code,
            "value": area.value,
            "text": area.text,
            "class": "no figure" if area.step is None else body.steps[area.step],
            "emphasised": area.emphasised,
        }
        # Each ring as a polygon of its own: what lies within another is drawn over it.
        features.append(
            {
                "type": "Feature",
                "properties": said,
                "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]},
            }
        )
    none = any(area.step is None for area in body.areas)
    names = [*body.steps, *(["no figure"] if none else [])]
    range_ = [*colours.steps[: len(body.steps)], *([colours.nothing] if none else [])]
    return {
        "height": _HIGH,
        "data": {"values": features},
        "projection": {"type": "identity", "reflectY": True},
        "mark": {"type": "geoshape", "strokeJoin": "round"},
        "encoding": {
            "color": {"field": "properties.class", "type": "nominal", "scale": {"domain": names, "range": range_}},
            "stroke": {
                "condition": {"test": "datum.properties.emphasised", "value": colours.text},
                "value": colours.ground,
            },
            "strokeWidth": {"condition": {"test": "datum.properties.emphasised", "value": 2}, "value": 0.5},
            "tooltip": [{"field": f"properties.{name}", "type": "nominal"} for name in ("name", "text")],
        },
    }
