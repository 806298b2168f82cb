"""SDMX-CSV 2.0 and 1.0: observations under SDMX's own names, for tools that load statistics.

https://github.com/sdmx-twg/sdmx-csv/blob/v2.0.0/data-message/docs/sdmx-csv-field-guide.md
A missing value is `NaN`, as the technical notes of SDMX 3.0 have it for measures that are numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

import orjson

from api import sdmx
from api.columns import STATUSES
from api.encoders.csv import cell, lines
from api.rows import (
    INDICATOR,
    PERIOD,
    REGION,
    STATUS,
    Answer,
    TidyRows,
    WrittenRows,
    period_of,
    status_of,
    value_of,
)

FLOW = sdmx.reference(sdmx.FLOW)
_SAID = itemgetter(INDICATOR, REGION, PERIOD, STATUS)
"""Indicator, region, period and status of a row."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """How a version of SDMX-CSV writes observations, with identifiers alone or with names as well.

    `labels` are SDMX's: `id`, `both` (`A: Annual` in one cell) or `name` (in a column of its own, version 2 alone).
    """

    version: str
    labels: str = "id"
    separator: str = ""
    levelled: bool = False

    def header(self) -> bytes:
        """The line of column names."""
        first = ["DATAFLOW"] if self.version.startswith("1") else ["STRUCTURE", "STRUCTURE_ID"]
        named = ["STRUCTURE_NAME"] if self.labels == "name" else []
        action = [] if self.version.startswith("1") else ["ACTION"]
        components = [text for item in sdmx.COMPONENTS for text in _both(self.labels, item.id, item.name)]
        return lines([[*first, *named, *action, *components]])

    def text(self, page: TidyRows | WrittenRows) -> bytes:
        """The observations of a page, one after the other; as they are, where they are written in this form already."""
        return page.text if isinstance(page, WrittenRows) else "".join(self.rows(page)).encode()

    def rows(self, page: TidyRows) -> list[str]:
        """Each observation as a line. Periods need no quotes."""
        uncoded = ",," if self.labels == "name" else ","
        # What periods and statuses come to is the same for many rows, and series for those that follow one another.
        begun = {period: self._begun(period) for period in set(map(period_of, page.found))}
        told = {status: self._cells(status, STATUSES.get(status, "")) for status in set(map(status_of, page.found))}
        series = after = ""
        last_indicator = last_region = None
        written = []
        for (indicator, region, period, status), value in zip(map(_SAID, page.found), _numbers(page), strict=True):
            if indicator != last_indicator or region != last_region:
                last_indicator, last_region = indicator, region
                series, after = self._around(page.indicators[indicator], page.regions[region])
            written.append(f"{begun[period]}{series}{period}{uncoded}{value}{uncoded}{told[status]}{after}")
        return written

    def _begun(self, period: str) -> str:
        """What a line begins with: the flow, and the frequency, which is how long its period is."""
        code = sdmx.frequency_of(period)
        return self._start() + self._cells(code, sdmx.FREQUENCIES[code])

    def _start(self) -> str:
        """What every line begins with."""
        flow = self._cells(FLOW, sdmx.FLOW_NAME)
        return flow if self.version.startswith("1") else f"dataflow,{flow}I,"

    def _around(self, indicator: Any, region: Any) -> tuple[str, str]:
        """What a series says of itself: before the period and after the status."""
        # Where a place has had several codes, the region knows which of them its figures were published under.
        published = getattr(region, "published_code", None) or region.code
        unit = self._cells(sdmx.unit_code(indicator.unit), indicator.unit)
        series = self._cells(region.code, region.label) + self._cells(indicator.slug, indicator.title)
        decimals = self._cells(str(indicator.decimals), "")
        return series, f"{unit}{decimals}{self._cells(published, region.label)[:-1]}\r\n"

    def _cells(self, code: str, name: str) -> str:
        """The cell or cells of a value with a name (none: ""), each with the comma after it."""
        return _cells(self.labels, code, name)


@lru_cache(maxsize=8_192)
def _cells(labels: str, code: str, name: str) -> str:
    """The cell or cells of a value under some labels. The same few are written over and over."""
    return "".join(f"{cell(text) if text else ''}," for text in _both(labels, code, name))


def _both(labels: str, code: str, name: str) -> list[str]:
    if labels == "both" and name:
        return [f"{code}: {name}"]
    return [code, name] if labels == "name" else [code]


def _numbers(page: TidyRows) -> list[str]:
    """The values as text: as few digits as name them exactly, whole ones without a decimal point."""
    if not page.found:
        return []
    text = orjson.dumps(list(map(value_of, page.found)))[1:-1] + b","
    return text.replace(b".0,", b",").replace(b"null", b"NaN").decode()[:-1].split(",")


def _stream(form: Lines, answer: Answer) -> Iterator[bytes]:
    for number, page in enumerate(answer.parts()):
        if not isinstance(page, TidyRows | WrittenRows):
            raise TypeError("only observations have an SDMX-CSV form")
        header = form.header() if number == 0 else b""
        yield header + form.text(page)


def streamed(form: Lines) -> Callable[[Answer], Iterator[bytes]]:
    """What writes an answer in a form, a page at a time."""
    return partial(_stream, form)


FORMS = (
    Lines(version="2.0.0"),
    Lines(version="2.0.0", labels="both"),
    Lines(version="2.0.0", labels="name"),
    Lines(version="1.0.0"),
    Lines(version="1.0.0", labels="both"),
)
"""Every form that is served, the one first that comes where none is asked for."""
