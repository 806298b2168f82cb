"""Projects every series in `seed/` and writes `seed/projections.csv`: `make seed-projections`, after figures changed.

Computing takes a library that a running service does without, and half a minute: so what comes of it is kept beside the
figures that it is made of, each row under a digest of those.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from pathlib import Path

from sqlalchemy import select

from api.database import Database
from api.models import Indicator, Projection, Region, Series
from api.queries.catalogue import load_catalogue
from api.queries.releases import all_releases
from api.services import project
from api.services.seed import fill
from api.settings import SEED

COLUMNS = ("indicator", "region", "digest", "release", "engine", "content")


def main() -> int:
    """Load the figures into a database of its own, project them, and write the file. Returns the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(fill(f"sqlite:///{Path(folder) / 'figures.sqlite3'}", projected=False))
        with database.connect() as connection:
            catalogue = load_catalogue(connection, all_releases(connection)[-1])
        project.fill(database, catalogue)
        made = select(
            Indicator.slug, Region.code, Projection.digest, Projection.release_id, Projection.engine, Projection.content
        )
        joined = made.join_from(Projection, Series).join(Indicator).join(Region)
        with database.connect() as connection:
            rows = sorted(tuple(row) for row in connection.execute(joined.order_by(Indicator.slug, Region.code)))
        database.engine.dispose()
    with (SEED / "projections.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows((*row[:-1], json.dumps(row[-1], separators=(",", ":"))) for row in rows)
    print(f"{len(rows):,} series projected.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
