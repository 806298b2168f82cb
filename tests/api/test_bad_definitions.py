"""Bad definitions and bodies: each is a problem that says what to do, and nothing fails."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.analysis.methods import BY_KIND
from api.limits import Limits

GOOD = {
    "indicators": [{"id": "x", "parent": "a"}, {"id": "y", "parent": "b"}],
    "aggregates": [{"id": "top"}, {"id": "a", "parent": "top"}, {"id": "b", "parent": "top"}],
    "data": {
        "regions": ["r", "s", "t"],
        "values": {"x": [1, 2, 3], "y": [3, 1, 2]},
        "denominators": {"people": [1, 2, 3]},
    },
}
DELETE = object()


def changed(*changes):
    """The good definition with something else at some places."""
    body = copy.deepcopy(GOOD)
    for path, value in changes:
        *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
        inside = body
        for part in way:
            inside = inside[part]
        if value is DELETE:
            del inside[last]
        elif isinstance(inside, list) and last == len(inside):
            inside.append(value)
        else:
            inside[last] = value
    return body


def refused(client, status, **sent):
    response = client.post("/v1/calculations", **sent)
    assert response.status_code == status, response.text[:500]
    assert response.headers["Cache-Control"] == "no-store"
    return response.json


HUGE = 10**400


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ([("aggregates/1/parent", "b"), ("aggregates/2/parent", "a")], "body/aggregates/1/parent", "circle"),
        ([("aggregates/0/parent", "top")], "body/aggregates/0/parent", "circle"),
        ([("indicators/0/parent", "aa")], "body/indicators/0/parent", "unknown-parent"),
        ([("indicators/1/id", "x")], "body/indicators/1/id", "repeated-id"),
        ([("aggregates/1/id", "x"), ("indicators/0/parent", "x")], "body/aggregates/1/id", "repeated-id"),
        ([("indicators/1/parent", None)], "body/indicators/1/parent", "no-parent"),
        ([("aggregates/2/parent", None)], "body/aggregates/2/parent", "several-tops"),
        ([("aggregates/3", {"id": "c", "parent": "top"})], "body/aggregates/3", "no-parts"),
        ([("indicators/0/weight", 0)], "body/aggregates/1", "weightless"),
        ([("indicators/0/weight", -1)], "body/indicators/0/weight", "invalid-value"),
        ([("indicators/0/weight", "1")], "body/indicators/0/weight", "invalid-value"),
        ([("indicators/0/weight", True)], "body/indicators/0/weight", "invalid-value"),
        ([("indicators/0/weight", HUGE)], "body/indicators/0/weight", "invalid-value"),
        ([("indicators/0/wieght", 1)], "body/indicators/0/wieght", "unknown-key"),
        ([("indicators/0/direction", 0)], "body/indicators/0/direction", "invalid-value"),
        ([("indicators/0/polarity", "higher")], "body/indicators/0/polarity", "invalid-value"),
        ([("indicators/0/denominator", "peopel")], "body/indicators/0/denominator", "unknown-denominator"),
        ([("indicators", [])], "body/indicators", "invalid-value"),
        ([("indicators", DELETE)], "body/indicators", "invalid-value"),
        ([("data/values/z", [1, 2, 3])], "body/data/values/z", "unknown-indicator"),
        ([("data/values/x", DELETE)], "body/data/values", "missing-values"),
        ([("data/values/x", [1, 2])], "body/data/values/x", "wrong-length"),
        ([("data/values/x", [1, "2", 3])], "body/data/values/x/1", "invalid-value"),
        ([("data/values/x", [1, False, 3])], "body/data/values/x/1", "invalid-value"),
        ([("data/values/x", [1, [2], 3])], "body/data/values/x/1", "invalid-value"),
        ([("data/values/x", [1, 1e308, 3])], "body/data/values/x/1", "invalid-value"),
        ([("data/values/x", [1, HUGE, 3])], "body/data/values/x/1", "invalid-value"),
        ([("data/values/x", {"r": 1})], "body/data/values/x", "invalid-value"),
        ([("data/regions", ["r"])], "body/data/regions", "invalid-value"),
        ([("data/regions/1", "r")], "body/data/regions/1", "repeated-id"),
        ([("data/regions/1", {"id": "s", "grup": "g"})], "body/data/regions/1/grup", "invalid-value"),
        ([("data/regions/1", {"id": "s", "group": "g"})], "body/data/regions/0/group", "groups"),
        ([("data/groups", ["g"])], "body/data/groups", "wrong-length"),
        ([("imputation", "mean")], "body/imputation", "invalid-value"),
        ([("imputation", "latest-earlier")], "body/data/earlier", "missing-values"),
        ([("normalisation", {"method": "min-max", "lo": 1})], "body/normalisation/lo", "invalid-value"),
        ([("normalisation", {"method": "min-max", "low": 100})], "body/normalisation/high", "invalid-value"),
        ([("normalisation", {"low": 1})], "body/normalisation/method", "invalid-value"),
        ([("normalisation", "distance-to-target")], "body/indicators/0/target", "missing-value"),
        ([("normalisation", "distance-to-reference")], "body/normalisation/reference", "invalid-value"),
        ([("normalisation", {"method": "distance-to-reference", "reference": "q"})],
         "body/normalisation/reference", "unknown-region"),
        ([("normalisation", "goalposts"), ("indicators/0/lower", 3), ("indicators/0/upper", 1),
          ("indicators/1/lower", 0), ("indicators/1/upper", 1)], "body/indicators/0/upper", "posts"),
        ([("aggregation", ["arithmetic"] * 3)], "body/aggregation", "levels"),
        ([("aggregation", ["arithmetic", "median"])], "body/aggregation/1", "invalid-value"),
        ([("uncertainty", {"draws": 1_000_000})], "body/uncertainty/draws", "invalid-value"),
        ([("uncertainty", {"draws": 0})], "body/uncertainty/draws", "invalid-value"),
        ([("uncertainty", {"weights": 1.5})], "body/uncertainty/weights", "invalid-value"),
        ([("uncertainty", {"normalisation": []})], "body/uncertainty/normalisation", "invalid-value"),
        ([("sensitivity", {})], "body/sensitivity", "no-choices"),
        ([("sensitivity", {}), ("uncertainty", {"weights": 0})], "body/sensitivity", "no-choices"),
        ([("sensitivity", {"samples": 100}), ("uncertainty", {})], "body/sensitivity/samples", "invalid-value"),
        ([("include", ["stage"])], "body/include/0", "invalid-value"),
        ([("minimum_coverage", 2)], "body/minimum_coverage", "invalid-value"),
        ([("titel", "x")], "body/titel", "unknown-key"),
    ],
)  # fmt: skip
def test_a_definition_that_is_not_valid(client, changes, path, code):
    problem = refused(client, 422, data=json.dumps(changed(*changes)), content_type="application/json")
    assert problem["type"].endswith("#invalid-definition")
    assert (path, code) in {(fault["path"], fault["code"]) for fault in problem["errors"]}, problem["errors"]


def test_the_nearest_known_key_is_named(client):
    problem = refused(client, 422, json=changed(("indicators/0/wieght", 1), ("normalization", "rank")))
    assert "Did you mean weight?" in str(problem) and "Did you mean normalisation?" in str(problem)


@pytest.mark.parametrize(
    ("changes", "cells", "said"),
    [
        ([("data/values/x", [2, 2, 2])], {(None, "x")}, "same value everywhere"),
        ([("data/values/x", [0.1, 0.1, 0.1]), ("normalisation", "z-score")], {(None, "x")}, "same value everywhere"),
        ([("data/values/x", [None] * 3)], {(None, "x")}, "no value in any"),
        ([("data/values/x", [None, 1, None])], {(None, "x")}, "same value everywhere"),
        ([("data/values", {"x": [None] * 3, "y": [None] * 3})], {(None, "x"), (None, "y")}, "no value in any"),
        ([("minimum_coverage", 1), ("data/values/x", [None, None, 1])], {(None, None)}, "covered enough"),
        ([("aggregation", "geometric"), ("normalisation", "min-max")], {("r", "x"), ("s", "y")}, "positive values"),
        ([("aggregation", "harmonic"), ("normalisation", "z-score")],
         {("r", "x"), ("s", "x"), ("s", "y"), ("t", "y")}, "positive"),
        ([("aggregation", ["arithmetic", "geometric"]), ("normalisation", "min-max")],
         {("r", "a"), ("s", "b")}, "above zero"),
        ([("uncertainty", {"draws": 50, "aggregation": ["arithmetic", "geometric"], "normalisation": ["min-max"]})],
         {("r", "x"), ("s", "y")}, "In a draw"),
        ([("aggregation", "benefit-of-the-doubt"), ("data/values/y", [1, None, 2])], {("s", "y")}, "every value"),
        ([("aggregation", "benefit-of-the-doubt"), ("normalisation", "z-score")],
         {("r", "x"), ("s", "y")}, "zero or more"),
        ([("treatment", "logarithms"), ("indicators/0/logarithm", True), ("data/values/x", [0, 1, 2])],
         {("r", "x")}, "A logarithm"),
        ([("normalisation", "weighted-z-score"), ("data/sizes", [0, 0, 0])], {(None, "x"), (None, "y")}, "sizes"),
        ([("indicators/0/denominator", "people"), ("data/denominators/people", [1, 0, None])],
         {("s", "x")}, "zero or less"),
        ([("indicators/0/scale", 1e30), ("data/values/x", [1, 2, 1e9])], {("s", "x"), ("t", "x")}, "larger unit"),
        ([("imputation", "group-mean"), ("data/groups", ["g", "g", "h"]), ("data/values/x", [1, 2, None])],
         {("t", "x")}, ""),
        ([("normalisation", "distance-to-target"), ("indicators/0/target", 1), ("indicators/1/target", 9)],
         {(None, "x")}, "target"),
        ([("normalisation", {"method": "distance-to-reference", "reference": "r"})], {(None, "x")}, "reference region"),
    ],
)  # fmt: skip
def test_a_calculation_that_is_impossible(client, changes, cells, said):
    problem = refused(client, 422, json=changed(*changes))
    assert problem["type"].endswith("#impossible-calculation")
    assert {(fault["region"], fault["part"]) for fault in problem["errors"]} == cells
    assert said in problem["detail"]


def test_a_cell_at_fault_is_found_in_the_body(client):
    faults = refused(client, 422, json=changed(("aggregation", "geometric"), ("normalisation", "min-max")))["errors"]
    assert {fault["path"] for fault in faults} == {"body/data/values/x/0", "body/data/values/y/1"}


def test_work_has_a_limit(client):
    count = 400
    values = {f"i{place}": list(range(count)) for place in range(60)}
    body = {
        "indicators": [{"id": name} for name in values],
        "data": {"regions": [f"r{place}" for place in range(count)], "values": values},
        "uncertainty": {"draws": 10_000},
    }
    problem = refused(client, 422, json=body)
    assert problem["errors"][0]["code"] == "too-much-work" and "200,000,000" in problem["detail"]
    body |= {"uncertainty": {"draws": 1500}, "include": ["draws"]}
    assert refused(client, 422, json=body)["errors"][0]["code"] == "too-many-draws"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  ", "empty"),
        (b"{", "not JSON"),
        (b'{"data": NaN}', "NaN"),
        (b'{"data": -Infinity}', "Infinity"),
        (b'{"data": 1, "data": 2}', "twice"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"title": "\\ud800"}', "half of a character"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"data": ' + b"9" * 5_000 + b"}", "not JSON"),
    ],
)
def test_a_body_that_cannot_be_read(client, data, said):
    assert said in refused(client, 400, data=data, content_type="application/json")["detail"]


@pytest.mark.parametrize("data", [b"[]", b"null", b"1", b'"x"', b"{}", b'{"indicators": 1, "data": [[]]}'])
def test_a_body_of_another_shape(client, data):
    assert refused(client, 422, data=data, content_type="application/json")["errors"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_body_of_another_type(client, content_type):
    problem = refused(client, 415, data=json.dumps(GOOD), content_type=content_type)
    assert problem["errors"][0]["allowed"] == ["application/json", "text/csv"]


def test_an_encoded_body(client):
    refused(client, 415, data=b"x", content_type="application/json", headers={"Content-Encoding": "gzip"})


MOST_PARTS = Limits().max_calculation_parts


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("data/regions", {**GOOD, "data": {"regions": ["/"] * 501, "values": {}}}),
        ("data/groups", {**GOOD, "data": {"regions": ["a", "b"], "groups": ["/"] * 501, "values": {}}}),
        (
            "data/values",
            {**GOOD, "data": {"regions": ["a", "b"], "values": {f"/{n}": [] for n in range(MOST_PARTS + 1)}}},
        ),
        ("indicators", {**GOOD, "indicators": [{"id": "/"}] * (MOST_PARTS + 1)}),
    ],
)
def test_the_length_of_a_list_is_looked_at_before_what_is_in_it(client, path, body):
    response = client.post("/v1/calculations", json=body)
    assert response.status_code == 422
    paths = [fault["path"] for fault in response.json["errors"]]
    assert paths[0] == f"body/{path}" and len(paths) <= 3


def test_a_key_that_stands_twice_in_a_large_object_is_named(client):
    names = ",".join(f'"n{number}":0' for number in range(20_000))
    body = f'{{{names},"n19999":1}}'
    response = client.post("/v1/calculations", data=body, content_type="application/json")
    assert response.status_code == 400
    assert "'n19999' stands twice" in response.json["detail"]


def test_no_more_faults_are_sought_than_are_named(client):
    regions = [f"E9{number:07}" for number in range(500)]
    response = client.post("/v1/calculations", json={"indicators": [{"id": "population"}], "regions": regions})
    assert response.status_code == 422
    assert len(response.json["errors"]) == 50
    assert "And at least 47 more" in response.json["detail"]
    query = "&".join(f"unknown{number}=1" for number in range(500))
    refused = client.get(f"/v1/observations?{query}")
    assert refused.status_code == 422 and len(refused.json["errors"]) == 50
    assert len(refused.json["detail"]) < 2_000


def test_a_body_that_is_too_large(client):
    size = Limits().max_body_bytes
    problem = refused(client, 413, data=b" " * (size + 1), content_type="application/json")
    assert f"{size:,}" in problem["detail"]


def test_a_calculation_takes_a_release_and_no_other_query_and_answers_in_json(client):
    assert client.post("/v1/calculations?release=1", json=GOOD).status_code == 200
    assert client.post("/v1/calculations?realease=1", json=GOOD).status_code == 422
    assert client.post("/v1/calculations?release=99", json=GOOD).status_code == 404
    assert client.post("/v1/calculations", json=GOOD, headers={"Accept": "text/csv"}).status_code == 406
    assert client.put("/v1/calculations", json=GOOD).status_code == 405


def test_browsers_of_every_site_may_calculate(client):
    asking = {
        "Origin": "https://dashboard.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = client.options("/v1/calculations", headers=asking)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "content-type" in response.headers["Access-Control-Allow-Headers"]
    assert client.post("/v1/calculations", json=GOOD).headers["Access-Control-Allow-Origin"] == "*"


number = st.one_of(
    st.none(),
    st.sampled_from([0, 1, -1, 1e-300, 5e-324, 1e30, -1e30, 1e-9, 0.1, 0.30000000000000004, 0.3, 100]),
    st.floats(-1e30, 1e30),
    st.integers(-5, 5),
)


@st.composite
def nasty(draw):
    """A definition whose numbers may be anything that is allowed, with any methods."""
    count, parts = draw(st.integers(2, 6)), draw(st.integers(1, 4))
    column = st.lists(number, min_size=count, max_size=count)
    choice = {kind: st.sampled_from(sorted(names)) for kind, names in BY_KIND.items()}
    names = [f"i{place}" for place in range(parts)]
    weight = st.sampled_from([0, 1, 5e-324, 1e-9, 1e9, 0.3])

    def normalisation():
        name = draw(choice["normalisation"])
        return {"method": name, "reference": "r0"} if name == "distance-to-reference" else name

    def mean():
        name = draw(choice["aggregation"])
        power = draw(st.sampled_from([0, 1, -1, 100, -100, 1e-12, 0.5]))
        return {"method": name, "power": power} if name == "generalised" else name

    body = {
        "indicators": [
            {"id": name, "parent": draw(st.sampled_from(["a", "top"])), "weight": draw(weight),
             "scale": draw(number) or 1,
             "direction": draw(st.sampled_from([1, -1])), "denominator": draw(st.sampled_from([None, "d"])),
             "target": draw(number) or 0, "lower": draw(number) or 0, "upper": 1e29}
            for name in names
        ],
        "aggregates": [{"id": "top"}, {"id": "a", "parent": "top", "weight": draw(weight)}],
        "data": {
            "regions": [f"r{place}" for place in range(count)],
            "groups": draw(st.lists(st.sampled_from("gh"), min_size=count, max_size=count)),
            "values": {name: draw(column) for name in names},
            "earlier": {name: draw(column) for name in names},
            "denominators": {"d": draw(column)},
        },
        "imputation": draw(choice["imputation"]),
        "treatment": draw(choice["treatment"]),
        "normalisation": normalisation(),
        "aggregation": mean(),
        "minimum_coverage": draw(st.sampled_from([0, 0, 0.5, 1])),
    }  # fmt: skip
    if draw(st.booleans()):
        body["uncertainty"] = {
            "draws": 20, "weights": draw(st.sampled_from([0, 0.25, 1])), "leave_one_out": draw(st.booleans()),
            "normalisation": [normalisation() for _ in range(draw(st.integers(1, 3)))],
            "aggregation": [mean() for _ in range(draw(st.integers(1, 2)))],
        }  # fmt: skip
        body["sensitivity"] = draw(st.sampled_from([None, {"samples": 8}]))
    return body


def plain(value):
    """Every number of an answer."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [number for item in value for number in plain(item)]
    return [value] if isinstance(value, int | float) else []


@given(nasty())
@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_definition_fails(app, body):
    """Whatever the numbers: an answer, or a problem that is the definition's; warnings are errors in these tests."""
    response = app.test_client().post("/v1/calculations", json=body)
    assert response.status_code in {200, 422}, response.text
    if response.status_code == 200:
        for item in response.json["data"]["regions"]:
            assert (item["rank"] is None) == (item["score"] is None) == bool(item["reason"])


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ([("data/sizes", [-1, 1, 1])], {"body/data/sizes/0"}),
        ([("data/standard_errors", {"x": [1, -1, 1]})], {"body/data/standard_errors/x/1"}),
        ([("aggregation", "benefit-of-the-doubt"), ("uncertainty", {"draws": 5})], {"body/uncertainty"}),
        ([("uncertainty", {"aggregation": ["arithmetic", "benefit-of-the-doubt"]})],
         {"body/uncertainty/aggregation/1"}),
        ([("normalisation", "min-max"), ("treatment", "logarithmss"), ("indicators/0/logarithm", True)],
         {"body/treatment"}),
        ([("against", {"weights": {"z": 1}}), ("sensitivity", {"samples": 3})],
         {"body/against/weights/z", "body/sensitivity", "body/sensitivity/samples"}),
    ],
)  # fmt: skip
def test_nothing_is_hidden_and_nothing_made_up(client, changes, paths):
    assert {fault["path"] for fault in refused(client, 422, json=changed(*changes))["errors"]} == paths


def test_an_indicator_gives_what_its_own_normalisation_needs_and_no_other(client):
    body = changed(("indicators/0/normalisation", "goalposts"), ("indicators/0/lower", 0), ("indicators/0/upper", 4))
    data = client.post("/v1/calculations", json=body).json["data"]
    assert [item["indicators"]["x"]["normalised"] for item in data["regions"]] == [25, 50, 75]
    assert [item["indicators"]["y"]["normalised"] for item in data["regions"]] == [100, 0, 50]


def test_two_spellings_of_one_indicator_are_one(client):
    body = {
        "indicators": [{"id": "GIGABIT-availability"}, {"id": "gigabit-availability"}], "regions": {"level": "itl1"},
    }  # fmt: skip
    assert refused(client, 422, json=body)["errors"][0]["code"] == "repeated-id"


def test_what_is_held_against_has_figures_of_its_own(client):
    body = {
        "indicators": [{"id": "gigabit-availability"}, {"id": "gva-sic-j"}],
        "regions": {"level": "itl1"},
        "include": ["scores"],
        "against": {
            "imputation": "latest-earlier", "normalisation": "weighted-z-score", "uncertainty": {"data_error": True},
        },
    }  # fmt: skip
    response = client.post("/v1/calculations", json=body)
    assert response.status_code == 200 and len(response.json["data"]["against"]["regions"]) == 12


def test_what_takes_long_counts_for_more(client):
    """Each of these would take minutes, and is refused before it is begun."""
    count, parts = 500, 40
    values = {f"i{place}": [(place * 7 + row) % 97 + 1 for row in range(count)] for place in range(parts)}
    body = {"indicators": [{"id": name} for name in values]}
    large = {"data": {"regions": [f"r{row}" for row in range(count)], "values": values}}
    few = {"data": {"regions": ["a", "b"], "values": {name: column[:2] for name, column in values.items()}}}
    for more in (
        {**large, "aggregation": "benefit-of-the-doubt"},
        {**large, "uncertainty": {"draws": 1_000, "aggregation": ["copeland"]}},
        {**large, "treatment": {"method": "winsorise-then-log", "points": 100},
         "uncertainty": {"draws": 1_000, "data_error": True}},
        {**few, "uncertainty": {"draws": 10_000, "aggregation": ["copeland"]}},
    ):  # fmt: skip
        codes = [item["code"] for item in refused(client, 422, json={**body, **more})["errors"]]
        assert "too-much-work" in codes, more
