"""How a series came to where it is: the change on the period before, and since it began or last broke.

A break (status `B`) is never crossed: what lies before it was counted in another way. Values of another definition
(status `D`) are passed over.
"""

from __future__ import annotations

from typing import Any

from api.answers.comparison.differences import between
from api.answers.comparison.group import Subject, shown
from api.answers.splicing import series_of
from api.catalogue import Region
from api.rows import PERIOD, STATUS, VALUE, is_comparable

BREAK = "B"
NO_SERIES = "These figures are no time series: their publisher warns against comparing one period with another."
NO_VALUE = "no comparable value in this period"


def change(subject: Subject, region: Region) -> dict[str, Any]:
    """The change of a region's published values up to the period that is compared."""
    if subject.indicator.over_time is False:
        return {"previous": None, "series": None, "reason": NO_SERIES, "broke_in": None}
    points = _points(subject, region)
    places = [place for place, (period, _, _) in enumerate(points) if period == subject.period]
    if not places:
        return {"previous": None, "series": None, "reason": NO_VALUE, "broke_in": None}
    points = points[: places[0] + 1]
    broken = [place for place, (_, _, status) in enumerate(points) if status == BREAK]
    since = points[broken[-1] :] if broken else points
    return {
        "previous": _since(subject, since, -2),
        "series": _since(subject, since, 0),
        "reason": _why(points, since),
        "broke_in": since[0][0] if broken else None,
    }


def _points(subject: Subject, region: Region) -> list[tuple[str, float, str]]:
    """Period, value and status of the points of a place's series that have a comparable value, oldest first."""
    rows = series_of(subject.connection, subject.reading, subject.indicator, region)
    return [(row[PERIOD], row[VALUE], row[STATUS]) for row in rows if is_comparable(row)]


def _since(subject: Subject, points: list[tuple[str, float, str]], place: int) -> dict[str, Any] | None:
    if len(points) < 2:
        return None
    period, value, _ = points[place]
    indicator = subject.indicator
    return {
        "period": period,
        "value": shown(value, indicator.decimals),
        "points": len(points) if place == 0 else 2,
        **between(points[-1][1], value, unit=indicator.unit, decimals=indicator.decimals),
    }


def _why(points: list[tuple[str, float, str]], since: list[tuple[str, float, str]]) -> str | None:
    if len(since) > 1:
        return None
    if len(points) > 1:
        return f"The series breaks in {since[0][0]}: what lies before was counted in another way and is not compared."
    return "This is the first period of the series."
