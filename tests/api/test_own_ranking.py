"""Ranks of estimates that come with the question."""

import pytest

from tests.analysis.pisa_2018 import MATHEMATICS

PISA = [{"id": name, "estimate": score, "standard_error": error} for name, (score, error) in MATHEMATICS.items()]
FIVE = [{"id": name, "estimate": value, "standard_error": 1} for name, value in zip("abcde", range(5), strict=True)]


def ranked(client, body):
    response = client.post("/v1/rankings", json=body)
    assert response.status_code == 200, response.json
    return response.json


def test_pisa(client):
    answer = ranked(client, {"title": "Mathematics", "estimates": PISA, "best": 5, "worst": 1})
    data = answer["data"]
    lines = {line["id"]: line for line in data["estimates"]}
    kingdom = lines["United Kingdom"]
    assert (kingdom["rank"], kingdom["marginal"]) == (13, {"lower": 8, "upper": 23})
    assert kingdom["simultaneous"]["lower"] <= 8 and kingdom["simultaneous"]["upper"] >= 23
    assert sum(line["among_best"] for line in data["estimates"]) == 12
    assert [line["id"] for line in data["estimates"] if line["among_worst"]] == ["Colombia"]
    assert [line["rank"] for line in data["estimates"]] == sorted(line["rank"] for line in data["estimates"])
    assert (data["n"], data["coverage"], answer["meta"]["figures"]) == (37, 0.95, "inline")
    assert "Mogstad" in data["method"] and data["draws"] > 10_000


def test_the_other_way_up(client):
    lines = ranked(client, {"estimates": PISA, "direction": "lowest-first"})["data"]["estimates"]
    assert (lines[0]["id"], lines[0]["rank"], lines[0]["among_best"]) == ("Colombia", 1, None)
    assert lines[0]["simultaneous"] == {"lower": 1, "upper": 1}


def test_bounds_say_the_same_as_the_standard_error_that_they_stand_for(client):
    bounded = [
        {"id": name, "estimate": score, "lower": score - 1.959964 * error, "upper": score + 1.959964 * error}
        for name, (score, error) in MATHEMATICS.items()
    ]
    assert ranked(client, {"estimates": bounded})["data"] == ranked(client, {"estimates": PISA})["data"]


@pytest.mark.parametrize("turned", [False, True])
def test_bounds_that_are_not_symmetric_count_by_the_side_that_faces(client, turned):
    """Far from the other on one side, near on the other: told apart where the near side faces it."""
    low, high = {"id": "low", "estimate": 0, "standard_error": 0.5}, {"id": "high", "estimate": 4}
    high |= {"lower": -4, "upper": 4.1} if turned else {"lower": 3.9, "upper": 12}
    for direction, first in (("highest-first", "high"), ("lowest-first", "low")):
        data = ranked(client, {"estimates": [low, high], "direction": direction})["data"]
        assert data["estimates"][0]["id"] == first
        assert data["estimates"][0]["simultaneous"]["upper"] == (2 if turned else 1)


@pytest.mark.parametrize(
    ("change", "path", "said"),
    [
        ({"standard_error": None}, "estimates/0", "Give either standard_error, or both lower and upper."),
        ({"lower": 0}, "estimates/0", "Give either standard_error, or both lower and upper."),
        ({"standard_error": None, "lower": 1, "upper": 2}, "estimates/0", "does not lie between"),
        ({"standard_error": -1}, "estimates/0/standard_error", "not in the range"),
        ({"estimate": "1"}, "estimates/0/estimate", "is no number"),
        ({"id": "b"}, "estimates/1/id", "b is named more than once"),
        ({"se": 1}, "estimates/0/se", "not known here"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(client, change, path, said):
    response = client.post("/v1/rankings", json={"estimates": [{**FIVE[0], **change}, *FIVE[1:]]})
    assert response.status_code == 422
    [fault] = [item for item in response.json["errors"] if item["path"] == f"body/{path}"]
    assert said in fault["message"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"estimates": FIVE[:1]}, "estimates"),
        ({"estimates": [{**FIVE[0], "id": str(place)} for place in range(501)]}, "estimates"),
        ({"estimates": FIVE, "best": 6}, "best"),
        ({"estimates": FIVE, "worst": 0}, "worst"),
        ({"estimates": FIVE, "coverage": 95}, "coverage"),
        ({"estimates": FIVE, "direction": "up"}, "direction"),
        ({}, "estimates"),
    ],
)
def test_what_cannot_be_ranked_is_refused(client, body, path):
    response = client.post("/v1/rankings", json=body)
    assert response.status_code == 422
    assert response.json["errors"][0]["path"] == f"body/{path}"


def test_many_are_ranked_too(client):
    many = [{"id": str(place), "estimate": place / 7, "standard_error": 1} for place in range(300)]
    lines = ranked(client, {"estimates": many})["data"]["estimates"]
    assert len(lines) == 300
    assert lines[0]["simultaneous"]["upper"] < 100


def test_unknown_keys_are_told_in_one_order(client):
    body = {"estimates": FIVE, "zeta": 1, "alpha": 2, "mu": 3, "beta": 4}
    errors = client.post("/v1/rankings", json=body).json["errors"]
    assert [item["path"] for item in errors] == ["body/alpha", "body/beta", "body/mu", "body/zeta"]
