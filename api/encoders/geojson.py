"""GeoJSON (RFC 7946): places as points, with what else is known of them as properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from api.encoders.titles import left_out_of, said_of
from api.rows import Answer


def stream(answer: Answer) -> Iterator[bytes]:
    """Rows with `code`, `latitude` and `longitude` as a collection of features; no point, no geometry."""
    features = [_feature(row) for page in answer.pages() for row in page.dicts()]
    said = said_of(answer)
    yield orjson.dumps({"type": "FeatureCollection", "features": features, **said, **left_out_of(answer)})


def _feature(row: dict[str, Any]) -> dict[str, Any]:
    latitude, longitude = row.pop("latitude"), row.pop("longitude")
    point = None if latitude is None else {"type": "Point", "coordinates": [longitude, latitude]}
    return {"type": "Feature", "id": row["code"], "geometry": point, "properties": row}
