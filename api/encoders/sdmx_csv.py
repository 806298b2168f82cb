"""SDMX-CSV 2.0: observations under SDMX's own names, for tools that load statistics.

https://github.com/sdmx-twg/sdmx-csv/blob/v2.0.0/data-message/docs/sdmx-csv-field-guide.md
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.encoders.csv import lines, safe
from api.rows import Answer

STRUCTURE = "UKDC:OBSERVATIONS(1.0.0)"
COLUMNS = (
    "STRUCTURE", "STRUCTURE_ID", "ACTION", "FREQ", "REF_AREA", "INDICATOR", "TIME_PERIOD",
    "OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE", "DECIMALS",
)  # fmt: skip
FREQUENCIES = {"annual": "A", "half-yearly": "S", "quarterly": "Q", "monthly": "M", "irregular": "_O"}
"""Frequencies as the SDMX code list CL_FREQ has them; `_O` (other) is SDMX's general code for what it does not have."""


def stream(answer: Answer) -> Iterator[bytes]:
    """The observations as SDMX-CSV, a page at a time."""
    for number, page in enumerate(answer.pages()):
        header = [COLUMNS] if number == 0 else []
        yield lines([*header, *(_row(row, answer) for row in page.dicts())])


def _row(row: dict[str, Any], answer: Answer) -> tuple[Any, ...]:
    indicator = answer.indicators[row["indicator"]]
    return (
        "dataflow",
        STRUCTURE,
        "I",
        FREQUENCIES[indicator.frequency],
        row["region"],
        row["indicator"],
        row["period"],
        row["value"],
        row["status"],
        safe(indicator.unit),
        indicator.decimals,
    )
