"""Projects every series in `seed/` that is not yet, and adds it to `seed/projections.csv`: `make seed-projections`.

Computing takes a library that a running service does without, and a minute: so what comes of it is kept beside the
figures that it is made of, each row under a digest of those. Rows of figures that a later release changed stay: earlier
releases are read with them. To compute all anew, as after a change of the method, empty the file first.
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

FIRST = 4
"""The first release whose series are projected: what earlier ones have of the same figures is found with it."""
COLUMNS = ("indicator", "region", "digest", "release", "engine", "content")


def main() -> int:
    """Load the figures into a database of its own, project them, and write the file. Returns the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(fill(f"sqlite:///{Path(folder) / 'figures.sqlite3'}"))
        with database.connect() as connection:
            releases = [item for item in all_releases(connection) if item.id >= FIRST]
            catalogues = [load_catalogue(connection, item) for item in releases]
        for catalogue in catalogues:
            project.fill(database, catalogue)
        made = select(
            Indicator.slug, Region.code, Projection.digest, Projection.release_id, Projection.engine, Projection.content
        )
        joined = made.join_from(Projection, Series).join(Indicator).join(Region)
        with database.connect() as connection:
            found = [(*row[:3], str(row[3]), *row[4:]) for row in connection.execute(joined)]
        database.engine.dispose()
    path = SEED / "projections.csv"
    with path.open(encoding="utf-8", newline="") as file:
        known = {row[:3]: row for row in map(tuple, list(csv.reader(file))[1:])}
    rows = {row[:3]: (*row[:-1], json.dumps(row[-1], separators=(",", ":"))) for row in found} | known
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows[key] for key in sorted(rows))
    print(f"{len(rows) - len(known):,} series projected, {len(rows):,} in all.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
