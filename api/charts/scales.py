"""From values to pixels, and the round numbers that stand on an axis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10

from api.charts.chart import Axis

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MILLION, _BILLION = 1e6, 1e9


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight scale: where a value stands, in pixels. `first` and `last` are the pixels of `lower` and `upper`."""

    lower: float
    upper: float
    first: float
    last: float

    def __call__(self, value: float) -> float:
        """The pixel of a value."""
        share = (value - self.lower) / (self.upper - self.lower)
        return self.first + share * (self.last - self.first)


def ticks(lower: float, upper: float, most: int) -> list[float]:
    """Round numbers at equal distances, at most so many, the first not above `lower` and the last not below `upper`."""
    span = upper - lower or abs(upper) or 1.0
    size = 10.0 ** floor(log10(span / max(1, most - 1)))
    for step in (size * item for item in _STEPS):
        first, last = floor(lower / step + 1e-9), ceil(upper / step - 1e-9)
        if last - first + 1 <= most:
            break
    if last == first:
        last += 1
    return [round(item * step, 12) for item in range(first, last + 1)]


def ticks_of(axis: Axis, values: Iterable[float], most: int) -> list[float]:
    """The numbers on an axis: those it names, else round ones around the values, within what the axis allows."""
    if axis.ticks:
        return [at for at, _ in axis.ticks]
    known = list(values) or [0.0]
    lower = min(known) if axis.lower is None else axis.lower
    upper = max(known) if axis.upper is None else axis.upper
    return ticks(lower, upper, most)


def labels_of(axis: Axis, at: list[float]) -> list[str]:
    """What is written at the numbers of an axis: all with the same decimals, large ones in millions or billions."""
    if axis.ticks:
        return [label for _, label in axis.ticks]
    largest = max(map(abs, at))
    size, word = (_BILLION, "bn") if largest >= _BILLION else (_MILLION, "m") if largest >= _MILLION else (1.0, "")
    shown = [value / size for value in at]
    places = next((n for n in range(7) if all(abs(round(v, n) - v) < 1e-9 * max(1, abs(v)) for v in shown)), 6)
    return [_number(axis, value, places, word) for value in shown]


def _number(axis: Axis, value: float, places: int, word: str) -> str:
    sign = "\u2212" if value < 0 else ""
    return f"{sign}{axis.before}{abs(value):,.{places}f}{word}{axis.after}"
