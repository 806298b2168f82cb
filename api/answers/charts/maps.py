"""A map of a level: places in five classes of equally many, as boundaries or as hexagons of the same size."""

from __future__ import annotations

import json
from array import array
from dataclasses import replace
from itertools import chain
from math import atan2, atanh, cos, radians, sin, tan
from typing import Any

from api import errors
from api.answers.charts import groups, words
from api.answers.places import list_regions
from api.answers.reading import Reading
from api.chart_filters import MapChart
from api.charts.chart import Area, Areas
from api.filters import POINTS, RegionFilter
from api.rows import Answer, Draws, Shape

CLASSES = 5
_RADIUS, _MERIDIAN, _PARALLEL = 6371.0, -2.0, 49.0
"""The earth in kilometres, and the point that maps of the country are drawn around (that of the National Grid)."""


def chart(reading: Reading, asked: MapChart) -> Answer:
    """The map of a level. Problems `unknown-id`, and `invalid-parameter` where points are asked for."""
    catalogue = reading.catalogue
    if asked.geometry == POINTS:
        message = "A map has boundaries or hexagons. For points ask for /v1/regions.geojson."
        raise errors.invalid("geometry", message, code="not-drawn", allowed=("boundaries", "hexagons"))
    indicator = catalogue.indicator(asked.indicator)
    regions = [catalogue.place_of(catalogue.region(code)) for code in asked.region or ()]
    level = groups.level_of(reading, asked, indicator, regions)
    answer = groups.ranked(reading, asked, indicator, level, "value")
    data = answer.data
    if not isinstance(data, dict) or not data["regions"]:
        return words.unfigured(reading, kind="map", title=indicator.title, meta=answer.meta)
    known = {line["region"]: line for line in data["regions"]}
    drawn = _drawn(reading, asked, data["group"]["level"])
    shapes = drawn.drawing.shapes if drawn.drawing is not None else {}
    missing = [code for code in known if code not in shapes]
    limits = _limits([line["value"] for line in known.values()])
    strong = {region.code for region in regions}
    areas = tuple(
        replace(
            _area(words.named(catalogue, code, asked), code, shape, known.get(code), limits=limits, data=data),
            emphasised=code in strong,
        )
        for code, shape in shapes.items()
    )
    plural = catalogue.levels[data["group"]["level"]].plural
    period = words.period_text(data["group"]["period"], instant=False, year_kind=indicator.year_kind)
    notes = [drawn.meta["drawn_note"]] if "drawn_note" in drawn.meta else []
    notes += [f"{len(missing)} {plural} with figures have no shape here."] if missing else []
    return words.charted(
        reading,
        kind="map",
        title=f"{indicator.title}, {plural}",
        subtitle=words.heading(data["unit"], period),
        statement=_statement(indicator.title, data, plural, period, areas),
        body=Areas(areas=areas, limits=_written(limits, data)),
        meta=words.joined_meta(reading, (answer.meta, drawn.meta)),
        notes=notes,
    )  # fmt: skip


def _drawn(reading: Reading, asked: MapChart, level: str) -> Answer:
    """The regions of a level with their shapes."""
    drawing = replace(reading, draws=Draws((asked.geometry,)), whole=False, table=False)
    limit = reading.settings.limits.max_items
    return list_regions(drawing, RegionFilter(level=(level,), geometry=asked.geometry, limit=limit))


def _limits(values: list[float]) -> list[float]:
    """Where classes begin and end: of equally many places each, and no class without any width."""
    ordered = sorted(values)
    ends = [ordered[round(place * (len(ordered) - 1) / CLASSES)] for place in range(CLASSES + 1)]
    known = list(dict.fromkeys(ends))
    return known if len(known) > 1 else known * 2


def _step(value: float, limits: list[float]) -> int:
    return next((place for place, end in enumerate(limits[1:]) if value <= end), 0)


def _written(limits: list[float], data: dict[str, Any]) -> tuple[str, ...]:
    """Where classes begin and end, as it is written."""
    return tuple(words.value_text(value, data["decimals"], data["unit"]) for value in limits)


def _area(
    name: str, code: str, shape: Shape, line: dict[str, Any] | None, *, limits: list[float], data: dict[str, Any]
) -> Area:
    value = None if line is None else line["value"]
    text = "no figure" if value is None else words.value_text(value, data["decimals"], data["unit"])
    step = None if value is None else _step(value, limits)
    return Area(label=name, code=code, rings=_rings(shape), value=value, text=text, step=step)


def _rings(shape: Shape) -> tuple[array[float], ...]:
    coordinates = json.loads(shape.text)
    polygons = [coordinates] if shape.kind == "Polygon" else coordinates
    rings = (ring for polygon in polygons for ring in polygon)
    # Single precision is a decimetre here, and takes a tenth of the memory of points.
    return tuple(array("f", chain.from_iterable(_placed(*point) for point in ring)) for ring in rings)


def _placed(longitude: float, latitude: float) -> tuple[float, float]:
    """East and north of the middle in kilometres: the transverse Mercator projection, of a sphere.

    Source: J. P. Snyder, Map Projections: A Working Manual (1987), equations 8-1 to 8-3.
    """
    turn, up = radians(longitude - _MERIDIAN), radians(latitude)
    across = cos(up) * sin(turn)
    return _RADIUS * atanh(across), _RADIUS * (atan2(tan(up), cos(turn)) - radians(_PARALLEL))


def _statement(title: str, data: dict[str, Any], plural: str, period: str, areas: tuple[Area, ...]) -> str:
    known = sorted((area for area in areas if area.value is not None), key=lambda area: area.value or 0.0)
    said = f"{title}, {data['unit']}, {period}: map of {len(known)} {plural} with figures"
    if known:
        said += f", from {known[0].text} in {known[0].label} to {known[-1].text} in {known[-1].label}"
    pointed = [f" {area.label}: {area.text}." for area in areas if area.emphasised]
    return f"{said}.{''.join(pointed)}"
