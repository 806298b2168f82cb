"""Charts as SVG images."""

from __future__ import annotations

from collections.abc import Iterator

from api.charts.chart import Chart
from api.charts.svg import draw
from api.rows import Answer


def stream(answer: Answer) -> Iterator[bytes]:
    """The image of a chart. TypeError where the answer is none."""
    yield draw(chart_of(answer)).encode()


def chart_of(answer: Answer) -> Chart:
    """The chart that an answer is. TypeError where it is none."""
    if not isinstance(answer.data, Chart):
        raise TypeError("only charts are drawn")
    return answer.data
