"""Rankings by change, and by the chance variation of counts."""

from __future__ import annotations

from math import hypot, inf

import numpy as np
import pytest

from api.analysis.chance import byar, wilson
from api.analysis.intervals import errors_of
from api.analysis.rank_sets import Estimates


def ranking(whole, address):
    answer = whole.get(f"/v1/rankings/{address}")
    assert answer.status_code == 200, answer.json
    return answer.json["data"]


def by_region(whole, slug, at):
    found = whole.get(f"/v1/observations?indicator={slug}&{at}&limit=1000").json["data"]
    return {item["region"]: item["value"] for item in found if item["value"] is not None}


def test_changes_are_the_differences_of_the_values_in_points(whole):
    data = ranking(whole, "gigabit-availability?level=itl1&by=change&since=2024-01")
    period = data["group"]["period"]
    now, then = (by_region(whole, "gigabit-availability", f"level=itl1&period={item}") for item in (period, "2024-01"))
    lines = {line["region"]: line for line in data["regions"]}
    assert len(lines) == 12
    for region, line in lines.items():
        assert line["value"] == pytest.approx(now[region] - then[region], abs=0.0501)
        assert (line["published_value"], line["earlier_value"]) == (now[region], then[region])
    assert (data["unit"], data["by"], data["since"]) == ("percentage points", "change", "2024-01")
    assert [line["value"] for line in data["regions"]] == sorted(
        (line["value"] for line in lines.values()), reverse=True
    )
    # Rounding of both ends: a change of 0.1 more is no more for certain.
    assert data["basis"]["basis"] == "rounding"
    for line in data["regions"]:
        above = sum(other["value"] - line["value"] >= 0.2 - 1e-9 for other in lines.values())
        assert line["rank_lower"] == above + 1


def test_relative_changes_are_per_cent_of_the_earlier_value(whole):
    data = ranking(whole, "median-weekly-pay?level=itl1&by=relative-change&since=2019-04")
    for line in data["regions"]:
        wanted = 100 * (line["published_value"] / line["earlier_value"] - 1)
        assert line["value"] == pytest.approx(wanted, abs=0.051)
    assert data["unit"] == "%"


def test_limits_of_both_periods_give_the_ranks_of_changes(whole):
    data = ranking(whole, "employment-rate?level=itl1&by=change&since=2019&best=1")
    values, below, above = [], [], []
    for line in data["regions"]:
        address = f"/v1/series/employment-rate/{line['region']}?period_from=2019"
        series = {item["period"]: item for item in whole.get(address).json["data"]["observations"]}
        then, now = series["2019"], series[data["group"]["period"]]
        values.append(now["value"] - then["value"])
        below.append(hypot(now["value"] - now["bounds"]["lower"], then["bounds"]["upper"] - then["value"]))
        above.append(hypot(now["bounds"]["upper"] - now["value"], then["value"] - then["bounds"]["lower"]))
    values = np.array(values)
    errors = errors_of(values, values - below, values + above)
    first, last = Estimates(values, *errors, work=30_000_000).simultaneous()
    assert [(line["rank_lower"], line["rank_upper"]) for line in data["regions"]] == list(
        zip(first.tolist(), last.tolist(), strict=True)
    )
    assert "Of both periods" in data["basis"]["detail"]
    assert data["among_best"]["n"] == sum(first == 1)


def test_a_break_is_never_crossed(whole):
    """Whose series broke since is missing, with the period in which it did."""
    group = whole.get("/v1/rankings/4g-area-coverage?level=local-authority&since=2024-01").json["data"]["group"]
    broken = {item["region"]: item["detail"] for item in group["missing"] if item["reason"] == "series-break"}
    assert broken
    for region, detail in broken.items():
        series = whole.get(f"/v1/series/4g-area-coverage/{region}").json["data"]["observations"]
        [last] = [item["period"] for item in series if item["status"] == "B"][-1:]
        assert f"breaks in {last}" in detail


def test_without_an_earlier_period_nothing_is_ranked_and_those_there_are_are_named(whole):
    answer = whole.get("/v1/rankings/deprivation-score?level=local-authority&by=change").json
    assert answer["data"]["regions"] == []
    assert answer["data"]["group"]["reason"] == "no comparable value in the earlier period"
    assert answer["meta"]["reason"] == "not-comparable"
    for since in ("2023-01", "2026-01", "2050"):
        data = whole.get(f"/v1/rankings/gigabit-availability?level=itl1&since={since}").json["data"]
        assert (data["regions"], data["since"], data["by"]) == ([], None, "change")
        assert f"no figures in {since}" in data["group"]["reason"] and "2024-01" in data["group"]["reason"]


def test_figures_that_are_no_time_series_have_no_changes(whole):
    for item in whole.get("/v1/indicators?limit=200").json["data"]:
        if item["over_time"] is False:
            data = whole.get(f"/v1/rankings/{item['id']}?by=change").json["data"]
            assert data is None or data["regions"] == [], item["id"]


def test_the_chance_variation_of_counts_is_byars(whole):
    data = ranking(whole, "business-births?level=itl1&basis=chance")
    assert data["basis"]["basis"] == "chance_byar_95"
    assert "No sampling error" in data["basis"]["detail"]
    counts = np.array([line["published_value"] for line in data["regions"]], dtype=float)
    year = data["regions"][0]["denominator_year"]
    divisors = by_region(whole, "active-businesses", f"level=itl1&period={year}")
    scale = np.array([10_000 / divisors[line["region"]] for line in data["regions"]])
    values = counts * scale
    errors = errors_of(values, *(side * scale for side in byar(counts)))
    sets(data, Estimates(values, *errors, work=30_000_000))
    assert ranking(whole, "business-births?level=itl1")["basis"]["basis"] == "rounding"


def test_the_chance_variation_of_shares_is_wilsons(whole):
    data = ranking(whole, "business-birth-rate?level=itl1&basis=chance")
    assert data["basis"]["basis"] == "chance_wilson_95"
    at = f"level=itl1&period={data['group']['period']}"
    births, all_ = by_region(whole, "business-births", at), by_region(whole, "active-businesses", at)
    codes = [line["region"] for line in data["regions"]]
    counts, totals = (np.array([side[code] for code in codes], dtype=float) for side in (births, all_))
    values = np.array([by_region(whole, "business-birth-rate", at)[code] for code in codes])
    errors = errors_of(values, *(side * 100 for side in wilson(counts, totals)))
    sets(data, Estimates(values, *errors, work=30_000_000))


def sets(data, estimates):
    """The ranks of an answer are those of estimates, all at once and each by itself."""
    for names, found in (
        (("rank_lower", "rank_upper"), estimates.simultaneous()),
        (("marginal_lower", "marginal_upper"), estimates.marginal()),
    ):
        told = [tuple(line[name] for name in names) for line in data["regions"]]
        assert told == list(zip(*(side.tolist() for side in found), strict=True))


def test_what_is_no_count_has_no_chance_variation(whole):
    for slug in ("gva-sic-j-per-head", "employment-rate", "business-rd-expenditure"):
        data = ranking(whole, f"{slug}?level=itl1&basis=chance")
        assert (data["basis"]["basis"], data["basis"]["reason"]) == (None, "no counts held here")
        assert {line["rank"] for line in data["regions"]} == {None}
    assert inf > len(data["regions"]) > 0
