"""Observations as text, fast: what formats that write a line or an object for each observation share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from api import decimals
from api.rows import INDICATOR, REGION, STATUS, TidyRows, WrittenRows, period_of, value_of
from api.spans import Span, span_of

_SAID = itemgetter(INDICATOR, REGION, STATUS)
"""Indicator, region and status of a row."""


class SpanTexts(dict[str, str]):
    """How a format writes periods in full, by their labels: there are few labels, and each stands in many rows."""

    def __init__(self, write: Callable[[Span], str]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, label: str) -> str:
        text = self[label] = self._write(span_of(label))
        return text


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
    spans: SpanTexts | None = None
    """How periods are written in full, in formats that are tables: these have values in published decimals, too.

    None: periods by their labels, and every digit of values.
    """

    @property
    def levelled(self) -> bool:
        """Whether it says the level of a region, so that what it writes depends on the level asked for."""
        return self.spans is not None

    def text(self, page: TidyRows | WrittenRows) -> bytes:
        """The observations of a page, one after the other; as they are, where they are written in this form already."""
        return page.text if isinstance(page, WrittenRows) else self.separator.join(self.rows(page)).encode()

    def rows(self, page: TidyRows) -> list[str]:
        """Each observation as text.

        Periods and statuses are written as they are: no format needs to quote a character of theirs.
        """
        periods, values = self._periods(page), self._values(page)
        after_period, after_value = self.between
        before = after = ""
        last_indicator = last_region = None
        texts = []
        for (indicator, region, status), period, value in zip(map(_SAID, page.found), periods, values, strict=True):
            if indicator != last_indicator or region != last_region:
                last_indicator, last_region = indicator, region
                before, after = self.around(page.indicators[indicator], page.regions[region])
            texts.append(f"{before}{period}{after_period}{value}{after_value}{status}{after}")
        return texts

    def _periods(self, page: TidyRows) -> list[str]:
        periods, spans = map(period_of, page.found), self.spans
        return list(periods) if spans is None else [spans[period] for period in periods]

    def _values(self, page: TidyRows) -> list[str]:
        if self.spans is not None:
            return page.value_texts(self.missing)
        # Whole ones without a decimal point, as JSON has always had them.
        exact = decimals.texts(list(map(value_of, page.found)))
        return [self.missing if text == "null" else text.removesuffix(".0") for text in exact]
