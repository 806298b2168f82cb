"""Charts that were made before at the same release, whatever they looked like: only the drawing is done anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from api import pinned
from api.answers.reading import Reading
from api.chart_filters import ChartFilter
from api.charts.chart import Areas, Chart, Lines, Look, Rows
from api.rows import Answer

F = TypeVar("F", bound=ChartFilter)
_USUAL = Look()
_CHART, _AREA, _RING, _COORDINATE, _ROW, _POINT = 5_000, 500, 100, 4, 700, 400
"""Bytes that a chart takes with its texts, and each place, ring, coordinate, row and value, as measured."""


def cached(reading: Reading, asked: F, make: Callable[[Reading, F], Answer]) -> Answer:
    """The chart that `make` makes of a question, in the look that is asked for."""
    catalogue, cache = reading.catalogue, reading.caches.groups
    plain = replace(asked, width=_USUAL.width, theme=_USUAL.theme)
    key = (catalogue.origin, catalogue.release.id, "chart", make.__module__, make.__name__, plain)
    answer: Answer | None = cache.get(key)
    if answer is None:
        answer = make(reading, plain)
        if answer.cacheable:
            cache.put(key, answer, size_of(answer))
    chart = answer.data
    if not isinstance(chart, Chart):
        raise TypeError("a chart is answered with one")
    look = Look(width=asked.width, theme=asked.theme)
    address = pinned.at_release(reading.address, reading.release)
    return replace(answer, data=replace(chart, look=look, address=address))


def size_of(answer: Answer) -> int:
    """About how many bytes a chart takes in memory."""
    body = answer.data.body if isinstance(answer.data, Chart) else None
    match body:
        case Areas():
            rings = [ring for area in body.areas for ring in area.rings]
            inside = _AREA * len(body.areas) + _RING * len(rings) + _COORDINATE * sum(map(len, rings))
        case Rows():
            inside = _ROW * len(body.rows)
        case Lines():
            inside = _POINT * sum(len(line.points) for line in body.lines)
        case _:
            inside = 0
    return _CHART + inside
