"""What an answer would be, before it is asked for."""

from dataclasses import replace

import pytest

from api import create_app
from api.limits import Limits
from tests.contract_client import ContractClient

QUESTION = "indicator=gigabit-availability,population&level=itl1,local-authority"

PLACES = 54_421 - 16
"""Observations of places: sixteen stand under two codes of a place."""


def explained(client, address):
    answer = client.get(f"{address}{'&' if '?' in address else '?'}explain=true")
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.digital-capital.explanation+json"
    return answer.json["data"]


@pytest.mark.parametrize("name", ["json", "ndjson", "csv", "sdmx-csv", "json-stat", "xlsx", "parquet"])
def test_rows_and_bytes_are_those_of_the_answer(client, name):
    for address in (f"/v1/observations.{name}?{QUESTION}", f"/v1/series.{name}?{QUESTION}"):
        said = explained(client, address)
        body = client.get(address).data
        assert said["format"] == name
        assert said["rows"] > 4_000
        assert said["rows_in_answer"] == (1_000 if name == "json" else said["rows"])
        # A compressed file grows less than its rows do.
        assert 0.7 < said["bytes"] / len(body) < (3 if name == "parquet" else 1.4), (said, len(body))


def test_what_limit_applies_and_what_it_does(client):
    whole = explained(client, "/v1/observations.csv")
    assert (whole["rows"], whole["rows_in_answer"], whole["limit"], whole["effect"]) == (PLACES, PLACES, None, "whole")
    paged = explained(client, "/v1/observations")
    assert paged["limit"] == {"name": "default_observations", "value": 1_000}
    assert (paged["rows"], paged["rows_in_answer"], paged["pages"], paged["effect"]) == (PLACES, 1_000, 55, "paged")
    asked = explained(client, "/v1/observations.csv?limit=10&indicator=population&region=E12000005")
    assert (asked["limit"], asked["rows"], asked["rows_in_answer"]) == ({"name": "limit", "value": 10}, 26, 10)
    regions = explained(client, "/v1/regions")
    assert regions["limit"] == {"name": "default_items", "value": 100} and regions["rows"] == 657
    assert explained(client, "/v1/regions.geojson")["rows_in_answer"] == 657
    assert explained(client, "/v1/indicators?limit=31")["effect"] == "whole"
    assert explained(client, "/v1/releases/2/diff/3")["rows"] == 1_690
    whole = explained(client, "/v1/releases/2/diff/3?format=csv")
    assert (whole["rows_in_answer"], whole["effect"]) == (1_690, "whole")
    assert explained(client, "/v1/series/population/E12000005")["rows"] == 26
    nothing = explained(client, "/v1/observations.csv?indicator=population&period=1800")
    assert (nothing["rows"], nothing["pages"], nothing["effect"]) == (0, 1, "whole")


def test_what_would_be_refused_is_said_before(settings):
    app = create_app(replace(settings, limits=Limits(max_observations_in_one_piece=20_000)))
    app.test_client_class = ContractClient
    client = app.test_client()
    said = explained(client, "/v1/observations.xlsx")
    assert said["limit"] == {"name": "max_observations_in_one_piece", "value": 20_000}
    assert (said["rows"], said["rows_in_answer"], said["effect"]) == (PLACES, 0, "refused")
    refused = client.get("/v1/observations.xlsx")
    assert refused.status_code == client.head("/v1/observations.xlsx").status_code == 413
    assert explained(client, "/v1/observations.xlsx?limit=10000")["effect"] == "paged"
    assert client.get("/v1/observations.xlsx?limit=10000").status_code == 200
    app.extensions["database"].engine.dispose()


def test_pages_left_are_counted_from_the_cursor_on(client):
    first = client.get("/v1/observations?indicator=population&limit=1000")
    left = explained(client, first.json["links"]["next"])
    assert left["rows"] == explained(client, "/v1/observations?indicator=population")["rows"] - 1_000


def test_head_says_the_same_in_headers(client):
    address = f"/v1/observations.csv?{QUESTION}"
    head = client.head(address)
    said = explained(client, address)
    assert head.status_code == 200 and not head.data
    answer = client.get(address)
    assert head.headers["Explain-Rows"] == str(said["rows"])
    assert head.headers["Explain-Bytes"] == head.headers["Content-Length"] == str(len(answer.data))
    assert head.headers["Explain-Limit"] == "whole"
    assert client.head("/v1/observations").headers["Explain-Limit"] == "paged; default_observations=1000"
    for name in ("ETag", "Content-Type", "Cache-Control", "Content-Location", "Vary"):
        assert head.headers[name] == answer.headers[name]
    assert head.headers.getlist("Link") == answer.headers.getlist("Link")
    workbook = "/v1/observations.xlsx?indicator=population&region=E12000005"
    for other in (workbook, "/v1/observations?indicator=population", "/v1/releases/2/diff/3"):
        links = [client.open(other, method=method).headers.getlist("Link") for method in ("HEAD", "GET")]
        # Where a next page begins is known once this one is read.
        assert [link for link in links[0] if "next" not in link] == [link for link in links[1] if "next" not in link]
    assert (
        client.head(workbook).headers["Content-Disposition"]
        == 'attachment; filename="west-midlands-E12000005-population.xlsx"'
    )
    assert "Explain-Rows" in head.headers["Access-Control-Expose-Headers"]
    assert client.head(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_an_explanation_has_a_tag_of_its_own(client):
    address = f"/v1/observations.csv?{QUESTION}"
    answer, said = client.get(address), client.get(f"{address}&explain=true")
    assert answer.headers["ETag"] != said.headers["ETag"]
    assert client.get(f"{address}&explain=true", headers={"If-None-Match": said.headers["ETag"]}).status_code == 304


def test_a_bad_question_is_refused_before_it_is_explained(client):
    assert client.get("/v1/observations?indicator=nope&explain=true").status_code == 404
    assert client.get("/v1/observations?explain=perhaps").status_code == 422
    assert client.get("/v1/levels?explain=true").status_code == 422
