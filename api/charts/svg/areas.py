"""A map: places in the colour of their class, those that are asked about with a strong border and their name."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from api.charts.chart import Areas
from api.charts.svg.canvas import LABEL, SMALL, Canvas, made
from api.charts.text import cut, widest, width

_HIGHEST = 620.0
_SQUARE = 9
"""Tenths of a pixel within which points are one."""
_LEAST = 2
"""Points that make no area."""


def draw(canvas: Canvas, body: Areas) -> float:
    """Draw a map; the height of it in pixels."""
    legend = _legend(canvas, body)
    top = canvas.top + legend
    rings = [_points(ring) for area in body.areas for ring in area.rings]
    if not rings:
        return legend
    every = np.concatenate(rings)
    west, south, east, north = map(float, (*every.min(axis=0), *every.max(axis=0)))
    scale = min(canvas.width / (east - west), _HIGHEST / (north - south))
    left = canvas.left + (canvas.width - scale * (east - west)) / 2

    def placed(ring: array[float]) -> NDArray[np.int_]:
        """The points of a ring in tenths of a pixel."""
        return np.rint((_points(ring) * (scale, -scale) + (left - scale * west, top + scale * north)) * 10).astype(int)

    # Whole numbers of tenths are half as long as pixels with a point.
    canvas.parts.append('<g transform="scale(.1)">')
    for area in sorted(body.areas, key=lambda item: item.emphasised):
        drawn = "".join(_ring(placed(ring)) for ring in area.rings)
        if drawn:
            kind = f"ma q{'n' if area.step is None else area.step}{' me' if area.emphasised else ''}"
            canvas.parts.append(
                f'<path class="{kind}" d="{drawn}">{made("title", f"{area.label}: {area.text}")}</path>'
            )
    canvas.parts.append("</g>")
    return top + scale * (north - south) + 6 - canvas.top


def _points(ring: array[float]) -> NDArray[np.float64]:
    """The points of a ring, a row each: kilometres east and north."""
    return np.frombuffer(ring, dtype=np.float32).reshape(-1, 2).astype(float)


def _ring(points: NDArray[np.int_]) -> str:
    """A ring as steps from point to point, none within the square of the one before; nothing where it is too small."""
    squares = points // _SQUARE
    moved = np.any(squares[1:] != squares[:-1], axis=1)
    kept = points[np.concatenate(([True], moved))]
    if len(kept) <= _LEAST:
        return ""
    (x, y), steps = kept[0], np.diff(kept, axis=0).ravel().tolist()
    return f"M{x} {y}l{' '.join(map(str, steps))}z".replace(" -", "-")


def _legend(canvas: Canvas, body: Areas) -> float:
    """What the colours stand for, and the places that are asked about."""
    none = any(area.step is None for area in body.areas)
    room = canvas.width - widest(body.limits, SMALL) - (90 if none else 0)
    wide, x, y = min(96.0, room / len(body.limits)), canvas.left + width(body.limits[0], SMALL) / 2, canvas.top + 12
    for place in range(len(body.limits) - 1):
        canvas.add("rect", x=x + place * wide, y=y - 10, width=wide, height=12, class_=f"ar q{place}")
    for place, label in enumerate(body.limits):
        canvas.text(x + place * wide, y + 17, label, "a", anchor="middle")
    if none:
        x = canvas.right - 84
        canvas.add("rect", x=x, y=y - 10, width=18, height=12, class_="ar qn")
        canvas.text(x + 24, y, "no figure", "a")
    y += 20
    for area in body.areas:
        if area.emphasised:
            y += 20
            canvas.text(canvas.left, y, cut(f"{area.label}: {area.text}", LABEL, canvas.width), "e")
    return y + 12 - canvas.top
