"""Release 6: every figure that others printed says how it compares with the nearest one that is served here."""

from __future__ import annotations

from collections import Counter

PRINTED = "/v1/published-figures?limit=1000"


def found(whole, query=""):
    response = whole.get(f"{PRINTED}{query}")
    assert response.status_code == 200
    return response.json["data"]


def test_all_of_them_are_classed(whole):
    kinds = Counter(item["match"]["kind"] for item in found(whole))
    assert kinds.pop("quoted-only") == 90
    assert sum(kinds.values()) == 152 and kinds["equal"] == 4 and kinds["not-open"] == 34


def test_equal_ones_show_the_same_value_and_lead_to_its_series(whole):
    for item in found(whole, "&match=equal"):
        match = item["match"]
        assert round(match["value"], len(item["printed"].partition(".")[2])) == item["value"]
        series = whole.get(match["address"]).json["data"]
        assert series["indicator"] == item["indicator"] and series["unit"] == match["unit"]
        assert match["value"] in [at["value"] for at in series["observations"] if at["period"] == match["period"]]


def test_what_is_of_another_area_says_which(whole):
    (item,) = found(whole, "&match=other-boundary&indicator=5g-area-coverage")
    assert (item["region"], item["match"]["region"], item["match"]["value"]) == ("E12000002", "E92000001", 79.11)


def test_a_quotation_without_a_match_says_so(whole):
    (item,) = found(whole, "&q=struggling")
    assert item["indicator"] is None and item["match"]["kind"] == "not-open"
    assert item["match"]["detail"].startswith("A quotation without a match")
    assert {item["match"][name] for name in ("region", "period", "value", "status", "unit", "address")} == {None}


def test_figures_near_an_indicator_are_found_by_it(whole):
    near = found(whole, "&indicator=gva-sic-j")
    assert {item["indicator"] for item in near} == {"gva-sic-j"} and len(near) > 10
    both = found(whole, "&indicator=gva-sic-j,gva-sic-j-share&match=other-definition")
    assert {item["indicator"] for item in both} == {"gva-sic-j", "gva-sic-j-share"}


def test_releases_before_say_what_they_said(whole):
    before = found(whole, "&release=5")
    assert len(before) == 242 and {item["match"] for item in before} == {None}
    assert "internet-never-used" not in {item["indicator"] for item in before}
    assert found(whole, "&release=5&match=equal") == []
    release = whole.get("/v1/releases/6").json["data"]
    assert [release["changes"][name] for name in ("added", "changed", "removed")] == [0, 0, 0]
    assert release["reconstructed"] is False


def test_a_kind_that_there_is_not_is_refused_with_those_there_are(whole):
    refused = whole.get(f"{PRINTED}&match=other-area")
    assert refused.status_code == 422
    assert "other-boundary" in refused.json["errors"][0]["message"]
    assert whole.get(f"{PRINTED}&indicator=no-such-thing").status_code == 404
