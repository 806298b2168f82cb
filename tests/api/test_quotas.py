"""What a caller may have made in a minute is counted by what it costs, told, and refused beyond."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from limits import strategies
from limits.storage import memory

from api import create_app
from api.answers.index import costs
from api.http import quotas
from api.limits import Limits
from tests.contract_client import ContractClient

BODY = {
    "indicators": [{"id": "a"}],
    "data": {"regions": ["x", "y", "z"], "values": {"a": [1, 2, 4]}},
}
BOOK = "/v1/observations.xlsx?component=digital-infrastructure"


@pytest.fixture(autouse=True)
def one_moment(monkeypatch):
    """It is half past a minute all the time: what is left grows as time goes by."""
    for module in (memory, strategies, quotas):
        monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: 1_800_000_030.0))


@pytest.fixture
def counted(settings):
    """A client of an application that counts all callers, which may have 45 units made."""
    app = create_app(
        replace(
            settings,
            limits=Limits(costly_units_per_minute=45),
            caches="responses, series, groups",
            cache_bytes=128_000_000,
            count_callers="all",
            trusted_proxies="10.0.0.0/8",
        )
    )
    yield ContractClient(app, app.response_class)
    app.extensions["database"].engine.dispose()


def post(client, address="192.0.2.1", **headers):
    return client.post("/v1/calculations", json=BODY, environ_base={"REMOTE_ADDR": address}, headers=headers)


def left(response):
    name, remaining, seconds = response.headers["RateLimit"].split(";")
    assert name == '"costly"' and 1 <= int(seconds.removeprefix("t=")) <= 120
    assert response.headers["RateLimit-Policy"] == '"costly";q=45;w=60'
    return int(remaining.removeprefix("r="))


def test_each_is_counted_told_what_is_left_and_refused_beyond(counted):
    assert [left(post(counted)) for _ in range(45)] == list(range(44, -1, -1))
    refused = post(counted)
    assert refused.status_code == 429 and left(refused) == 0
    assert refused.json["type"] == "/docs/problems#too-many-requests"
    assert int(refused.headers["Retry-After"]) >= 1 and refused.headers["Cache-Control"] == "no-store"
    assert left(post(counted, "192.0.2.2")) == 44
    # What is not costly goes on.
    for path in ("/v1/regions?limit=1", BOOK.replace("xlsx", "csv"), "/v1/levels"):
        response = counted.get(path, environ_base={"REMOTE_ADDR": "192.0.2.1"})
        assert response.status_code == 200 and "RateLimit" not in response.headers


def test_what_takes_a_turn_counts_for_more_and_what_is_kept_for_nothing(counted, monkeypatch):
    here = {"environ_base": {"REMOTE_ADDR": "192.0.2.1"}}
    first = counted.get(BOOK, **here)
    assert (first.status_code, left(first)) == (200, 25)
    again = counted.get(BOOK, **here)
    assert again.status_code == 200 and "RateLimit" not in again.headers
    monkeypatch.setattr(costs, "light", lambda _: False)
    assert left(post(counted)) == 4
    assert post(counted).status_code == 429
    assert counted.get(f"{BOOK}&period_from=2019", **here).status_code == 429


def test_a_proxy_names_the_caller_and_nobody_else_does(counted):
    assert left(post(counted, "10.1.2.3", X_Forwarded_For="203.0.113.9, 192.0.2.7")) == 44
    assert left(post(counted, "10.1.2.4", X_Forwarded_For="198.51.100.1, 192.0.2.7")) == 43
    assert left(post(counted, "192.0.2.7")) == 42
    assert left(post(counted, "192.0.2.8", X_Forwarded_For="192.0.2.7")) == 44
    assert left(post(counted, "10.1.2.3", X_Forwarded_For="no address")) == 44


def test_one_network_of_ipv6_is_one_caller(counted):
    assert left(post(counted, "2001:db8:1:2::1")) == 44
    assert left(post(counted, "2001:db8:1:2:ffff::9")) == 43
    assert left(post(counted, "2001:db8:1:3::1")) == 44
    assert left(post(counted, "::ffff:192.0.2.1")) == 44
    assert left(post(counted, "192.0.2.1")) == 43


@pytest.mark.parametrize(("count", "addresses"), [("remote", ["127.0.0.1", "::1"]), ("none", ["192.0.2.1"])])
def test_who_is_not_counted_is_not_limited(settings, count, addresses):
    app = create_app(replace(settings, limits=Limits(costly_units_per_minute=1), count_callers=count))
    client = ContractClient(app, app.response_class)
    for address in addresses:
        for _ in range(3):
            response = post(client, address)
            assert response.status_code == 200 and "RateLimit" not in response.headers
    if count == "remote":
        named = [post(client, "127.0.0.1", X_Forwarded_For="192.0.2.1").status_code for _ in range(2)]
        assert named == [200, 429]
    app.extensions["database"].engine.dispose()


def test_the_limit_is_published(client):
    limits = {item["name"]: item for item in client.get("/v1/config").json["data"]["limits"]}
    assert limits["costly_units_per_minute"]["value"] == 600
