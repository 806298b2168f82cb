"""GeoJSON (RFC 7946): places as points, with what else is known of them as properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from api.encoders.titles import left_out_of, said_of
from api.rows import Answer


def stream(answer: Answer) -> Iterator[bytes]:
    """A list of regions as a collection of features, with what is in a list as one text; no point, no geometry."""
    if not isinstance(answer.data, list):
        raise TypeError("only regions have a GeoJSON form")
    nothing = [_nothing(slug, item.unit) for slug, item in answer.indicators.items()]
    features = [_feature(item, nothing) for item in answer.data]
    yield orjson.dumps({"type": "FeatureCollection", "features": features, **said_of(answer), **left_out_of(answer)})


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


def _feature(item: dict[str, Any], nothing: list[dict[str, Any]]) -> dict[str, Any]:
    said = {**item}
    centroid, latest = said.pop("centroid"), said.pop("latest", None)
    properties: dict[str, Any] = {
        name: " ".join(value) if isinstance(value, list) else value for name, value in said.items()
    }
    properties["centroid"] = centroid and centroid["method"]
    for empty in nothing:
        properties |= latest or empty
    point = centroid and {"type": "Point", "coordinates": [centroid["longitude"], centroid["latitude"]]}
    return {"type": "Feature", "id": item["code"], "geometry": point, "properties": properties}
