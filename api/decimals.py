"""Numbers as tables carry them: decimal numbers, always with a decimal point, never with an exponent.

A reader of tables guesses a column's type from what stands in it: `1200` is an integer to it and `4.88` is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

import orjson

_EXACTLY = Context(prec=400, rounding=ROUND_HALF_UP)
"""Room for every digit of a float: rounding is by the decimals asked for, never by the number of digits."""


class Fixed(float):
    """A number that is shown with so many decimals."""

    __slots__ = ("decimals",)
    decimals: int

    def __new__(cls, value: float, decimals: int) -> Fixed:
        """The number, rounded."""
        made = super().__new__(cls, rounded(value, decimals))
        made.decimals = decimals
        return made


def texts(values: list[float | None]) -> list[str]:
    """Numbers with as few digits as name them exactly; `null` where there is none. Exponents may occur."""
    return orjson.dumps(values)[1:-1].decode().split(",") if values else []


def fixed_texts(rows: Iterable[tuple[float | None, int]], exact: list[str], missing: str) -> list[str]:
    """Numbers rounded to their decimals, as text; `exact` is how `texts` writes them.

    This runs for each row of a table: `fixed` says the same of one number, more slowly.
    """
    return [
        missing
        if value is None
        # Just between two, or a zero that may be left with a sign: rare, and so slow.
        else _halved(text, decimals)
        if (text[-1] == "5" and text[-2 - decimals : -1 - decimals] == ".") or text[0] == "-"
        else f"{value:.{decimals}f}"
        if decimals
        else f"{value:.0f}.0"
        for (value, decimals), text in zip(rows, exact, strict=True)
    ]


def fixed(value: float, decimals: int) -> str:
    """A number rounded to some decimals, as text: `4.88`, `1200.0`. One is written where there is none to be.

    What lies just between two goes away from zero, as publishers and spreadsheets round; by its decimal digits, not by
    the binary number that stands for them, which lies a little beside.
    """
    return _halved(texts([float(value)])[0], decimals)


def rounded(value: float, decimals: int) -> float:
    """A number rounded in the same way, and no zero with a sign."""
    text = repr(value)
    between = text[-1] == "5" and text[-2 - decimals : -1 - decimals] == "."
    # Where no digits lie just between two, Python rounds to the same number, thirty times as fast.
    return float(fixed(value, decimals)) if between else round(value, decimals) + 0.0


def plain(value: float) -> str:
    """A number with every digit that it has, or as many as it is to be shown with, as text with a decimal point."""
    if isinstance(value, Fixed):
        return fixed(value, value.decimals)
    text = texts([float(value)])[0]
    if "e" not in text:
        return text
    text = format(Decimal(text), "f")
    return text if "." in text else f"{text}.0"


def _halved(text: str, decimals: int) -> str:
    number = Decimal(text).quantize(Decimal(1).scaleb(-decimals), context=_EXACTLY)
    text = format(abs(number) if number.is_zero() else number, "f")
    return text if decimals else f"{text}.0"
