"""Profiles of places: the figures recomputed here from seed/, and what is said where there are none."""

import csv
from functools import cache

import numpy as np
import pytest

from api.settings import SEED

ITL1 = [f"E1200000{number}" for number in range(1, 10)] + ["N92000002", "S92000003", "W92000004"]
LOCAL = {"E06", "E07", "E08", "E09", "N09", "S12", "W06"}


@cache
def rows(slug):
    with (SEED / f"observations/{slug}.csv").open(newline="") as file:
        return [row for row in csv.DictReader(file) if not row["last_release"]]


def published(slug, period):
    """The current figures of an indicator in a period, by region."""
    return {row["region"]: float(row["value"]) for row in rows(slug) if row["period"] == period and row["value"]}


def profile(client, code, query=""):
    response = client.get(f"/v1/regions/{code}/profile{query}")
    assert response.status_code == 200, response.text
    return response.json


def entries(answer):
    return {item["indicator"]: item for part in answer["data"]["components"] for item in part["indicators"]}


def benchmark(entry, name):
    [found] = [item for item in entry["benchmarks"] if item["id"] == name]
    return found


@pytest.fixture
def west_midlands(client):
    return profile(client, "E12000005")


def test_every_component_and_indicator_has_its_place(client, west_midlands):
    parts = west_midlands["data"]["components"]
    listed = client.get("/v1/components").json["data"]
    assert [(part["id"], [item["indicator"] for item in part["indicators"]]) for part in parts] == [
        (item["id"], item["indicators"]) for item in listed
    ]
    unmeasured = [part for part in parts if not part["measured"]]
    assert [part["id"] for part in unmeasured] == ["data-ecosystems", "collaboration-coordination"]
    assert all(part["reason"] and part["indicators"] == [] for part in unmeasured)
    assert {part["id"]: part["role"] for part in parts if part["role"] != "component"} == {
        "digital-economy": "outcome", "context": "context",
    }  # fmt: skip
    for entry in entries(west_midlands).values():
        assert (entry["latest"] is None) == (entry["reason"] is not None) == (entry["group"] is None)


def test_the_west_midlands_beside_the_twelve(west_midlands):
    entry = entries(west_midlands)["gva-sic-j-per-head"]
    figures = published("gva-sic-j-per-head", "2023")
    twelve = [figures[code] for code in ITL1]
    assert entry["latest"]["value"] == entry["comparable"]["value"] == 1103.6 == figures["E12000005"]
    middle = benchmark(entry, "median")
    assert middle["value"] == benchmark(entry, "uk-median")["value"] == 1157.15 == pytest.approx(np.median(twelve))
    assert list(middle["quartiles"].values()) == [round(float(np.percentile(twelve, q)), 2) for q in (25, 75)]
    assert middle["difference"]["absolute"] == -53.55
    assert (middle["difference"]["direction"], middle["difference"]["tested"]) == ("lower", False)
    assert benchmark(entry, "uk")["region"] == "K02000001"
    assert benchmark(entry, "uk")["value"] == figures["K02000001"]
    assert [entry["rank"][name] for name in ("rank", "order", "n")] == [None, 8, 12]
    assert entry["rank"]["interval"]["basis"] is None
    assert entry["rank"]["interval"]["reason"] == "error of the estimates not held here"
    assert (entry["group"]["level"], entry["group"]["n"], entry["group"]["missing"]) == ("itl1", 12, 0)


def test_an_amount_is_compared_by_head_with_the_year_of_the_population(west_midlands):
    entry = entries(west_midlands)["business-rd-expenditure"]
    assert (entry["latest"]["period"], entry["unit"]) == ("2024", "£ million")
    spent, people = published("business-rd-expenditure", "2024"), published("population", "2023")
    expected = {code: spent[code] * 1e6 / people[code] for code in ITL1}
    assert entry["comparable"]["value"] == round(expected["E12000005"], 1)
    assert entry["comparable"]["unit"] == "£ per head"
    assert entry["comparable"]["denominator"]["year"] == "2023"
    assert entry["group"]["denominator_years"] == ["2023"]
    assert benchmark(entry, "median")["value"] == round(float(np.median(list(expected.values()))), 2)
    above = sum(value > expected["E12000005"] for value in expected.values())
    assert entry["rank"]["order"] == above + 1


def test_size_alone_is_not_compared(west_midlands):
    entry = entries(west_midlands)["population"]
    assert entry["latest"]["value"] == 6085687
    assert entry["comparable"] is None and entry["rank"] is None
    assert entry["not_comparable"] == entry["no_rank"] == entry["group"]["reason"] == "not comparable: size"
    assert all(item["value"] is None and item["reason"] for item in entry["benchmarks"])


def test_lower_is_better_is_turned_round(west_midlands):
    entry = entries(west_midlands)["premises-below-30-mbps"]
    figures = published("premises-below-30-mbps", "2026-01")
    values = {code: figures[code] for code in ITL1}
    own, (low, middle, high) = values["E12000005"], np.percentile(list(values.values()), [25, 50, 75])
    assert entry["rank"]["rank"] == 1 + sum(value < own for value in values.values())
    assert entry["rank"]["interval"]["basis"] == "rounding"
    scored = {item["indicator"]: item for name in ("strengths", "gaps") for item in west_midlands["data"][name]}
    item = scored["premises-below-30-mbps"]
    assert item["score"] == round(-(own - middle) / (high - low), 2)
    assert (item["basis"], item["tested"]) == ("rounding", False)


def test_strengths_and_gaps_are_in_order_and_leave_nothing_out(west_midlands):
    data = west_midlands["data"]
    strengths, gaps = ([item["score"] for item in data[name]] for name in ("strengths", "gaps"))
    assert strengths == sorted(strengths, reverse=True) and min(strengths) >= 0
    assert gaps == sorted(gaps) and max(gaps) <= 0
    named = [item["indicator"] for name in ("strengths", "gaps", "not_scored") for item in data[name]]
    assert sorted(named) == sorted(entries(west_midlands))
    assert all(item["n"] >= 5 and item["interquartile_range"] > 0 for item in (*data["strengths"], *data["gaps"]))
    reasons = {item["indicator"]: item["reason"] for item in data["not_scored"]}
    assert reasons["active-businesses"].startswith("neutral")
    assert reasons["gva-per-hour"].startswith("context")
    assert reasons["gva-sic-j"] == "told by its rate, gva-sic-j-per-head"
    outcomes = {item["indicator"] for item in (*data["strengths"], *data["gaps"]) if item["outcome"]}
    assert outcomes == {"gva-sic-j-per-head", "enterprises-sic-j-share"}


def test_a_break_is_marked_and_never_crossed_silently(west_midlands):
    series = entries(west_midlands)["5g-area-coverage"]["series"]
    assert series["breaks"] == ["2025-01"] and series["since_break"] == "2025-01"
    assert [(point["period"], point["since_break"]) for point in series["points"]] == [
        ("2024-01", False), ("2024-09", False), ("2025-01", True), ("2025-07", True), ("2026-01", True),
    ]  # fmt: skip
    assert series["points"][2]["status"] == "B"
    unbroken = entries(west_midlands)["gva-sic-j-per-head"]["series"]
    assert unbroken["since_break"] is None and len(unbroken["points"]) == 6 < unbroken["of"]


@pytest.mark.parametrize("points", [0, 1, 24])
def test_points_of_the_short_series(client, points):
    entry = entries(profile(client, "E12000005", f"?points={points}"))["gva-sic-j"]
    own = [row for row in rows("gva-sic-j") if row["region"] == "E12000005"]
    assert [point["period"] for point in entry["series"]["points"]] == [
        row["period"] for row in own[max(0, len(own) - points) :]
    ]
    assert entry["series"]["of"] == len(own)


def test_a_local_authority(client):
    answer = profile(client, "E08000025")
    entry = entries(answer)["business-birth-rate"]
    figures = {code: value for code, value in published("business-birth-rate", "2024").items() if code[:3] in LOCAL}
    assert (entry["group"]["level"], entry["group"]["n"]) == ("local-authority", 361)
    assert len(figures) == 361
    assert benchmark(entry, "median")["value"] == round(float(np.median(list(figures.values()))), 2)
    above = sum(value > figures["E08000025"] for value in figures.values())
    assert (entry["rank"]["rank"], entry["rank"]["order"]) == (None, above + 1)
    twelve = published("business-birth-rate", "2024")
    assert benchmark(entry, "uk-median")["value"] == round(float(np.median([twelve[code] for code in ITL1])), 2)


def test_a_denominator_too_far_off_is_not_taken(client):
    entry = entries(profile(client, "E08000025"))["enterprises-sic-j"]
    assert entry["latest"]["period"] == "2025-03"
    assert entry["comparable"] is None
    assert "within two years of 2025" in entry["not_comparable"]
    assert entry["group"]["n"] == 0


def test_who_is_missing_is_counted_by_reason(client):
    group = entries(profile(client, "E12000005"))["apprenticeship-starts-rate"]["group"]
    assert (group["n"], group["missing"]) == (9, 3)
    [why] = group["missing_regions"]
    assert (why["reason"], why["detail"]) == ("geography-not-covered", "England only.")
    assert why["regions"] == ["N92000002", "S92000003", "W92000004"]


def test_a_recoded_place_is_one_place_under_either_code(client):
    new, old = profile(client, "E08000038"), profile(client, "E08000016")
    assert new["data"] == old["data"]
    assert (new["data"]["region"]["code"], new["data"]["other_codes"]) == ("E08000038", ["E08000016"])
    entry = entries(old)["gigabit-availability"]
    assert (entry["latest"]["period"], entry["latest"]["published_region"]) == ("2026-01", "E08000038")
    assert entry["latest"]["value"] == published("gigabit-availability", "2026-01")["E08000038"]
    assert entry["rank"] is not None and entry["elsewhere"] is None
    assert entry["series"]["of"] == 9 and entry["series"]["breaks"] == ["2025-01"]


def test_what_an_earlier_code_alone_has_is_the_places_own(client):
    found = entries(profile(client, "E08000038"))
    for slug, period in (("gva-sic-j", "2023"), ("population", "2022")):
        latest = found[slug]["latest"]
        assert (latest["region"], latest["published_region"]) == ("E08000038", "E08000016")
        assert latest["value"] == published(slug, period)["E08000016"]
    assert not any("another code" in (item["detail"] or "") for item in found.values())
    assert found["gva-sic-j"]["group"]["level"] == "local-authority"


def test_the_same_land_as_another_area_has_the_figures_of_both(client):
    district, area = profile(client, "E08000027"), profile(client, "TLG36")
    assert (district["data"]["same_area"]["code"], area["data"]["same_area"]["code"]) == ("TLG36", "E08000027")
    entry = entries(district)["total-exports"]
    assert (entry["latest"]["region"], entry["latest"]["region_label"]) == ("TLG36", "Dudley (ITL 3 area)")
    assert entry["latest"]["value"] == published("total-exports", "2023")["TLG36"]
    assert (entry["group"]["level"], entry["series"]["address"]) == ("itl3", "/v1/series/total-exports/TLG36")
    assert entries(area)["gigabit-availability"]["latest"]["region"] == "E08000027"
    assert entries(area)["gigabit-availability"]["group"]["level"] == "local-authority"
    assert profile(client, "E07000192")["data"]["same_area"] is None  # one of several districts of its ITL 3 area


def test_a_combined_authority(client):
    found = entries(profile(client, "E47000007"))
    figures = {code: value for code, value in published("gigabit-availability", "2026-01").items() if code[:3] == "E47"}
    entry = found["gigabit-availability"]
    assert entry["latest"]["value"] == 95.9 == figures["E47000007"]
    assert (entry["group"]["level"], entry["group"]["n"]) == ("combined-authority", len(figures))
    assert entry["rank"]["rank"] == 1 + sum(value > 95.9 for value in figures.values())


def test_scotland_is_compared_with_regions_and_lacks_what_is_of_england_only(client):
    found = entries(profile(client, "S92000003"))
    assert found["gigabit-availability"]["group"]["level"] == "itl1"
    lacking = found["fe-ict-achievements"]
    assert (lacking["latest"], lacking["reason"], lacking["detail"]) == (None, "geography-not-covered", "England only.")
    assert lacking["benchmarks"] == [] and lacking["rank"] is None


def test_a_level_may_be_named(client):
    answer = profile(client, "S92000003", "?level=country")
    entry = entries(answer)["gigabit-availability"]
    assert (answer["data"]["level"], entry["group"]["n"]) == ("country", 4)
    middle = benchmark(entry, "median")
    assert middle["value"] is None and "5 regions or more" in middle["reason"]
    assert answer["data"]["strengths"] == answer["data"]["gaps"] == []
    response = client.get("/v1/regions/S92000003/profile?level=local-authority")
    assert response.status_code == 422
    assert response.json["errors"][0]["allowed"] == ["country", "itl1"]
    assert client.get("/v1/regions/S92000003/profile?level=town").status_code == 404


def test_cornwall_is_suppressed_and_says_so(client):
    entry = entries(profile(client, "E06000052"))["gva-sic-j"]
    assert (entry["latest"], entry["reason"]) == (None, "suppressed")
    assert "Cornwall" in entry["detail"]


def test_components_may_be_chosen(client):
    answer = profile(client, "E12000005", "?component=trade-support,digital-infrastructure")
    assert [part["id"] for part in answer["data"]["components"]] == ["digital-infrastructure", "trade-support"]
    assert {item["id"] for item in answer["meta"]["source"]} >= {"ofcom-connected-nations"}
    assert client.get("/v1/regions/E12000005/profile?component=roads").status_code == 404


def test_a_component_without_a_measure_says_why(client):
    answer = profile(client, "E12000005", "?component=data-ecosystems")
    assert answer["meta"]["reason"] == "not-measured"
    assert answer["data"]["components"][0]["reason"] in answer["meta"]["detail"]


def test_a_place_without_figures_says_where_they_are(client):
    answer = profile(client, "E07000048")  # merged, not recoded: nothing stands for it
    assert answer["meta"]["nearest"] == "/v1/regions/E07000048"
    assert all(item["elsewhere"] is None and item["detail"] for item in entries(answer).values())


@pytest.mark.parametrize("points", ["25", "-1", "six", "1.5"])
def test_points_out_of_range_are_refused(client, points):
    response = client.get(f"/v1/regions/E12000005/profile?points={points}")
    assert response.status_code == 422
    assert response.json["errors"][0]["path"] == "query/points"


@pytest.mark.parametrize(
    "code",
    ["K02000001", "E92000001", "K03000001", "K99000002", "E07000026", "TLC1", "TLK3", "E10000012", "UKC1", "E13000001"],
)
def test_every_level_has_profiles(client, code):
    found = entries(profile(client, code)).values()
    assert any(entry["latest"] for entry in found)
    for entry in found:
        assert entry["latest"] is None or (entry["rank"] is None) == (entry["no_rank"] is not None)
        assert entry["latest"] is None or (entry["comparable"] is None) == (entry["not_comparable"] is not None)


def test_an_answer_from_memory_is_the_same(client):
    assert profile(client, "E12000005") == profile(client, "E12000005")
    older, newer = (entries(profile(client, "E12000005", f"?release={release}")) for release in (1, 4))
    assert older["gigabit-availability"]["latest"]["period"] == "2025-01"
    assert newer["gigabit-availability"]["latest"]["period"] == "2026-01"
