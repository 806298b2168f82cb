"""The boundaries of a package: one TopoJSON file, read as rows that answers are put together from.

What is costly is done here, once: coordinates are written as text, so that an answer only joins texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from api.models import Base, Boundary, BoundaryArc
from api.models.boundary import GRID, SOUTH, STEPS, WEST

FILE = Path("boundaries") / "areas.topojson"
"""Where a package has its boundaries."""

Row = dict[str, Any]
Point = tuple[int, int]
Ring = list[Point]


def of_package(folder: Path, regions: Mapping[str, int]) -> Iterator[tuple[type[Base], list[Row]]]:
    """The rows of each table of boundaries, of a package in a folder; none where it has no boundaries.

    `regions` has the number of each code; areas of other codes are left out. ValueError where the grid is another.
    """
    path = folder / FILE
    if not path.exists():
        return
    topology = json.loads(path.read_text("utf-8"))
    if topology["transform"] != GRID:
        raise ValueError(f"{path}: the grid is {topology['transform']}, and boundaries are kept in {GRID}.")
    yield BoundaryArc, [{"id": number, "points": _text(arc)} for number, arc in enumerate(topology["arcs"])]
    arcs = [points_of(arc) for arc in topology["arcs"]]
    yield (
        Boundary,
        [
            boundary_of(area, arcs, region=regions[area["id"]], source=topology["source"])
            for area in topology["objects"]["areas"]["geometries"]
            if area["id"] in regions
        ],
    )


def points_of(arc: Sequence[Sequence[int]]) -> Ring:
    """The points of an arc that is written as differences, in steps of the grid."""
    points = []
    x = y = 0
    for right, up in arc:
        x, y = x + right, y + up
        points.append((x, y))
    return points


def ring_of(numbers: Sequence[int], arcs: Mapping[int, Ring] | Sequence[Ring]) -> Ring:
    """The points of a ring, the first of them again at its end: arcs in order, those with a sign (`~n`) backwards."""
    ring: Ring = []
    for number in numbers:
        points = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring.extend(points[1:] if ring else points)
    return ring


def boundary_of(area: Row, arcs: Mapping[int, Ring] | Sequence[Ring], *, region: int, source: str) -> Row:
    """The row of the outline of a region, of an area as TopoJSON has it and the lines that it is put together from."""
    polygons = area["arcs"] if area["type"] == "MultiPolygon" else [area["arcs"]]
    # Arcs run clockwise around a region, as those who draw TopoJSON have it, and GeoJSON runs the other way.
    rings = [[ring_of(numbers, arcs)[::-1] for numbers in polygon] for polygon in polygons]
    degrees = [[[[_degrees(x, WEST), _degrees(y, SOUTH)] for x, y in ring] for ring in polygon] for polygon in rings]
    points = [point for polygon in degrees for point in polygon[0]]
    longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
    return {
        "region_id": region,
        "valid_from": area["properties"]["valid_from"] or 0,
        "valid_to": area["properties"]["valid_to"],
        "source_id": source,
        "kind": area["type"],
        "coordinates": _text(degrees if area["type"] == "MultiPolygon" else degrees[0]),
        "arcs": _text(area["arcs"]),
        "west": min(longitudes),
        "south": min(latitudes),
        "east": max(longitudes),
        "north": max(latitudes),
    }


def _degrees(steps: int, origin: int) -> float:
    return (steps + origin * STEPS) / STEPS


def _text(content: Any) -> str:
    return json.dumps(content, separators=(",", ":"))
