"""Spellings of periods that councils and statistical offices use in files, beside those that `api.periods` reads.

Each is rewritten into one that it reads: `31/03/2024` (day, month, year: never the American order), `31 March 2024`,
`Mar-24`, `2021-07-01T00:00:00/P1Y`, `1 April 2023 to 31 March 2024`, `12 months to June 2022`, `mid-2023`, `FY23/24`,
`Q1 2023/24` (of a financial year).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from api import periods
from api.checks.faults import shown
from api.periods import Period, SplitYear

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY = r"\d{4}-\d{2}-\d{2}"
_ENDING = r"(?:year|yr|12 months|twelve months) ?-?(?:ending|ended|end|to)(?: the)?"
_THIS_CENTURY = 70
"""Two digits below are a year from 2000 on, others one of the century before."""
_EXAMPLES = "2024, 2024-Q1, 2024-01, 2024-01-15, 2023/24, Apr 2021 - Mar 2022"


def parse(text: str) -> Period | SplitYear:
    """The period that a text means. ValueError, in a sentence, where it means none or may mean two."""
    plain = " ".join(re.sub("[\u2010-\u2015\u2212]", "-", text).casefold().split())
    for pattern, write in _REWRITTEN:
        plain = pattern.sub(write, plain)
    try:
        return periods.parse(plain)
    except periods.AmbiguousError:
        raise
    except ValueError:
        raise ValueError(f"{shown(text)} is not a period. Write one as {_EXAMPLES}.") from None


def is_day(period: Period) -> bool:
    """Whether a period is a single day."""
    return period.start == period.end


def american(text: str) -> str | None:
    """The day (ISO 8601) that a text is in the American order, where it is none in the British one."""
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    if match is None or int(match[2]) <= len(_MONTHS) or not 1 <= int(match[1]) <= len(_MONTHS):
        return None
    return f"{match[3]}-{int(match[1]):02d}-{int(match[2]):02d}"


def _number_of(month: str) -> int:
    return _MONTHS.index(month[:3]) + 1


def _full(year: str) -> str:
    if len(year) == 4:
        return year
    return f"{'20' if int(year) < _THIS_CENTURY else '19'}{year}"


def _numeric_day(match: re.Match[str]) -> str:
    return f"{match['year']}-{int(match['number']):02d}-{int(match['day']):02d}"


def _named_day(match: re.Match[str]) -> str:
    return f"{match['year']}-{_number_of(match['month']):02d}-{int(match['day']):02d}"


def _split(match: re.Match[str]) -> str:
    return f"fy {_full(match['first'])}/{match['last']}"


def _bare_split(match: re.Match[str]) -> str:
    follows = (int(match["first"]) + 1) % 100 == int(match["last"])
    return f"{_full(match['first'])}/{match['last']}" if follows else match[0]


def _financial_quarter(match: re.Match[str]) -> str:
    """A quarter of a financial year, whose first begins in April; whether the years follow each other is looked at."""
    year, quarter = int(match["year"]), int(match["quarter"])
    if f"{year + 1}"[-len(match["last"]) :] != match["last"]:
        return match[0]
    return f"{year + quarter // 4}-q{quarter % 4 + 1}"


_Write = Callable[[re.Match[str]], str] | str
_REWRITTEN: tuple[tuple[re.Pattern[str], _Write], ...] = tuple(
    (re.compile(pattern, re.ASCII), write)
    for pattern, write in (
        (rf"({_DAY})[t ]\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?z?", r"\1"),
        (r"(?<!\d)(?P<day>\d{1,2})[/.](?P<number>\d{1,2})[/.](?P<year>\d{4})(?!\d)", _numeric_day),
        (
            rf"{_ENDING} (?:\d{{1,2}}(?:st|nd|rd|th)? )?{_NAME} (?P<year>\d{{4}}|\d{{2}})$",
            lambda match: f"year ending {match['month']} {_full(match['year'])}",
        ),
        (rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_NAME},? (?P<year>\d{{4}})(?!\d)", _named_day),
        (rf"({_DAY}) ?(?:-|to) ?({_DAY})", r"\1/\2"),
        (rf"{_NAME}[- ]?'?(?P<year>\d{{2}})(?!\d)", lambda match: f"{match['month']} {_full(match['year'])}"),
        (r"^mid[- ]?(\d{4})$", r"\1"),
        (r"^q(?P<quarter>[1-4])[ ,-]*(?:fy ?)?(?P<year>\d{4})[/-](?P<last>\d{4}|\d{2})$", _financial_quarter),
        (r"^fy ?(?P<first>\d{2})[/-](?P<last>\d{2})$", _split),
        (r"^(?P<first>\d{2})[/-](?P<last>\d{2})$", _bare_split),
        (r"^(\d{4}) ?([/-]) ?(\d{2}|\d{4})$", r"\1\2\3"),
    )
)
"""Patterns over lower case with single spaces and plain hyphens, and what is written in their place, in this order."""
