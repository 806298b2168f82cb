"""The good rows of a file that was checked, written down between checking and publishing: a CSV file beside the draft.

By names and not by numbers, since what a draft brings has a number only when it is published. Written by the process
that checks, read by those that publish, which need no library for it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from api.models import Indicator, Region

COLUMNS = (
    "indicator", "region", "period", "period_start", "period_duration", "value", "status", "lower", "upper",
    "bounds_kind", "note", "removed",
)  # fmt: skip
_NUMBERS = ("value", "lower", "upper")
Row = dict[str, Any]


def folder_of(drafts: Path, draft: str) -> Path:
    """Where what is made of a draft is kept."""
    return drafts / "made" / draft


def file_of(drafts: Path, draft: str, upload: int) -> Path:
    """The good rows of one of its files."""
    return folder_of(drafts, draft) / f"rows-{upload}.csv"


def faults_of(drafts: Path, draft: str, upload: int) -> Path:
    """The table of its rows that have faults."""
    return folder_of(drafts, draft) / f"faults-{upload}.csv"


def read(path: Path) -> Iterator[dict[str, str]]:
    """The rows as they are written, by name. FileNotFoundError where they are not there any more."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def staged(connection: Connection, files: Iterable[tuple[Path, dict[str, int]]]) -> Iterator[Row]:
    """The rows of some files as they are staged for a release.

    Each file comes with the number of the source file of each indicator. Names are looked up when the first row is
    taken, once what the release says of indicators and places is written.
    """
    indicators = dict(connection.execute(select(Indicator.slug, Indicator.id)).all())
    regions = dict(connection.execute(select(Region.code, Region.id)).all())
    for path, sources in files:
        for row in read(path):
            removed = row["removed"] == "true"
            key = {
                "indicator_id": indicators[row["indicator"]],
                "region_id": regions[row["region"]],
                "series_id": None,
                "removed": removed,
                "period_start": row["period_start"],
                "period_duration": row["period_duration"],
            }
            said = {
                "period": row["period"],
                "status": row["status"],
                "bounds_kind": row["bounds_kind"] or None,
                "note": row["note"] or None,
                **{name: float(row[name]) if row[name] else None for name in _NUMBERS},
                "source_file_id": sources[row["indicator"]],
            }
            yield key | (dict.fromkeys(said) if removed else said)
