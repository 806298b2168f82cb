"""Cells of tables of descriptions, read as the columns of the database have them, with what is wrong in a sentence."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, Float, Integer, Table

from api.models.catalogue import COLLECTIONS
from api.models.observation import MEDIAN_SIDES

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
"""How identifiers are written: they are never reused."""
_DAY = re.compile(r"\d{4}(-\d{2})?", re.ASCII)
_DAY_LENGTH = 10
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TRUTH = {"true": True, "false": False}
_WORDS = {"collection": COLLECTIONS, "median_side": MEDIAN_SIDES}
"""Words that a column may have, where the database does not hold it to them."""
_BOUNDS = {"decimals": (0, 10), "hex_q": (-1_000, 1_000), "hex_r": (-1_000, 1_000), "position": (0, 1_000_000)}
"""From where to where whole numbers may go."""
_ANY = (-(2**31), 2**31 - 1)


def value_of(column: Column[Any], name: str, text: str) -> Any:
    """A cell of a column, called `name` in its table; an empty one is null. ValueError with what is wrong with it."""
    if not text:
        return None
    if _CONTROL.search(text):
        raise ValueError(f"the {name} has signs in it that cannot be printed.")
    allowed = _WORDS.get(column.name) or _checked(column)
    if allowed and text not in allowed:
        raise ValueError(f"the {name} {text!r} is none. Write one of: {', '.join(allowed)}.")
    if isinstance(column.type, Boolean):
        if text.casefold() not in _TRUTH:
            raise ValueError(f"the {name} {text!r} is neither true nor false.")
        return _TRUTH[text.casefold()]
    if isinstance(column.type, Integer):
        return _whole(column, name, text)
    if isinstance(column.type, Float):
        return _number(name, text)
    length = getattr(column.type, "length", None)
    if length == _DAY_LENGTH and not is_day(text):
        raise ValueError(f"the {name} {text!r} is no day. Write one as 2026-05-19.")
    if length is not None and len(text) > length:
        raise ValueError(f"the {name} {text[:20]!r} is longer than {length} characters.")
    return text


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, or the month or year that is all that is known of one."""
    try:
        date.fromisoformat(f"{text}{'-01-01'[len(text) - _DAY_LENGTH :]}" if _DAY.fullmatch(text) else text)
    except ValueError:
        return False
    return bool(_DAY.fullmatch(text)) or len(text) == _DAY_LENGTH


def _checked(column: Column[Any]) -> tuple[str, ...]:
    """The values that the database holds a column to; none where it does not."""
    table: Table = column.table
    for item in table.constraints:
        if isinstance(item, CheckConstraint) and item.info.get("column") == column.name:
            return tuple(item.info["values"])
    return ()


def _whole(column: Column[Any], name: str, text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        raise ValueError(f"the {name} {text[:40]!r} is no number.") from None
    least, most = _BOUNDS.get(column.name, _ANY)
    if not least <= number <= most:
        raise ValueError(f"the {name} {text[:40]} is not between {least:,} and {most:,}.")
    return number


def _number(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"the {name} {text[:40]!r} is no number.") from None
    if not math.isfinite(number):
        raise ValueError(f"the {name} {text!r} is no number.")
    return number
