"""Series over time: lines that break where the series does, what lies within limits, and the names at their ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from api.charts.chart import PLAIN, Line, Lines, Point
from api.charts.scales import Scale, labels_of, ticks_of
from api.charts.svg.canvas import DASHES, LABEL, SHAPES, SMALL, Canvas, path
from api.charts.text import BOLD, cut, widest, width

_HIGH = 260.0
_MANY = 30
"""Points from which on only the last ones, and those that are not plain, have marks."""
_APART = 17
"""Pixels from one name to the next."""
_BENCHMARK = 6
"""The colour of a series that others are compared with."""


def draw(canvas: Canvas, body: Lines) -> float:
    """Draw some series; the height of it in pixels."""
    high = _HIGH if canvas.width < 900 else _HIGH * 1.3
    broken = any(point.breaks for line in body.lines for point in line.points)
    top = canvas.top + _legend(canvas, body) + (12 if broken else 0)
    values = [v for line in body.lines for p in line.points for v in (p.value, p.lower, p.upper) if v is not None]
    at = ticks_of(body.axis, values, 6)
    written = labels_of(body.axis, at)
    left = canvas.left + widest(written, SMALL) + 8
    room = 14 if _is_named_above(canvas, body) else widest(map(_named, body.lines), LABEL, BOLD) + 14
    when = [p.at for line in body.lines for p in line.points]
    first, last = (min(when), max(when)) if when else (0.0, 1.0)
    across = Scale(first, last if last > first else first + 1, left + 8, canvas.right - room)
    up = Scale(at[0], at[-1], top + high, top + 8)
    for value, label in zip(at, written, strict=True):
        canvas.line((left, up(value)), (canvas.right - room + 6, up(value)), "g")
        canvas.text(left - 6, up(value) + 4, label, "a", anchor="end")
    _periods(canvas, body, across, top + high)
    for place, line in reversed(list(enumerate(body.lines))):
        _series(canvas, line, place, across, up)
    _breaks(canvas, body, across, (top + 8, top + high))
    if not _is_named_above(canvas, body):
        _names(canvas, body, across, up)
    return top + high + 26 - canvas.top


def _named(line: Line) -> str:
    last = next((p for p in reversed(line.points) if p.value is not None), None)
    return f"{line.label} {last.text}" if last else line.label


def _is_named_above(canvas: Canvas, body: Lines) -> bool:
    """Whether names stand above the drawing, since there is no room for them at its right."""
    return canvas.narrow or widest(map(_named, body.lines), LABEL, BOLD) > canvas.width * 0.34


def _legend(canvas: Canvas, body: Lines) -> float:
    if not _is_named_above(canvas, body):
        return 0
    x, y = canvas.left, canvas.top + 12
    for place, line in enumerate(body.lines):
        colour = _colour(line, place)
        said = cut(_named(line), LABEL, canvas.width - 30)
        if x > canvas.left and x + 26 + width(said, LABEL) > canvas.right:
            x, y = canvas.left, y + 20
        canvas.add("path", d=path([(x, y - 4), (x + 20, y - 4)]), class_=f"ln c{colour}", stroke_dasharray=_dash(place))
        canvas.mark((x + 10, y - 4), f"p{colour}", shape=SHAPES[place % len(SHAPES)])
        canvas.text(x + 26, y, said)
        x += 26 + width(said, LABEL) + 16
    return y + 10 - canvas.top


def _colour(line: Line, place: int) -> int:
    return _BENCHMARK if line.benchmark else place % _BENCHMARK


def _dash(place: int) -> str | None:
    return DASHES[place % len(DASHES)] or None


def _periods(canvas: Canvas, body: Lines, across: Scale, y: float) -> None:
    """The periods below, as many as there is room for."""
    wide = widest([label for _, label in body.ticks], SMALL) + 14
    end = -1e9
    for at, label in body.ticks:
        x = across(at)
        if x - wide / 2 < end or not across.first - 1 <= x <= across.last + 1:
            continue
        end = x + wide / 2
        canvas.line((x, y), (x, y + 4), "g")
        canvas.text(x, y + 18, label, "a", anchor="middle")


def _runs(points: Sequence[Point]) -> Iterator[list[Point]]:
    """The points that a line may join: a break or a missing value ends it."""
    run: list[Point] = []
    for point in points:
        if run and (point.breaks or point.value is None):
            yield run
            run = []
        if point.value is not None:
            run.append(point)
    if run:
        yield run


def _series(canvas: Canvas, line: Line, place: int, across: Scale, up: Scale) -> None:
    colour = _colour(line, place)
    known = [p for p in line.points if p.value is not None]
    for run in _runs(line.points):
        bounded = [p for p in run if p.lower is not None and p.upper is not None]
        if len(bounded) > 1:
            around = [(across(p.at), up(p.upper or 0)) for p in bounded]
            around += [(across(p.at), up(p.lower or 0)) for p in reversed(bounded)]
            canvas.add("path", d=f"{path(around)}Z", class_=f"ci f{colour}")
        elif bounded:
            x = across(bounded[0].at)
            ends = (x, up(bounded[0].lower or 0)), (x, up(bounded[0].upper or 0))
            canvas.add("path", d=path(ends), class_=f"x c{colour}")
        if len(run) > 1:
            kind = f"{'bm' if line.benchmark else 'ln'} c{colour}"
            canvas.add("path", d=path((across(p.at), up(p.value or 0)) for p in run), class_=kind,
                       stroke_dasharray=_dash(place))  # fmt: skip
    for point in known:
        if len(known) <= _MANY or point is known[-1] or point.kind != PLAIN:
            at = across(point.at), up(point.value or 0)
            filled = point.kind == PLAIN
            canvas.mark(at, f"{'p' if filled else 'k'}{colour}", shape=SHAPES[place % len(SHAPES)])


def _breaks(canvas: Canvas, body: Lines, across: Scale, between: tuple[float, float]) -> None:
    """Where series break: a line between the value before and the value that no longer compares with it."""
    found = set()
    for line in body.lines:
        known = [p for p in line.points if p.value is not None]
        found |= {(before.at + after.at) / 2 for before, after in pairwise(known) if after.breaks}
    for at in sorted(found):
        x = across(at)
        canvas.line((x, between[0] - 8), (x, between[1]), "b")
        canvas.text(x, between[0] - 12, "break", "m", anchor="middle")


@dataclass(slots=True)
class _Name:
    """A name at the end of a series, and the pixel that it stands at."""

    y: float
    colour: int
    text: str


def _names(canvas: Canvas, body: Lines, across: Scale, up: Scale) -> None:
    """The names of series at their ends, none on another."""
    names = []
    for place, line in enumerate(body.lines):
        last = next((p for p in reversed(line.points) if p.value is not None), None)
        if last is not None:
            names.append(_Name(up(last.value or 0), _colour(line, place), _named(line)))
    names.sort(key=lambda name: name.y)
    for before, after in pairwise(names):
        after.y = max(after.y, before.y + _APART)
    # What was moved beyond the lower edge is moved up again, from the last on.
    floor = up.first + 4
    for name in reversed(names):
        name.y = min(name.y, floor)
        floor = name.y - _APART
    for name in names:
        canvas.text(across.last + 10, name.y + 4.5, name.text, f"h f{name.colour}")
