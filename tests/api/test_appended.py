"""What platforms append to links changes nothing: not the answer, its tag, its links, nor what is kept of it."""

from dataclasses import replace

import pytest

from api import appended, create_app
from tests.contract_client import document

MARKS = "utm_source=newsletter&utm_medium=email&fbclid=IwAR0&gclid=a%20b&_=1732672800000"


@pytest.mark.parametrize(
    "address",
    [
        "/v1/observations.csv?indicator=gva-sic-j&level=itl1",
        "/v1/observations?indicator=gva-sic-j&level=itl1&limit=3",
        "/v1/regions/E12000005",
        "/v1/regions/E12000005/profile",
        "/v1/comparisons?indicator=gva-sic-j&region=E12000005",
        "/v1/indices/local-digital-capital/scores",
        "/v1/releases/latest/download.csv",
        "/v1/catalog",
        "/v1/config",
        "/v1",
        "/",
        "/docs",
    ],
)
def test_a_shared_link_is_answered_as_the_link_that_was_shared(client, address):
    plain = client.get(address)
    for query in (f"{address}{'&' if '?' in address else '?'}{MARKS}", _in_front(address)):
        marked = client.get(query)
        assert marked.status_code == plain.status_code == 200
        assert marked.data == plain.data
        for name in ("ETag", "Content-Location", "Link"):
            assert marked.headers.getlist(name) == plain.headers.getlist(name)
    assert b"IwAR0" not in client.get(query).data


def _in_front(address):
    path, _, query = address.partition("?")
    return f"{path}?{MARKS}&{query}".rstrip("&")


def test_a_redirect_leaves_the_marks_behind(client):
    response = client.get(f"/v1/regions/TLG/profile?points=3&{MARKS}")
    assert (response.status_code, response.headers["Location"]) == (308, "/v1/regions/E12000005/profile?points=3")
    assert client.get("/v1/regions/TLG?utm_source=x").headers["Location"] == "/v1/regions/E12000005"


def test_a_computation_takes_them_too(client):
    body = {"indicators": [{"id": "gigabit-availability"}], "regions": {"level": "itl1"}, "include": ["scores"]}
    plain, marked = client.post("/v1/calculations", json=body), client.post(f"/v1/calculations?{MARKS}", json=body)
    assert plain.status_code == marked.status_code == 200
    assert plain.data == marked.data


def test_what_is_kept_is_found_with_and_without_them(settings):
    app = create_app(
        replace(settings, caches="responses, series, groups", cache_bytes=2_000_000, release_check_seconds=60)
    )
    client, calls = app.test_client(), []
    app.before_request(lambda: calls.append(1))
    for query in ("limit=2", f"limit=2&{MARKS}", f"{MARKS}&limit=2", "utm_id=7&limit=2"):
        assert client.get(f"/v1/indicators?{query}").status_code == 200
    assert len(calls) == 1
    app.extensions["database"].engine.dispose()


@pytest.mark.parametrize("name", ["ref", "source", "utm", "gclidx", "__", "utmsource", "campaign"])
def test_what_no_platform_writes_is_refused_as_before(client, name):
    response = client.get(f"/v1/observations?{name}=x")
    assert response.status_code == 422
    assert response.json["errors"][0]["path"] == f"query/{name}"


def test_the_list_stands_with_the_limits(client):
    listed = {item["name"]: item["appended_by"] for item in client.get("/v1/config").json["data"]["dropped_parameters"]}
    assert {
        "utm_*",
        "fbclid",
        "gclid",
        "msclkid",
        "_",
        "mc_cid",
        "_hsenc",
        "yclid",
        "twclid",
        "_gl",
        "wt.mc_*",
        "trk",
    } <= listed.keys()
    assert all(listed.values())
    for name in listed:
        assert client.get(f"/v1/levels?{name.replace('*', 'x')}=1").status_code == 200


def test_no_parameter_of_ours_is_dropped():
    ours = {
        part["name"]
        for item in document()["paths"].values()
        for operation in item.values()
        for part in operation.get("parameters", [])
        if "name" in part
    } | {part["name"] for part in document()["components"]["parameters"].values()}
    assert {"limit", "release", "indicator"} <= ours
    assert not [name for name in ours if appended.is_appended(name)]


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", ""),
        ("utm_source=x", ""),
        ("a=1&utm_source=x&b=2", "a=1&b=2"),
        ("a=%2C&b=+&c", "a=%2C&b=+&c"),
        ("UTM_Source=x&a=1", "a=1"),
        ("utm%5Fsource=x&a=1", "a=1"),
        ("a=1&amp;utm_medium=x", "a=1"),
        ("a=utm_source", "a=utm_source"),
        ("_=1&_a=2", "_a=2"),
        ("&&", "&&"),
    ],
)
def test_what_is_left_of_a_query_is_left_to_the_letter(query, kept):
    assert appended.without(query) == kept
