"""Numbers, units and periods in words, as people write them in a sentence."""

from __future__ import annotations

import re
from calendar import month_name

from api.catalogue import Indicator
from api.decimals import rounded
from api.durations import INSTANT
from api.spans import span_of

_MILLION, _BILLION = 1e6, 1e9
_PENNIES = 100
"""Pounds from which on pennies are left out of a sentence."""
_POOLED = re.compile(r"P([2-9]|[1-9]\d)Y")
"""How long several years together are, which figures are pooled over."""
_COUNTED = re.compile(r"[a-z-]+ (per [\d,]+) .+")
"""The unit of a count that is divided: enterprises per 10,000 people."""
_QUARTERS = ("January to March", "April to June", "July to September", "October to December")


def decimals_of(value: float, decimals: int, unit: str) -> int:
    """Decimals that a sentence shows: pounds have two or none, whatever their indicator has."""
    if unit.startswith("£") and decimals == 1:
        return 0 if abs(value) >= _PENNIES else 2
    return decimals


def quantity(value: float, decimals: int, unit: str, *, bare: bool = False) -> str:
    """A value with its unit: £1,104 per head, £1.42 million, 92.3%, 1,234 jobs; `bare`: without what is beside it."""
    digits = _digits(abs(value), decimals)
    scale = ""
    if unit.startswith("£") and abs(value) >= _MILLION:
        size, word = (_BILLION, "billion") if abs(value) >= _BILLION else (_MILLION, "million")
        digits, scale = _digits(abs(value) / size, 2), f" {word}"
    sign = "-" if value < 0 and any(digit in digits for digit in "123456789") else ""
    if unit.startswith("£"):
        named = next((f" {word}" for word in ("million", "billion") if unit.startswith(f"£ {word}")), "")
        rest = unit[1:].removeprefix(named)
        return f"{sign}£{digits}{named or scale}{'' if bare else rest}"
    if unit.startswith("%"):
        return f"{sign}{digits}%" if bare else f"{sign}{digits}{unit}"
    return f"{sign}{digits}" if bare or unit in {"", "score"} else f"{sign}{digits} {unit}"


def _digits(value: float, decimals: int) -> str:
    """A number with so many decimals, rounded as publishers and spreadsheets round."""
    return f"{rounded(value, decimals):,.{decimals}f}"


def unit_beside(unit: str, phrase: str, denominator: Indicator | None) -> str:
    """What of a unit is left to say beside a phrase that says what was measured: no part of it twice.

    Counts are so many per 10,000 of what they were divided by, which is called as its own phrase says.
    """
    if phrase and unit.startswith("%"):
        return "%"  # of what, the phrase has said
    if denominator is not None and (counted := _COUNTED.fullmatch(unit)):
        among = (denominator.phrase or "").partition("the number of ")[2] or denominator.unit
        return f"{counted[1]} {among}"
    if " per " in f" {phrase} " and " per " in f" {unit}":
        return "£" if unit.startswith("£") else ""
    if "weekly" in phrase:
        return unit.removesuffix(" per week")
    return unit


def spoken(period: str, duration: str, kind: str) -> str:
    """A period with its preposition: in 2023, in January 2026, in the financial year from April 2023, in mid-2023."""
    if (pooled := _POOLED.fullmatch(duration)) is not None:
        span = span_of(period)
        first, last = span.start[:4], span.end[:4]
        whole = span.end.endswith("12-31")
        return f"over {first} to {last} taken together" if whole else f"over the {pooled[1]} years to {span.end}"
    if "/" in period:
        year, month = period[:4], month_name[int(period[5:7])]
        named = f"{kind} year" if kind in {"financial", "academic"} else "year"
        return f"in the {named} from {month} {year}"
    if "-Q" in period:
        year, quarter = period.split("-Q")
        return f"in {_QUARTERS[int(quarter) - 1]} {year}"
    if len(period) == len("2026-01"):
        return f"in {month_name[int(period[5:7])]} {period[:4]}"
    return f"in mid-{period}" if duration == INSTANT and len(period) == len("2026") else f"in {period}"


def ordinal(number: int) -> str:
    """A number as a place in an order: 1st, 2nd, 11th."""
    teen = 10 <= number % 100 <= 20
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def listed(parts: list[str]) -> str:
    """Some parts as a list within a sentence."""
    if len(parts) < 2:
        return "".join(parts)
    # A part that has a comma of its own ends with one.
    last = ", and" if any(", " in part for part in parts[:-1]) else " and"
    return f"{', '.join(parts[:-1])}{last} {parts[-1]}"
