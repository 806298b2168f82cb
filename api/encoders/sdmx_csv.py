"""SDMX-CSV 2.0: observations under SDMX's own names, for tools that load statistics.

https://github.com/sdmx-twg/sdmx-csv/blob/v2.0.0/data-message/docs/sdmx-csv-field-guide.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.encoders.csv import cell, lines
from api.encoders.tidy import Form
from api.rows import Answer, TidyRows, WrittenRows

STRUCTURE = "UKDC:OBSERVATIONS(1.0.0)"
COLUMNS = (
    "STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "REF_AREA", "INDICATOR", "TIME_PERIOD",
    "OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE", "DECIMALS",
)  # fmt: skip
FREQUENCIES = {"annual": "A", "half-yearly": "S", "quarterly": "Q", "monthly": "M", "irregular": "_O"}
"""Frequencies as the SDMX code list CL_FREQ has them; `_O` (other) is SDMX's general code for what it does not have."""


def stream(answer: Answer) -> Iterator[bytes]:
    """The observations as SDMX-CSV, a page at a time."""
    for number, page in enumerate(answer.parts()):
        if not isinstance(page, TidyRows | WrittenRows):
            raise TypeError("only observations have an SDMX-CSV form")
        header = lines([COLUMNS]) if number == 0 else b""
        yield header + LINES.text(page)


def _around(indicator: Any, region: Any) -> tuple[str, str]:
    series = f"{FREQUENCIES[indicator.frequency]},{cell(region.code)},{cell(indicator.slug)}"
    return f"dataflow,{STRUCTURE},I,{series},", f",{cell(indicator.unit)},{indicator.decimals}\r\n"


LINES = Form(around=_around, between=(",", ","), missing="")
"""How observations are written."""
