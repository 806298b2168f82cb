"""GeoJSON (RFC 7946): places as points, with what else is known of them as properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from api.rows import Answer

_SAID = ("release", "licence", "attribution", "citation", "reason", "detail", "nearest")


def stream(answer: Answer) -> Iterator[bytes]:
    """Rows with `code`, `latitude` and `longitude` as a collection of features; no point, no geometry."""
    features = [_feature(row) for page in answer.pages() for row in page.dicts()]
    said = {name: answer.meta[name] for name in _SAID if name in answer.meta}
    yield orjson.dumps({"type": "FeatureCollection", "features": features, **said})


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    latitude, longitude = row.pop("latitude"), row.pop("longitude")
    point = None if latitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "id": row["code"], "geometry": point, "properties": row}
