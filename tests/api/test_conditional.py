"""Conditional requests and caching: what a release pins down is not computed twice."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event

from api import create_app
from tests.contract_client import ContractClient

ADDRESSES = [
    "/v1/series/gigabit-availability/E12000005",
    "/v1/observations?indicator=population&limit=5",
    "/v1/observations.csv?indicator=population&limit=5",
    "/v1/regions?q=west",
    "/v1/indicators/population",
    "/v1/published-figures",
    "/v1/verify?figure=90.2%25&indicator=gigabit-availability",
    "/v1/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_that_the_caller_has_is_not_sent_again(client, address):
    first = client.get(address)
    assert first.headers["ETag"].startswith('W/"4-')
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data
    for name in ("ETag", "Cache-Control"):
        assert again.headers[name] == first.headers[name]
    assert again.headers.get("Vary") == first.headers.get("Vary")


@contextmanager
def statements(client):
    """What is asked of the database in the meantime."""
    seen = []
    engine = client.application.extensions["database"].engine

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_304_reads_no_figures(client):
    address = "/v1/observations?indicator=population&limit=5"
    tag = client.get(address).headers["ETag"]
    with statements(client) as seen:
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert not any("observation" in statement for statement in seen)


@pytest.fixture
def keeping(settings):
    """A client of an application that keeps what it has answered."""
    app = create_app(replace(settings, cache_bytes=2_000_000, caches="responses, groups"))
    app.test_client_class = ContractClient
    yield app.test_client()
    app.extensions["database"].engine.dispose()


def test_a_question_is_one_statement_and_asked_again_none(keeping):
    client = keeping
    client.get("/v1/levels")  # loads the catalogue, which is read once
    address = "/v1/observations?indicator=population&region=E12000005,E12000007&limit=23"
    client.get("/v1/levels")  # the release's catalogue is read once, with how many figures each place has
    with statements(client) as seen:
        first = client.get(address, headers={"X-Request-Id": "same"})
    assert sum("FROM series" in statement for statement in seen) == 1
    with statements(client) as seen:
        again = client.get(address, headers={"X-Request-Id": "same"})
    assert not any("observation" in statement for statement in seen)
    assert again.data == first.data
    assert sorted(again.headers) == sorted(first.headers)
    with statements(client) as seen:
        known = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert known.status_code == 304 and not any("observation" in statement for statement in seen)
    assert {name: known.headers[name] for name in ("ETag", "Cache-Control", "Content-Location", "Vary")} == {
        name: first.headers[name] for name in ("ETag", "Cache-Control", "Content-Location", "Vary")
    }
    assert again.headers.getlist("Link") == first.headers.getlist("Link")
    # Spelt another way it is the same answer, but for the address that it echoes.
    other = client.get("/v1/observations?limit=23&region=E12000007,E12000005&indicator=population")
    assert other.headers["ETag"] == first.headers["ETag"]
    assert other.json["links"]["self"] != first.json["links"]["self"]


def test_another_question_or_format_has_another_tag(client):
    tags = {client.get(address).headers["ETag"] for address in ADDRESSES}
    assert len(tags) == len(ADDRESSES)
    negotiated = client.get("/v1/observations?indicator=population&limit=5", headers={"Accept": "text/csv"})
    assert negotiated.headers["ETag"] not in tags


def test_a_service_at_another_address_has_other_tags(settings, client):
    app = create_app(replace(settings, public_url="https://stats.example.org"))
    app.test_client_class = ContractClient
    for address in ("/v1/catalog", ADDRESSES[1]):
        assert app.test_client().get(address).headers["ETag"] != client.get(address).headers["ETag"]
    app.extensions["database"].engine.dispose()


def test_how_long_an_answer_holds(client):
    response = client.get(ADDRESSES[0])
    assert response.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=600"
    assert response.headers["Last-Modified"] == "Fri, 26 Jun 2026 00:00:00 GMT"


def test_an_unknown_identifier_is_not_hidden_by_a_tag(client):
    tag = client.get(ADDRESSES[1]).headers["ETag"]
    assert client.get("/v1/observations?indicator=nope", headers={"If-None-Match": tag}).status_code == 404
    assert client.get("/v1/observations?indicator=nope", headers={"If-None-Match": "*"}).status_code == 404


def test_head_is_get_without_the_body(client):
    get, head = client.get(ADDRESSES[4]), client.head(ADDRESSES[4])
    assert head.status_code == 200 and not head.data
    assert head.headers["ETag"] == get.headers["ETag"]
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
