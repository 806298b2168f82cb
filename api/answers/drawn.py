"""Maps: places as boundaries or hexagons, in the form that a format draws them in, and which could not be drawn."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from api import errors
from api.answers import provenance
from api.answers.hexagons import Cartogram, Corner, corners_of
from api.answers.reading import Reading
from api.catalogue import ANY_DAY, Region
from api.filters import BOUNDARIES, HEXAGONS, POINTS, RegionFilter
from api.models.boundary import SOUTH, STEPS, WEST
from api.queries.boundaries import Outline, arcs_at, outlines
from api.rows import Answer, Drawing, Shape

HEXAGON_SOURCE = "open-innovations-hexagons"
_NUMBER = re.compile(r"-?[0-9]+")
_NOTES = {
    BOUNDARIES: "Boundaries are generalised: made for maps of the country, not for measuring, nor for finding which "
    "region an address lies in.",
    HEXAGONS: "Hexagons are a cartogram: each place has one of the same size, near its neighbours', and not where it "
    "lies on the ground.",
}


def geometry_of(reading: Reading, asked: RegionFilter) -> str:
    """As what places are drawn: as points, which every other format has as well, or as shapes.

    Problem `invalid-parameter` where another geometry is asked for than the format has, or hexagons of no one level.
    """
    offered = (POINTS,) if reading.draws is None else reading.draws.geometries
    if asked.geometry is not None and asked.geometry not in offered:
        raise _not_offered(asked.geometry, () if reading.draws is None else offered)
    geometry = asked.geometry or offered[0]
    if geometry == HEXAGONS and len(asked.level or ()) != 1:
        message = (
            "Hexagons are a cartogram of one level, and those of several would lie on one another. Name one, such as "
            "level=local-authority."
        )
        raise errors.invalid("query/geometry", message, code="several-levels", allowed=("level=local-authority",))
    return geometry


def _not_offered(geometry: str, offered: Sequence[str]) -> errors.Problem:
    if offered:
        message = (
            f"TopoJSON shares borders, and {geometry} have none. Ask for geometry={' or geometry='.join(offered)}, or "
            f"for {geometry} as GeoJSON."
        )
        allowed = (*(f"geometry={item}" for item in offered), "format=geojson")
        return errors.invalid("query/geometry", message, code="not-drawn", allowed=allowed)
    message = (
        f"{geometry.capitalize()} are of maps, and this format draws none: it has points. Ask for GeoJSON "
        "(/v1/regions.geojson) or TopoJSON (/v1/regions.topojson), or leave geometry out."
    )
    return errors.invalid("query/geometry", message, code="no-map", allowed=("format=geojson", "format=topojson"))


def drawn(
    answer: Answer, reading: Reading, asked: RegionFilter, shown: Sequence[Region], sources: Sequence[str]
) -> Answer:
    """An answer of some regions, with their shapes where the format draws them; its `sources` are told with more."""
    geometry = geometry_of(reading, asked)
    if geometry == POINTS or reading.draws is None:
        return answer
    if geometry == HEXAGONS:
        drawing, more = _hexagons(reading, asked, shown), [HEXAGON_SOURCE]
    else:
        drawing, more = _boundaries(reading, asked, shown)
    missing = [item.code for item in shown if item.code not in drawing.shapes]
    known = [item for item in dict.fromkeys((*sources, *more)) if item in reading.catalogue.sources]
    meta = {
        **answer.meta,
        **provenance.meta(reading, known),
        "drawn_as": geometry,
        "drawn_note": _NOTES[geometry],
        "not_drawn": missing[: reading.settings.limits.max_named],
        "not_drawn_count": len(missing),
    }
    return replace(answer, meta=meta, drawing=drawing)


def _boundaries(reading: Reading, asked: RegionFilter, shown: Sequence[Region]) -> tuple[Drawing, list[str]]:
    """The boundaries of some regions, and the sources of these."""
    shared = reading.draws is not None and reading.draws.shared
    day = asked.valid_on or reading.catalogue.release.published_at[:10]
    codes = {item.id: item.code for item in shown}
    arcs: Sequence[str] = ()
    with reading.database.connect() as connection:
        found = _of_day(outlines(connection, reading.release, codes, arcs=shared), day)
        shapes = {codes[item.region]: Shape(item.kind, item.text) for item in found}
        if shared:
            numbers, shapes = _numbered(shapes)
            known = arcs_at(connection, reading.release, numbers)
            arcs = [known[number] for number in numbers]
    told: dict[str, dict[str, Any]] = {item.code: {"boundary_from": None, "boundary_to": None} for item in shown}
    for item in found:
        told[codes[item.region]] = {"boundary_from": item.valid_from or None, "boundary_to": item.valid_to}
    drawing = Drawing(shapes=shapes, told=told, bbox=_around(found), arcs=arcs)
    return drawing, list(dict.fromkeys(item.source for item in found))


def _of_day(found: Iterable[Outline], day: str) -> list[Outline]:
    """Of each region the boundary of a day: the last that began by its year; of any day, the last."""
    latest: dict[int, Outline] = {}
    for item in found:
        if day == ANY_DAY or item.valid_from <= int(day[:4]):
            latest[item.region] = item
    return list(latest.values())


def _around(found: Sequence[Outline]) -> tuple[float, float, float, float] | None:
    if not found:
        return None
    return (
        min(item.west for item in found),
        min(item.south for item in found),
        max(item.east for item in found),
        max(item.north for item in found),
    )


def _numbered(shapes: Mapping[str, Shape]) -> tuple[list[int], dict[str, Shape]]:
    """The arcs that some shapes are made of, and the shapes with these numbered from 0 on, in their order."""
    own: dict[int, int] = {}

    def renumbered(found: re.Match[str]) -> str:
        number = int(found[0])
        new = own.setdefault(max(number, ~number), len(own))
        return str(new if number >= 0 else ~new)

    made = {code: Shape(shape.kind, _NUMBER.sub(renumbered, shape.text)) for code, shape in shapes.items()}
    return list(own), made


def _hexagons(reading: Reading, asked: RegionFilter, shown: Sequence[Region]) -> Drawing:
    """The hexagons of some regions of a level."""
    level = reading.catalogue.level(*(asked.level or ())).id
    every = {item.hexagon for item in reading.catalogue.listed({level}, ANY_DAY)} - {None}
    places = {item.code: item.hexagon for item in shown if item.hexagon is not None}
    told = {item.code: _told_of(item) for item in shown}
    if not places:
        return Drawing(shapes={}, told=told, bbox=None)
    cartogram = Cartogram(item for item in every if item is not None)
    corners = {code: corners_of(place) for code, place in places.items()}
    points = [cartogram.point(corner) for around in corners.values() for corner in around]
    longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
    bbox = (min(longitudes), min(latitudes), max(longitudes), max(latitudes))
    if reading.draws is not None and reading.draws.shared:
        arcs, shapes = _sides(corners)
        lines = [_line(*(cartogram.point(corner) for corner in side)) for side in arcs]
        return Drawing(shapes=shapes, told=told, bbox=bbox, arcs=lines)
    rings = {code: [cartogram.point(corner) for corner in (*around, around[0])] for code, around in corners.items()}
    shapes = {code: Shape("Polygon", _text([ring])) for code, ring in rings.items()}
    return Drawing(shapes=shapes, told=told, bbox=bbox)


def _told_of(region: Region) -> dict[str, Any]:
    q, r = region.hexagon or (None, None)
    return {"hex_q": q, "hex_r": r}


def _sides(
    corners: Mapping[str, Sequence[Corner]],
) -> tuple[list[tuple[Corner, Corner]], dict[str, Shape]]:
    """The sides of some hexagons, each of them once, and the hexagons by these, clockwise."""
    numbers: dict[tuple[Corner, Corner], int] = {}
    shapes = {}
    for code, around in corners.items():
        backwards = around[::-1]
        ring = []
        for start, end in zip(backwards, (*backwards[1:], backwards[0]), strict=True):
            there = numbers.get((end, start))
            ring.append(~there if there is not None else numbers.setdefault((start, end), len(numbers)))
        shapes[code] = Shape("Polygon", _text([ring]))
    return list(numbers), shapes


def _line(start: tuple[float, float], end: tuple[float, float]) -> str:
    """A line on the grid of boundaries, as differences."""
    (x, y), (to_x, to_y) = (
        [round((at - origin) * STEPS) for at, origin in zip(point, (WEST, SOUTH), strict=True)]
        for point in (start, end)
    )
    return _text([[x, y], [to_x - x, to_y - y]])


def _text(content: Any) -> str:
    return json.dumps(content, separators=(",", ":"))
