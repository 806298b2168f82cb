"""Figures as people print them (`71.3%`, `£33,400`, `1.2 million`): what they say of the unit and of their rounding."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

PERCENTAGE, POUNDS, NUMBER = KINDS = ("percentage", "pounds", "number")
"""What the signs of a figure, or a unit, say is counted. A figure without signs may be any of them."""
_SCALES = {
    **dict.fromkeys(("k", "thousand"), 3),
    **dict.fromkeys(("m", "mn", "million"), 6),
    **dict.fromkeys(("b", "bn", "billion"), 9),
    **dict.fromkeys(("tn", "trillion"), 12),
}
_DIGITS = r"([0-9]{1,3}(,[0-9]{3}){1,4}|[0-9]{1,15})([.][0-9]{1,9})?"
_WORDS = "|".join(sorted(_SCALES, key=len, reverse=True))
PATTERN = rf"^[+-]?(£ ?)?{_DIGITS}( ?({_WORDS}))?$|^[+-]?{_DIGITS} ?(%|per cent|percent)$"
"""How a figure may be written, in small letters (JSON Schema reads it as well)."""
_PARTS = re.compile(r"(?P<sign>[+-]?)(?P<pound>£?) ?(?P<whole>[0-9,]+)([.](?P<part>[0-9]+))? ?(?P<word>[a-z% ]*)\Z")
_SPELT = {"\u2212": "-", "\u2013": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " "}
"""Signs that stand for others: the minus, the dash for one, and spaces that do not break."""
_SIGNIFICANT = 2
"""Digits that zeros at the end of a whole number leave, where they are taken for rounding: 33,000 is 33 thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What rounds to a figure, in the unit of some values: from `low` to `high`, both among them; `target` between."""

    low: float
    target: float
    high: float

    def holds(self, value: float | None) -> bool:
        """Whether a value lies in it."""
        return value is not None and self.low <= value <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure as it was printed: its number (without its word), and what stood around it."""

    text: str
    kind: str
    """One of `KINDS`."""
    number: Decimal
    scale: int
    """The power of ten of the word behind it: 6 for million, 0 without one."""
    decimals: int
    """Decimals that were printed."""

    @property
    def value(self) -> Decimal:
        """The number in full: 1200000 for 1.2 million."""
        return self.number.scaleb(self.scale)

    @property
    def steps(self) -> tuple[Decimal, ...]:
        """To what the figure may have been rounded: its last digit, and where it ends in zeros the last before them."""
        last = Decimal(1).scaleb(self.scale - self.decimals)
        digits = str(abs(int(self.number)))
        zeros = min(len(digits) - len(digits.rstrip("0")), len(digits) - _SIGNIFICANT)
        return (last,) if self.decimals or zeros < 1 else (last, last.scaleb(zeros))

    def range_in(self, unit: str, step: Decimal) -> Range | None:
        """What rounds to it by a step, among values of a unit; None where it cannot be of that unit."""
        kind, scale = _unit_of(unit)
        fits = kind == self.kind or (self.kind == NUMBER and not (self.scale and kind == PERCENTAGE))
        if not fits:
            return None
        if self.kind == NUMBER and not self.scale:
            scale = 0  # as a table prints it, under the unit's own heading
        target, half = self.value.scaleb(-scale), (step / 2).scaleb(-scale)
        return Range(low=float(target - half), target=float(target), high=float(target + half))


def spelt(text: str) -> str:
    """The one spelling of a figure: small letters, plain signs and spaces."""
    for sign, plain in _SPELT.items():
        text = text.replace(sign, plain)
    return " ".join(text.split()).casefold()


def parse(text: str) -> Figure:
    """A figure as it was printed. ValueError where it is none."""
    written = spelt(text)
    if re.fullmatch(PATTERN, written, re.ASCII) is None:
        raise ValueError(
            f"{text[:40]!r} is no figure. Write one number as it was printed, such as 71.3%, £33,400, 2,055, "
            "1.2 million or -0.4, without the words around it."
        )
    found = _PARTS.match(written)
    assert found is not None  # noqa: S101  (whatever the pattern lets through has these parts)
    word, part = found["word"].strip(), found["part"] or ""
    kind = POUNDS if found["pound"] else NUMBER if word in _SCALES or not word else PERCENTAGE
    number = Decimal(f"{found['sign']}{found['whole'].replace(',', '')}.{part or 0}")
    return Figure(text=written, kind=kind, number=number, scale=_SCALES.get(word, 0), decimals=len(part))


def _unit_of(unit: str) -> tuple[str, int]:
    """What a unit counts, and the power of ten that it counts in: 6 for `£ million`."""
    kind = PERCENTAGE if unit.startswith("%") else POUNDS if unit.startswith("£") else NUMBER
    first = unit.removeprefix("£").split()[:1]
    return kind, _SCALES.get(first[0], 0) if first and kind != PERCENTAGE else 0
