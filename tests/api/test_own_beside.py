"""Figures of one's own beside those of this service, in one calculation."""

from __future__ import annotations

import numpy as np
import pytest

REGIONS = ["E12000001", "E12000002", "E12000003", "E12000007"]
GIGABIT = {"id": "gigabit-availability"}
BODY = {
    "indicators": [GIGABIT, {"id": "libraries", "denominator": "homes", "scale": 1000}],
    "regions": REGIONS,
    "data": {
        # In an order of its own, one under an alias (TLC is the North East), and none of London.
        "regions": ["E12000003", "TLC", "E12000002"],
        "values": {"libraries": [30, 10, 80]},
        "denominators": {"homes": [3000, 2000, 4000]},
    },
    "uncertainty": {"draws": 20},
}


def calculated(client, body):
    response = client.post("/v1/calculations", json=body)
    assert response.status_code == 200, response.text[:800]
    return response.json


def test_rows_are_found_by_code_and_columns_by_name(client):
    found = calculated(client, BODY)
    data = found["data"]
    own = [item["indicators"]["libraries"]["denominated"] for item in data["regions"]]
    assert [item["id"] for item in data["regions"]] == REGIONS
    assert own == pytest.approx([5, 20, 10, None], nan_ok=True) or own[:3] == pytest.approx([5, 20, 10])
    assert own[3] is None
    service = client.post(
        "/v1/calculations", json={"indicators": [GIGABIT], "regions": REGIONS, "include": ["stages"]}
    ).json["data"]
    for mine, theirs in zip(data["regions"], service["regions"], strict=True):
        assert mine["indicators"]["gigabit-availability"] == theirs["indicators"]["gigabit-availability"]
        assert mine["name"] == theirs["name"]
    assert [item["indicator"] for item in data["figures"]] == ["gigabit-availability"]
    assert found["meta"]["figures"] == "mixed" and found["meta"]["release"] is not None and found["meta"]["source"]
    assert found["links"]["permalink"] is None and found["meta"]["permalink_reason"]


def test_scores_are_means_of_both(client):
    data = calculated(client, BODY)["data"]
    for item in data["regions"]:
        parts = [cell["normalised"] for cell in item["indicators"].values() if cell["normalised"] is not None]
        assert item["score"] == pytest.approx(np.mean(parts))
    assert data["regions"][3]["coverage"] == 0.5


def test_an_indicator_with_values_is_ones_own_whatever_it_is_called(client):
    body = {
        "indicators": [{"id": "gigabit-availability"}, {"id": "level-3-qualifications"}],
        "regions": REGIONS,
        "data": {"regions": REGIONS, "values": {"gigabit-availability": [1, 2, 3, 4]}},
        "include": ["stages"],
    }
    data = calculated(client, body)["data"]
    assert [item["indicators"]["gigabit-availability"]["raw"] for item in data["regions"]] == [1, 2, 3, 4]
    assert [item["indicator"] for item in data["figures"]] == ["level-3-qualifications"]


def test_errors_sizes_and_earlier_values_of_both_kinds(client):
    body = {
        **BODY,
        "data": {**BODY["data"], "standard_errors": {"libraries": [1, None, 2]}, "earlier": {"libraries": [1, 1, 1]}},
        "imputation": "latest-earlier",
        "normalisation": "weighted-z-score",
        "uncertainty": {"draws": 50, "data_error": True},
    }
    data = calculated(client, body)["data"]
    assert set(data["uncertainty"]["errors_known"]) == {"gigabit-availability", "libraries"}
    z = np.array([item["indicators"]["gigabit-availability"]["normalised"] for item in data["regions"]])
    people = [client.get(f"/v1/series/population/{code}").json["data"]["observations"][-1]["value"] for code in REGIONS]
    assert data["sized_by"] == {"indicator": "population", "year": 2023}
    # Standardised by people: their mean is nought.
    assert np.average(z, weights=people) == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"data": {**BODY["data"], "regions": ["E12000003", "E12000004", "E12000002"]}}, "body/data/regions/1"),
        ({"data": {**BODY["data"], "regions": ["E12000003", "E12000003", "E12000002"]}}, "body/data/regions/1"),
        ({"data": {**BODY["data"], "regions": ["E12000003", "nowhere", "E12000002"]}}, "body/data/regions/1"),
        ({"data": {**BODY["data"], "values": {"libraries": [1, 2]}}}, "body/data/values/libraries"),
        ({"data": {**BODY["data"], "values": {"libraries": [1, 2, 3], "cinemas": [1, 2, 3]}}},
         "body/data/values/cinemas"),
        ({"data": {**BODY["data"], "groups": ["n", "n", "n"]}}, "body/data/groups"),
        ({"indicators": [BODY["indicators"][1]]}, "body/regions"),
        ({"indicators": [{"id": "nope"}, BODY["indicators"][1]]}, "body/indicators/0/id"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(client, change, path):
    response = client.post("/v1/calculations", json={**BODY, **change})
    assert response.status_code == 422, response.text[:500]
    assert path in [item["path"] for item in response.json["errors"]], response.json["errors"]


def test_a_cell_of_ones_own_at_fault_is_found_in_the_body(client):
    body = {**BODY, "data": {**BODY["data"], "denominators": {"homes": [3000, 0, 4000]}}}
    response = client.post("/v1/calculations", json=body)
    assert response.status_code == 422
    (fault,) = response.json["errors"]
    assert fault["path"] == "body/data/values/libraries/1" and fault["region"] == "E12000001"


def test_a_base_period_of_this_service(client):
    body = {
        "indicators": [{"id": "gva-sic-j", "base_period": "2015"}],
        "regions": {"level": "itl1"},
        "normalisation": "base-z-score",
        "include": ["stages"],
    }
    data = calculated(client, body)["data"]
    (written,) = data["definition"]["indicators"]
    then = calculated(client, {**body, "indicators": [{"id": "gva-sic-j", "period": "2015"}], "normalisation": "rank"})
    values = np.array([item["indicators"]["gva-sic-j"]["denominated"] for item in then["data"]["regions"]])
    assert written["base_mean"] == pytest.approx(values.mean())
    assert written["base_deviation"] == pytest.approx(values.std(ddof=1))
    for item in data["regions"]:
        cell = item["indicators"]["gva-sic-j"]
        expected = 100 + 10 * (cell["denominated"] - values.mean()) / values.std(ddof=1)
        assert cell["normalised"] == pytest.approx(expected)
    for wrong in ("1066", "soon"):
        refused = client.post(
            "/v1/calculations", json={**body, "indicators": [{"id": "gva-sic-j", "base_period": wrong}]}
        )
        assert refused.json["errors"][0]["path"] == "body/indicators/0/base_period"
