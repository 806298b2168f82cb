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
from api.rows import Answer


def all_observations(reading: Reading) -> Answer:
    """Every observation of a release, under the code that it was published under."""
    return list_observations(reading, ObservationFilter(history=OWN))


def write_csv(reading: Reading, file: BinaryIO) -> None:
    """Write them as CSV."""
    _write(csv.stream, reading, file)


def write_parquet(reading: Reading, file: BinaryIO) -> None:
    """Write them as Parquet."""
    _write(parquet.stream, reading, file)


def write_metadata(reading: Reading, file: BinaryIO) -> None:
    """Write what describes the CSV, which stands beside it."""
    answer = all_observations(replace(reading, sample=1))  # its columns and provenance are enough
    file.write(orjson.dumps(csvw.described(answer, answer.columns, url="download.csv")))


def _write(stream: Callable[[Answer], Iterable[bytes]], reading: Reading, file: BinaryIO) -> None:
    file.writelines(stream(all_observations(reading)))
