"""How long periods are, and days some months apart."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

INSTANT = "instant"
"""The duration of a reading that was taken at one moment."""
NAMED = {1: "P1M", 3: "P3M", 6: "P6M", 12: "P1Y"}
"""The durations that figures are published by, ISO 8601, by their months."""
MOST_YEARS = 50
"""How many years figures may be pooled over."""
DURATIONS = ("P1D", *NAMED.values(), *(f"P{years}Y" for years in range(2, MOST_YEARS + 1)))
"""How long a period may be."""


def duration_of(start: str, end: str) -> str:
    """The duration of a period from its first day to its last, which is one of `DURATIONS`."""
    if start == end:
        return "P1D"
    months = whole_months(date.fromisoformat(start), date.fromisoformat(end))
    return NAMED.get(months) or f"P{months // 12}Y"


def whole_months(first: date, last: date) -> int:
    """How many months lie from the first day of a span to the last, where it is a span of whole months."""
    following = last + timedelta(days=1) if last < date.max else last
    return months_of(following.isoformat()) - months_of(first.isoformat()) + (last == date.max)


def shifted_day(day: str, months: int) -> str:
    """The day some months later; the last day of the month where that has fewer days."""
    known = date.fromisoformat(day)
    year, month = divmod(known.year * 12 + known.month - 1 + months, 12)
    return date(year, month + 1, min(known.day, monthrange(year, month + 1)[1])).isoformat()


def months_of(day: str) -> int:
    """A day as a number of months, to tell how far apart two are."""
    return int(day[:4]) * 12 + int(day[5:7])
