"""A chart as SVG: `frame` puts title, notes and source around what `lines`, `rows` or `areas` draws.

The image asks for nothing: no script, no font, no other address. `title` and `desc` say what it shows; texts are texts.
Every drawing takes a `Canvas` and returns how high it became.
"""

from api.charts.svg.frame import draw, size_of

__all__ = ["draw", "size_of"]
