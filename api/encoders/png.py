"""Charts as PNG images: the SVG of the same chart, drawn with fonts of our own at twice its size.

It is drawn in a process of its own (`draw_png`): what draws it would hold up all threads of a worker for up to a third
of a second, and keep the memory that a large image took.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from api.charts.chart import AUTO, LIGHT, Chart
from api.charts.svg import draw
from api.charts.text import FONTS
from api.encoders.svg import chart_of
from api.rows import Answer

ZOOM = 2
"""Pixels of the image for each that is asked for, since most screens have as many."""
_PROGRAM = Path(__file__).with_name("draw_png.py")
_SECONDS = 60
"""After which a drawing is given up: the largest takes under one."""


def stream(answer: Answer) -> Iterator[bytes]:
    """The image of a chart. TypeError where the answer is none."""
    yield rendered(chart_of(answer))


def rendered(chart: Chart) -> bytes:
    """A chart as PNG. A theme that is the reader's own becomes the light one: an image cannot ask."""
    look = replace(chart.look, theme=LIGHT if chart.look.theme == AUTO else chart.look.theme)
    image = draw(replace(chart, look=look))
    # Nothing of the caller's is in the command, and -I keeps the environment and the current folder out.
    command = [sys.executable, "-I", str(_PROGRAM), str(FONTS), str(ZOOM)]
    done = subprocess.run(command, input=image.encode(), capture_output=True, check=True, timeout=_SECONDS)  # noqa: S603
    return done.stdout
