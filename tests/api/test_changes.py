"""What changed since a release: a copy that takes changes up in order is that of the newest release."""

import csv
import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from api import create_app
from api.services.publish import Removal, publish, withdraw
from api.settings import Settings
from tests.api.test_withdrawn import VALUE, figure
from tests.conftest import own_database
from tests.contract_client import ContractClient

CHANGES = "/v1/changes"
HERE = "indicator=gigabit-availability&region=E12000005"


@dataclass
class Copy:
    """A copy of the figures of some places, kept up by changes."""

    figures: dict = field(default_factory=dict)

    @classmethod
    def of(cls, client, release, asked=""):
        rows = lines(client.get(f"/v1/observations.ndjson?release={release}&history=own&{asked}"))
        return cls({key(row): (row["value"], row["status"]) for row in rows})

    def take_up(self, rows):
        for row in rows:
            if row["change"] == "removed":
                del self.figures[key(row)]
            else:
                assert (key(row) in self.figures) == (row["change"] == "changed")
                self.figures[key(row)] = (row["new_value"], row["new_status"])


def key(row):
    return row["indicator"], row["region"], row["period"]


def lines(response):
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


@pytest.mark.parametrize("asked", ["region=E12000005", "indicator=gigabit-availability", "component=digital-skills"])
def test_a_copy_is_that_of_the_newest_release(client, asked):
    copy = Copy.of(client, 1, asked)
    copy.take_up(lines(client.get(f"{CHANGES}.ndjson?since=1&{asked}")))
    newest = Copy.of(client, 4, asked)
    assert copy.figures.keys() == newest.figures.keys() != Copy.of(client, 1, asked).figures.keys()
    for name, (value, status) in newest.figures.items():
        assert copy.figures[name][1] == status
        # Tables of observations are rounded to their decimals, changes are not.
        assert copy.figures[name][0] == (None if value is None else pytest.approx(value, abs=0.51))


def test_each_step_is_the_difference_of_two_releases(client):
    rows = client.get(f"{CHANGES}?since=1&level=itl1&limit=10000").json["data"]
    assert [row["release"] for row in rows] == sorted(row["release"] for row in rows)
    for old, new in ((1, 2), (2, 3), (3, 4)):
        step = client.get(f"/v1/releases/{old}/diff/{new}?level=itl1&limit=10000").json["data"]
        kind = client.get(f"/v1/releases/{new}").json["data"]["kind"]
        head = {"release": new, "release_kind": kind}
        assert [row for row in rows if row["release"] == new] == [head | row for row in step]


def test_whoever_stops_goes_on_exactly_there(client):
    whole = client.get(f"{CHANGES}?since=1&{HERE}").json
    assert {row["release"] for row in whole["data"]} == {2, 3, 4}
    assert whole["meta"]["next_since"] == 4 and whole["links"]["next"] is None
    found, address = [], f"{CHANGES}?since=1&{HERE}&limit=1"
    while address:
        page = client.get(address).json
        found += page["data"]
        address = page["links"]["next"]
        assert page["meta"]["next_since"] == (None if address else 4)
        assert address is None or "release=4" in address
    assert found == whole["data"]


def test_tables_have_all_of_it(client):
    everything = client.get(f"{CHANGES}?since=1&level=itl1&limit=10000").json["data"]
    response = client.get(f"{CHANGES}.csv?since=1&level=itl1")
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert len(rows) == len(everything)
    assert [(row["release"], row["region"]) for row in rows[:50]] == [
        (str(row["release"]), row["region"]) for row in everything[:50]
    ]
    assert response.headers["Content-Location"] == f"{CHANGES}.csv?since=1&level=itl1&release=4"
    described = client.get(f"{CHANGES}.csv-metadata.json?since=1").json
    assert described["tableSchema"]["primaryKey"] == ["release", "indicator", "region", "period"]


def test_filters_and_ends(client):
    only = client.get(f"{CHANGES}?since=2026-01-13&until=3&change=changed&limit=1000").json
    assert (only["meta"]["old_release"], only["meta"]["new_release"], only["meta"]["next_since"]) == (2, 3, 3)
    assert len(only["data"]) == 30 and {row["release_kind"] for row in only["data"]} == {"correction"}
    moment = client.get(f"{CHANGES}?since=2026-01-11T23:59:59Z&until=2026-01-13").json["meta"]
    assert (moment["old_release"], moment["new_release"]) == (1, 2)
    nothing = client.get(f"{CHANGES}?since=4").json
    assert nothing["data"] == [] and nothing["meta"]["reason"] == "no-match" and nothing["meta"]["next_since"] == 4
    pinned = client.get(f"{CHANGES}?since=1&release=2&{HERE}").json
    assert pinned["meta"]["new_release"] == 2
    counted = client.get(f"{CHANGES}?since=1&level=itl1&explain=true").json["data"]
    assert counted["rows"] == len(client.get(f"{CHANGES}?since=1&level=itl1&limit=10000").json["data"])


@pytest.mark.parametrize(
    ("query", "status", "path"),
    [
        ("", 422, "query/since"), ("since=soon", 422, "query/since"), ("since=99", 404, "query/since"),
        ("since=2020-01-01", 404, "query/since"), ("since=1&until=99", 404, "query/until"),
        ("since=3&until=2", 422, "query/since"), ("since=3&release=2", 404, "query/since"),
        ("since=1&cursor=00000000-abc", 422, "query/cursor"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(client, query, status, path):
    response = client.get(f"{CHANGES}?{query}")
    assert response.status_code == status, response.text
    assert response.json["errors"][0]["path"] == path


def test_a_reader_that_has_it_is_not_sent_it_again(client):
    first = client.get(f"{CHANGES}?since=3")
    assert client.get(f"{CHANGES}?since=3", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.get(f"{CHANGES}?since=3&until=4").headers["ETag"] != first.headers["ETag"]
    assert "immutable" in client.get(f"{CHANGES}?since=3&release=4").headers["Cache-Control"]


@pytest.fixture(params=["sqlite", "postgresql"])
def own(request, tmp_path):
    settings = Settings(database_url=own_database(request, tmp_path, "changes"), release_check_seconds=0)
    app = create_app(settings)
    app.test_client_class = ContractClient
    yield app
    app.extensions["database"].engine.dispose()


def test_what_was_withdrawn_goes_back_without_its_figures(own):
    client, database = own.test_client(), own.extensions["database"]
    moments = [datetime(2026, month, 1, tzinfo=UTC) for month in (7, 8, 9)]
    with database.begin() as connection:
        publish(connection, [figure(own, VALUE)], reason="A mistake.", published_at=moments[0])
    asked = "indicator=gva-per-hour&region=E12000005,E12000007"
    copy = Copy.of(client, 5, asked)
    cursor = client.get(f"{CHANGES}?since=3&limit=1").json["links"]["next"]
    assert "release=5" in cursor
    with database.begin() as connection:
        publish(connection, [figure(own, 30.0, "E12000007")], reason="Others.", published_at=moments[1])
    with database.begin() as connection:
        withdraw(connection, 5, reason="It was not to be told.", published_at=moments[2])
    newest = Copy.of(client, 7, asked)
    back = client.get(f"{CHANGES}?since=5&{asked}")
    assert str(VALUE) not in back.text
    (row, other) = back.json["data"]
    assert (row["release"], row["release_kind"], row["change"]) == (7, "withdrawal", "changed")
    assert (row["old_value"], row["old_status"]) == (None, None)
    assert other["region"] == "E12000007" and other["new_value"] == 30
    copy.take_up(lines(client.get(f"{CHANGES}.ndjson?since=5&{asked}")))
    assert {name: value for name, (value, _) in copy.figures.items()} == pytest.approx(
        {name: value for name, (value, _) in newest.figures.items()}, abs=0.1
    )
    since = client.get(f"{CHANGES}?since=4&{asked}").json["data"]
    assert [(row["release"], row["region"]) for row in since] == [(7, "E12000007")]
    assert client.get(cursor).status_code == 410
    refused = client.get(f"{CHANGES}?since=4&until=5")
    assert (refused.status_code, refused.json["errors"][0]["path"]) == (410, "query/until")


def test_what_was_removed_is_told(own):
    client, database = own.test_client(), own.extensions["database"]
    gone = figure(own, 1.0)
    removal = Removal(
        indicator=gone.indicator, region=gone.region, period_start=gone.period_start,
        period_duration=gone.period_duration,
    )  # fmt: skip
    with database.begin() as connection:
        publish(connection, [removal], reason="It was never measured.", kind="correction")
    (row,) = client.get(f"{CHANGES}?since=4").json["data"]
    assert (row["change"], row["new_value"], row["new_status"]) == ("removed", None, None)
    assert row["old_value"] is not None
