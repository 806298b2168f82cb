"""A calculation held against another: who moved, and whether beyond the range of the other's choices."""

from __future__ import annotations

import copy

import pytest

UK = "/v1/indices/local-digital-capital"
OWN = {
    "indicators": [{"id": "x"}, {"id": "y"}],
    "data": {"regions": ["a", "b", "c", "d"], "values": {"x": [1, 2, 3, 4], "y": [4, 2, 3, 0]}},
    "uncertainty": {"draws": 200, "weights": 0.1},
    "include": ["scores"],
}


def calculated(client, address, body):
    response = client.post(address, json=body)
    assert response.status_code == 200, response.text[:800]
    return response.json


def test_a_published_index_with_other_weights_against_itself_as_published(client):
    body = {"weights": {"digital-skills": 5}, "against": {}, "include": ["scores"]}
    found = calculated(client, f"{UK}/calculations", body)
    against = found["data"]["against"]
    published = {item["region"]: item for item in client.get(f"{UK}/scores").json["data"]["regions"]}
    mine = {item["id"]: item for item in found["data"]["regions"]}
    assert len(against["regions"]) == 12 and against["beyond_reason"] is None
    for item in against["regions"]:
        before = published[item["id"]]
        assert (item["rank"], item["against_rank"]) == (mine[item["id"]]["rank"], before["rank"])
        assert item["moved"] == before["rank"] - item["rank"]
        assert item["against_range_90"] == before["method_range_90"]
        low, high = before["method_range_90"]["lower"], before["method_range_90"]["upper"]
        assert item["beyond"] is not (low <= item["rank"] <= high)
    moved = [abs(item["moved"]) for item in against["regions"]]
    assert moved == sorted(moved, reverse=True) and against["moved"] == sum(size > 0 for size in moved) > 0
    assert against["beyond"] == sum(item["beyond"] for item in against["regions"])
    again = client.get(found["links"]["permalink"])
    assert again.json["data"] == found["data"]


def test_nothing_otherwise_moves_nobody(client):
    against = calculated(client, f"{UK}/calculations", {"against": {}})["data"]["against"]
    assert (against["moved"], against["beyond"], against["rank_correlation"]) == (0, 0, pytest.approx(1))


def test_figures_of_ones_own_with_other_weights_and_methods(client):
    body = {**OWN, "against": {"weights": {"y": 3}, "normalisation": "rank"}}
    against = calculated(client, "/v1/calculations", body)["data"]["against"]
    other = copy.deepcopy(OWN) | {"normalisation": "rank"}
    other["indicators"][1]["weight"] = 3
    alone = {item["id"]: item for item in calculated(client, "/v1/calculations", other)["data"]["regions"]}
    for item in against["regions"]:
        assert (item["against_rank"], item["against_score"]) == (alone[item["id"]]["rank"], alone[item["id"]]["score"])
    assert against["definition"]["normalisation"] == {"method": "rank"}
    assert [item["weight"] for item in against["definition"]["indicators"]] == [1, 3]


def test_without_draws_there_is_no_range_to_be_beyond(client):
    body = {**OWN, "uncertainty": None, "against": {"weights": {"x": 0}}}
    against = calculated(client, "/v1/calculations", body)["data"]["against"]
    assert against["beyond"] is None and "uncertainty" in against["beyond_reason"]
    assert {item["beyond"] for item in against["regions"]} == {None}
    assert against["regions"][0]["against_rank"] in {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("address", "body", "path"),
    [
        ("/v1/calculations", {**OWN, "against": {"weights": {"z": 1}}}, "body/against/weights/z"),
        ("/v1/calculations", {**OWN, "against": {"weights": {"x": 0, "y": 0}}}, "body/against/weights"),
        ("/v1/calculations", {**OWN, "against": {"normalisation": "goalposts"}}, "body/against/indicators/0/lower"),
        ("/v1/calculations", {**OWN, "against": {"weigths": {}}}, "body/against/weigths"),
        (f"{UK}/calculations", {"against": {"without": ["nope"]}}, "body/against/without/0"),
        (f"{UK}/calculations", {"against": {"edition": 2031}}, "body/against/edition"),
        (f"{UK}/calculations", {"against": {"method_version": 9}}, "body/against/method_version"),
    ],
)
def test_what_is_wrong_with_the_other_is_said_of_it(client, address, body, path):
    response = client.post(address, json=body)
    assert response.status_code == 422 and path in [item["path"] for item in response.json["errors"]]


def test_a_calculation_that_is_impossible_there_says_so(client):
    body = {**OWN, "against": {"aggregation": "geometric", "normalisation": "min-max"}}
    response = client.post("/v1/calculations", json=body)
    assert response.status_code == 422 and response.json["type"].endswith("impossible-calculation")
    assert all(item["path"].startswith("body/against") for item in response.json["errors"])
