"""Short series as small drawings: decoration beside a table that has the numbers, so that nobody has to see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from markupsafe import Markup

from api.spans import span_of

_WIDTH, _HEIGHT, _EDGE = 120.0, 32.0, 3.0


def sparkline(points: list[dict[str, Any]]) -> Markup:
    """The values of a series over time as SVG; nothing where there are fewer than two.

    The line is broken where a value is missing, and where one is not comparable with that before it (status `B`), which
    a dashed line marks.
    """
    known = [point["value"] for point in points if point["value"] is not None]
    if len(known) < 2:
        return Markup("")
    placed = list(_placed(points, min(known), max(known)))
    lines = "".join(f'<path d="M{" L".join(f"{x:.1f} {y:.1f}" for x, y in piece)}"/>' for piece in _pieces(placed))
    breaks = "".join(f'<path class="break" d="M{x:.1f} 0V{_HEIGHT:.0f}"/>' for x, _, broken in placed if broken)
    x, y, _ = [item for item in placed if item[1] is not None][-1]
    return Markup(  # noqa: S704  (numbers and words of our own)
        f'<svg class="spark" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" aria-hidden="true" focusable="false">'
        f'{breaks}{lines}<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6"/></svg>'
    )


def _placed(points: list[dict[str, Any]], least: float, most: float) -> Iterator[tuple[float, float | None, bool]]:
    """Where each point stands, by the day on which its period begins, and whether the series breaks before it."""
    days = [date.fromisoformat(span_of(point["period"]).start).toordinal() for point in points]
    width, height = max(days[-1] - days[0], 1), most - least
    for day, point in zip(days, points, strict=True):
        x = _EDGE + (_WIDTH - 2 * _EDGE) * (day - days[0]) / width
        share = 0.5 if not height or point["value"] is None else (point["value"] - least) / height
        y = None if point["value"] is None else _HEIGHT - _EDGE - (_HEIGHT - 2 * _EDGE) * share
        yield x, y, point["status"] == "B" and day != days[0]


def _pieces(placed: list[tuple[float, float | None, bool]]) -> Iterator[list[tuple[float, float]]]:
    """The unbroken pieces of a line, each of one point or more."""
    piece: list[tuple[float, float]] = []
    for x, y, broken in placed:
        if (y is None or broken) and piece:
            yield piece
            piece = []
        if y is not None:
            piece.append((x, y))
    if piece:
        yield piece
