"""The colours of charts, light and dark: told apart by who does not see some of them, and in grey by their lightness.

Contrast with the ground is at least 4.5 of texts and 3 of lines and dots (WCAG 2.2, 1.4.3 and 1.4.11).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of a theme."""

    ground: str
    text: str
    quiet: str
    """Of what is said besides: notes, axes."""
    grid: str
    band: str
    benchmark: str
    strong: str
    """Of what is asked about."""
    series: tuple[str, ...]
    steps: tuple[str, ...]
    """Of the classes of a map, from the lowest on."""
    nothing: str
    """Of a place without a value."""


LIGHT = Palette(
    ground="#ffffff",
    text="#16202b",
    quiet="#55616e",
    grid="#e2e7ec",
    band="#eef2f6",
    benchmark="#6f7b87",
    strong="#0b5394",
    series=("#0b5394", "#c2500a", "#00785f", "#8a3d92", "#806000", "#3b4652"),
    steps=("#d9e8f4", "#a3c8e2", "#5d9dc9", "#20699f", "#0a3a63"),
    nothing="#ffffff",
)
DARK = Palette(
    ground="#121820",
    text="#edf1f5",
    quiet="#a7b2bd",
    grid="#2b343f",
    band="#1c2530",
    benchmark="#8e9aa6",
    strong="#79b8f0",
    series=("#79b8f0", "#ff9e5e", "#52cbb0", "#d9a0e2", "#dfba4e", "#c3ccd5"),
    steps=("#20405c", "#2f6691", "#4c93c5", "#8ac1e8", "#d4ebfb"),
    nothing="#121820",
)
