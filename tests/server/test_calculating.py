"""Costly calculations take turns, hold up no read, and end when nobody waits for them.

The calculations of this server never end by themselves: what is answered while they go on does not wait for them, and
what ends, ends because its caller has left.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conftest import LIMIT, running_server, wait_until
from tests.server.conftest import answer, ask, connect, request


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the server notes what it begins and ends. One process, so that all calculations meet in it."""
    monkeypatch.setenv("FOLDER", str(tmp_path))
    monkeypatch.setenv("WORKERS", "1")
    monkeypatch.setenv("COSTLY_PATIENCE_SECONDS", "0")
    return tmp_path


@pytest.fixture
def endless(folder: Path, sqlite_url: str) -> Iterator[str]:
    with running_server(sqlite_url, log=folder / "log", application="tests.server.endless:app") as address:
        yield address


def posted(seed: int, regions: int = 25) -> bytes:
    """A calculation that costs enough to need a turn."""
    values = {name: [(place * step) % 29 for place in range(regions)] for name, step in (("a", 7), ("b", 11))}
    body = {
        "indicators": [{"id": name} for name in values],
        "data": {"regions": [f"r{place}" for place in range(regions)], "values": values},
        "uncertainty": {"draws": 5, "seed": seed},
        "include": ["uncertainty"],
    }
    text = json.dumps(body).encode()
    head = request("/v1/calculations", method="POST", Content_Type="application/json", Content_Length=str(len(text)))
    return head + text


def by_address(seed: int) -> bytes:
    """Such a calculation as a read."""
    definition = {
        "indicators": [{"id": "gigabit-availability"}, {"id": "level-3-qualifications"}],
        "regions": {"level": "local-authority"},
        "uncertainty": {"draws": 6_000, "seed": seed},
        "include": ["uncertainty"],
    }
    return request(f"/v1/calculations?definition={quote(json.dumps(definition))}")


def noted(folder: Path, name: str) -> list[int]:
    """The seeds of what was begun, or ended."""
    file = folder / name
    return [int(line) for line in file.read_text().split()] if file.exists() else []


ASKED = pytest.mark.parametrize("said", [posted, by_address])


@ASKED
def test_reads_and_probes_do_not_wait_and_who_is_too_many_is_told(endless: str, folder: Path, said) -> None:
    with connect(endless) as first, connect(endless) as second:
        first.sendall(said(1))
        wait_until(lambda: noted(folder, "begun") == [1])
        second.sendall(said(2))
        # One is made and one waits. A third waits for nothing.
        waits = b'digital_capital_costly_requests{state="waiting"} 1.0'
        wait_until(lambda: waits in ask(endless, request("/metrics"))[1])
        response, body = ask(endless, said(3))
        assert response.status == 503 and int(response.headers["Retry-After"]) > 0
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.headers["Cache-Control"] == "no-store"
        problem = json.loads(body)
        assert problem["type"] == "/docs/problems#busy" and "Ask again in" in problem["detail"]
        for path in ("/livez", "/v1/series/gigabit-availability/E47000007", "/v1/regions?limit=3"):
            assert ask(endless, request(path))[0].status == 200
        # What costs little needs no turn.
        assert ask(endless, request("/v1/indices/local-digital-capital"))[0].status == 200
        assert noted(folder, "begun") == [1] and noted(folder, "ended") == []
        (folder / "go").touch()
        assert answer(first)[0].status == 200
        assert answer(second)[0].status == 200


@ASKED
def test_what_nobody_waits_for_ends_and_the_next_begins(endless: str, folder: Path, said) -> None:
    with connect(endless) as second:
        with connect(endless) as first:
            first.sendall(said(1))
            wait_until(lambda: noted(folder, "begun") == [1])
            second.sendall(said(2))
        wait_until(lambda: noted(folder, "ended") == [1])
        wait_until(lambda: noted(folder, "begun") == [1, 2])
    wait_until(lambda: noted(folder, "ended") == [1, 2])
    # A caller that leaves while it waits is forgotten too: twelve of them stop nobody.
    for _ in range(12):
        with connect(endless) as left:
            left.sendall(said(3))
    (folder / "go").touch()
    wait_until(lambda: ask(endless, said(4))[0].status == 200)
    log = (folder / "log").read_text()
    assert "Traceback" not in log and "CallerGone" not in log


def test_an_answer_that_is_kept_needs_no_turn(endless: str, folder: Path) -> None:
    (folder / "go").touch()
    response, body = ask(endless, by_address(1))
    assert response.status == 200 and response.headers["ETag"]
    (folder / "go").unlink()
    with connect(endless) as other:
        other.sendall(posted(2))
        wait_until(lambda: noted(folder, "begun") == [1, 2])
        assert ask(endless, by_address(1))[1] == body
    wait_until(lambda: noted(folder, "ended") == [1, 2])


def test_what_libraries_print_stays_out_of_the_log(endless: str, folder: Path) -> None:
    """As the solver does now and then (`tests.server.endless` prints as it does)."""
    (folder / "go").touch()
    assert ask(endless, posted(1))[0].status == 200
    assert "is being served" in (folder / "log").read_text()
    assert "printed by a library" not in (folder / "log").read_text()


def test_who_finds_no_turn_waits_without_a_thread(
    folder: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, hold
) -> None:
    """More calculations than there are threads: none is refused, and reads go on."""
    monkeypatch.setenv("COSTLY_PATIENCE_SECONDS", str(LIMIT))
    with running_server(sqlite_url, log=folder / "log", application="tests.server.endless:app") as address:
        waiting = [hold(address, 1, posted(seed))[0] for seed in range(8)]
        wait_until(lambda: len(noted(folder, "begun")) == 1)
        for path in ("/livez", "/v1/regions?limit=3", "/v1/regions?limit=4"):
            assert ask(address, request(path))[0].status == 200
        hold(address, 1, posted(9))[0].close()
        (folder / "go").touch()
        assert [answer(connection)[0].status for connection in waiting] == [200] * 8
        # The next on a connection that has waited.
        waiting[-1].sendall(request("/livez"))
        assert answer(waiting[-1])[0].status == 200


def test_large_workbooks_take_turns_and_are_all_given(
    folder: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, hold
) -> None:
    monkeypatch.setenv("COSTLY_PATIENCE_SECONDS", str(LIMIT))
    with running_server(sqlite_url, log=folder / "log") as address:
        said = request("/v1/observations.xlsx?component=digital-infrastructure")
        different = request("/v1/observations.xlsx?component=digital-infrastructure&period_from=2019")
        connections = hold(address, 3, said) + hold(address, 3, different)
        assert ask(address, request("/livez"))[0].status == 200
        books = [answer(connection) for connection in connections]
        assert {response.status for response, _ in books} == {200}
        assert len({body for _, body in books}) == 2
