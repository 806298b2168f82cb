"""All observations of a release as one table, in the formats that can be written as they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import BinaryIO

import orjson

from api.answers.observations import list_observations
from api.answers.reading import Reading
from api.encoders import csv, csvw, parquet
from api.filters import OWN, ObservationFilter
from api.rows import PERIOD, REGION, Answer, TidyRows


def all_observations(reading: Reading) -> Answer:
    """Every observation of a release, under the code that it was published under."""
    return list_observations(reading, ObservationFilter(history=OWN))


def write_csv(reading: Reading, file: BinaryIO) -> None:
    """Write them as CSV."""
    _write(csv.stream, reading, file)


def write_parquet(reading: Reading, file: BinaryIO) -> None:
    """Write them as Parquet, ordered by what is printed: indicator, region, period.

    Readers skip the row groups whose least and greatest values leave out what they look for.
    """
    answer = all_observations(replace(reading, sample=1))  # what it says of itself
    nothing = TidyRows([], reading.catalogue.indicators, reading.catalogue.regions)
    pages = (_ordered(reading, name) for name in sorted(answer.indicators))
    parquet.write(replace(answer, data=nothing, next_cursor=None, rest=pages), file)


def _ordered(reading: Reading, indicator: str) -> TidyRows:
    """All observations of an indicator, by the codes of their regions and their periods."""
    answer = list_observations(reading, ObservationFilter(indicator=(indicator,), history=OWN))
    first, *others = (page for page in answer.pages() if isinstance(page, TidyRows))
    found = [row for page in (first, *others) for row in page.found]
    found.sort(key=lambda row: (first.regions[row[REGION]].code, row[PERIOD]))
    return replace(first, found=found)


def write_metadata(reading: Reading, file: BinaryIO) -> None:
    """Write what describes the CSV, which stands beside it."""
    answer = all_observations(replace(reading, sample=1))  # its columns and provenance are enough
    file.write(orjson.dumps(csvw.described(answer, answer.columns, url="download.csv")))


def _write(stream: Callable[[Answer], Iterable[bytes]], reading: Reading, file: BinaryIO) -> None:
    file.writelines(stream(all_observations(reading)))
