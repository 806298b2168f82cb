"""Periods: the canonical ISO 8601 form, its start and duration, and the spellings that are accepted for it.

Canonical forms (`Period.label`):

* `2024` a calendar year, `2024-Q1` a quarter, `2024-01` a month or a reading taken in that month, `2024-01-15` a day;
* `2023-04-01/P1Y` a year that does not begin in January: a financial (1 April) or academic (1 August) one;
* `2014-01-01/P11Y` several years together, over which figures of small samples are pooled;
* `2024-01-01/P6M` half a year, `2024-02-01/P3M` three months that are no quarter: nothing is published by them, but
  a question may name them, and is told what there is within them.

Each has a full form, its first day and its duration, which is understood alike: `2024-01-01/P1Y`, `2024-01-01/P1D`.

A spelling such as `2023/24` says which year, but not where it begins; `split_year` keeps it open until the
indicators that it is asked of decide (see `catalogue.resolve_period`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from api.durations import INSTANT, MOST_YEARS, NAMED, shifted_day, whole_months

EVERY = {"all", "any", "every", "*", "everything", "total"}
"""Words for all there is: that is asked for by leaving a parameter out."""

YEAR_STARTS = {"financial": "04-01", "academic": "08-01"}
"""Where a year written as `2023/24` begins, by the kind of year."""

_SPELLINGS = "2024, 2024-Q1, 2024-S1, 2024-01, 2024-01-15, 2023-04-01/P1Y, 2023/24, Apr 2021-Mar 2022"


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

    Raises ValueError with the accepted spellings when the text is none of them, and with both readings when it may be
    either of two.
    """
    folded = " ".join(text.strip().casefold().split())
    for pattern, reader in _READERS:
        if match := pattern.fullmatch(folded):
            try:
                return reader(match)
            except AmbiguousError:
                raise
            except ValueError:
                break
    raise ValueError(f"{text[:60]!r} {_why_not(folded)}. Write one as {_SPELLINGS}.")


def _why_not(folded: str) -> str:
    """What a text is that is no period, where that can be told."""
    if _WEEK.fullmatch(folded):
        return "is a week, and nothing is published by weeks"
    if match := _RANGE.fullmatch(folded):
        first, last = match[1].upper(), match[2].upper()
        return f"is no period but a range: where there are these, ask with period_from={first}&period_to={last}"
    if folded in _LATEST:
        return (
            "is no period: the latest is taken with latest=true, or without a period where there is no such parameter"
        )
    if folded in EVERY:
        return "is no period: for all of them, leave it out"
    return "is not a period"


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


class AmbiguousError(ValueError):
    """A spelling that means two periods; the text says which."""


def _span(start: date, months: int) -> Period:
    """The period of some months from a day on. Raises ValueError where no such span has a name here, or an end."""
    if months not in NAMED:
        raise ValueError("only spans of a month, a quarter, half a year or a year have a name")
    last = start.month + months - 1
    if start.day == 1 and last <= 12:
        end = date(start.year, last, monthrange(start.year, last)[1])
    elif start.day > 28 and shifted_day(start.isoformat(), months)[8:] != start.isoformat()[8:]:
        raise ValueError("the month in which it would end has no such day")
    else:
        end = date.fromisoformat(shifted_day(start.isoformat(), months)) - timedelta(days=1)
    return Period(start.isoformat(), end.isoformat(), _label(start, months))


def _label(start: date, months: int) -> str:
    if start.day == 1:
        if months == 1:
            return start.isoformat()[:7]
        if months == 3 and start.month % 3 == 1:
            return f"{start.year:04d}-Q{start.month // 3 + 1}"
        if (months, start.month) == (12, 1):
            return f"{start.year:04d}"
    return f"{start.isoformat()}/{NAMED[months]}"


def _year_from(start: str) -> Period:
    return _span(date.fromisoformat(start), 12)


def _year(match: re.Match[str]) -> Period:
    return _span(date(int(match["year"]), 1, 1), 12)


def _quarter(match: re.Match[str]) -> Period:
    return _span(date(int(match["year"]), int(match["number"]) * 3 - 2, 1), 3)


def _half(match: re.Match[str]) -> Period:
    return _span(date(int(match["year"]), int(match["number"]) * 6 - 5, 1), 6)


def _month(match: re.Match[str]) -> Period:
    return _span(date(int(match["year"]), int(match["number"]), 1), 1)


def _named_month(match: re.Match[str]) -> Period:
    return _span(date(int(match["year"]), _MONTHS[match["month"]], 1), 1)


def _day(match: re.Match[str]) -> Period:
    return _one_day(date.fromisoformat(match[0]))


def _one_day(day: date) -> Period:
    return Period(day.isoformat(), day.isoformat(), day.isoformat())


def _from_start(match: re.Match[str]) -> Period:
    start = date.fromisoformat(f"{match['start']}{'' if match['day'] else '-01'}")
    if match["unit"] == "d":
        if match["number"] != "1":
            raise ValueError("only single days have a name")
        return _one_day(start)
    if match["unit"] == "y" and match["number"] != "1":
        return _years(start, int(match["number"]))
    return _span(start, int(match["number"]) * (12 if match["unit"] == "y" else 1))


def _years(start: date, years: int) -> Period:
    """Several years together, which figures are pooled over."""
    if years > MOST_YEARS or (start.month, start.day) == (2, 29):
        raise ValueError("no such span has a name")
    end = date.fromisoformat(shifted_day(start.isoformat(), 12 * years)) - timedelta(days=1)
    return Period(start.isoformat(), end.isoformat(), f"{start.isoformat()}/P{years}Y")


def _from_start_to_end(match: re.Match[str]) -> Period:
    start, end = date.fromisoformat(match["start"]), date.fromisoformat(match["end"])
    if start == end:
        return _one_day(start)
    months = whole_months(start, end)
    span = _years(start, months // 12) if months > 12 and months % 12 == 0 else _span(start, months)
    if span.end != match["end"]:
        raise ValueError("it does not end with a month of its own")
    return span


def _month_span(match: re.Match[str]) -> Period:
    """Months from one to another, in the second's year where the first names none."""
    first = date(int(match["from_year"] or match["year"]), _MONTHS[match["from_month"]], 1)
    months = (int(match["year"]) - first.year) * 12 + _MONTHS[match["month"]] - first.month + 1
    return _span(first, months)


def _year_ending(match: re.Match[str]) -> Period:
    """Twelve months to the end of a month; a financial year, where it names none, ends in March."""
    month = _MONTHS[match["month"]] if match["month"] else 3
    last = date(int(match["year"]), month, 1)
    return _year_from(shifted_day(last.isoformat(), -11))


def _split_year(match: re.Match[str]) -> SplitYear:
    first, last = int(match["year"]), match["last"]
    if f"{first + 1:04d}"[-len(last) :] != last or not 1 <= first <= 9997:
        raise ValueError("the years do not follow each other")
    return SplitYear(first)


def _split_year_of_a_kind(match: re.Match[str]) -> Period:
    kind = "academic" if match["kind"].startswith("a") else "financial"
    return _split_year(match).readings()[kind]


def _digits(match: re.Match[str]) -> Period | SplitYear:
    """Six digits: a year into the next (202324), a month (202403), or either (201112), which is refused."""
    year, last = match["year"], match["last"]
    if f"{int(year) + 1:04d}"[-2:] != last:
        return _span(date(int(year), int(last), 1), 1)
    if 1 <= int(last) <= 12 and int(year):
        raise AmbiguousError(f"'{year}{last}' may be a year or a month. Write {year}/{last} or {year}-{last}.")
    return _split_year(match)


def _eight_digits(match: re.Match[str]) -> Period | SplitYear:
    if int(match["last"]) == int(match["year"]) + 1:
        return _split_year(match)
    return _one_day(date.fromisoformat(match[0]))


_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_NAME = rf"({'|'.join(_MONTH_NAMES)})[a-z]*\.?"
_MONTH, _FROM_MONTH = (_NAME.replace("(", f"(?P<{name}>", 1) for name in ("month", "from_month"))
_YEAR, _FROM_YEAR, _LAST = r"(?P<year>\d{4})", r"(?P<from_year>\d{4})", r"(?P<last>\d{4}|\d{2})"
_TO = r" ?(?:-|\u2013|to) ?"
_DAY = r"\d{4}-\d{2}-\d{2}"
_WEEK = re.compile(r"\d{4}[- ]?w\d{1,2}(-\d)?", re.ASCII)
_RANGE = re.compile(r"(\d{4}(?:-\d\d|-?q[1-4])?)(?: ?(?:[:;~\u2013-]|\.\.+|to) ?)(\d{4}(?:-\d\d|-?q[1-4])?)", re.ASCII)
_LATEST = {"latest", "last", "newest", "most recent", "current", "now", "mrv"}
_READERS = tuple(
    (re.compile(pattern, re.ASCII), reader)
    for pattern, reader in (
        (rf"{_YEAR}(?:-?a1?|\.0)?", _year),
        (rf"{_YEAR}[- ]?q(?P<number>[1-4])", _quarter),
        (rf"q(?P<number>[1-4])[- /]?{_YEAR}", _quarter),
        (rf"{_YEAR}[- ]?[sh](?P<number>[12])", _half),
        (rf"[sh](?P<number>[12])[- /]?{_YEAR}", _half),
        (rf"{_YEAR}(?:-|-?m(?=\d\d))(?P<number>0[1-9]|1[0-2])", _month),
        (rf"{_YEAR}-?m(?P<number>[1-9])", _month),
        (rf"{_MONTH}[- ]{_YEAR}", _named_month),
        (rf"{_YEAR}[- ]{_MONTH}", _named_month),
        (_DAY, _day),
        (r"(?P<start>\d{4}-\d{2}(?P<day>-\d{2})?)/p(?P<number>[1-9]\d?)(?P<unit>[ymd])", _from_start),
        (rf"(?P<start>{_DAY})(?:/| to ){_DAY.join(('(?P<end>', ')'))}", _from_start_to_end),
        (rf"{_FROM_MONTH}(?: {_FROM_YEAR})?{_TO}{_MONTH} {_YEAR}", _month_span),
        (rf"{_YEAR}[/-]{_LAST}", _split_year),
        (rf"(?P<kind>fy|financial year|ay|academic year) ?{_YEAR}[/-]{_LAST}", _split_year_of_a_kind),
        (rf"(?:year ending|ye|fye) {_MONTH} {_YEAR}", _year_ending),
        (rf"(?:fye)(?P<month>) ?{_YEAR}", _year_ending),
        (r"(?P<year>\d{4})(?P<last>\d{2})", _digits),
        (r"(?P<year>\d{4})(?P<last>\d{4})", _eight_digits),
    )
)
"""How each spelling is written, lower case and with single spaces, and what reads it; the first that fits decides."""
