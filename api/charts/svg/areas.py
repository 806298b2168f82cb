"""A map: places in the colour of their class, those that are asked about with a strong border and their name."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from api.charts.chart import Areas
from api.charts.svg.canvas import LABEL, SMALL, Canvas, made, short
from api.charts.text import cut, widest, width

_HIGHEST = 620.0


def draw(canvas: Canvas, body: Areas) -> float:
    """Draw a map; the height of it in pixels."""
    legend = _legend(canvas, body)
    top = canvas.top + legend
    rings = [ring for area in body.areas for ring in area.rings]
    if not rings:
        return legend
    west, east = min(min(ring[::2]) for ring in rings), max(max(ring[::2]) for ring in rings)
    south, north = min(min(ring[1::2]) for ring in rings), max(max(ring[1::2]) for ring in rings)
    scale = min(canvas.width / (east - west), _HIGHEST / (north - south))
    left = canvas.left + (canvas.width - scale * (east - west)) / 2

    def placed(ring: array[float]) -> list[tuple[int, int]]:
        """The points of a ring in tenths of a pixel."""
        across = (round(10 * (left + scale * (x - west))) for x in ring[::2])
        down = (round(10 * (top + scale * (north - y))) for y in ring[1::2])
        return list(zip(across, down, strict=True))

    for area in sorted(body.areas, key=lambda item: item.emphasised):
        drawn = "".join(_ring(placed(ring)) for ring in area.rings)
        if drawn:
            kind = f"ar q{'n' if area.step is None else area.step}{' are' if area.emphasised else ''}"
            canvas.parts.append(
                f'<path class="{kind}" d="{drawn}">{made("title", f"{area.label}: {area.text}")}</path>'
            )
    return top + scale * (north - south) + 6 - canvas.top


def _ring(points: Sequence[tuple[int, int]]) -> str:
    """A ring as steps from point to point, without those that lie on the one before; nothing where it is too small."""
    told, (x, y) = [f"M{short(points[0][0] / 10)} {short(points[0][1] / 10)}l"], points[0]
    steps = 0
    for to_x, to_y in points[1:]:
        if abs(to_x - x) + abs(to_y - y) >= 6:
            told.append(f"{short((to_x - x) / 10)} {short((to_y - y) / 10)} ")
            x, y, steps = to_x, to_y, steps + 1
    return "".join(told).rstrip() + "z" if steps > 1 else ""


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
