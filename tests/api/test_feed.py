"""The feed of releases, as a reader of feeds understands it."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import feedparser
import pytest

from api import create_app
from api.services.publish import publish, withdraw
from api.settings import Settings
from tests.api.test_withdrawn import VALUE, figure
from tests.conftest import own_database
from tests.contract_client import ContractClient

FEED = "/v1/releases.atom"
ATOM = "{http://www.w3.org/2005/Atom}"


def read(client):
    response = client.get(FEED)
    assert (response.status_code, response.mimetype) == (200, "application/atom+xml")
    feed = feedparser.parse(response.data)
    assert not feed.bozo, feed.bozo_exception
    assert feed.version == "atom10"
    return feed


def test_every_release_is_an_entry_with_its_reason(client):
    feed, releases = read(client), client.get("/v1/releases").json["data"]
    assert [entry.summary for entry in feed.entries] == [item["reason"] for item in releases]
    assert [entry.updated for entry in feed.entries] == [item["published_at"] for item in releases]
    assert feed.feed.updated == releases[0]["published_at"]
    assert {entry.title: [tag.term for tag in entry.tags] for entry in feed.entries} == {
        "Release 4": ["release"],
        "Release 3: a correction": ["correction"],
        "Release 2": ["release"],
        "Release 1": ["release"],
    }
    assert len({entry.id for entry in feed.entries}) == 4


def test_every_link_leads_somewhere(client):
    feed = read(client)
    base = feed.feed.id.removesuffix(FEED)
    assert base.startswith("http")
    (own,) = [link.href for link in feed.feed.links if link.rel == "self"]
    assert own == f"{base}{FEED}"
    for entry in feed.entries:
        number = entry.id.rpartition("/")[2]
        links = [(link.rel, link.href.removeprefix(base)) for link in entry.links]
        assert ("alternate", f"/v1/releases/{number}") in links
        assert [href for rel, href in links if rel == "enclosure"] == [
            f"/v1/releases/{number}/download.{ending}" for ending in ("csv", "parquet", "zip")
        ]
        changes = [href for rel, href in links if rel == "related"]
        assert changes == ([] if number == "1" else [f"/v1/releases/{int(number) - 1}/diff/{number}"])
        for rel, href in links:
            if rel != "enclosure":
                assert client.get(href).status_code == 200


def test_what_the_standard_asks_of_a_feed(client):
    feed = ET.fromstring(client.get(FEED).data)
    assert feed.tag == f"{ATOM}feed"
    for parent in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"{ATOM}{name}")) == 1
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    for moment in feed.iter(f"{ATOM}updated"):
        assert datetime.fromisoformat(moment.text).tzinfo is not None


def test_a_reader_that_has_it_is_not_sent_it_again(client):
    first = client.get(FEED, headers={"Accept": "application/atom+xml, text/xml;q=0.5"})
    assert "stale-while-revalidate" in first.headers["Cache-Control"]
    assert client.get(FEED, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(f"{FEED}?limit=3").status_code == 422


@pytest.mark.parametrize("path", ["/v1/releases.rss", "/v1/releases.feed"])
def test_whoever_looks_for_a_feed_is_told_where_it_is(client, path):
    response = client.get(path)
    assert response.status_code == 404 and response.json["errors"][0]["allowed"] == [FEED]


@pytest.mark.parametrize("url", ["sqlite", "postgresql"])
def test_a_withdrawal_is_told(request, tmp_path, url):
    request.param = url
    settings = Settings(database_url=own_database(request, tmp_path, "feed"), release_check_seconds=0)
    app = create_app(settings)
    app.test_client_class = ContractClient
    july, august, september = (datetime(2026, month, 1, tzinfo=UTC) for month in (7, 8, 9))
    database = app.extensions["database"]
    with database.begin() as connection:
        publish(connection, [figure(app, VALUE)], reason="A mistake <b>&</b>.", published_at=july)
    with database.begin() as connection:
        publish(connection, [figure(app, 30.0, "E12000007")], reason="Others.", published_at=august)
    client = app.test_client()
    assert read(client).entries[1].summary == "A mistake <b>&</b>."
    with database.begin() as connection:
        withdraw(connection, 5, reason="It was not to be told.", published_at=september)
    newest, later, withdrawn, *_ = read(client).entries
    assert newest.title == "Release 7: release 5 is withdrawn" and newest.summary == "It was not to be told."
    assert withdrawn.title == "Release 5 (withdrawn)"
    assert withdrawn.summary == "It was withdrawn by release 7 on 2026-09-01: It was not to be told."
    assert later.summary.startswith("It holds figures of release 5, which was withdrawn by release 7")
    assert withdrawn.updated == later.updated == newest.updated
    assert [link.rel for link in withdrawn.links] == ["alternate"]
    database.engine.dispose()
