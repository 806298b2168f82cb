"""What release 5 brought: limits, more indicators, partial figures marked, places continued backward."""

from __future__ import annotations

import csv
from collections import defaultdict

import pytest

from tests.package import PACKAGE

CUMBERLAND = "E06000063"
PARTIAL = [CUMBERLAND, "E06000064", "E06000066"]


def data(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.json["data"]


def rows(name):
    with (PACKAGE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_figure_is_served_with_its_status_and_limits(whole):
    """By series, since tables have no columns of limits; every indicator that has any, and two that have none."""
    with_limits = [
        path.stem
        for path in sorted((PACKAGE / "observations").glob("*.csv"))
        if "upper" in path.read_text("utf-8").partition("\n")[0]
    ]
    assert len(with_limits) == 10
    limits = 0
    for indicator in [*with_limits, "full-fibre-availability", "planning-data-sets"]:
        expected = defaultdict(dict)
        for row in rows(f"observations/{indicator}"):
            if not row["last_release"]:
                bounds = tuple(float(row[name]) if row.get(name) else None for name in ("lower", "upper"))
                value = float(row["value"]) if row["value"] else None
                expected[row["region"]][row["period"]] = (value, row["status"], bounds)
        for region, figures in expected.items():
            found = data(whole, f"/v1/series/{indicator}/{region}?history=own")["observations"]
            assert {
                item["period"]: (
                    item["value"],
                    item["status"],
                    (item["bounds"]["lower"], item["bounds"]["upper"]) if item["bounds"] else (None, None),
                )
                for item in found
            } == figures, (indicator, region)
            limits += sum(item["bounds"] is not None for item in found)
    assert limits == 31_607


def test_earlier_releases_know_nothing_of_it(whole):
    assert len(data(whole, "/v1/indicators?release=4&limit=500")) == 31
    assert len(data(whole, "/v1/indicators?limit=500")) == 99
    for release, measured in ((4, False), (5, True)):
        found = {item["id"]: item for item in data(whole, f"/v1/components?release={release}")}
        assert found["data-ecosystems"]["measured"] is measured
        assert found["collaboration-coordination"]["measured"] is measured
    bounds = [
        data(whole, f"/v1/series/level-3-qualifications/E06000001?release={number}")["observations"][0]["bounds"]
        for number in (4, 5)
    ]
    assert bounds[0] is None and bounds[1]["kind"] == "sampling_ci_95"


def test_partial_figures_are_shown_and_not_compared(whole):
    ranking = whole.get("/v1/rankings/enterprises-sic-j?level=local-authority&period=2024-03").json
    group = ranking["data"]["group"]
    absent = {item["region"]: item for item in group["missing"]}
    for region in PARTIAL:
        assert absent[region]["reason"] == "not-comparable" and "status D" in absent[region]["detail"]
        before = data(whole, f"/v1/series/enterprises-sic-j/{region}?release=4")["observations"]
        now = data(whole, f"/v1/series/enterprises-sic-j/{region}")["observations"]
        assert [item["value"] for item in before] == [item["value"] for item in now]
        assert {item["status"] for item in now[:-1]} == {"D"} and now[-1]["status"] == "A"


def test_limits_give_ranks_their_intervals(whole):
    ranking = data(whole, "/v1/rankings/employment-rate?level=itl1")
    assert ranking["basis"]["basis"] == "sampling_ci_95"


def test_merged_series_begin_with_the_first_figures_of_their_parts(whole):
    found = data(whole, f"/v1/series/gigabit-availability/{CUMBERLAND}?history=merged")
    first = found["observations"][0]
    assert (first["period"], first["status"], first["method"]) == ("2022-09", "E", "weighted-mean")
    assert found["merged"]["parts"] == ["E07000026", "E07000028", "E07000029"]
    rates = data(whole, f"/v1/series/business-birth-rate/{CUMBERLAND}?history=merged")["observations"]
    made = {item["period"]: item for item in rates if item["method"]}
    assert {item["method"] for item in made.values()} == {"ratio"}
    births, active = (
        {item["period"]: item["value"] for item in data(whole, f"/v1/series/{slug}/{CUMBERLAND}?history=merged")[
            "observations"]}
        for slug in ("business-births", "active-businesses")
    )  # fmt: skip
    for period, item in made.items():
        assert item["value"] == round(100 * births[period] / active[period], 1)


def test_formulas_give_the_rates_that_are_published(whole):
    """So that a merged rate is of the same kind as those beside it."""
    for indicator in ("business-birth-rate", "business-death-rate", "high-growth-businesses"):
        numerator, rest = data(whole, f"/v1/indicators/{indicator}")["formula"].split(" * 100 / ")
        asked = [
            data(whole, f"/v1/observations?indicator={slug}&level=itl1&period=2024")
            for slug in (indicator, numerator, rest)
        ]
        found = [{row["region"]: row["value"] for row in answer} for answer in asked]
        assert len(found[0]) >= 11
        for region, rate in found[0].items():
            assert rate == pytest.approx(100 * found[1][region] / found[2][region], abs=0.06), (indicator, region)


def test_pooled_years_are_a_period(whole):
    found = data(
        whole, "/v1/observations?indicator=youth-unemployment&level=itl2&period=2014-01/P11Y&valid_on=any&limit=100"
    )
    assert len(found) == 41 and {row["period"] for row in found} == {"2014-01-01/P11Y"}


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx", "json"])
def test_new_figures_have_every_format(whole, ending):
    assert whole.get(f"/v1/observations.{ending}?indicator=employment-rate-lfs&region=E12000005").status_code == 200


def test_a_merged_share_is_an_estimate_that_tables_give_as_objects_do(whole):
    address = "/v1/series/gigabit-availability/E06000063?history=merged"
    objects = {item["period"]: item for item in whole.get(address).json["data"]["observations"]}
    made = {period: item for period, item in objects.items() if item["method"]}
    assert made and {(item["method"], item["status"]) for item in made.values()} == {("weighted-mean", "E")}
    rows = csv.DictReader(whole.get(f"{address}&format=csv").text.splitlines())
    assert [float(row["value"]) for row in rows if row["method"]] == [item["value"] for item in made.values()]
    own = [item["status"] for period, item in sorted(objects.items()) if period not in made]
    assert own[0] == "B" and "B" not in own[1:]


def test_shares_of_land_are_not_put_together_by_people(whole):
    found = whole.get("/v1/series/4g-area-coverage/E06000064?history=merged").json["data"]["merged"]
    assert found["values"] == 0 and {item["reason"].split(":")[0] for item in found["not_merged"]} == {
        "Values in % of area cannot be put together"
    }


def test_years_that_figures_are_pooled_over_are_named_and_are_as_new_as_the_last(whole):
    said = whole.get("/v1/comparisons?indicator=higher-degrees&region=TLC1").json["data"]["statement"]
    assert "over 2014 to 2024 taken together" in said
    peers = whole.get("/v1/regions/TLC1/peers").json["data"]
    assert "higher-degrees" not in {
        item["indicator"] for item in peers["not_used"] if item["reason"] == "outside-period"
    }


def test_a_year_that_begins_on_two_days_is_refused_with_both(whole):
    both = "indicator=gcse-english-maths-by-19,apprenticeship-starts-rate&region=E06000065&period=2020/21"
    refused = whole.get(f"/v1/observations?{both}")
    assert refused.status_code == 422
    assert refused.json["errors"][0]["allowed"] == ["2020-08-01/P1Y", "2020-09-01/P1Y"]
    assert whole.get(f"/v1/observations?{both.replace(',apprenticeship-starts-rate', '')}").json["data"]


def test_a_share_with_one_limit_is_ranked_and_tested(whole):
    data = whole.get("/v1/comparisons?indicator=internet-lapsed-or-never-used&region=TLD47&period=2020").json["data"]
    assert data["bounds"] == {"kind": "sampling_ci_95", "lower": None, "upper": 5}
    assert data["rank"]["interval"]["basis"] == "sampling_ci_95"
    assert data["benchmarks"][0]["difference"]["tested"]
