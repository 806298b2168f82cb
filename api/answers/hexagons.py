"""Cartograms of hexagons: every place of a level has one, of the same size, near to where its neighbours have theirs.

Places stand in rows, odd rows half a hexagon to the right, counted from the south (odd-r layout). A cartogram is drawn
on the map, as high as Great Britain: regular hexagons in the Mercator projection, as most maps of the web have it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import atan, degrees, log, pi, radians, sinh, sqrt, tan

Point = tuple[float, float]
Corner = tuple[int, int]
"""A corner as whole numbers, so that neighbours have the same: half hexagons from the west, quarters of their height
from the south."""

_SOUTH, _NORTH, _MIDDLE = 50.0, 60.0, -3.0
"""Between which latitudes a cartogram stands, and around which longitude."""
_AROUND = ((0, -2), (1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1))
"""The corners of a hexagon, counterclockwise from the one in the south."""


def corners_of(place: tuple[int, int]) -> list[Corner]:
    """The six corners of the hexagon in a column and row, counterclockwise."""
    q, r = place
    x, y = 2 * q + r % 2, 3 * r
    return [(x + right, y + up) for right, up in _AROUND]


class Cartogram:
    """How the hexagons of a level are drawn: the same for each of them, whichever others are asked for."""

    def __init__(self, places: Iterable[tuple[int, int]]) -> None:
        """`places` are columns and rows of all hexagons of the level, at least one."""
        corners = [corner for place in places for corner in corners_of(place)]
        across, up = [x for x, _ in corners], [y for _, y in corners]
        self._middle = min(across) + max(across)
        self._bottom = min(up)
        self._step = (_mercator(_NORTH) - _mercator(_SOUTH)) / (max(up) - min(up))

    def point(self, corner: Corner) -> Point:
        """Longitude and latitude of a corner, to four decimals."""
        return _placed(corner[0] * 2 - self._middle, corner[1] - self._bottom, self._step)


@lru_cache(maxsize=20_000)
def _placed(across: int, up: int, step: float) -> Point:
    # A hexagon is as wide as the square root of three times its side, and twice its side high: four steps.
    longitude = _MIDDLE + degrees(across * step * sqrt(3) / 2)
    latitude = degrees(atan(sinh(_mercator(_SOUTH) + up * step)))
    return round(longitude, 4), round(latitude, 4)


def _mercator(latitude: float) -> float:
    return log(tan(pi / 4 + radians(latitude) / 2))
