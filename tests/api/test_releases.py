"""Releases: pinning, as-of, differences, withdrawal."""

import csv
import io
from datetime import UTC, datetime

import pytest

from api import create_app
from api.services.publish import Figure, publish, withdraw
from api.settings import Settings
from tests.conftest import own_database
from tests.contract_client import ContractClient

WEST_MIDLANDS = "/v1/observations?indicator=gigabit-availability&region=E12000005&period=2025-01"


def value(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.text
    return response.json["data"][0]["value"]


def test_the_genuine_mistake_of_january_2026(client):
    assert value(client, f"{WEST_MIDLANDS}&as_of=2026-01-11") == 88.2
    assert value(client, f"{WEST_MIDLANDS}&as_of=2026-01-13") == 89.2
    assert value(client, f"{WEST_MIDLANDS}&as_of=2026-01-14") == 88.2
    assert [value(client, f"{WEST_MIDLANDS}&release={number}") for number in (1, 2, 3, 4)] == [88.2, 89.2, 88.2, 88.2]


@pytest.mark.parametrize(
    ("moment", "release"),
    [
        ("2025-10-10", 1), ("2026-01-12T00:00:00Z", 2), ("2026-01-11T23:59:59Z", 1),
        ("2026-01-12T01:00:00%2B01:00", 2), ("2026-05-18", 3), ("2030-01-01", 4),
    ],
)  # fmt: skip
def test_as_of_is_this_service_s_publication_time(client, moment, release):
    assert client.get(f"/v1/levels?as_of={moment}").json["meta"]["release"] == release


def test_what_is_pinned_is_kept_and_what_is_not_is_led_to_its_pin(client):
    pinned = client.get(f"{WEST_MIDLANDS}&release=2")
    assert pinned.headers["Cache-Control"] == "public, max-age=86400, immutable"
    assert "Content-Location" not in pinned.headers
    for latest in (client.get(WEST_MIDLANDS), client.get(f"{WEST_MIDLANDS}&release=latest")):
        assert latest.headers["Cache-Control"].startswith("public, max-age=60")
        assert latest.headers["Content-Location"] == f"{WEST_MIDLANDS}&release=4"
        assert client.get(latest.headers["Content-Location"]).json["data"] == latest.json["data"]
        assert latest.json["meta"]["citation"].endswith("&release=4")
    past = client.get(f"{WEST_MIDLANDS}&as_of=2026-01-13")
    assert "immutable" in past.headers["Cache-Control"]
    future = client.get(f"{WEST_MIDLANDS}&as_of=2030-01-01")
    assert "immutable" not in future.headers["Cache-Control"]


def test_a_next_page_is_of_the_same_release(client):
    assert "release=4" in client.get("/v1/observations?limit=2").json["links"]["next"]
    assert "release=1" in client.get("/v1/observations?limit=2&release=1").json["links"]["next"]
    assert "release=" not in client.get("/v1/releases?limit=2").json["links"]["next"]


def test_what_a_release_covers(client):
    assert client.get("/v1/indicators/gigabit-availability?release=1").json["data"]["latest_period"] == "2025-01"
    assert client.get("/v1/indicators/gigabit-availability?release=3").json["data"]["latest_period"] == "2025-07"
    answer = client.get("/v1/series/gigabit-availability/E12000005?release=1&period_from=2025-07").json
    assert answer["meta"]["reason"] == "not-yet-published"


@pytest.mark.parametrize(
    ("query", "status", "path"),
    [
        ("release=99", 404, "query/release"), ("release=0", 422, "query/release"),
        ("release=one", 422, "query/release"),
        ("as_of=2020-01-01", 404, "query/as_of"), ("as_of=soon", 422, "query/as_of"),
        ("release=1&as_of=2026-01-01", 422, "query/as_of"),
    ],
)  # fmt: skip
def test_a_release_that_cannot_be_read(client, query, status, path):
    response = client.get(f"/v1/observations?{query}")
    assert response.status_code == status
    assert response.json["errors"][0]["path"] == path


def test_the_releases(client):
    listed = client.get("/v1/releases").json["data"]
    assert [item["id"] for item in listed] == [4, 3, 2, 1]
    assert [item["kind"] for item in listed] == ["release", "correction", "release", "release"]
    assert all(item["reconstructed"] for item in listed)
    assert client.get("/v1/releases/3").json["data"]["changes"] == {"added": 1660, "changed": 30, "removed": 0}
    assert client.get("/v1/releases/99").status_code == 404


def test_the_correction_lists_exactly_what_it_changed(client):
    answer = client.get("/v1/releases/2/diff/3?change=changed&limit=1000").json
    assert answer["meta"]["changes"]["changed"] == len(answer["data"]) == 30
    row = next(item for item in answer["data"] if item["region"] == "E12000005")
    assert (row["indicator"], row["period"], row["old_value"], row["new_value"]) == (
        "gigabit-availability", "2025-01", 89.2, 88.2,
    )  # fmt: skip
    back = client.get("/v1/releases/3/diff/2?change=changed&region=E12000005").json["data"]
    assert [(item["old_value"], item["new_value"]) for item in back] == [(88.2, 89.2)]
    # The mistake came and went: from before it to after it nothing changed.
    assert client.get("/v1/releases/1/diff/3?change=changed").json["data"] == []


def test_differences_have_pages_and_csv(client):
    whole = client.get("/v1/releases/2/diff/3?region=E12000005").json["data"]
    address, seen = "/v1/releases/2/diff/3?region=E12000005&limit=2", []
    while address:
        page = client.get(address).json
        seen += page["data"]
        assert page["meta"]["changes"] == {"added": 4, "changed": 1, "removed": 0}
        address = page["links"]["next"]
    assert seen == whole and len(whole) == 5
    lines = list(csv.DictReader(io.StringIO(client.get("/v1/releases/2/diff/3?format=csv&region=E12000005").text)))
    assert [line["change"] for line in lines] == [row["change"] for row in whole]


def test_the_newest_release_by_its_name(client):
    latest = client.get("/v1/releases/latest")
    assert latest.json["data"]["id"] == 4 and latest.headers["Content-Location"] == "/v1/releases/4"
    diff = client.get("/v1/releases/1/diff/latest?limit=2")
    assert diff.json["meta"]["new_release"] == 4
    assert diff.headers["Content-Location"] == "/v1/releases/1/diff/4?limit=2"


@pytest.fixture(params=["sqlite", "postgresql"])
def own(request, tmp_path):
    """An application with a database of its own, to publish into."""
    app = create_app(Settings(database_url=own_database(request, tmp_path, "published_into"), release_check_seconds=0))
    app.test_client_class = ContractClient
    yield app
    app.extensions["database"].engine.dispose()


def test_publishing_and_withdrawing(own):
    client, database = own.test_client(), own.extensions["database"]
    addresses = [f"{WEST_MIDLANDS}&release={number}" for number in (1, 4)]
    before = [client.get(address).data for address in addresses]
    current = client.get(WEST_MIDLANDS)
    catalogue = own.extensions["releases"].current()
    figure = Figure(
        indicator=catalogue.indicator("gigabit-availability").id,
        region=catalogue.region("E12000005").id,
        period="2025-01", period_start="2025-01-01", period_duration="instant", value=50.5, status="A", source_file=1,
    )  # fmt: skip
    with database.begin() as connection:
        assert (
            publish(connection, [figure], reason="A test.", published_at=datetime(2026, 7, 1, tzinfo=UTC)).release == 5
        )
    # Pinned answers are the same bytes; the current one is another, and its old tag no longer holds.
    assert [client.get(address).data for address in addresses] == before
    again = client.get(WEST_MIDLANDS, headers={"If-None-Match": current.headers["ETag"]})
    assert again.status_code == 200 and again.json["data"][0]["value"] == 50.5
    assert value(client, f"{WEST_MIDLANDS}&as_of=2026-06-30") == 88.2
    assert [(row["old_value"], row["new_value"]) for row in client.get("/v1/releases/4/diff/5").json["data"]] == [
        (88.2, 50.5)
    ]
    with database.begin() as connection:
        withdraw(connection, 5, reason="The file was wrong.", published_at=datetime(2026, 7, 2, tzinfo=UTC))
    gone = client.get(f"{WEST_MIDLANDS}&release=5")
    assert gone.status_code == 410
    assert "The file was wrong" in gone.json["detail"] and "release 6" in gone.json["detail"]
    assert client.get(f"{WEST_MIDLANDS}&as_of=2026-07-01").status_code == 410
    assert value(client, WEST_MIDLANDS) == 88.2
    described = client.get("/v1/releases/5").json["data"]
    assert described["withdrawn_by"] == 6
    assert client.get("/v1/releases/6").json["data"]["withdraws"] == 5
    assert client.get("/v1/releases/4/diff/6").json["data"] == []
