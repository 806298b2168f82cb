"""How wide a text is, and where it is broken into lines.

Widths are of the font that PNG is drawn with (`fonts`). SVG is shown with the fonts of its reader: most are as wide
or narrower, and a margin is added for the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

REGULAR, BOLD = 400, 600
FONTS = Path(__file__).parent / "fonts"
_MARGINS = {REGULAR: 1.06, BOLD: 1.14}
_USUAL = 0.6
"""How wide a letter is that is not known, in the size of its font."""


@cache
def _widths() -> dict[int, dict[str, float]]:
    known = json.loads((FONTS / "widths.json").read_text("utf-8"))
    return {int(weight): widths for weight, widths in known.items()}


@lru_cache(maxsize=20_000)
def width(text: str, size: float, weight: int = REGULAR) -> float:
    """How wide a line of text is, in pixels."""
    known = _widths()[weight]
    return sum(known.get(letter, _USUAL) for letter in text) * size * _MARGINS[weight]


def widest(texts: Iterable[str], size: float, weight: int = REGULAR) -> float:
    """How wide the widest of some texts is, in pixels."""
    return max((width(text, size, weight) for text in texts), default=0.0)


def wrapped(text: str, size: float, within: float, *, weight: int = REGULAR, most: int = 99) -> list[str]:
    """A text in lines no wider than so many pixels; with more lines than `most` the last one ends in dots."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, weight) <= within:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        return [*lines[: most - 1], cut(f"{lines[most - 1]} {lines[most]}", size, within, weight=weight)]
    return [cut(line, size, within, weight=weight) for line in lines]


def cut(text: str, size: float, within: float, *, weight: int = REGULAR) -> str:
    """A text as it fits into so many pixels: with dots at its end where it does not."""
    if width(text, size, weight) <= within:
        return text
    while text and width(f"{text}…", size, weight) > within:
        text = text[:-1]
    return f"{text.rstrip(' ,.;:(')}…"
