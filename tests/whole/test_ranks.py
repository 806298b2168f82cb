"""Ranks of every indicator and level: none without an interval, and none narrower than the figures allow."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from api.analysis.rank_sets import Estimates


def rankings(whole):
    """The ranking of each indicator in each of its levels, as far as it can be compared."""
    for item in whole.get("/v1/indicators?limit=1000").json["data"]:
        for level in item["levels"]:
            data = whole.get(f"/v1/rankings/{item['id']}?level={level}").json["data"]
            if data is not None and data["regions"]:
                yield item["id"], data


def values(whole, slug, at):
    found = whole.get(f"/v1/observations?indicator={slug}&{at}&limit=1000").json["data"]
    return {item["region"]: item["value"] for item in found}


def test_no_rank_is_bare(whole):
    bases = {}
    for slug, data in rankings(whole):
        basis = data["basis"]
        for line in data["regions"]:
            interval = (line["rank_lower"], line["rank_upper"])
            if basis["basis"] is None:
                assert (line["rank"], *interval) == (None, None, None), slug
                assert basis["reason"] and basis["detail"], slug
            elif line["n"] > 1:
                assert interval[0] <= line["rank"] <= interval[1] and line["rank"] == line["order"], slug
                assert line["rank_basis"] == basis["basis"]
        bases.setdefault(basis["basis"], set()).add(slug)
    assert set(bases) == {"sampling_ci_95", "rounding", None}
    assert {"employment-rate", "no-qualifications", "youth-unemployment"} <= bases["sampling_ci_95"]


@pytest.mark.parametrize(
    ("slug", "count", "level"),
    [
        ("enterprises-sic-j-share", "enterprises-sic-j", "local-authority"),
        ("digital-sector-enterprises-share", "digital-sector-enterprises", "itl1"),
    ],
)
def test_a_share_of_rounded_counts_is_known_no_better_than_these(whole, slug, count, level):
    data = whole.get(f"/v1/rankings/{slug}?level={level}&limit=1000").json["data"]
    assert data["basis"]["basis"] == "rounding"
    assert f"computed of {count}, which is rounded to 5" in data["basis"]["detail"]
    at = f"level={level}&period={data['group']['period']}"
    counts, shares = (values(whole, name, at) for name in (count, slug))
    bounds = {}
    for region in (line["region"] for line in data["regions"]):
        value = counts[region]
        if not value:
            bounds[region] = (0.0, float("inf"))
            continue
        of = 100 * value / shares[region]
        bounds[region] = (100 * (value - 2.5) / (of + 2.5), 100 * (value + 2.5) / (of - 2.5))
    for line in data["regions"]:
        low, high = bounds[line["region"]]
        better = sum(other >= high for region, (other, _) in bounds.items() if region != line["region"])
        worse = sum(other <= low for region, (_, other) in bounds.items() if region != line["region"])
        assert (line["rank_lower"], line["rank_upper"]) == (better + 1, line["n"] - worse), line["region"]
    widths = [line["rank_upper"] - line["rank_lower"] for line in data["regions"]]
    assert level == "itl1" or sum(widths) / len(widths) > 3


def test_rates_that_were_computed_of_counts_are_too(whole):
    data = whole.get("/v1/rankings/high-growth-businesses?level=local-authority&limit=1000").json["data"]
    assert data["basis"]["basis"] == "rounding" and "high-growth-business-count" in data["basis"]["detail"]
    published = whole.get("/v1/rankings/gigabit-availability?level=local-authority").json["data"]["basis"]
    assert published["detail"].endswith("within half of its last published digit.")


def test_who_has_no_limits_among_those_that_have_may_be_anywhere(whole):
    for _, data in rankings(whole):
        if "may have any rank" in data["basis"]["detail"]:
            open_ = [line for line in data["regions"] if (line["rank_lower"], line["rank_upper"]) == (1, line["n"])]
            assert open_ and {line["tier"] for line in open_} >= {None}
            assert any(line["tier"] for line in data["regions"])
            return
    pytest.fail("no indicator has limits for some regions alone: nothing is tested here")


def test_the_sentence_agrees_with_the_data(whole):
    for slug in ("gva-sic-j-per-head", "employment-rate", "gigabit-availability", "level-3-qualifications"):
        data = whole.get(f"/v1/comparisons?indicator={slug}&region=E12000005").json["data"]
        ranked = data["rank"]["rank"] is not None
        assert ("It is not ranked" not in data["statement"]) == ranked, data["statement"]


def test_published_limits_give_confidence_sets_of_ranks(whole):
    """At once and for each by itself: from the limits served with the observations, by the method's own module."""
    found = whole.get("/v1/rankings/employment-rate?level=itl1&best=3&worst=3").json["data"]
    period = found["group"]["period"]
    bounds = {}
    for line in found["regions"]:
        series = whole.get(f"/v1/series/employment-rate/{line['region']}?period_from={period}&period_to={period}").json[
            "data"
        ]
        bounds[line["region"]] = series["observations"][0]["bounds"]
    lines = found["regions"]
    values = np.array([line["value"] for line in lines])
    point = NormalDist().inv_cdf(0.975)
    below = np.array([line["value"] - bounds[line["region"]]["lower"] for line in lines]) / point
    above = np.array([bounds[line["region"]]["upper"] - line["value"] for line in lines]) / point
    sets = Estimates(values, below, above, work=30_000_000)
    together, alone = sets.simultaneous(), sets.marginal()
    assert [(line["rank_lower"], line["rank_upper"]) for line in lines] == pairs(together)
    assert [(line["marginal_lower"], line["marginal_upper"]) for line in lines] == pairs(alone)
    assert pairs(together) != pairs(alone)
    best, worst = found["among_best"], found["among_worst"]
    assert best["regions"] == [line["region"] for line in lines if line["rank_lower"] <= 3]
    assert worst["regions"] == [line["region"] for line in lines if line["rank_upper"] > 9]
    assert (best["count"], best["n"]) == (3, len(best["regions"]))
    place = lines[5]["region"]
    rank = whole.get(f"/v1/comparisons?indicator=employment-rate&region={place}").json["data"]["rank"]
    assert list(rank["marginal"].values()) == [lines[5]["marginal_lower"], lines[5]["marginal_upper"]]


def test_without_a_basis_nobody_is_told_to_be_among_the_best(whole):
    data = whole.get("/v1/rankings/gva-sic-j-per-head?level=itl1&best=3").json["data"]
    assert data["basis"]["basis"] is None
    assert data["among_best"] == {"count": 3, "regions": None, "n": None}
    assert data["among_worst"] is None
    assert whole.get("/v1/rankings/gva-sic-j-per-head?best=0").status_code == 422


def pairs(found):
    return list(zip(*(side.tolist() for side in found), strict=True))
