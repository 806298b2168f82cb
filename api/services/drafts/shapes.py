"""Outlines of a partner's places: GeoJSON as it was sent, brought to the grid in which all boundaries are kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from api.errors import Fault
from api.models import HISTORIES, Boundary, BoundaryArc
from api.models.boundary import SOUTH, STEPS, WEST
from api.services.boundaries import boundary_of
from api.services.described import Revision

if TYPE_CHECKING:
    from api.services.drafts.parts import Part

_FEWEST = 4
"""Points of a ring: a triangle has so many, its first one twice."""
Ring = list[tuple[int, int]]


def revisions(
    connection: Connection, parts: Iterable[Part], *, number_of: Callable[[str], int], source: str
) -> Iterator[Revision]:
    """The rows of boundaries that places come with, each ring as a line of its own.

    `number_of` gives the number of a place's code, and `source` is that of the outlines.
    """
    drawn = [part for part in parts if part.content.get("geometry")]
    if not drawn:
        return
    arcs, history = BoundaryArc.__table__, HISTORIES[BoundaryArc]
    free = 1 + max(connection.execute(select(func.max(table.c.id))).scalar() or 0 for table in (arcs, history))
    lines, rows = [], []
    for part in drawn:
        rings: dict[int, Ring] = {}
        numbered = []
        for polygon in polygons_of(part.content["geometry"]):
            numbers = range(free + len(rings), free + len(rings) + len(polygon))
            # Clockwise, as those who draw arcs have it.
            rings |= {number: ring[::-1] for number, ring in zip(numbers, polygon, strict=True)}
            numbered.append([[number] for number in numbers])
        free += len(rings)
        lines += [{"id": number, "points": _differences(ring)} for number, ring in rings.items()]
        area = {"type": "MultiPolygon", "arcs": numbered, "properties": {"valid_from": None, "valid_to": None}}
        rows.append(boundary_of(area, rings, region=number_of(part.name), source=source))
    yield Revision(BoundaryArc, lines)
    yield Revision(Boundary, rows)


def faults(parts: Iterable[Part]) -> Iterator[Fault]:
    """What is wrong with the shapes of places."""
    for part in parts:
        if part.content.get("geometry"):
            try:
                polygons_of(part.content["geometry"])
            except ValueError as error:
                yield Fault("invalid-value", f"places/{part.name}/geometry", str(error).capitalize())


def polygons_of(geometry: dict[str, Any]) -> list[list[Ring]]:
    """The polygons of a GeoJSON geometry on the grid: rings without points that fall together. ValueError."""
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in {"Polygon", "MultiPolygon"} or not isinstance(coordinates, list):
        raise ValueError("a shape is a Polygon or a MultiPolygon of GeoJSON.")
    given = [coordinates] if kind == "Polygon" else coordinates
    found = []
    try:
        for polygon in given:
            rings = [_on_grid(ring) for ring in polygon]
            if rings and len(rings[0]) >= _FEWEST:
                holes = (_turned(ring, outer=False) for ring in rings[1:] if len(ring) >= _FEWEST)
                found.append([_turned(rings[0], outer=True), *holes])
    except (TypeError, IndexError, ValueError):
        raise ValueError("the shape has coordinates that are no pairs of degrees (longitude, latitude).") from None
    if not found:
        raise ValueError("the shape has no ring of 4 points or more, on a grid of about 11 metres.")
    return found


def _on_grid(ring: list[list[float]]) -> Ring:
    points: Ring = []
    for longitude, latitude, *_ in ring:
        if not (-12 <= longitude <= 4 and 48 <= latitude <= 62):
            raise ValueError("not in the United Kingdom")
        point = (round(longitude * STEPS) - WEST * STEPS, round(latitude * STEPS) - SOUTH * STEPS)
        if not points or point != points[-1]:
            points.append(point)
    if points and points[0] != points[-1]:
        points.append(points[0])
    return points


def _turned(ring: Ring, *, outer: bool) -> Ring:
    """A ring that runs as GeoJSON has it: outer ones counterclockwise, holes clockwise."""
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))
    return ring if (area > 0) == outer else ring[::-1]


def _differences(ring: Ring) -> str:
    before, told = (0, 0), []
    for x, y in ring:
        told.append([x - before[0], y - before[1]])
        before = (x, y)
    return json.dumps(told, separators=(",", ":"))
