"""GeoJSON (RFC 7946): places as points or shapes, with what else is known of them as properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from api.encoders.titles import drawn_of, left_out_of, said_of
from api.rows import Answer, Drawing


def stream(answer: Answer) -> Iterator[bytes]:
    """A list of regions as a collection of features, with what is in a list as one text; no point, no geometry."""
    drawing = answer.drawing
    bbox = {"bbox": drawing.bbox} if drawing and drawing.bbox else {}
    features = [_feature(*told, drawing) for told in properties_of(answer)]
    said = said_of(answer) | drawn_of(answer) | left_out_of(answer)
    yield orjson.dumps({"type": "FeatureCollection", **bbox, "features": features, **said})


def properties_of(answer: Answer) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each region of a list, and what a map says of it: every property a text, a number or null."""
    if not isinstance(answer.data, list):
        raise TypeError("only regions are drawn")
    nothing = [_nothing(slug, item.unit) for slug, item in answer.indicators.items()]
    for item in answer.data:
        yield item, _properties(item, nothing, answer.drawing)


def _nothing(indicator: str, unit: str) -> dict[str, Any]:
    """What is said of an indicator where a region has no value."""
    return {
        "indicator": indicator,
        "period": None,
        "value": None,
        "status": None,
        "unit": unit,
        "published_region": None,
    }


def _properties(item: dict[str, Any], nothing: list[dict[str, Any]], drawing: Drawing | None) -> dict[str, Any]:
    said = {**item}
    centroid, latest = said.pop("centroid"), said.pop("latest", None)
    properties: dict[str, Any] = {
        name: " ".join(value) if isinstance(value, list) else value for name, value in said.items()
    }
    properties["centroid"] = centroid and centroid["method"]
    for empty in nothing:
        properties |= latest or empty
    return properties if drawing is None else {**properties, **drawing.told[item["code"]]}


def _feature(item: dict[str, Any], properties: dict[str, Any], drawing: Drawing | None) -> dict[str, Any]:
    geometry = _point(item["centroid"]) if drawing is None else _shape(item["code"], drawing)
    return {"type": "Feature", "id": item["code"], "geometry": geometry, "properties": properties}


def _point(centroid: dict[str, Any] | None) -> dict[str, Any] | None:
    return centroid and {"type": "Point", "coordinates": [centroid["longitude"], centroid["latitude"]]}


def _shape(code: str, drawing: Drawing) -> dict[str, Any] | None:
    shape = drawing.shapes.get(code)
    return None if shape is None else {"type": shape.kind, "coordinates": orjson.Fragment(shape.text)}
