"""What calculations cost: equal ones are made once at a time, and one that the clock cut short is nobody's to keep."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from api import create_app
from api.answers.index import costs, influences
from api.json_text import canonical
from api.limits import Limits
from tests.conftest import LIMIT, wait_until
from tests.contract_client import ContractClient

DEFINITION = {
    "indicators": [{"id": "gigabit-availability"}, {"id": "level-3-qualifications"}],
    "regions": {"level": "itl1"},
    "uncertainty": {"draws": 5, "weights": 0.9},
    "include": ["uncertainty"],
}
ADDRESS = f"/v1/calculations?{urlencode({'definition': canonical(DEFINITION)})}"


@pytest.fixture
def costly(monkeypatch):
    """Everything needs a turn; gives the event that lets a calculation end, and how many were made."""
    go, made = threading.Event(), []
    robustness = influences.robustness

    def held(*given):
        made.append(1)
        assert go.wait(LIMIT)
        return robustness(*given)

    monkeypatch.setattr(influences, "robustness", held)
    monkeypatch.setattr(costs, "light", lambda _: False)
    return go, made


def test_equal_questions_are_computed_once_whichever_way_they_are_asked(settings, costly):
    go, made = costly
    app = create_app(replace(settings, calculations_waiting=3, threads=8))
    app.test_client_class = ContractClient
    turns = app.extensions["turns"]
    ways = [
        lambda: app.test_client().post("/v1/calculations", json=DEFINITION),
        lambda: app.test_client().get(ADDRESS),
        lambda: app.test_client().get(ADDRESS),
    ]
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(way) for way in ways]
        wait_until(lambda: turns._inside == 3)
        go.set()
        answers = [one.result(LIMIT) for one in asked]
    app.extensions["database"].engine.dispose()
    assert len(made) == 1
    assert [answer.status_code for answer in answers] == [200] * 3
    assert answers[0].json["data"] == answers[1].json["data"] == answers[2].json["data"]


def test_other_questions_are_other_work(settings, monkeypatch):
    keys, key = [], costs.key

    def noted(asked):
        keys.append(key(asked))
        return keys[-1]

    monkeypatch.setattr(costs, "light", lambda _: False)
    monkeypatch.setattr(costs, "key", noted)
    app = create_app(settings)
    body = {
        "indicators": [{"id": "a"}],
        "data": {"regions": ["x", "y", "z"], "values": {"a": [1, 2, 4]}},
        "uncertainty": {"draws": 5},
    }
    bodies = [
        body,
        body | {"title": "Another"},
        body | {"include": ["alpha"]},
        body | {"normalisation": "z-score"},
        body | {"indicators": [{"id": "a", "weight": 2}]},
        body | {"data": body["data"] | {"values": {"a": [1, 3, 4]}}},
        body | {"data": body["data"] | {"regions": ["x", "y", "w"]}},
        *(body | {"data": body["data"] | {"sizes": sizes}} for sizes in ([1, 1, 1], [1, 1, 2])),
        *(body | {"data": body["data"] | {"standard_errors": {"a": [error] * 3}}} for error in (1, 2)),
        *(body | {"uncertainty": {"draws": 5} | more} for more in ({"draws": 6}, {"seed": 2}, {"top": 1})),
    ]
    for one in bodies + bodies:
        assert app.test_client().post("/v1/calculations", json=one).status_code == 200
    app.extensions["database"].engine.dispose()
    assert len(set(keys)) == len(bodies) and keys[: len(bodies)] == keys[len(bodies) :]


def test_an_answer_that_the_clock_cut_short_has_no_tag(settings):
    for seconds, tagged in ((20, True), (0, False)):
        app = create_app(
            replace(
                settings,
                limits=Limits(max_rank_seconds=seconds),
                caches="responses, series, groups",
                cache_bytes=2_000_000,
            )
        )
        app.test_client_class = ContractClient
        client = app.test_client()
        for _ in range(2):
            response = client.get(ADDRESS)
            assert response.status_code == 200
            assert ("ETag" in response.headers) == tagged
            found = response.json["data"]["uncertainty"]
            assert found["basis"] == ("exact" if tagged else "range_over_draws")
            assert tagged or "seconds of processor" in found["basis_reason"]
        app.extensions["database"].engine.dispose()


def test_full_turns_are_a_problem_and_reads_go_on(settings, costly):
    go, _ = costly
    app = create_app(replace(settings, calculations_waiting=0))
    app.test_client_class = ContractClient
    with ThreadPoolExecutor(1) as pool:
        one = pool.submit(lambda: app.test_client().get(ADDRESS))
        wait_until(lambda: app.extensions["turns"]._inside == 1)
        client = app.test_client()
        for response in (client.get(ADDRESS), client.post("/v1/calculations", json=DEFINITION)):
            assert response.status_code == 503 and int(response.headers["Retry-After"]) > 0
            assert response.headers["Cache-Control"] == "no-store" and "ETag" not in response.headers
            assert response.json["type"] == "/docs/problems#busy"
            assert response.json["errors"][0]["path"] == "request"
        assert client.get("/livez").status_code == client.get("/v1/regions?limit=2").status_code == 200
        go.set()
        assert one.result(LIMIT).status_code == 200
        assert client.get(ADDRESS).status_code == 200
    app.extensions["database"].engine.dispose()


def test_what_is_spent_at_the_most_is_published(client):
    limits = {item["name"]: item["value"] for item in client.get("/v1/config").json["data"]["limits"]}
    assert limits["max_rank_steps"] == 300_000
    assert {"max_rank_layout", "max_rank_nodes", "max_rank_seconds", "max_calculation_work"} <= limits.keys()
