"""Comparisons over the whole package: tests by name, groups of the caller's own, totals with unallocated parts."""

from __future__ import annotations

from statistics import median

import pytest
from scipy.stats import norm


def comparison(whole, question):
    answer = whole.get(f"/v1/comparisons?{question}")
    assert answer.status_code == 200, answer.json
    return answer.json["data"]


def bounds_of(whole, slug, region, period):
    address = f"/v1/series/{slug}/{region}?period_from={period}&period_to={period}"
    return whole.get(address).json["data"]["observations"][0]


def test_two_regions_with_limits_are_tested_by_name(whole):
    data = comparison(whole, "indicator=employment-rate&region=E12000001&with=E12000008")
    [mark] = data["benchmarks"]
    other = bounds_of(whole, "employment-rate", "E12000008", data["period"])
    point = norm.ppf(0.975)
    down = data["value"] - data["bounds"]["lower"], other["bounds"]["upper"] - other["value"]
    up = data["bounds"]["upper"] - data["value"], other["value"] - other["bounds"]["lower"]
    gap = data["value"] - other["value"]
    facing = up if gap < 0 else down
    statistic = gap / ((facing[0] ** 2 + facing[1] ** 2) ** 0.5 / point)
    test = mark["difference"]["test"]
    assert test["method"] == "z-test of the difference of two values"
    assert "independent" in test["assumption"]
    assert test["statistic"] == pytest.approx(statistic, abs=0.006)
    assert test["p"] == pytest.approx(2 * norm.sf(abs(statistic)), rel=0.06)
    assert test["significant"] == (mark["difference"]["direction"] in {"better", "worse"})


def test_a_region_against_what_it_is_part_of_is_said_to_be_cautious(whole):
    data = comparison(whole, "indicator=employment-rate&region=E12000001&with=uk,median,E12000002")
    said = {mark["id"]: mark["difference"]["test"]["assumption"] for mark in data["benchmarks"]}
    assert "part of the area" in said["uk"]
    assert "median is taken as known" in said["median"]
    assert "part of" not in said["E12000002"]


def test_changes_over_time_are_tested_too(whole):
    data = comparison(whole, "indicator=employment-rate&region=E12000001")
    step = data["change"]["previous"]
    before = bounds_of(whole, "employment-rate", "E12000001", step["period"])
    gap = data["value"] - before["value"]
    up = (data["bounds"]["upper"] - data["value"]) ** 2 + (before["value"] - before["bounds"]["lower"]) ** 2
    down = (data["value"] - data["bounds"]["lower"]) ** 2 + (before["bounds"]["upper"] - before["value"]) ** 2
    test = step["test"]
    assert (test["lower"], test["upper"]) == pytest.approx((gap - down**0.5, gap + up**0.5), abs=0.006)
    assert "both periods" in test["assumption"]
    assert comparison(whole, "indicator=gva-sic-j-per-head&region=E12000001")["change"]["previous"]["test"] is None


def test_without_limits_nothing_is_tested(whole):
    data = comparison(whole, "indicator=gva-sic-j-per-head&region=E12000005")
    for mark in data["benchmarks"]:
        assert (mark["difference"]["tested"], mark["difference"]["test"]) == (False, None)


def test_several_regions_are_a_group_of_the_callers_own(whole):
    named = ["E12000002", "E12000003", "E12000006", "E08000025"]
    data = comparison(whole, f"indicator=employment-rate&region=E12000001&with={','.join(named)}")
    found = data["selected"]
    values = {mark["id"]: mark["value"] for mark in data["benchmarks"]}
    assert found["median"]["value"] == pytest.approx(median(values[code] for code in named))
    assert found["median"]["regions"] == named or set(found["median"]["regions"]) == set(named)
    assert set(found["group"]["regions"]) == {*named, "E12000001"}
    above = sum(value > data["value"] for value in values.values())
    assert (found["rank"]["rank"], found["rank"]["n"]) == (above + 1, 5)
    assert found["rank"]["interval"]["basis"] == "sampling_ci_95"
    assert found["rank"]["marginal"]["lower"] >= found["rank"]["interval"]["lower"]
    # The same when the parameter is repeated, and when the region itself is named among them.
    repeated = "&".join(f"with={code}" for code in reversed(named))
    assert comparison(whole, f"indicator=employment-rate&region=E12000001&{repeated}")["selected"] == found
    itself = comparison(whole, f"indicator=employment-rate&region=E12000001&with={','.join([*named, 'E12000001'])}")
    assert itself["selected"]["median"]["n"] == 5
    assert itself["selected"]["rank"]["n"] == 5


@pytest.mark.parametrize(("named", "wanted"), [("E12000002", None), ("uk,median", None)])
def test_one_region_or_none_is_no_group(whole, named, wanted):
    assert comparison(whole, f"indicator=employment-rate&region=E12000001&with={named}")["selected"] is wanted


def test_of_two_regions_there_is_a_rank_and_no_median(whole):
    found = comparison(whole, "indicator=gigabit-availability&region=E12000001&with=E12000002,E12000003")["selected"]
    assert (found["median"]["value"], found["rank"]["n"]) == (None, 3)
    assert "3 regions or more" in found["median"]["reason"]


def test_a_place_without_a_value_is_told_to_be_missing_in_it(whole):
    found = comparison(
        whole, "indicator=deprivation-score&region=E08000025&with=E08000026,E08000027,N09000003,E08000028"
    )["selected"]
    assert [item["region"] for item in found["group"]["missing"]] == ["N09000003"]
    assert found["median"]["n"] == 3


def test_totals_that_hold_unallocated_parts_say_so(whole):
    for slug in ("total-exports", "inward-fdi-stock", "outward-fdi-stock"):
        data = comparison(whole, f"indicator={slug}&region=E12000005&with=uk")
        ranking = whole.get(f"/v1/rankings/{slug}?level=itl1&period={data['period']}").json["data"]["regions"]
        address = f"/v1/observations?indicator={slug}&region=K02000001&period={data['period']}"
        [total] = [item["value"] for item in whole.get(address).json["data"]]
        share = 100 * (1 - sum(line["published_value"] for line in ranking) / total)
        note = data["benchmarks"][0]["note"]
        assert note == f"The published total includes {share:.2g}% that is allocated to no region."
        assert note[:1].lower() + note[1:].rstrip(".") in data["statement"]
    for slug in ("business-rd-expenditure", "gva-sic-j", "enterprises-sic-j", "gva-sic-j-per-head"):
        data = comparison(whole, f"indicator={slug}&region=E12000005&with=uk")
        assert data["benchmarks"][0]["note"] is None, slug
