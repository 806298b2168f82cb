"""Observations as text, fast: what formats that write a line or an object for each observation share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import orjson

from api.rows import TidyRows, WrittenRows

_SAID = itemgetter(0, 1, 2, 4)
"""Indicator, region, period and status of a row."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Form:
    """How a format writes an observation: what a series says of itself around what the observation does."""

    around: Callable[[Any, Any], tuple[str, str]]
    """What stands before the period and after the status, given an indicator and a region."""
    between: tuple[str, str]
    """What stands between period and value, and between value and status."""
    missing: str
    separator: str = ""
    """What stands between two observations."""

    def text(self, page: TidyRows | WrittenRows) -> bytes:
        """The observations of a page, one after the other; as they are, where they are written in this form already."""
        return page.text if isinstance(page, WrittenRows) else self.separator.join(self.rows(page)).encode()

    def rows(self, page: TidyRows) -> list[str]:
        """Each observation as text.

        Periods and statuses are written as they are: no format needs to quote a character of theirs.
        """
        values = _numbers([row[3] for row in page.found], self.missing)
        after_period, after_value = self.between
        before = after = ""
        last_indicator = last_region = None
        texts = []
        for (indicator, region, period, status), value in zip(map(_SAID, page.found), values, strict=True):
            if indicator != last_indicator or region != last_region:
                last_indicator, last_region = indicator, region
                before, after = self.around(page.indicators[indicator], page.regions[region])
            texts.append(f"{before}{period}{after_period}{value}{after_value}{status}{after}")
        return texts


def _numbers(values: list[float | None], missing: str) -> list[str]:
    """Numbers as text: as few digits as name them exactly, whole ones without a decimal point."""
    if not values:
        return []
    text = orjson.dumps(values)[1:-1] + b","
    return text.replace(b".0,", b",").replace(b"null", missing.encode()).decode()[:-1].split(",")
