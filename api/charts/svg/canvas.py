"""What drawings are written on: elements of SVG as text, in the colours of one theme."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

LABEL, SMALL = 13.0, 11.5
"""Sizes of letters, in pixels: of labels, and of what is said besides."""
SHAPES = ("circle", "square", "triangle", "diamond", "upside-down", "cross")
"""The marks of series, so that they are told apart without colour."""
DASHES = ("", "7 4", "2 4", "10 4 2 4", "5 3", "1 5")


def short(value: float) -> str:
    """A number of pixels as it is written: to a tenth."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


@dataclass(slots=True)
class Canvas:
    """A part of an image: where it begins, how wide it is, and the elements that stand on it."""

    left: float
    top: float
    width: float
    parts: list[str] = field(default_factory=list)

    @property
    def right(self) -> float:
        """The pixel where it ends."""
        return self.left + self.width

    @property
    def narrow(self) -> bool:
        """Whether labels have no room beside what they name."""
        return self.width < 460

    def add(self, element: str, text: str = "", **attributes: object) -> None:
        """An element with its attributes; an underscore stands for a hyphen, and one at the end for nothing."""
        self.parts.append(made(element, text, **attributes))

    def text(self, x: float, y: float, said: str, kind: str = "l", *, anchor: str = "") -> None:
        """A line of text that ends, begins or has its middle at x; `kind` is its class."""
        self.add("text", said, x=x, y=y, class_=kind, text_anchor=anchor or None)

    def line(self, start: tuple[float, float], end: tuple[float, float], kind: str) -> None:
        """A straight line."""
        self.add("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], class_=kind)

    def mark(self, at: tuple[float, float], kind: str, *, shape: str = SHAPES[0], size: float = 4.0) -> None:
        """A mark of a shape, with its middle at a point."""
        x, y = at
        if shape == "circle":
            self.add("circle", cx=x, cy=y, r=size, class_=kind)
            return
        corners = {
            "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
            "triangle": ((0, -1.15), (1.1, 0.85), (-1.1, 0.85)),
            "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
            "upside-down": ((0, 1.15), (1.1, -0.85), (-1.1, -0.85)),
            "cross": ((-0.5, -1.2), (0.5, -1.2), (0.5, -0.5), (1.2, -0.5), (1.2, 0.5), (0.5, 0.5), (0.5, 1.2),
                      (-0.5, 1.2), (-0.5, 0.5), (-1.2, 0.5), (-1.2, -0.5), (-0.5, -0.5)),
        }[shape]  # fmt: skip
        self.add("path", d=path([(x + size * right, y + size * down) for right, down in corners]) + "Z", class_=kind)


def made(element: str, text: str = "", **attributes: object) -> str:
    """An element as text; numbers to a tenth of a pixel, and without the attributes that are None."""
    said = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{element}{said}>{escape(text, quote=False)}</{element}>" if text else f"<{element}{said}/>"


def _value(value: object) -> str:
    return short(float(value)) if isinstance(value, int | float) else escape(str(value))


def path(points: Iterable[Sequence[float]]) -> str:
    """Lines from point to point, as an attribute of a path."""
    return "M" + "L".join(f"{short(x)} {short(y)}" for x, y in points)
