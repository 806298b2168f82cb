"""The peers: how they are started, what data they are given, and how the question of `bench.compare` is put to them.

Both get our observations as one plain table, in our order, and run as they are meant to run: one process each.
Datasette has an index fit for the question, and is asked in SQL, since its table pages order by one column alone (they
were slower, too). ROAPI holds its table in memory, and is asked in SQL as well: its REST parameters know no "one of".
It is also measured with nothing asked but as many rows as they lie in its file: that is less than what the others
do, for no order is promised and nothing is looked for, but it is what a deployment with an ordered file could do.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from urllib.parse import urlencode

from api.settings import ROOT
from bench.servers import Contestant, Question, file_of, folder_of

COLUMNS = ("indicator", "region", "region_name", "period", "value", "status", "unit")
"""Of a row of `/v1/observations`, and of the peers' table."""
INDICATORS = ("gva-per-hour", "population")
"""Whose observations are asked for: more than 10,000 rows, and slugs sort as positions do."""
BIN = ROOT / "bench" / ".venv" / "bin"

CURRENT = """
SELECT indicator.slug AS indicator, region.code AS region, region.name AS region_name, observation.period,
    observation.value, observation.status, indicator.unit
FROM series
JOIN observation ON observation.series_id = series.id
JOIN indicator ON indicator.id = series.indicator_id
JOIN region ON region.id = series.region_id
WHERE observation.last_release IS NULL
ORDER BY series.indicator_id, series.region_id, observation.period_start, observation.period_duration
"""
"""Every observation of the current release, as `/v1/observations` has it, in its order."""
_TABLE = """
CREATE TABLE observations (
    indicator TEXT, region TEXT, region_name TEXT, period TEXT, value REAL, status TEXT, unit TEXT
);
CREATE INDEX observations_key ON observations (indicator, region, period);
"""

DATASETTE = Contestant(
    "Datasette",
    (
        *(str(BIN / "datasette"), "serve", "--immutable", "{folder}/peers.db"),
        *("--host", "127.0.0.1", "--port", "{port}", "--setting", "max_returned_rows", "10000"),
        # Sixteen at once of the largest answers take it longer than the second it allows itself.
        *("--setting", "sql_time_limit_ms", "20000"),
    ),
    probe="/-/versions.json",
    noisy=True,
)
_ROAPI = (
    *(str(BIN / "roapi"), "--addr-http", "127.0.0.1:{port}"),
    *(
        "--addr-postgres",
        "127.0.0.1:0",
        "--addr-flight-sql",
        "127.0.0.1:0",
        "--table",
        "observations={folder}/peers.ndjson",
    ),
)
ROAPI = Contestant("ROAPI", _ROAPI, probe="/health", noisy=True)
ROAPI_AS_THEY_LIE = Contestant("ROAPI, rows as they lie", _ROAPI, probe="/health", noisy=True)


def lay_out(url: str) -> None:
    """Write what the peers are given beside the database at an address: a table, and lines of JSON."""
    if not (BIN / "roapi").exists():
        raise SystemExit("The peers are not installed: make bench does it.")
    with sqlite3.connect(file_of(url)) as own:
        rows = own.execute(CURRENT).fetchall()
    own.close()
    with sqlite3.connect(folder_of(url) / "peers.db") as given:
        given.executescript(_TABLE)
        given.executemany("INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    given.close()
    lines = (json.dumps(dict(zip(COLUMNS, row, strict=True))) for row in rows)
    Path(folder_of(url) / "peers.ndjson").write_text("\n".join(lines), encoding="utf-8")


def question(peer: Contestant, form: str, rows: int) -> Question:
    """The first rows of `INDICATORS` by indicator, region and period, as JSON or CSV, in the words of a peer."""
    headers = ("Accept: application/csv",) if form == "CSV" else ()
    if peer is ROAPI_AS_THEY_LIE:
        return Question(f"/api/tables/observations?{urlencode({'limit': rows})}", headers)
    wanted = ", ".join(f"'{slug}'" for slug in INDICATORS)
    sql = (
        f"SELECT {', '.join(COLUMNS)} FROM observations WHERE indicator IN ({wanted}) "
        f"ORDER BY indicator, region, period LIMIT {rows}"
    )
    if peer is ROAPI:
        return Question("/api/sql", headers, sql)
    if form == "CSV":
        return Question(f"/peers.csv?{urlencode({'sql': sql})}")
    return Question(f"/peers.json?{urlencode({'sql': sql, '_shape': 'array'})}")
