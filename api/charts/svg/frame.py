"""A whole image: title, what is measured, the drawing, notes, and where the figures come from."""

from __future__ import annotations

from html import escape
from math import ceil

from api.charts.chart import Areas, Chart, Lines, Rows
from api.charts.svg import areas, lines, rows
from api.charts.svg.canvas import SMALL, Canvas, made, short
from api.charts.svg.style import sheet
from api.charts.text import BOLD, wrapped

_TITLE, _UNDER = 18.0, 13.0


def draw(chart: Chart) -> str:
    """The image of a chart, as text."""
    canvas, height = _drawn(chart)
    return _document(chart, canvas, height)


def size_of(chart: Chart) -> tuple[int, int]:
    """How wide and how high the image of a chart is, in pixels."""
    return chart.look.width, ceil(_drawn(chart)[1])


def _drawn(chart: Chart) -> tuple[Canvas, float]:
    """All that stands on the image of a chart, and how high it is."""
    edge = 12 if chart.look.width < 480 else 20
    canvas = Canvas(edge, 0, chart.look.width - 2 * edge)
    y = _texts(canvas, edge + 2, chart.title, "t", _TITLE, weight=BOLD)
    y = _texts(canvas, y + 2, chart.subtitle, "u", _UNDER)
    canvas.top = y + 12
    y = canvas.top + _body(canvas, chart)
    y += 8
    for note in chart.notes:
        y = _texts(canvas, y, note, "n", SMALL)
    y = _texts(canvas, y + (4 if chart.notes else 0), chart.source, "n", SMALL)
    return canvas, y + edge - 4


def _body(canvas: Canvas, chart: Chart) -> float:
    """What is drawn, and how high it is; in its place the statement, where there is nothing to draw."""
    match chart.body:
        case Lines():
            return lines.draw(canvas, chart.body)
        case Rows():
            return rows.draw(canvas, chart.body)
        case Areas():
            return areas.draw(canvas, chart.body)
    return _texts(canvas, canvas.top, chart.statement, "l", _UNDER) - canvas.top


def _texts(canvas: Canvas, y: float, said: str, kind: str, size: float, *, weight: int = 400) -> float:
    """Lines of text below y; where the next one may begin."""
    for line in wrapped(said, size, canvas.width, weight=weight):
        y += size * 1.35
        canvas.text(canvas.left, y - size * 0.25, line, kind)
    return y


def _document(chart: Chart, canvas: Canvas, height: float) -> str:
    wide, high = short(chart.look.width), ceil(height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" '
        f'role="img" aria-labelledby="title desc" lang="en-GB"><title id="title">{escape(chart.title)}</title>'
        f'<desc id="desc">{escape(chart.statement)}</desc><style>{sheet(chart.look.theme)}</style>'
        f"{made('rect', width='100%', height='100%', class_='bg')}{''.join(canvas.parts)}</svg>\n"
    )
