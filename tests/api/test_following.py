"""The feed of what is published, as readers of Atom and of JSON Feed understand it."""

import json
from datetime import UTC, datetime

import feedparser
import pytest

from api import create_app
from api.services.publish import publish, withdraw
from api.settings import Settings
from tests.api.test_withdrawn import VALUE, figure
from tests.conftest import own_database
from tests.contract_client import ContractClient

FEED = "/v1/feed"
TYPES = {
    "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str, "language": str,
    "authors": list, "items": list, "id": str, "url": str, "content_text": str, "summary": str, "date_published": str,
    "date_modified": str, "tags": list, "attachments": list,
}  # fmt: skip
"""What JSON Feed 1.1 has names for, and of which type it is."""


def read(client, query=""):
    """Both forms of a feed, each held to its rules."""
    atom, answer = client.get(f"{FEED}.atom{query}"), client.get(f"{FEED}.json{query}")
    assert (atom.status_code, atom.mimetype) == (200, "application/atom+xml")
    assert (answer.status_code, answer.mimetype) == (200, "application/feed+json")
    parsed = feedparser.parse(atom.data)
    assert not parsed.bozo and parsed.version == "atom10"
    hold_to_json_feed(answer.json)
    assert [entry.id for entry in parsed.entries] == [item["id"] for item in answer.json["items"]]
    assert [entry.updated for entry in parsed.entries] == [item["date_modified"] for item in answer.json["items"]]
    assert [entry.author for entry in parsed.entries] == [item["authors"][0]["name"] for item in answer.json["items"]]
    return parsed, answer.json


def hold_to_json_feed(feed):
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    for item in (feed, *feed["items"]):
        for name, value in item.items():
            assert name.startswith("_") or isinstance(value, TYPES[name]), name
    assert {"title", "items"} <= feed.keys()
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    for item in feed["items"]:
        assert item["id"] and (item["content_text"] or item["content_html"])
        for name in ("date_published", "date_modified"):
            assert datetime.fromisoformat(item[name]).tzinfo is not None
        for author in item["authors"]:
            assert author.keys() & {"name", "url", "avatar"}
        for attachment in item.get("attachments", ()):
            assert attachment["url"].startswith("http") and "/" in attachment["mime_type"]


def numbers(feed):
    return [item["_release"]["release"] for item in feed["items"]]


def test_every_release_with_what_it_touched(client):
    parsed, feed = read(client)
    assert numbers(feed) == [4, 3, 2, 1]
    assert [item["summary"] for item in feed["items"]] == [
        item["reason"] for item in client.get("/v1/releases").json["data"]
    ]
    for item in feed["items"][:-1]:
        about = item["_release"]
        changed = client.get(f"/v1/changes.ndjson?since={about['release'] - 1}&until={about['release']}").text
        rows = [json.loads(line) for line in changed.splitlines()]
        assert about["indicator_count"] == len({row["indicator"] for row in rows})
        assert about["region_count"] == len({row["region"] for row in rows})
        assert set(about["indicators"]) <= {row["indicator"] for row in rows}
        assert set(about["indicators"]) <= set(item["tags"])
    assert feed["items"][-1]["_release"]["regions"] is None  # all of them
    assert [tag.term for tag in parsed.entries[1].tags][:2] == ["correction", "gigabit-availability"]


def test_both_forms_and_the_feed_of_releases_have_the_same_entries(client):
    parsed, feed = read(client)
    old = feedparser.parse(client.get("/v1/releases.atom").data)
    assert [entry.id for entry in old.entries] == [entry.id for entry in parsed.entries]
    assert feed["feed_url"].endswith("/v1/feed.json")
    assert client.get(FEED).mimetype == "application/atom+xml"
    assert client.get(FEED, headers={"Accept": "application/feed+json"}).json == feed


def test_a_feed_of_one_indicator_or_one_place(client):
    _, feed = read(client, "?indicator=gigabit-availability")
    changed = {row["release"] for row in client.get("/v1/changes?since=1&indicator=gigabit-availability").json["data"]}
    assert set(numbers(feed)) >= changed | {1}
    assert feed["title"].endswith("Gigabit broadband availability")
    assert feed["feed_url"].endswith("/v1/feed.json?indicator=gigabit-availability")
    _, place = read(client, "?region=E12000005&indicator=gigabit-availability")
    rows = client.get("/v1/changes.ndjson?since=1&region=E12000005&indicator=gigabit-availability").text.splitlines()
    assert set(numbers(place)) == {json.loads(row)["release"] for row in rows} | {1}
    other = read(client, "?indicator=population")[1]
    assert set(numbers(other)) < {1, 2, 3, 4} and 3 not in numbers(other)


@pytest.mark.parametrize(
    ("query", "status", "path"),
    [
        ("indicator=gigabit", 404, "query/indicator"), ("region=E1200005", 404, "query/region"),
        ("release=3", 422, "query/release"), ("limit=3", 422, "query/limit"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(client, query, status, path):
    response = client.get(f"{FEED}.json?{query}")
    assert (response.status_code, response.json["errors"][0]["path"]) == (status, path)


def test_a_reader_that_has_it_is_not_sent_it_again(client):
    first = client.get(f"{FEED}.json")
    assert client.get(f"{FEED}.json", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("url", ["sqlite", "postgresql"])
def test_a_partner_s_release_and_its_withdrawal_are_told(request, tmp_path, url):
    request.param = url
    app = create_app(Settings(database_url=own_database(request, tmp_path, "following"), release_check_seconds=0))
    app.test_client_class = ContractClient
    client, database = app.test_client(), app.extensions["database"]
    with database.begin() as connection:
        publish(connection, [figure(app, VALUE)], reason="A mistake.", owner="Dudley Council",
                published_at=datetime(2026, 7, 1, tzinfo=UTC))  # fmt: skip
    (first, *_) = read(client, "?region=E12000005")[1]["items"]
    assert first["authors"] == [{"name": "Dudley Council"}]
    assert (first["_release"]["indicators"], first["_release"]["regions"]) == (["gva-per-hour"], ["E12000005"])
    with database.begin() as connection:
        withdraw(connection, 5, reason="It was not to be told.", published_at=datetime(2026, 9, 1, tzinfo=UTC))
    newest, withdrawn, *_ = read(client, "?region=E12000005")[1]["items"]
    assert (newest["_release"]["kind"], newest["_release"]["withdraws"]) == ("withdrawal", 5)
    assert withdrawn["id"] == first["id"] and withdrawn["_release"]["withdrawn_by"] == 6
    assert withdrawn["date_modified"] == newest["date_published"] and "attachments" not in withdrawn
    assert "A mistake" not in withdrawn["content_text"]
    assert str(VALUE) not in client.get(f"{FEED}.json").text
    database.engine.dispose()
