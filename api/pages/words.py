"""Numbers, periods and names as people read them on a page."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from collections.abc import Callable
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from api import decimals as exact

_LARGE = {"million", "billion", "thousand"}
_MINUS = "\u2212"


def number(value: float | None, digits: int | None = None) -> str:
    """A number with so many decimals (None: all that it has), rounded half away from zero, its thousands set apart."""
    if value is None:
        return "\u2013"
    text = exact.texts([float(value)])[0] if digits is None else exact.fixed(value, digits)
    if "e" in text:
        text = f"{value:f}"
    whole, _, rest = text.lstrip("-").partition(".")
    rest = rest if digits else rest.rstrip("0") if digits is None else ""
    grouped = f"{int(whole):,}"
    sign = _MINUS if text.startswith("-") and (int(whole) or rest.strip("0")) else ""
    return f"{sign}{grouped}{'.' + rest if rest else ''}"


def amount(value: float | None, digits: int | None, unit: str) -> str:
    """A number with the part of its unit that is said with it: `97.2%`, `£12,300`, `£4 million`, else the number."""
    said = number(value, digits)
    if value is None:
        return said
    if unit.startswith("%"):
        return f"{said}%"
    if unit.startswith("£"):
        head = unit[1:].strip().partition(" ")[0]
        said = f"{_MINUS}£{said[1:]}" if said.startswith(_MINUS) else f"£{said}"
        return f"{said} {head}" if head in _LARGE else said
    return said


def precise(value: float | None, least: int | None, unit: str) -> str:
    """An amount with all of its decimals, and so many at least: medians have one more than the values they are of."""
    if value is None or least is None:
        return amount(value, None, unit)
    own = number(value).partition(".")[2]
    return amount(value, max(least, len(own)), unit)


def signed(value: float | None, digits: int | None) -> str:
    """A difference, with its sign."""
    said = number(value, digits)
    return said if value is None or said.startswith(_MINUS) or not said.strip("0.,") else f"+{said}"


def period(text: str) -> str:
    """A period in words: `January 2026`, `April 2023 to March 2024`; a year is a year."""
    if re.fullmatch(r"[0-9]{4}", text):
        return text
    month = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)
    if month:
        return f"{month_name[int(month[2])]} {month[1]}"
    quarter = re.fullmatch(r"([0-9]{4})-Q([1-4])", text)
    if quarter:
        last = 3 * int(quarter[2])
        return f"{month_name[last - 2]} to {month_name[last]} {quarter[1]}"
    years = re.fullmatch(r"([0-9]{4})-([0-9]{2})-01/P([0-9]+)Y", text)
    if years:
        start = int(years[1]), int(years[2])
        end = date(start[0] + int(years[3]) - (start[1] == 1), (start[1] - 2) % 12 + 1, 1)
        return f"{month_abbr[start[1]]} {start[0]} to {month_abbr[end.month]} {end.year}"
    return text


def day(text: str | None) -> str:
    """A day in words, `26 June 2026`; a year, or a month, as that."""
    if text is None or len(text) < 10:
        return period(text or "")
    found = date.fromisoformat(text[:10])
    return f"{found.day} {month_name[found.month]} {found.year}"


def code(text: str) -> Markup:
    """What stands in backquotes, as code: the texts of problems are written for JSON and for pages alike."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704


def ordinal(value: int) -> str:
    """A rank in words: `1st`, `22nd`, `113th`."""
    ending = "th" if value % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value:,}{ending}"


def plural(title: str) -> str:
    """The title of a level, of all its places: `Combined authorities`."""
    if title == "United Kingdom":
        return title
    return f"{title[:-1]}ies" if title.endswith("y") else f"{title}s"


def quality(label: str) -> str:
    """What a quality label says, in a few words."""
    return {
        "accredited-official": "Accredited official statistics",
        "official": "Official statistics",
        "official-in-development": "Official statistics in development",
        "no-accreditation": "Not accredited statistics",
    }.get(label, label)


def polarity(direction: str) -> str:
    """What a direction says."""
    return {
        "higher-is-better": "Higher is better",
        "lower-is-better": "Lower is better",
        "neutral": "Neither direction is better",
    }.get(direction, direction)


HELPERS: dict[str, Callable[..., Any]] = {
    "number": number,
    "amount": amount,
    "precise": precise,
    "signed": signed,
    "period": period,
    "day": day,
    "ordinal": ordinal,
    "quality": quality,
    "polarity": polarity,
}
