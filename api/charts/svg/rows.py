"""Values along one axis, a row each: dots with what is known of their error, beside names and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass

from api.charts.chart import PLAIN, Row, Rows
from api.charts.scales import Scale, labels_of, ticks_of
from api.charts.svg.canvas import LABEL, SMALL, Canvas
from api.charts.text import BOLD, widest, width, wrapped

_GAP = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Where things stand: the axis, the right edges of the texts behind it, and how high a row is."""

    across: Scale
    cells: tuple[float, ...]
    names: float
    """How wide names may be, in one line or two."""
    narrow: bool

    def label(self, row: Row) -> list[str]:
        """The name of a row in one line or two; on a narrow image, in one."""
        return wrapped(row.label, LABEL, self.names, weight=BOLD, most=1 if self.narrow else 3)

    def high(self, row: Row) -> float:
        """How high a row is."""
        return 40 if self.narrow else 25 + 13 * (len(self.label(row)) - 1)


def draw(canvas: Canvas, body: Rows) -> float:
    """Draw some rows; the height of it in pixels."""
    values = [v for row in body.rows for v in _values(row)] + [mark.value for mark in body.marks]
    at = ticks_of(body.axis, values, 5 if canvas.narrow else 7)
    layout = _layout(canvas, body, at)
    top = canvas.top + _heads(canvas, body, layout)
    y, places = top, []
    for row in body.rows:
        if row.heading:
            y += 24 if y > top else 18
            canvas.text(canvas.left, y - 6, row.heading, "h")
        places.append(y)
        y += layout.high(row)
    _ground(canvas, body, at, layout, (top, y))
    for row, place in zip(body.rows, places, strict=True):
        _row(canvas, row, layout, place, strong=row.emphasised or body.one_place)
    return y + 22 - canvas.top + (18 if any(body.ends) else 0) + (16 if body.axis.title else 0)


def _values(row: Row) -> list[float]:
    known = (row.value, row.earlier, *(row.interval or ()), *(row.extremes or ()))
    return [value for value in known if value is not None]


def _layout(canvas: Canvas, body: Rows, at: list[float]) -> _Layout:
    columns = [[row.text for row in body.rows], *map(list, zip(*(row.cells for row in body.rows), strict=False))]
    heads = [*body.columns, "", "", ""]
    shown = columns[:1] if canvas.narrow and len(columns) > 2 else columns
    sizes = [max(widest(texts, LABEL, BOLD), width(head, SMALL)) for texts, head in zip(shown, heads, strict=False)]
    edges = []
    right = canvas.right
    for size in reversed(sizes):
        edges.append(right)
        right -= size + _GAP
    names = widest((row.label for row in body.rows), LABEL, BOLD)
    if canvas.narrow:
        left = canvas.left + 6
        return _Layout(across=Scale(at[0], at[-1], left, canvas.right - 8), cells=tuple(edges[::-1]),
                       names=right - canvas.left, narrow=True)  # fmt: skip
    names = min(names, canvas.width * 0.38)
    left = canvas.left + names + _GAP + 4
    return _Layout(across=Scale(at[0], at[-1], left, right), cells=tuple(edges[::-1]), names=names, narrow=False)


def _heads(canvas: Canvas, body: Rows, layout: _Layout) -> float:
    """The heads of columns, and the names of marks above the axis."""
    across, y = layout.across, canvas.top
    for mark in sorted(body.marks, key=lambda item: item.value):
        y += 15
        x, half = across(mark.value), width(mark.label, SMALL) / 2
        x = min(max(x, across.first + half), max(across.last, across.first + half) - half)
        canvas.text(max(x, canvas.left + half), y - 3, mark.label, "a", anchor="middle")
    # Beside the names of marks there is room for heads, unless the image is narrow.
    if body.columns and (canvas.narrow or not body.marks):
        y += 15
    for edge, head in zip(layout.cells, body.columns, strict=False):
        canvas.text(edge, y - 3, head, "a", anchor="end")
    return y + 5 - canvas.top


def _ground(canvas: Canvas, body: Rows, at: list[float], layout: _Layout, between: tuple[float, float]) -> None:
    """What rows stand on: the band of the middle half, lines at the numbers of the axis, and marks. Drawn first."""
    top, bottom = between
    ground = Canvas(canvas.left, canvas.top, canvas.width)
    across = layout.across
    if body.band is not None:
        low, high = sorted(map(across, body.band))
        ground.add("rect", x=low, y=top, width=high - low, height=bottom - top, class_="bd")
    written = labels_of(body.axis, at)
    wide, end = widest(written, SMALL) + 8, -1e9
    for value, label in zip(at, written, strict=True):
        x = across(value)
        ground.line((x, top), (x, bottom), "g")
        if x - wide / 2 >= end and label:
            anchor = "start" if x - wide / 2 < canvas.left else "end" if x + wide / 2 > canvas.right + 4 else "middle"
            ground.text(x, bottom + 15, label, "a", anchor=anchor)
            end = x + wide / 2
    for mark in body.marks:
        x = across(mark.value)
        ground.line((x, top - 3), (x, bottom), "d")
    y = bottom + 15
    if any(body.ends):
        y += 0 if not any(written) else 16
        ground.text(across.first, y, body.ends[0], "a")
        ground.text(across.last, y, body.ends[1], "a", anchor="end")
    if body.axis.title:
        ground.text((across.first + across.last) / 2, y + 16, body.axis.title, "a", anchor="middle")
    canvas.parts[:0] = ground.parts


def _row(canvas: Canvas, row: Row, layout: _Layout, top: float, *, strong: bool) -> None:
    across, said_as, strong_as = layout.across, "e" if row.emphasised else "l", "e" if strong else ""
    y = top + (28 if canvas.narrow else layout.high(row) / 2)
    said, lines = top + 16 if canvas.narrow else y + 4.5, layout.label(row)
    for place, line in enumerate(lines):
        canvas.text(canvas.left, said + 14 * (place - (len(lines) - 1) / 2), line, said_as)
    for edge, cell in zip(layout.cells, (row.text, *row.cells), strict=False):
        canvas.text(edge, said, cell, said_as, anchor="end")
    if row.extremes is not None:
        canvas.line((across(row.extremes[0]), y), (across(row.extremes[1]), y), _kind("x", strong_as))
    if row.interval is not None:
        canvas.line((across(row.interval[0]), y), (across(row.interval[1]), y), _kind("i", strong_as))
    if row.earlier is not None and row.value is not None:
        _from_earlier(canvas, (across(row.earlier), across(row.value)), y, strong_as)
    if row.value is not None:
        filled = "p" if row.kind == PLAIN else "o"
        canvas.mark((across(row.value), y), f"{filled}{strong_as}", size=5)


def _kind(kind: str, strong: str) -> str:
    """The classes of a line: its own, and that of a strong one."""
    return f"{kind} {kind}{strong}" if strong else kind


def _from_earlier(canvas: Canvas, between: tuple[float, float], y: float, strong: str) -> None:
    """A line from the earlier value, which is an empty dot, to the later one."""
    start, end = between
    canvas.line((start, y), (end, y), _kind("w", strong))
    canvas.mark((start, y), f"o{strong}", size=3.5)
