"""Observations as text, fast: what formats that write a line or an object for each observation share."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

import orjson

from api.rows import TidyRows

Around = Callable[[Any, Any], tuple[str, str]]
"""What stands before the period and after the status, given an indicator and a region."""
_SAID = itemgetter(0, 1, 2, 4)
"""Indicator, region, period and status of a row."""


def written(page: TidyRows, around: Around, between: tuple[str, str], *, missing: str) -> list[str]:
    """Each observation as text: what is around it, and between its period, its value and its status.

    Periods and statuses are written as they are: no format needs to quote a character of theirs.
    """
    values = _numbers([row[3] for row in page.found], missing)
    after_period, after_value = between
    before = after = ""
    last_indicator = last_region = None
    texts = []
    for (indicator, region, period, status), value in zip(map(_SAID, page.found), values, strict=True):
        if indicator != last_indicator or region != last_region:
            last_indicator, last_region = indicator, region
            before, after = around(page.indicators[indicator], page.regions[region])
        texts.append(f"{before}{period}{after_period}{value}{after_value}{status}{after}")
    return texts


def _numbers(values: list[float | None], missing: str) -> list[str]:
    """Numbers as text: as few digits as name them exactly, whole ones without a decimal point."""
    if not values:
        return []
    text = orjson.dumps(values)[1:-1] + b","
    return text.replace(b".0,", b",").replace(b"null", missing.encode()).decode()[:-1].split(",")
