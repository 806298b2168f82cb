"""Kills the first start at random moments, starts again, and compares what is there with an undisturbed start.

    python -m bench.killed [sqlite|postgresql] [how many, 50] [seed, 1]

Killed is `flask data prepare` (what `make serve` does before it serves), by SIGKILL. The next start must end well, be
told ready, and leave the same rows in every table. Takes about ten seconds for each moment.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import select

from api import create_app
from api.database import Database
from api.models import Base, Series
from api.settings import ROOT, Settings
from bench.databases import databases

PREPARE = [sys.executable, "-m", "flask", "--app", "wsgi", "data", "prepare"]
_NUMBER = Series.__table__.c.id
_DRAWN = {"mark"}
"""Columns that are drawn at random: no two databases have the same."""


def start(url: str) -> subprocess.Popen[str]:
    """A first start, as a process, with no folder of files to look after."""
    nowhere = str(Path(tempfile.gettempdir()) / "digital-capital-killed" / "downloads")
    environment = {**os.environ, "DATABASE_URL": url, "DOWNLOADS_PATH": nowhere, "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        PREPARE, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def figures(url: str) -> dict[str, str]:
    """How many rows each table has, and a digest of them: the same where they say the same, in whatever order."""
    database = Database(url)
    found = {}
    with database.connect() as connection:
        pairs = select(Series.id, Series.indicator_id, Series.region_id)
        # PostgreSQL leaves out the numbers that a start gave which did not come to its end.
        series = {number: f"{indicator} {region}" for number, indicator, region in connection.execute(pairs)}
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name not in _DRAWN and column is not _NUMBER]
            place = next((place for place, column in enumerate(columns) if column.name == "series_id"), None)
            read = [list(row) for row in connection.execute(select(*columns))]
            for row in read if place is not None else ():
                row[place] = series[row[place]]
            rows = sorted(map(repr, read))
            digest = blake2b("|".join(rows).encode(), digest_size=8).hexdigest()
            found[table.name] = f"{len(rows):,} rows, {digest}"
    database.engine.dispose()
    return found


def ready(url: str) -> int:
    """The status of `/readyz` on a database."""
    app = create_app(Settings(database_url=url))
    status = app.test_client().get("/readyz").status_code
    app.extensions["database"].engine.dispose()
    return status


def main(kind: str = "sqlite", times: str = "50", seed: str = "1") -> int:
    """Every moment, a line each. Returns the number of databases that were not whole."""
    draw = random.Random(seed)
    wrong = 0
    with tempfile.TemporaryDirectory() as folder, databases(kind, Path(folder)) as made:
        begun = time.monotonic()
        undisturbed = made.empty("first_0")
        assert start(undisturbed).wait() == 0
        lasts = time.monotonic() - begun
        expected = figures(undisturbed)
        print(f"An undisturbed start takes {lasts:.1f} s. Projections: {expected['projection']}", flush=True)
        for number in range(1, int(times) + 1):
            url, moment = made.empty(f"first_{number}"), draw.uniform(0, lasts)
            process = start(url)
            time.sleep(moment)
            process.kill()
            said = process.communicate()[0].splitlines()
            again = start(url)
            told = again.communicate()[0].splitlines()
            whole = again.returncode == 0 and figures(url) == expected and ready(url) == 200
            wrong += not whole
            last, then = (said or ["nothing"])[-1].strip(), (told or ["nothing"])[-1]
            print(
                f"{number:3} killed after {moment:5.2f} s, at {last!r}: {'whole' if whole else 'NOT WHOLE'} ({then})",
                flush=True,
            )
            made.drop(f"first_{number}")
    print(f"{wrong} of {times} not whole.")
    return wrong


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
