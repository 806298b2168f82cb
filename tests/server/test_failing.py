"""A database that fails under a running service: what needs none goes on, the rest is told, and it heals by itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import IncompleteRead
from itertools import count
from pathlib import Path

import pytest

from tests.conftest import running_server, wait_until
from tests.server.between import Between
from tests.server.conftest import ask, request

CURRENT = "/v1/series/gigabit-availability/E47000007"
PINNED = f"{CURRENT}?release=4"
NEW = count(1)
MOMENT = "DATABASE_CONNECT_SECONDS", "DATABASE_STATEMENT_SECONDS"
FOR_EVER = "100000"
MANY = 16


@pytest.fixture(autouse=True)
def one_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is asked was asked before: of two workers one may still be loading while the other takes all requests."""
    monkeypatch.setenv("WORKERS", "1")


@pytest.fixture
def between(postgresql_url: str) -> Iterator[Between]:
    """PostgreSQL, and what stands between."""
    link = Between(postgresql_url)
    yield link
    link.close()


def status(address: str, path: str) -> int:
    """The status of an answer; a 503 says when to ask again."""
    response, body = ask(address, request(path))
    if response.status == 503:
        assert int(response.headers["Retry-After"]) > 0
        assert json.loads(body)["type"].endswith("#not-ready")
    return response.status


def new_data() -> str:
    """An address of data that nobody has asked for."""
    return f"/v1/observations?indicator=gva-sic-j&limit={next(NEW)}"


def keep(address: str) -> None:
    """Have all workers keep two answers: many ask at once, since one worker may take all that come singly."""
    with ThreadPoolExecutor(8) as callers:
        asked = [CURRENT, PINNED] * (4 * MANY)
        assert set(callers.map(lambda path: status(address, path), asked)) == {200}


def goes_on(address: str) -> None:
    """What needs no database is answered."""
    for path in ("/livez", "/docs", "/docs/problems", "/openapi.json", PINNED, CURRENT):
        assert status(address, path) == 200


def told(log: Path) -> list[str]:
    """Lines of the log that tell a failure."""
    text = log.read_text()
    assert "Traceback" not in text
    return [line for line in text.splitlines() if '"message": "The database' in line and "again" not in line]


@pytest.mark.parametrize("failing", ["frozen", "gone"])
def test_a_server_that_fails(between: Between, tmp_path: Path, failing: str) -> None:
    log = tmp_path / "log"
    with running_server(between.url, log=log) as address, ThreadPoolExecutor(MANY) as pool:
        keep(address)
        between.freeze() if failing == "frozen" else between.cut()
        asked = [pool.submit(status, address, new_data()) for _ in range(MANY)]
        goes_on(address)
        assert {item.result() for item in asked} <= {200, 503}  # 200: what the catalogue in memory answers
        wait_until(lambda: {status(address, new_data()) for _ in range(MANY)} == {503})
        wait_until(lambda: status(address, "/readyz") == status(address, "/") == 503)
        goes_on(address)
        between.thaw() if failing == "frozen" else between.mend()
        wait_until(lambda: {status(address, new_data()) for _ in range(MANY)} == {200})
        assert status(address, "/readyz") == status(address, "/") == 200
        goes_on(address)
    assert 0 < len(told(log)) < MANY
    assert "The database answers again" in log.read_text()


def test_a_server_that_never_lets_go_does_not_hold_what_needs_none(
    between: Between, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no bound of time that could end, so that nothing but the thread that is kept back answers."""
    for name in MOMENT:
        monkeypatch.setenv(name, FOR_EVER)
    log = tmp_path / "log"
    with running_server(between.url, log=log) as address, ThreadPoolExecutor(MANY) as pool:
        keep(address)
        between.freeze()
        asked = [pool.submit(status, address, new_data()) for _ in range(MANY)]
        wait_until(lambda: sum(item.done() for item in asked) >= MANY - 3)
        assert {item.result() for item in asked if item.done()} == {503}
        goes_on(address)
        assert status(address, new_data()) == 503
        between.thaw()
        assert {item.result() for item in asked} <= {200, 503}
        wait_until(lambda: status(address, new_data()) == 200)
    assert len(told(log)) < MANY


def test_a_stream_breaks_off_with_one_line(between: Between, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with running_server(between.url, log=log) as address:
        ask(address, request("/v1/observations?limit=1"))
        between.cut(after=2_000_000)
        with pytest.raises(IncompleteRead) as broken:
            ask(address, request("/v1/observations.csv"))
        assert len(broken.value.partial) > 100_000
        between.mend()
        wait_until(lambda: status(address, new_data()) == 200)
    assert len(told(log)) == 1
    assert log.read_text().count("An answer broke off in the middle, at 'GET /v1/observations.csv'") == 1


def test_a_statement_that_takes_too_long_is_told_and_ends_nothing_else(
    between: Between, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_STATEMENT_SECONDS", "3")
    with running_server(between.url, log=tmp_path / "log", application="tests.server.sleeping:app") as address:
        response, body = ask(address, request(f"{new_data()}&latest=true"))
        assert response.status == 503
        assert "took too long" in json.loads(body)["detail"]
        goes_on(address)


def test_a_file_that_is_not_there_is_not_made(sqlite_seeded: Path, tmp_path: Path) -> None:
    own, log = tmp_path / "own.sqlite3", tmp_path / "log"
    shutil.copy(sqlite_seeded, own)
    with running_server(f"sqlite:///{own}", log=log) as address:
        keep(address)
        own.rename(tmp_path / "aside.sqlite3")
        wait_until(lambda: {status(address, new_data()) for _ in range(MANY)} == {503})
        assert status(address, "/readyz") == 503
        goes_on(address)
        assert not own.exists()
        own.write_bytes(b"this is no database" * 1_000)
        wait_until(lambda: status(address, new_data()) == 503 and any("not a database" in line for line in told(log)))
        (tmp_path / "aside.sqlite3").replace(own)
        wait_until(lambda: {status(address, new_data()) for _ in range(MANY)} == {200})
        goes_on(address)
    assert len(told(log)) <= 4  # two failures, two workers
