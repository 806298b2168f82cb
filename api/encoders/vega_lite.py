"""Charts as Vega-Lite specifications."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from api.charts.vega_lite import specification
from api.encoders.svg import chart_of
from api.rows import Answer


def stream(answer: Answer) -> Iterator[bytes]:
    """The specification of a chart, its data within. TypeError where the answer is none."""
    yield orjson.dumps(specification(chart_of(answer)))
