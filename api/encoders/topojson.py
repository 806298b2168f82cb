"""TopoJSON: places by arcs that neighbours share, on a grid, with what else is known of them as properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from api.encoders.geojson import properties_of
from api.encoders.titles import drawn_of, left_out_of, said_of
from api.models.boundary import GRID
from api.rows import Answer, Drawing


def stream(answer: Answer) -> Iterator[bytes]:
    """A list of regions as a topology of one object, `regions`; a region without a shape has the type null."""
    drawing = answer.drawing
    if drawing is None:
        raise TypeError("only shapes have a TopoJSON form")
    geometries = [_geometry(*told, drawing) for told in properties_of(answer)]
    bbox = {"bbox": drawing.bbox} if drawing.bbox else {}
    topology = {
        "type": "Topology",
        **bbox,
        "transform": GRID,
        "objects": {"regions": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [orjson.Fragment(arc) for arc in drawing.arcs],
    }
    yield orjson.dumps(topology | said_of(answer) | drawn_of(answer) | left_out_of(answer))


def _geometry(item: dict[str, Any], properties: dict[str, Any], drawing: Drawing) -> dict[str, Any]:
    shape = drawing.shapes.get(item["code"])
    form = {"type": None} if shape is None else {"type": shape.kind, "arcs": orjson.Fragment(shape.text)}
    return {**form, "id": item["code"], "properties": properties}
