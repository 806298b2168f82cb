"""What questions and publications cost as the data grow: `python -m bench.large [--observations N] [--on postgresql]`.

A database with the project's figures gets areas until it holds so many observations: areas of a level of their
own below the districts, each with every indicator. Questions are asked of an application that keeps nothing, in this
process, of both databases; then releases are published and withdrawn, while a server with the usual workers is asked.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any
from urllib.error import HTTPError

from flask import Flask
from sqlalchemy import Connection, CursorResult, text

from api import create_app
from api.database import Database
from api.queries.releases import all_releases
from api.services.described import note_fingerprint
from api.services.publish import Figure, publish, withdraw
from api.services.seed import fill
from api.settings import ROOT, Settings
from bench.databases import KINDS, databases
from bench.servers import Question, Server, under_gunicorn

YEARS = 20
QUESTIONS = {
    "one series": "/v1/series/gva-per-hour/E12000005",
    "a comparison": "/v1/comparisons?indicator=gva-per-hour&region=E12000005",
    "a ranking of the regions": "/v1/rankings/gigabit-availability?level=itl1",
    "a table of 361 districts": "/v1/observations?indicator=gigabit-availability&level=local-authority&latest=true",
    "20 observations": "/v1/observations?limit=20",
    "a release": "/v1/releases/4",
    "a diff": "/v1/releases/3/diff/4?limit=20",
    "an unknown code": "/v1/regions/E12000095",
    "a search of places": "/v1/regions?q=birmingham",
    "a slip in a search": "/v1/regions?q=birmingam",
    "100 regions of a list": "/v1/regions?limit=100",
    "peers": "/v1/regions/E08000025/peers",
    "a profile": "/v1/regions/E08000025/profile",
    "500 small areas of a period": "/v1/observations?indicator=gva-per-hour&level=small-area&period=2020&limit=500",
    "... their latest values": "/v1/observations?indicator=gva-per-hour&level=small-area&latest=true&limit=500",
    "a ranking of small areas": "/v1/rankings/gva-per-hour?level=small-area",
}
"""What is asked. The last three are of the areas that are added: there are 100 of them in the small database."""
READERS = {"kept": "/v1/series/gva-per-hour/E12000005", "computed": "/v1/observations?region=E12000005&limit=20"}
_AFTER = 5.0
"""Seconds for which readers go on after a publication."""


def grow(connection: Connection, areas: int) -> int:
    """Add so many areas with figures of every indicator; returns how many observations there are then."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no look at each foreign key

    def add(statement: str) -> CursorResult[Any]:
        return connection.execute(text(statement))

    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {areas})"
    add("INSERT INTO level (id, title, description, position) VALUES ('small-area', 'Small area', 'Added.', 99)")
    base = add("SELECT max(id) FROM region").scalar()
    code = "'Z' || substr('00000000' || CAST(i AS VARCHAR(8)), -8)" if connection.dialect.name == "sqlite" else (
        "'Z' || lpad(CAST(i AS VARCHAR), 8, '0')"
    )  # fmt: skip
    add(f"INSERT INTO region (id, code, name) {numbers} SELECT {base} + i, {code}, 'Area ' || i FROM n")
    add(f"INSERT INTO region_level (region_id, level_id, position) {numbers} SELECT {base} + i, 'small-area', 1 FROM n")
    districts = [row[0] for row in add("SELECT region_id FROM region_level WHERE level_id = 'local-authority'")]
    pairs = [{"region": base + i, "parent": districts[i % len(districts)]} for i in range(1, areas + 1)]
    connection.execute(text("INSERT INTO region_parent (region_id, parent_id) VALUES (:region, :parent)"), pairs)
    add(
        "INSERT INTO series (indicator_id, region_id) SELECT i.id, r.id FROM indicator i CROSS JOIN region r "
        f"WHERE r.id > {base} ORDER BY i.id, r.id"
    )
    years = f"WITH RECURSIVE y(y) AS (SELECT 2001 UNION ALL SELECT y + 1 FROM y WHERE y < {2000 + YEARS})"
    add(
        "INSERT INTO observation (series_id, period_start, period_duration, first_release, period, value, status, "
        f"source_file_id) {years} SELECT s.id, y || '-01-01', 'P1Y', 1, CAST(y AS VARCHAR(4)), "
        "(CAST(s.id AS BIGINT) * 7919 + y * 104729) % 1000 / 10.0, 'A', 1 FROM series s CROSS JOIN y "
        f"WHERE s.region_id > {base} ORDER BY s.id, y"
    )
    add(
        "INSERT INTO coverage (indicator_id, level_id, period_start, period_duration, first_release, period, regions) "
        f"{years} SELECT i.id, 'small-area', y || '-01-01', 'P1Y', 1, CAST(y AS VARCHAR(4)), {areas} "
        "FROM indicator i CROSS JOIN y"
    )
    for release in all_releases(connection):
        note_fingerprint(connection, release.id)
    return int(add("SELECT count(*) FROM observation").scalar() or 0)


def made(url: str, observations: int) -> Flask:
    """An application on a database of about so many observations; it keeps nothing."""
    fill(url)
    database = Database(url, replace(Settings(), database_statement_seconds=0))
    database.take_time()
    begun = time.perf_counter()
    with database.begin() as connection:
        indicators = connection.execute(text("SELECT count(*) FROM indicator")).scalar_one()
        held = grow(connection, max(100, (observations - 54_000) // (indicators * YEARS)))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if connection.dialect.name == "postgresql" else "PRAGMA optimize")
    print(f"{held:,} observations, made in {time.perf_counter() - begun:.0f} s", flush=True)
    return create_app(Settings(database_url=url, caches="", database_statement_seconds=0))


def asked(app: Flask, address: str, *, rounds: int) -> float:
    """Milliseconds of processor and waiting that an answer takes: the median."""
    taken = []
    client = app.test_client()
    for _ in range(rounds):
        begun = time.perf_counter()
        response = client.get(address, buffered=True)
        taken.append((time.perf_counter() - begun) * 1000)
        if response.status_code >= 500:
            return float("nan")
        if sum(taken) > 20_000:
            break
    return median(taken)


@contextmanager
def served(url: str, folder: str) -> Iterator[Server]:
    """A server with the usual workers and caches, said how long it took to start, and what its workers hold."""
    begun = time.perf_counter()
    usual = under_gunicorn("large", caches=None)
    server = Server(replace(usual, environment={"DOWNLOADS_PATH": str(Path(folder) / "downloads")}), url)
    try:
        server.ready()
        taken = time.perf_counter() - begun
        for address in QUESTIONS.values():
            with suppress(HTTPError):  # of the code that is unknown
                server.ask(Question(address), timeout=120)
        held = f"its workers hold {server.memory():.0f} MB"
        print(f"a server is ready after {taken:.1f} s; asked everything once, {held}", flush=True)
        yield server
    finally:
        server.stop()


def publications(url: str, server: Server) -> None:
    """Publish 1, 1,000 and 100,000 changes over all indicators, and withdraw the last."""
    database = Database(url, replace(Settings(), database_statement_seconds=0))
    database.take_time()
    with database.connect() as connection:
        added = (
            "SELECT s.indicator_id, s.region_id FROM series s JOIN region r ON r.id = s.region_id "
            "WHERE r.code LIKE 'Z%' ORDER BY s.region_id, s.indicator_id"
        )
        series = connection.execute(text(added)).all()
    print(f"\n{'in the large one':32} {'seconds':>10} {'longest wait of a reader, s (' + ', '.join(READERS) + ')':>50}")
    for count in (1, 1_000, 100_000):
        changes = [
            Figure(
                indicator=indicator, region=region, period=str(2001 + turn), period_start=f"{2001 + turn}-01-01",
                period_duration="P1Y", value=1234.5, status="A", source_file=2,
            )
            for turn in range(YEARS)
            for indicator, region in series[: max(1, count // YEARS)]
        ][:count]  # fmt: skip
        timed(
            database, server, f"publish {len(changes):,}", lambda it, changes=changes: publish(it, changes, reason="x")
        )
    timed(database, server, "withdraw them", lambda it: withdraw(it, all_releases(it)[-1].id, reason="x"))
    database.engine.dispose()


def timed(database: Database, server: Server, name: str, work: Callable[[Connection], object]) -> None:
    """Do something in a transaction, and say how long it took, and how long readers waited then and right after."""
    with reading(server) as ended:
        begun = time.perf_counter()
        with database.begin() as connection:
            work(connection)
        taken = time.perf_counter() - begun
        time.sleep(_AFTER)
        longest = "".join(f"{max(of):25.2f}" for of in ended())
    print(f"{name:32} {taken:10.2f} {longest}", flush=True)


@contextmanager
def reading(server: Server) -> Iterator[Callable[[], list[list[float]]]]:
    """Have readers ask a server now and then; gives what ends that, and says how long each waited for each answer."""
    command = [sys.executable, "-m", "bench.readers", str(server.port), *READERS.values()]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as readers:
        yield lambda: json.loads(readers.communicate("over\n")[0])


def main() -> None:
    """Make two databases, and ask and publish in both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--observations", type=int, default=2_000_000)
    parser.add_argument("--on", choices=KINDS, default="sqlite", help="the kind of both databases")
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, on {given.on}")
    with tempfile.TemporaryDirectory(prefix="large-") as folder, databases(given.on, Path(folder)) as new:
        large_url = new.empty("large")
        small, large = made(new.empty("small"), 0), made(large_url, given.observations)
        for app in (small, large):
            begun = time.perf_counter()
            app.test_client().get("/v1/")
            print(f"the catalogue is loaded in {time.perf_counter() - begun:.1f} s", flush=True)
        print(f"\n{'milliseconds':32} {'small':>10} {'large':>10} {'growth':>8}")
        for name, address in QUESTIONS.items():
            few, many = (asked(app, address, rounds=given.rounds) for app in (small, large))
            print(f"{name:32} {few:10.1f} {many:10.1f} {many / few:8.1f}", flush=True)
        print()
        with served(new.at("small"), folder):
            pass
        with served(large_url, folder) as server:
            publications(large_url, server)
        for app in (small, large):
            app.extensions["database"].engine.dispose()


if __name__ == "__main__":
    main()
