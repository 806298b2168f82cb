"""Release 7: version 2 of the method of both indices, beside version 1."""

from __future__ import annotations

import math

import pytest

from api.answers.index import costs

UK = "/v1/indices/local-digital-capital"
AUTHORITIES = "/v1/indices/combined-authority-digital-capital"
EVERYTHING = ["weights", "normalisation", "aggregation", "treatment", "left-out-indicator", "data-error", "goalposts"]


def read(whole, address):
    response = whole.get(address)
    assert response.status_code == 200, response.text[:500]
    return response.json["data"]


def calculated(whole, body, index=UK):
    response = whole.post(f"{index}/calculations", json=body)
    assert response.status_code == 200, response.text[:500]
    return response.json["data"]


def test_no_figure_changes_and_releases_before_know_one_version(whole):
    assert [read(whole, "/v1/releases/7")["changes"][name] for name in ("added", "changed", "removed")] == [0, 0, 0]
    assert [item["method_versions"] for item in read(whole, "/v1/indices")] == [["2", "1"]] * 2
    assert [item["method_versions"] for item in read(whole, "/v1/indices?release=6")] == [["1"]] * 2
    refused = whole.get(f"{UK}?release=6&method_version=2")
    assert refused.status_code == 422 and refused.json["errors"][0]["allowed"] == [1]
    assert whole.post(f"{UK}/calculations", json={"method_version": 3}).status_code == 422


def test_version_1_says_what_it_said(whole):
    now, before = (read(whole, f"{UK}/scores?{query}") for query in ("method_version=1", "release=6"))
    assert now["method_version"] == "1" and now["regions"] == before["regions"]
    assert [item["score"] for item in now["regions"][:3]] == [91.55, 58.07, 48.03]


@pytest.mark.parametrize(("index", "measured"), [(UK, 6), (AUTHORITIES, 5)])
def test_coverage_counts_all_eight_components(whole, index, measured):
    detail, scores = read(whole, index), read(whole, f"{index}/scores")
    assert (detail["components_measured"], detail["components_count"]) == (measured, 8)
    weights = {item["component"]: item["weight"] for item in detail["components"]}
    share = sum(item["weight"] for item in detail["components"] if item["measured"]) / sum(weights.values())
    assert detail["components_coverage"] == pytest.approx(share, abs=1e-4)
    assert max(item["coverage"] for item in scores["regions"]) == pytest.approx(share, abs=1e-4)
    assert all(item["reason"] for item in detail["components"] if not item["measured"])


def test_most_of_the_weight_is_digital_and_no_indicator_has_much(whole):
    found = calculated(whole, {"include": ["effective_weights"], "uncertainty": None})
    shares = {item["id"]: found["effective_weights"][item["id"]] for item in found["definition"]["indicators"]}
    digital = {use["indicator"] for part in found["components"] for use in part["indicators"] if use["digital"]}
    assert max(shares.values()) <= 0.125 and sum(shares.values()) == pytest.approx(1)
    assert sum(share for name, share in shares.items() if name in digital) == pytest.approx(0.6, abs=0.01)
    assert "total-exports" not in shares and "5g-area-coverage" not in shares


@pytest.mark.parametrize("index", [UK, AUTHORITIES])
def test_no_value_lies_beyond_its_goalposts(whole, index):
    """They are rounded outwards: what was clipped would count for less than it is."""
    found = calculated(whole, {"include": ["stages"], "uncertainty": None}, index)
    for item in found["definition"]["indicators"]:
        for region in found["regions"]:
            value = region["indicators"][item["id"]]["denominated"]
            assert value is None or item["lower"] <= value <= item["upper"], (item["id"], region["id"], value)


def test_the_digital_share_is_of_what_is_measured(whole):
    found = read(whole, UK)
    assert found["digital_share"] == pytest.approx(0.6, abs=0.001)


def test_editions_are_not_held_against_each_other_but_like_for_like(whole):
    refused = whole.post(f"{UK}/calculations", json={"against": {"edition": 2024}})
    assert refused.status_code == 422 and refused.json["errors"][0]["path"] == "body/against/edition"
    assert "since=" in refused.json["detail"]
    assert whole.post(f"{UK}/calculations", json={"against": {"edition": 2026}}).status_code == 200


def test_what_an_earlier_edition_had_alone_is_left_out_too(whole):
    """Edition 2022 has daily internet users, and later ones do not."""
    changes = read(whole, f"{UK}/scores?method_version=1&edition=2025&since=2022")["changes"]
    reasons = {item["indicator"]: item["reason"] for item in changes["left_out"]}
    assert reasons["daily-internet-users"] == "The later edition has no figure of it."
    assert all(
        "digital-adoption" not in [part["component"] for part in item["components"]] for item in changes["regions"]
    )


def test_a_table_has_no_room_for_changes(whole):
    refused = whole.get(f"{UK}/scores?since=2024&format=csv")
    assert refused.status_code == 422 and refused.json["errors"][0]["path"] == "query/since"
    assert whole.get(f"{UK}/scores?since=2030").json["errors"][0]["path"] == "query/since"


def test_published_scores_wait_for_no_turn(whole, monkeypatch):
    """They are what most ask for: what is costly counts against a caller's quota."""
    found, light = [], costs.light
    monkeypatch.setattr(costs, "light", lambda asked: found.append(light(asked)) or found[-1])
    for index in (UK, AUTHORITIES):
        read(whole, f"{index}/scores?edition=2026&method_version=2")
    assert found == [True] * 2


def test_the_ranges_take_everything_in_and_say_so(whole):
    found = read(whole, f"{UK}/scores")
    drawn = found["uncertainty"]
    assert drawn["varied"] == EVERYTHING and drawn["fixed"] == []
    assert drawn["basis"] == "range_over_draws" and "as they are" in drawn["basis_reason"]
    assert "level-3-qualifications" in drawn["errors_known"] and "business-rd-expenditure" not in drawn["errors_known"]
    assert "taken as they are" not in drawn["note"]
    first = read(whole, f"{UK}/scores?method_version=1")
    assert first["uncertainty"]["varied"] == ["weights", "normalisation"]
    assert "taken as they are" in first["uncertainty"]["note"]
    widths = [
        sum(item["method_range_90"]["upper"] - item["method_range_90"]["lower"] for item in answer["regions"])
        for answer in (found, first)
    ]
    assert widths[0] > widths[1]


def test_london_does_not_make_the_scale(whole):
    with_, without = (
        calculated(whole, {"include": ["scores"], "uncertainty": None, **more}) for more in ({}, {"treatment": "none"})
    )
    trade = [sorted(item["scores"]["trade-support"] for item in answer["regions"]) for answer in (with_, without)]
    # The middle of the regions lies in the middle of the scale, and not at its foot.
    assert trade[0][5] > 20 and trade[1][5] < 10
    assert with_["definition"]["treatment"] == {"method": "logarithms"}


def test_each_score_is_that_of_its_definition(whole):
    """Recomputed here from what the answer says of itself: goalposts, logarithms, weights."""
    found = calculated(whole, {"include": ["stages"], "uncertainty": None})
    definition = found["definition"]
    for region in found["regions"]:
        parts: dict[str, list[tuple[float, float]]] = {}
        for item in definition["indicators"]:
            take = math.log if item["logarithm"] else float
            value = take(region["indicators"][item["id"]]["denominated"])
            share = (value - take(item["lower"])) / (take(item["upper"]) - take(item["lower"]))
            share = min(max(share, 0.0), 1.0)
            share = 1 - share if item["polarity"] == "lower-is-better" else share
            parts.setdefault(item["parent"], []).append((item["weight"], 100 * share))
        weights = {item["id"]: item["weight"] for item in definition["aggregates"]}
        means = {name: sum(w * s for w, s in own) / sum(w for w, _ in own) for name, own in parts.items()}
        score = sum(weights[name] * mean for name, mean in means.items()) / sum(weights[name] for name in means)
        assert region["score"] == pytest.approx(score, rel=1e-9)


def test_editions_are_compared_like_for_like_or_not_at_all(whole):
    changes = read(whole, f"{UK}/scores?since=2024")["changes"]
    assert changes["indicators"] == ["gigabit-availability", "premises-below-30-mbps"]
    reasons = {item["indicator"]: item["reason"] for item in changes["left_out"]}
    assert "nothing newer" in reasons["level-3-qualifications"]
    assert "no figure" in reasons["full-fibre-take-up-where-available"]
    assert changes["reason"].startswith("4 components at least")
    for region in changes["regions"]:
        assert region["score"] is None and region["order"] is None
        (part,) = region["components"]
        assert part["change"] == pytest.approx(part["score"] - part["earlier_score"], abs=0.011) and part["change"] > 0
    earlier = read(whole, f"{UK}/scores?since=2021&edition=2023")["changes"]
    prices = [item["indicator"] for item in earlier["left_out"] if "prices of each year" in item["reason"]]
    assert prices == ["public-rd-expenditure", "inward-fdi-stock"]
    assert read(whole, f"{UK}/scores")["changes"] is None
    assert whole.get(f"{UK}/scores?since=2026").json["errors"][0]["code"] == "not-earlier"


def test_a_comparison_never_crosses_a_series_break(whole):
    """5G by area breaks between September 2024 and January 2025 for regions."""
    changes = read(whole, f"{UK}/scores?method_version=1&since=2024")["changes"]
    reasons = {item["indicator"]: item["reason"] for item in changes["left_out"]}
    assert "breaks in 2025-01" in reasons["5g-area-coverage"] and "breaks" in reasons["4g-area-coverage"]


def test_the_objections_are_answered(whole):
    answers = read(whole, UK)["answers"]
    assert len(answers) == 5 and all(item["objection"] and item["answer"] for item in answers)
    # What the answers say in figures is so.
    first = read(whole, f"{UK}/scores?method_version=1")["regions"]
    trade = sorted(item["components"]["trade-support"] for item in first)
    assert (round(trade[-1], 1), round(trade[0]), round(trade[-2])) == (98.6, 6, 21)
    assert read(whole, f"{UK}?method_version=1")["components_measured"] == 5


def test_what_is_chosen_otherwise_of_it_can_be_kept_at_an_address(whole):
    response = whole.post(f"{UK}/calculations", json={"aggregation": "geometric", "include": ["scores"]})
    assert response.status_code == 200
    normalisation = response.json["data"]["definition"]["normalisation"]
    assert normalisation == {"method": "goalposts", "low": 1.0, "high": 100.0, "capped": True}
    again = whole.get(response.json["links"]["permalink"])
    assert again.json["data"] == response.json["data"] and "method_version" in response.json["links"]["permalink"]


@pytest.mark.parametrize("address", ["local-digital-capital", "combined-authority-digital-capital"])
def test_the_page_on_the_method_shows_what_the_api_says(whole, address):
    page = whole.get(f"/docs/indices/{address}")
    assert page.status_code == 200 and page.content_type.startswith("text/html")
    text = page.text
    for item in read(whole, f"/v1/indices/{address}/scores")["regions"]:
        at = text.index(f">{item['region_name']}<")
        assert f"<td>{item['score']:.2f}</td><td>{item['rank']}</td>" in text[at : at + 200].replace("\n", "")
    effects = calculated(whole, {"sensitivity": {"samples": 256}, "include": ["sensitivity"]}, f"/v1/indices/{address}")
    for effect in effects["sensitivity"]["mean_rank_shift"]:
        assert f'<th scope="row">{effect["choice"]}</th>' in text
        assert f"{effect['total']:.2f} ({effect['total_95']['lower']:.2f}" in text
    assert "Objections" in text and "Version 1" in text


def test_pages_of_versions_and_of_indices_that_there_are_not(whole):
    assert "Version 1 of the method" in whole.get("/docs/indices/local-digital-capital?method_version=1").text
    assert whole.get("/docs/indices/local-digital-capital?method_version=7").status_code == 422
    assert whole.get("/docs/indices/local-digital-capital?method_version=x").status_code == 422
    assert whole.get("/docs/indices/nope").status_code == 404
