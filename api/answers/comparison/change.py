"""How a series came to where it is: the change on the period before, and since it began or last broke.

A break (status `B`) is never crossed: what lies before it was counted in another way. Values of another definition
(status `D`) are passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.answers.comparison.difference_tests import OVER_TIME, TWO_VALUES, Bounded, difference_test
from api.answers.comparison.differences import between
from api.answers.comparison.group import Subject, shown
from api.answers.comparison.rates import limits_of
from api.answers.splicing import series_of
from api.catalogue import Region
from api.rows import BOUNDS_KIND, LOWER, PERIOD, STATUS, UPPER, VALUE, is_comparable

BREAK = "B"
NO_SERIES = "These figures are no time series: their publisher warns against comparing one period with another."
NO_VALUE = "no comparable value in this period"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """A value of a series that can be compared, with its bounds of sampling error if there are any."""

    period: str
    value: float
    status: str
    bounded: Bounded | None


def change(subject: Subject, region: Region) -> dict[str, Any]:
    """The change of a region's published values up to the period that is compared."""
    if subject.indicator.over_time is False:
        return {"previous": None, "series": None, "reason": NO_SERIES, "broke_in": None}
    points = _points(subject, region)
    places = [place for place, point in enumerate(points) if point.period == subject.period]
    if not places:
        return {"previous": None, "series": None, "reason": NO_VALUE, "broke_in": None}
    points = points[: places[0] + 1]
    broken = [place for place, point in enumerate(points) if point.status == BREAK]
    since = points[broken[-1] :] if broken else points
    return {
        "previous": _since(subject, since, -2),
        "series": _since(subject, since, 0),
        "reason": _why(points, since),
        "broke_in": since[0].period if broken else None,
    }


def _points(subject: Subject, region: Region) -> list[_Point]:
    """The points of a place's series that have a comparable value, oldest first."""
    rows = series_of(subject.connection, subject.reading, subject.indicator, region)
    share = subject.indicator.unit.startswith("%")
    return [_point(row, share=share) for row in rows if is_comparable(row)]


def _point(row: tuple[Any, ...], *, share: bool) -> _Point:
    value = row[VALUE]
    lower, upper = limits_of(row[LOWER], row[UPPER], row[BOUNDS_KIND], share=share)
    bounded = None if lower is None or upper is None else Bounded(value=value, lower=lower, upper=upper)
    return _Point(period=row[PERIOD], value=value, status=row[STATUS], bounded=bounded)


def _since(subject: Subject, points: list[_Point], place: int) -> dict[str, Any] | None:
    if len(points) < 2:
        return None
    first, last, indicator = points[place], points[-1], subject.indicator
    test = None
    if first.bounded is not None and last.bounded is not None:
        test = difference_test(last.bounded, first.bounded, method=TWO_VALUES, assumption=OVER_TIME)
    return {
        "period": first.period,
        "value": shown(first.value, indicator.decimals),
        "points": len(points) if place == 0 else 2,
        **between(last.value, first.value, unit=indicator.unit, decimals=indicator.decimals),
        "test": None if test is None else test.described(indicator.decimals + 1),
    }


def _why(points: list[_Point], since: list[_Point]) -> str | None:
    if len(since) > 1:
        return None
    if len(points) > 1:
        return (
            f"The series breaks in {since[0].period}: what lies before was counted in another way and is not compared."
        )
    return "This is the first period of the series."
