"""A chart as a Vega-Lite specification, with its data: for Observable, Altair, and editors of charts.

It says the same as the SVG, with the marks that Vega-Lite has; nothing in it is fetched from elsewhere.
https://vega.github.io/vega-lite/docs/spec.html
"""

from api.charts.vega_lite.specification import specification

__all__ = ["specification"]
