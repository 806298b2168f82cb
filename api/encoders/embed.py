"""Charts as a snippet of HTML for pages of others: the image with its statement, and a caption with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from api.charts.svg import size_of
from api.encoders.svg import chart_of
from api.rows import Answer


def stream(answer: Answer) -> Iterator[bytes]:
    """The snippet of a chart, with the address that was asked for. TypeError where the answer is none."""
    chart = chart_of(answer)
    address = escape(f"{answer.meta['public_url']}{_as_image(str(answer.links['self']))}")
    width, height = size_of(chart)
    image = (
        f'<img src="{address}" width="{width}" height="{height}" alt="{escape(chart.statement)}" '
        'loading="lazy" style="max-width: 100%; height: auto">'
    )
    caption = f"<figcaption>{escape(chart.title)}. {escape(chart.source)}</figcaption>"
    yield f'<figure>\n  <a href="{address}">{image}</a>\n  {caption}\n</figure>\n'.encode()


def _as_image(address: str) -> str:
    """The address of the image: a snippet's own, with the format of an image in place of its own."""
    path, mark, query = address.partition("?")
    path = re.sub(r"\.embed\Z", "", path) + ".svg"
    kept = [part for part in query.split("&") if part and not part.startswith("format=")]
    return f"{path}{mark if kept else ''}{'&'.join(kept)}"
