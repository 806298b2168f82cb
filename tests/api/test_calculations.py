"""The index laboratory: published results through HTTP, and what must hold of any index."""

from __future__ import annotations

import copy
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.analysis.ranks import ranks
from api.v1.calculations import EXAMPLE
from tests.api import asem
from tests.api.asem import AGGREGATES, ASEM, INDICATORS

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def calculated(client, body):
    response = client.post("/v1/calculations", json=body)
    assert response.status_code == 200, response.text[:1000]
    return response.json["data"]


def table(data, stage):
    rows = [[item["indicators"][code][stage] for code in INDICATORS] for item in data["regions"]]
    return np.array(rows, dtype=float)


def aggregates(data):
    return np.array([[item["scores"][code] for code in AGGREGATES] for item in data["regions"]], dtype=float)


def small(values, *, regions=None, **more):
    """An index of one level."""
    count = len(next(iter(values.values())))
    return {
        "indicators": [{"id": name} for name in values],
        "data": {"regions": regions or [f"r{place}" for place in range(count)], "values": values},
        **more,
    }


@pytest.fixture(scope="module")
def published(app):
    return calculated(app.test_client(), asem.body())


@pytest.mark.parametrize("stage", ["raw", "denominated", "imputed", "treated", "normalised"])
def test_a_published_index_at_every_stage(published, stage):
    tolerance = 1e-10 if stage == "normalised" else 0
    np.testing.assert_allclose(table(published, stage), asem.stages()[stage], rtol=1e-9, atol=tolerance)


def test_a_published_index_aggregated_and_ranked(published):
    expected = np.array(ASEM["scores"], dtype=float)
    np.testing.assert_allclose(aggregates(published), expected, rtol=1e-9)
    top = AGGREGATES.index("Index")
    assert published["top"] == "Index"
    assert [item["rank"] for item in published["regions"]] == ranks(expected[:, top]).tolist()
    assert published["effective_weights"] == pytest.approx(ASEM["effective_weights"], rel=1e-12)
    by_rank = {item["rank"]: item["id"] for item in published["regions"]}
    assert [by_rank[rank] for rank in (1, 2, 3, 4, 5, 15, 51)] == ["CHE", "NLD", "DNK", "NOR", "BEL", "GBR", "RUS"]


def test_what_was_imputed_and_treated_is_marked(published):
    cells = [cell for item in published["regions"] for cell in item["indicators"].values()]
    assert sum(cell["was_imputed"] for cell in cells) == len(ASEM["imputed"])
    assert sum(cell["was_treated"] for cell in cells) == len(ASEM["treated"])
    assert sum(item["winsorised"] for item in published["treatment"]) == len(ASEM["treated"])


def test_contributions_sum_to_the_score(published):
    for item in published["regions"]:
        assert sum(item["contributions"].values()) == pytest.approx(item["score"], rel=1e-12)


def test_z_scores_of_a_published_index(client):
    data = calculated(client, asem.body(normalisation="z-score"))
    np.testing.assert_allclose(table(data, "normalised"), np.array(ASEM["z_score"]), rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(aggregates(data), np.array(ASEM["z_scores"]), rtol=1e-9, atol=1e-12)


MEANS = {
    "geometric": lambda xs, ws: math.exp(sum(w * math.log(x) for x, w in zip(xs, ws, strict=True)) / sum(ws)),
    "harmonic": lambda xs, ws: sum(ws) / sum(w / x for x, w in zip(xs, ws, strict=True)),
    "generalised": lambda xs, ws: (sum(w * x**0.3 for x, w in zip(xs, ws, strict=True)) / sum(ws)) ** (1 / 0.3),
    "arithmetic": lambda xs, ws: sum(w * x for x, w in zip(xs, ws, strict=True)) / sum(ws),
}


@pytest.mark.parametrize("names", [("geometric",) * 3, ("harmonic",) * 3, ("generalised", "geometric", "arithmetic")])
def test_other_means_as_plain_python_has_them(client, names):
    """Over the published treated values, scaled from 1 to 100, level by level."""
    written = [{"method": name, "power": 0.3} if name == "generalised" else name for name in names]
    data = calculated(
        client, asem.body(normalisation={"method": "min-max", "low": 1, "high": 100}, aggregation=written)
    )
    treated, signs = asem.stages()["treated"], [sign for _, _, sign, *_ in ASEM["indicators"]]
    weights = {code: weight for code, _, _, weight, _ in ASEM["indicators"]}
    weights |= {code: weight for code, _, weight in ASEM["aggregates"]}
    parents = {code: parent for code, parent, *_ in ASEM["indicators"]}
    parents |= {code: parent for code, parent, _ in ASEM["aggregates"]}
    levels = [AGGREGATES[:8], ["Conn", "Sust"], ["Index"]]
    for place, item in enumerate(data["regions"]):
        known = {}
        for column, code in enumerate(INDICATORS):
            values = [signs[column] * value for value in treated[:, column]]
            known[code] = 1 + 99 * (values[place] - min(values)) / (max(values) - min(values))
        for name, codes in zip(names, levels, strict=True):
            for code in codes:
                parts = [part for part, parent in parents.items() if parent == code]
                known[code] = MEANS[name]([known[part] for part in parts], [weights[part] for part in parts])
        for code in AGGREGATES:
            assert item["scores"][code] == pytest.approx(known[code], rel=1e-9)
    assert (data["regions"][0]["contributions"] is None) == (names[-1] != "arithmetic")
    assert bool(data["contributions_reason"]) == (names[-1] != "arithmetic")


def test_the_same_body_has_the_same_bytes_and_the_echo_repeats_it(client):
    first = client.post("/v1/calculations", json=EXAMPLE)
    assert client.post("/v1/calculations", json=EXAMPLE).data == first.data
    echoed = first.json["data"]["definition"]
    again = calculated(client, {**echoed, "data": EXAMPLE["data"]})
    assert again == first.json["data"]


def test_an_answer_is_stored_nowhere(client):
    response = client.post("/v1/calculations", json=EXAMPLE)
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    assert response.json["links"] == {"permalink": None}
    assert "stored" in response.json["meta"]["permalink_reason"]


def test_parts_of_the_answer_can_be_left_out(client):
    data = calculated(client, EXAMPLE | {"include": []})
    assert set(data) == {"title", "definition", "top", "regions", "figures"}
    assert set(data["regions"][0]) == {"id", "name", "rank", "score", "reason", "coverage"}
    drawn = calculated(client, EXAMPLE | {"include": ["draws"]})["uncertainty"]["ranks"]
    assert len(drawn) == 500 and sorted(drawn[0]) == [1, 2, 3, 4]


def test_who_is_covered_too_little_has_no_score_and_is_told_why(client):
    values = {"a": [1, 2, 3, None], "b": [4, 3, None, None], "c": [1, 5, None, 9]}
    data = calculated(client, small(values, minimum_coverage=0.5, imputation="group-mean"))
    assert [item["rank"] for item in data["regions"]] == [2, 1, None, None]
    assert "0.3333 of the weight, and 0.5 is the least" in data["regions"][2]["reason"]
    assert data["regions"][2]["indicators"]["a"] == {
        "raw": 3, "denominated": 3, "imputed": None, "treated": None, "normalised": None,
        "was_imputed": False, "was_treated": False,
    }  # fmt: skip


def test_earlier_values_fill_in_and_are_denominated_alike(client):
    body = small({"a": [10, None, 30], "b": [1, 2, None]}, imputation="latest-earlier")
    body["indicators"][0] |= {"denominator": "people", "scale": 100}
    body["data"] |= {"denominators": {"people": [10, 20, 30]}, "earlier": {"a": [None, 5, None]}}
    cells = [item["indicators"] for item in calculated(client, body)["regions"]]
    assert [cell["a"]["imputed"] for cell in cells] == [100, 25, 100]
    assert cells[1]["a"]["was_imputed"] and cells[2]["b"]["imputed"] is None


@pytest.mark.parametrize(
    ("method", "indicator", "expected"),
    [
        ("rank", {}, [1, 2, 3]),
        ("percentile-rank", {}, [0, 0.5, 1]),
        ("none", {}, [2, 4, 10]),
        ("none", {"polarity": "lower-is-better"}, [-2, -4, -10]),
        ("borda", {}, [0, 1, 2]),
        ({"method": "distance-to-target", "low": 0, "high": 100}, {"target": 6}, [0, 50, 200]),
        ({"method": "goalposts", "capped": False}, {"lower": 0, "upper": 5}, [40, 80, 200]),
        ("distance-to-best", {}, [0, 0.25, 1]),
        ("distance-to-target", {"target": 6}, [0, 0.5, 2]),
        ({"method": "distance-to-target", "capped": True}, {"target": 6}, [0, 0.5, 1]),
        ({"method": "distance-to-reference", "reference": "r1"}, {}, [0, 1, 4]),
        ("goalposts", {"lower": 0, "upper": 20}, [10, 20, 50]),
        ({"method": "goalposts", "low": -1, "high": 1}, {"lower": 2, "upper": 4}, [-1, 1, 1]),
        ({"method": "z-score", "mean": 100, "sd": 10}, {}, [92.0, 96.8, 111.2]),
    ],
)
def test_normalisations(client, method, indicator, expected):
    body = small({"a": [2, 4, 10]}, normalisation=method)
    body["indicators"][0] |= indicator
    found = [item["indicators"]["a"]["normalised"] for item in calculated(client, body)["regions"]]
    assert found == pytest.approx(expected, rel=1e-2 if "z-score" in str(method) else 1e-12)


cell = st.floats(1, 100, width=32)
columns = st.integers(3, 7).flatmap(lambda n: st.lists(st.lists(cell, min_size=n, max_size=n), min_size=2, max_size=5))


def spread_out(lists):
    """The lists with two regions more: one that is better than the first in everything, and its equal."""
    return {f"i{place}": [*column, column[0] + 1, column[0]] for place, column in enumerate(lists)}


DRAWN = {"draws": 100, "weights": 0.6, "normalisation": ["min-max", "z-score", "rank"], "leave_one_out": True}


@given(columns, st.floats(0.01, 1e6))
@FEW
def test_domination_ties_and_scaled_weights(client, lists, factor):
    body = small(spread_out(lists), uncertainty=DRAWN, include=["draws", "scores"])
    data = calculated(client, body)
    *_, better, equal = data["regions"]
    assert better["rank"] < data["regions"][0]["rank"] == equal["rank"]
    for draw in data["uncertainty"]["ranks"]:
        assert draw[-2] < draw[0] == draw[-1]
    scaled = copy.deepcopy(body)
    for item in scaled["indicators"]:
        item["weight"] = factor
    again = calculated(client, scaled)
    assert [item["rank"] for item in again["regions"]] == [item["rank"] for item in data["regions"]]
    assert again["uncertainty"] == data["uncertainty"]


@given(columns, st.sampled_from([0.05, 0.5, 1.0]), st.booleans())
@FEW
def test_exact_extremes_hold_every_draw(client, lists, band, two_normalisations):
    values = {f"i{place}": [*column, 101] for place, column in enumerate(lists)}
    body = small(values, include=["draws", "uncertainty"])
    body["aggregates"] = [{"id": "top"}, {"id": "left", "parent": "top"}, {"id": "right", "parent": "top", "weight": 3}]
    for place, item in enumerate(body["indicators"]):
        item["parent"] = ("left", "right")[place % 2]
    body["uncertainty"] = {"draws": 300, "weights": band}
    if two_normalisations:
        body["uncertainty"]["normalisation"] = ["min-max", "rank"]
    if any(len({f"{value:.9g}" for value in column}) < 2 for column in values.values()):
        return
    found = calculated(client, body)["uncertainty"]
    assert found["basis"] == "exact" and found["basis_reason"] is None
    drawn = np.array(found["ranks"])
    assert ([item["best"] for item in found["regions"]] <= drawn.min(axis=0)).all()
    assert ([item["worst"] for item in found["regions"]] >= drawn.max(axis=0)).all()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"aggregation": "geometric", "normalisation": {"method": "min-max", "low": 1}}, "top is arithmetic"),
        ({"data": {"regions": ["a", "b", "c"], "values": {"x": [1, 2, 3], "y": [3, None, 1]}}}, "no value is missing"),
    ],
)
def test_where_extremes_are_not_exact_the_answer_says_why(client, change, reason):
    body = small({"x": [1, 2, 3], "y": [3, 1, 2]}) | change | {"uncertainty": {"draws": 50}}
    found = calculated(client, body)["uncertainty"]
    assert found["basis"] == "range_over_draws" and reason in found["basis_reason"]
    assert all(item["best"] <= item["median_rank"] <= item["worst"] for item in found["regions"])


def test_weights_of_the_top_alone_are_exact_over_any_means_below(client):
    body = small({"x": [1, 2, 4], "y": [3, 1, 2], "z": [1, 3, 2]}, normalisation={"method": "min-max", "low": 1})
    body["aggregates"] = [{"id": "top"}, {"id": "under", "parent": "top"}]
    for place, item in enumerate(body["indicators"]):
        item["parent"] = "top" if place == 0 else "under"
    body["aggregation"] = ["geometric", "arithmetic"]
    body["uncertainty"] = {"draws": 200, "weights": 0.9, "weights_at": "top-level"}
    found = calculated(client, body)["uncertainty"]
    assert found["basis"] == "exact"
    body["uncertainty"]["weights_at"] = "all-levels"
    assert "top-level" in calculated(client, body)["uncertainty"]["basis_reason"]


def test_sensitivity_tells_which_choice_matters(client):
    drawn = {"draws": 50, "weights": 0.9, "normalisation": ["min-max", "z-score"]}
    found = calculated(client, asem.body(uncertainty=drawn, sensitivity={"samples": 512}))["sensitivity"]
    effects = {item["choice"]: item for item in found["mean_rank_shift"]}
    assert set(effects) == {"weights", "normalisation"}
    assert effects["weights"]["total"] > 0.5 > effects["normalisation"]["total"]
    assert found["evaluations"] == 512 * 4 and len(found["regions"]) == 51


def test_correlations_and_alpha_carry_n(client):
    data = calculated(client, small({"x": [1, 2, 3, 4], "y": [2, 4, 6, None], "z": [4, 3, 2, 1]}))
    found = data["correlations"]
    assert found["parts"] == ["x", "y", "z", "index"]
    assert found["values"][0][:3] == pytest.approx([1, 1, -1]) and found["n"][0][:3] == [4, 3, 4]
    assert data["alpha"] == [
        {"aggregate": "index", "parts": 3, "value": pytest.approx(data["alpha"][0]["value"]), "n": 3}
    ]


def test_the_methods_are_one_table(client):
    methods = client.get("/v1/methods").json["data"]
    document = client.get("/openapi.json").json["components"]["schemas"]["CalculationBody"]["properties"]
    for kind in ("imputation", "treatment", "normalisation"):
        named = document[kind]["anyOf"][1]["properties"]["method"]["enum"]
        assert named == [item["name"] for item in methods if item["kind"] == kind]
    assert all(item["formula"] and item["reference"] for item in methods)
    assert [one["kind"] for one, other in pairwise(methods) if one["kind"] != other["kind"]] == [
        "imputation", "treatment", "normalisation",
    ]  # fmt: skip


def test_a_score_never_leaves_the_scale(client):
    """By logarithms, a mean of 100 and 100 would be 100.00000000000004."""
    posts = {"lower": 0, "upper": 10}
    body = {
        "indicators": [{"id": "a", **posts}, {"id": "b", **posts}],
        "data": {"regions": ["First", "Middle", "Last"], "values": {"a": [10, 5, 0], "b": [10, 2, 0]}},
        "normalisation": {"method": "goalposts", "low": 1, "high": 100},
        "aggregation": "geometric",
    }
    response = client.post("/v1/calculations", json=body)
    assert response.status_code == 200, response.text
    scores = {item["id"]: item["score"] for item in response.json["data"]["regions"]}
    assert (scores["First"], scores["Last"]) == (100, 1)
    assert 1 < scores["Middle"] < 100
    assert "100.0000" not in response.text
