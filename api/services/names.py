"""Brings the names of places that came with a later version into a database that an earlier one filled."""

from __future__ import annotations

import csv
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from api import models
from api.services.seed import SEED


def complete(connection: Connection, *, folder: Path = SEED) -> int:
    """Give regions the names and codes of the package that they lack, and names their kinds; how many were added.

    Names are no figures: they say how a place is found, in every release. Nothing is taken away or changed.
    """
    table = models.RegionAlias.__table__
    numbers = {row.code: row.id for row in connection.execute(select(models.Region.code, models.Region.id))}
    known = {(row.alias, row.region_id): row for row in connection.execute(select(table))}
    codes = {*numbers, *(row.alias for row in known.values() if row.scheme != "name")}
    with (folder / "region_aliases.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["region"] in numbers]
    added = 0
    for row in rows:
        key = (row["alias"], numbers[row["region"]])
        kind = row["kind"] or None
        if key not in known and (row["scheme"] == "name" or row["alias"] not in codes):
            values = {"alias": key[0], "region_id": key[1], "scheme": row["scheme"], "kind": kind}
            connection.execute(insert(models.RegionAlias).values(values))
            added += 1
        elif key in known and known[key].kind is None and kind is not None:
            same = table.c.alias == key[0], table.c.region_id == key[1]
            connection.execute(update(models.RegionAlias).where(*same).values(kind=kind))
    return added
