"""Brings the projections that come with the figures into a database that lacks some of them.

They are loaded together with the figures. A database that was filled otherwise, by an earlier version or a start that
was cut off, is made whole by the next start.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from api.models import Indicator, Projection, Region, Series
from api.services.package import Package
from api.settings import SEED

Row = dict[str, Any]


def missing(connection: Connection, *, folder: Path = SEED) -> list[Row]:
    """The projections of the package that are not there, of series and releases that are: as rows to be written.

    What cannot be projected, and what was published here and nobody has projected yet, is not missing.
    """
    with (folder / "projections.csv").open(encoding="utf-8", newline="") as file:
        projected = list(csv.DictReader(file))
    pair = select(Indicator.slug, Region.code, Series.id).select_from(Series).join(Indicator).join(Region)
    # Of those regions alone: there may be tens of thousands of others, whose series nobody projects.
    own = pair.where(Region.code.in_({row["region"] for row in projected}))
    series = {(slug, code): number for slug, code, number in connection.execute(own)}
    releases = Package(folder).held(connection)
    known = {tuple(row) for row in connection.execute(select(Projection.series_id, Projection.digest))}
    rows = []
    for row in projected:
        number, release = series.get((row["indicator"], row["region"])), releases.get(int(row["release"]))
        if number is not None and release is not None and (number, row["digest"]) not in known:
            content = json.loads(row["content"])
            found = {"series_id": number, "release_id": release, "content": content}
            rows.append(found | {name: row[name] for name in ("digest", "engine")})
    return rows


def complete(connection: Connection, *, folder: Path = SEED) -> int:
    """Write the projections that are missing, in the caller's transaction; returns how many."""
    rows = missing(connection, folder=folder)
    if rows:
        connection.execute(insert(Projection), rows)
    return len(rows)
