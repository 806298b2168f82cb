"""A database that is replaced or restored under running workers: noticed, whatever numbers its releases have."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from api.database import Database
from api.services.publish import Figure, publish
from tests.conftest import running_server, wait_until
from tests.server.conftest import ask, request

SERIES = "/v1/series/gigabit-availability/E47000007"
PINNED = f"{SERIES}?release=4"
OTHER = 11.5
CHANGE = """
    UPDATE observation SET value = 11.5 WHERE last_release IS NULL AND series_id = (
        SELECT series.id FROM series JOIN indicator ON indicator.id = indicator_id JOIN region ON region.id = region_id
        WHERE slug = 'gigabit-availability' AND region.code = 'E47000007')
"""
"""Other figures under the same releases, with the same marks."""


def values(address: str, path: str) -> set[float]:
    """The values of a series as several requests, and so each of the workers, answer them now."""
    found = set()
    for _ in range(12):
        response, body = ask(address, request(path))
        found.add(json.loads(body)["data"]["observations"][-1]["value"] if response.status == 200 else response.status)
    return found


def publish_again(url: str) -> int:
    """One more release of a database, by another process' hand."""
    database = Database(url)
    with database.begin() as connection:
        file = connection.execute(text("SELECT min(id) FROM source_file")).scalar_one()
        made = publish(
            connection,
            [
                Figure(
                    indicator=1,
                    region=1,
                    period="1990",
                    period_start="1990-01-01",
                    period_duration="P1Y",
                    value=1.0,
                    status="A",
                    source_file=file,
                )
            ],
            reason="one more",
        )
    database.engine.dispose()
    return made.release


def newest(address: str) -> set[int]:
    """The newest release as each of the workers tells it."""
    return {json.loads(ask(address, request("/v1/releases/latest"))[1])["data"]["id"] for _ in range(12)}


@pytest.mark.parametrize("published", [False, True], ids=["as it was", "after a publication"])
@pytest.mark.parametrize("moved", [False, True], ids=["over it", "the old one moved aside"])
def test_a_file_that_is_replaced(sqlite_seeded: Path, tmp_path: Path, *, published: bool, moved: bool) -> None:
    own, new = tmp_path / "own.sqlite3", tmp_path / "new.sqlite3"
    url = f"sqlite:///{own}"
    for copy in (own, new):
        shutil.copy(sqlite_seeded, copy)
    with sqlite3.connect(new) as connection:
        connection.execute(CHANGE)
        # A larger file: what is known of the size of the old one would not do for it.
        connection.execute("CREATE TABLE ballast AS SELECT a.* FROM observation a, (SELECT 1 UNION SELECT 2)")
    connection.close()
    with running_server(url, log=tmp_path / "log") as address:
        before = values(address, PINNED)
        assert len(before) == 1
        assert OTHER not in before
        if published:
            number = publish_again(url)
            wait_until(lambda: newest(address) == {number})
        if moved:
            own.rename(tmp_path / "aside.sqlite3")
        new.replace(own)
        wait_until(lambda: values(address, PINNED) == values(address, SERIES) == {OTHER})
        assert newest(address) == {4}
        assert publish_again(url) == 5
        wait_until(lambda: newest(address) == {5})
        assert values(address, PINNED) == {OTHER}
    for file in (own, *([tmp_path / "aside.sqlite3"] if moved else [])):
        connection = sqlite3.connect(file)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()


def test_a_database_that_is_dropped_and_restored(
    postgresql_database: Callable[..., str], postgresql_server: str, tmp_path: Path
) -> None:
    url = postgresql_database("replaced", seeded=True)
    other = postgresql_database("restored", seeded=True)
    database = Database(other)
    with database.begin() as connection:
        connection.execute(text(CHANGE))
    database.engine.dispose()
    names = [make_url(address).database for address in (url, other)]
    maintenance = Database(postgresql_server).engine
    with running_server(url, log=tmp_path / "log") as address:
        assert OTHER not in values(address, PINNED)
        with maintenance.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"DROP DATABASE {names[0]} WITH (FORCE)"))
            connection.execute(text(f"ALTER DATABASE {names[1]} RENAME TO {names[0]}"))
        wait_until(lambda: values(address, PINNED) == values(address, SERIES) == {OTHER})
    maintenance.dispose()


def test_figures_that_are_restored_in_place(postgresql_database: Callable[..., str], tmp_path: Path) -> None:
    url = postgresql_database("in_place", seeded=True)
    database = Database(url)
    with running_server(url, log=tmp_path / "log") as address:
        assert OTHER not in values(address, PINNED)
        with database.begin() as connection:  # as pg_restore does: tables are emptied or made anew, and filled
            connection.execute(text("CREATE TEMPORARY TABLE held AS SELECT * FROM observation"))
            connection.execute(text("TRUNCATE observation"))
            connection.execute(text("INSERT INTO observation SELECT * FROM held"))
            connection.execute(text(CHANGE))
        wait_until(lambda: values(address, PINNED) == values(address, SERIES) == {OTHER})
    database.engine.dispose()
