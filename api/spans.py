"""Periods as tables carry them: one form for all, which no reader of tables takes for a number or a date.

Labels such as `2022`, `2022-09` and `2023-08-01/P1Y` are read as numbers, dates and text, by which rows an answer
happens to hold. In full each is the ISO 8601 interval of a start and a duration, with its first and last day beside it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from api.periods import Period, parse

_DURATIONS = {4: "P1Y", 7: "P1M", 10: "P1D"}
"""How long a period is, by how many characters its label has: a year, a month, a day."""


class Span(NamedTuple):
    """A period in full: `2022-09-01/P1M`, the day it begins on and the day it ends on (ISO 8601)."""

    period: str
    start: str
    end: str


@lru_cache(maxsize=65_536)
def span_of(label: str) -> Span:
    """The span of a canonical label; of a reading taken at one moment, the month or year that it is labelled by.

    So readings of a year (the population of mid-2023) meet the other figures of that year. ValueError where the text is
    no canonical label.
    """
    period = parse(label)
    if not isinstance(period, Period):
        raise ValueError(f"{label!r} does not say where it begins")  # noqa: TRY004  (a text, not a type)
    if "/" in label:
        return Span(label, period.start, period.end)
    duration = "P3M" if "Q" in label else _DURATIONS[len(label)]
    return Span(f"{period.start}/{duration}", period.start, period.end)
