"""Periods: the canonical ISO 8601 form, its start and duration, and the spellings that are accepted for it.

Canonical forms (`Period.label`):

* `2024` a calendar year, `2024-Q1` a quarter, `2024-01` a month or a reading taken in that month, `2024-01-15` a day;
* `2023-04-01/P1Y` a year that does not begin in January: a financial (1 April) or academic (1 August) one.

A spelling such as `2023/24` says which year, but not where it begins; `split_year` keeps it open until the
indicators that it is asked of decide (see `catalogue.resolve_period`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

INSTANT = "instant"
"""The duration of a reading that was taken at one moment."""

YEAR_STARTS = {"financial": "04-01", "academic": "08-01"}
"""Where a year written as `2023/24` begins, by the kind of year."""

_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_MONTH = rf"({'|'.join(_MONTH_NAMES)})[a-z]*\.?"
_SPELLINGS = "2024, 2024-Q1, 2024-01, 2024-01-15, 2023-04-01/P1Y, 2023/24, Apr 2021-Mar 2022"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of time: the day it starts on, the day it ends on, and its canonical label."""

    start: str
    end: str
    label: str


@dataclass(frozen=True, slots=True, order=True)
class SplitYear:
    """A year spelt as `2023/24`, whose beginning depends on the indicator."""

    first_year: int

    @property
    def label(self) -> str:
        """The usual spelling."""
        return f"{self.first_year}/{(self.first_year + 1) % 100:02d}"

    def readings(self) -> dict[str, Period]:
        """The period it stands for in each kind of year."""
        return {kind: _year_from(f"{self.first_year:04d}-{start}") for kind, start in YEAR_STARTS.items()}


def last_day(label: str, start: str, duration: str) -> str:
    """The last day of a period; of a reading, the day it begins with: it is known once it is taken."""
    period = parse(label)
    return period.end if isinstance(period, Period) and duration != INSTANT else start


def parse(text: str) -> Period | SplitYear:
    """Read a period in any accepted spelling.

    Raises ValueError with the accepted spellings when the text is none of them.
    """
    folded = " ".join(text.strip().casefold().split())
    for pattern, reader in _READERS:
        if match := pattern.fullmatch(folded):
            try:
                return reader(match)
            except ValueError:
                break
    raise ValueError(f"{text!r} is not a period. Write one as {_SPELLINGS}.")


def shifted(label: str, months: int) -> str:
    """The label of the period that begins `months` after a period does; the label is canonical.

    Raises ValueError where there is none, such as half a year after a calendar year.
    """
    period = parse(label)
    if isinstance(period, Period):
        start = shifted_day(period.start, months)
        if label == period.start[:4] and start[5:] == "01-01":
            return start[:4]
        if label[4:6] == "-Q" and int(start[5:7]) % 3 == 1:
            return f"{start[:4]}-Q{int(start[5:7]) // 3 + 1}"
        if label == period.start[:7]:
            return start[:7]
        if label[:10] == period.start:
            return f"{start}{label[10:]}"
    raise ValueError(f"no period like {label!r} begins {months} months later")


def shifted_day(day: str, months: int) -> str:
    """The day some months later; the last day of the month where that has fewer days."""
    known = date.fromisoformat(day)
    year, month = divmod(known.year * 12 + known.month - 1 + months, 12)
    return date(year, month + 1, min(known.day, monthrange(year, month + 1)[1])).isoformat()


def months_of(day: str) -> int:
    """A day as a number of months, to tell how far apart two are."""
    return int(day[:4]) * 12 + int(day[5:7])


def _year(match: re.Match[str]) -> Period:
    return _whole_year(int(match[1]))


def _whole_year(year: int) -> Period:
    return Period(date(year, 1, 1).isoformat(), date(year, 12, 31).isoformat(), f"{year:04d}")


def _quarter(match: re.Match[str]) -> Period:
    year, quarter = (int(match["year"]), int(match["quarter"]))
    last = quarter * 3
    start = date(year, last - 2, 1)
    return Period(start.isoformat(), date(year, last, monthrange(year, last)[1]).isoformat(), f"{year:04d}-Q{quarter}")


def _month(match: re.Match[str]) -> Period:
    return _whole_month(int(match["year"]), int(match["month"]))


def _named_month(match: re.Match[str]) -> Period:
    return _whole_month(int(match[2]), _MONTHS[match[1]])


def _whole_month(year: int, month: int) -> Period:
    start = date(year, month, 1)
    return Period(
        start.isoformat(), start.replace(day=monthrange(year, month)[1]).isoformat(), f"{year:04d}-{month:02d}"
    )


def _day(match: re.Match[str]) -> Period:
    day = date.fromisoformat(match[0]).isoformat()
    return Period(day, day, day)


def _from_start(match: re.Match[str]) -> Period:
    start = date.fromisoformat(f"{match['start']}{'' if match['day'] else '-01'}")
    if match["duration"] == "p1m":
        return _whole_month(start.year, start.month)
    return _year_from(start.isoformat())


def _month_span(match: re.Match[str]) -> Period:
    first, last = (_whole_month(int(match[2]), _MONTHS[match[1]]), _whole_month(int(match[4]), _MONTHS[match[3]]))
    year = _year_from(first.start)
    if year.end != last.end:
        raise ValueError("only spans of twelve months are published")
    return year


def _split_year(match: re.Match[str]) -> SplitYear:
    first, last = int(match[1]), match[2]
    if f"{first + 1:04d}"[-len(last) :] != last or not 1 <= first <= 9997:
        raise ValueError("the years do not follow each other")
    return SplitYear(first)


def _year_from(start: str) -> Period:
    first = date.fromisoformat(start)
    if (first.month, first.day) == (1, 1):
        return _whole_year(first.year)
    end = date.fromordinal(first.replace(year=first.year + 1).toordinal() - 1)
    return Period(start, end.isoformat(), f"{start}/P1Y")


_READERS = tuple(
    (re.compile(pattern, re.ASCII), reader)
    for pattern, reader in (
        (r"(\d{4})", _year),
        (r"(?P<year>\d{4})[- ]?q(?P<quarter>[1-4])", _quarter),
        (r"q(?P<quarter>[1-4])[- ](?P<year>\d{4})", _quarter),
        (r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])", _month),
        (_MONTH + r"[- ](\d{4})", _named_month),
        (r"\d{4}-\d{2}-\d{2}", _day),
        (r"(?P<start>\d{4}-\d{2}(?P<day>-\d{2})?)/(?P<duration>p1[ym])", _from_start),
        (_MONTH + r" (\d{4}) ?(?:-|\u2013|to) ?" + _MONTH + r" (\d{4})", _month_span),
        (r"(\d{4})[/-](\d{2})", _split_year),
        (r"(\d{4})[/-](\d{4})", _split_year),
    )
)
