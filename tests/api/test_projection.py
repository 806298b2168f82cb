"""Projections as they are asked for: the real figures, in every format, and why there is none."""

from __future__ import annotations

import csv
import io
import math

import pytest

CASES = {
    "percent": ("daily-internet-users", "K02000001"),
    "rate": ("gva-per-hour", "E12000005"),
}


@pytest.fixture
def answers(client):
    """The answer for each of the cases."""
    return {
        name: client.get(f"/v1/series/{indicator}/{region}/projection").json
        for name, (indicator, region) in CASES.items()
    }


def test_a_projection_goes_on_where_the_series_ends(answers):
    data = answers["rate"]["data"]
    assert [item["period"] for item in data["projection"]] == ["2024", "2025", "2026"]
    assert data["projection"][0]["start"] == "2024-01-01"
    based = data["based_on"]
    assert (based["points"], based["first_period"], based["last_period"]) == (20, "2004", "2023")
    assert answers["rate"]["links"]["series"] == "/v1/series/gva-per-hour/E12000005"
    for item in data["projection"]:
        inner, outer = item["prediction_interval_80"], item["prediction_interval_95"]
        assert outer["lower"] < inner["lower"] < item["value"] < inner["upper"] < outer["upper"]
        assert round(item["value"], 3) == item["value"]  # one decimal more than the indicator


def test_the_drift_of_output_per_hour_recomputed(answers, client):
    """The whole of a projection from the figures that the API serves, in plain arithmetic."""
    points = client.get("/v1/series/gva-per-hour/E12000005").json["data"]["observations"]
    logs = [math.log(point["value"]) for point in points]
    data = answers["rate"]["data"]
    assert (data["model"]["id"], data["model"]["scale"]) == ("drift", "log")
    mean = (logs[-1] - logs[0]) / (len(logs) - 1)
    assert [item["value"] for item in data["projection"]] == [
        pytest.approx(math.exp(logs[-1] + step * mean), abs=6e-4) for step in (1, 2, 3)
    ]
    (parameter,) = data["model"]["parameters"]
    assert parameter["value"] == pytest.approx((math.exp(mean) - 1) * 100, abs=1e-3)
    assert parameter["unit"] == "%"
    own, naive = [], []
    for start in range(10, 20):
        change = (logs[start - 1] - logs[0]) / (start - 1)
        for step, point in enumerate(points[start : start + 3], 1):
            own.append(abs(math.exp(logs[start - 1] + step * change) - point["value"]))
            naive.append(abs(points[start - 1]["value"] - point["value"]))
    test = data["back_test"]
    assert (test["origins"], test["forecasts"]) == (10, 27) == (10, len(own))
    assert test["mean_absolute_error"] == pytest.approx(sum(own) / 27, abs=6e-4)
    assert test["naive_mean_absolute_error"] == pytest.approx(sum(naive) / 27, abs=6e-4)
    assert test["ratio_to_naive"] == pytest.approx(sum(own) / sum(naive), abs=6e-4)
    assert test["better_than_naive"]
    assert [step["forecasts"] for step in test["steps"]] == [10, 9, 8]


def test_percentages_stay_percentages(answers):
    data = answers["percent"]["data"]
    assert data["model"]["scale"] == "logit"
    for item in data["projection"]:
        assert 0 < item["prediction_interval_95"]["lower"] < item["prediction_interval_95"]["upper"] < 100
    assert any("has passed" in note for note in data["notes"])  # of a series that ended in 2019


def test_what_is_no_time_series_is_not_projected(client):
    answer = client.get("/v1/series/employment-sic-j/E47000007/projection").json
    assert (answer["data"]["projection"], answer["meta"]["reason"]) == ([], "no-time-series")
    assert "warns" in answer["meta"]["detail"]


def test_a_candidate_is_served_only_where_it_is_better(answers):
    for answer in answers.values():
        data = answer["data"]
        test, served = data["back_test"], data["model"]["id"]
        ratios = {item["model"]: item["ratio_to_naive"] for item in test["candidates"]}
        assert set(ratios) == {"naive", "drift", "damped-trend"}
        assert ratios[served] == min(ratios.values()) == test["ratio_to_naive"]
        assert test["better_than_naive"] == (served != "naive")
        assert test["widened_by"] > 0
        assert {item["interval"] for item in test["coverage"]} == {80, 95}
        assert data["region_name"] in data["statement"]


def test_where_nothing_is_better_the_last_value_is_served_and_said_so(client):
    found = []
    series = client.get("/v1/series?indicator=inward-fdi-stock&level=itl1,combined-authority&latest=true").json
    for item in series["data"]:
        region = item["region"]
        data = client.get(f"/v1/series/inward-fdi-stock/{region}/projection").json["data"]
        if data["model"] and data["model"]["id"] == "naive":
            last = client.get(f"/v1/series/inward-fdi-stock/{region}").json["data"]["observations"][-1]["value"]
            assert {item["value"] for item in data["projection"]} == {last}
            assert not data["back_test"]["better_than_naive"] and data["back_test"]["ratio_to_naive"] == 1
            assert "No model did better" in data["statement"]
            found.append(region)
    assert found


@pytest.mark.parametrize(
    ("path", "reason", "said"),
    [
        ("gigabit-availability/E12000005", "too-few-points", "There are 5 values: a projection needs 10."),
        ("gigabit-availability/E08000038", "too-few-points", "under E08000016 is not joined on"),
        ("4g-area-coverage/E12000002", "too-few-points", "3 values since the break"),
        ("ukri-funding/UKD1", "uneven", "nothing between 2007 and 2009"),
        ("total-exports/E06000063", "geography-not-covered", "Cumberland"),
    ],
)
def test_a_series_without_projection_says_why(client, path, reason, said):
    answer = client.get(f"/v1/series/{path}/projection").json
    assert (answer["meta"]["reason"], answer["data"]["projection"], answer["data"]["model"]) == (reason, [], None)
    assert said in answer["meta"]["detail"]
    assert client.get(answer["meta"]["nearest"]).json["data"]["observations"]


def test_as_a_table(client, answers):
    text = client.get("/v1/series/gva-per-hour/E12000005/projection.csv").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["period_start"][:4], float(row["value"]), float(row["upper_95"])) for row in rows] == [
        (item["period"], item["value"], item["prediction_interval_95"]["upper"])
        for item in answers["rate"]["data"]["projection"]
    ]
    assert {row["period"] for row in rows} == {f"{row['period_start']}/P1Y" for row in rows}
    numbers = ("value", "lower_80", "upper_80", "lower_95", "upper_95")
    assert {len(row[name].partition(".")[2]) for row in rows for name in numbers} == {3}  # one more than published
    assert {(row["region_label"], row["level"]) for row in rows} == {("West Midlands (ITL 1 region)", "itl1")}
    empty = client.get("/v1/series/gigabit-availability/E12000005/projection.csv")
    assert len(empty.text.splitlines()) == 1
    assert any("too-few-points" in link for link in empty.headers.getlist("Link"))


@pytest.mark.parametrize("ending", ["json", "ndjson", "csv", "csv-metadata.json", "xlsx", "parquet"])
def test_every_format_has_its_tag(client, ending):
    response = client.get(f"/v1/series/gva-per-hour/E12000005/projection.{ending}")
    assert response.status_code == 200
    assert response.headers["ETag"].startswith('W/"4-')


def test_a_series_leads_to_its_projection(client):
    address = "/v1/series/gva-per-hour/E12000005"
    assert client.get(address).json["links"]["projection"] == f"{address}/projection"


def test_an_alias_is_redirected(client):
    response = client.get("/v1/series/gva-per-hour/TLG/projection")
    assert response.status_code == 308
    assert response.headers["Location"].endswith("/v1/series/gva-per-hour/E12000005/projection")


def test_the_width_of_intervals_says_what_it_rests_on(answers):
    for answer in answers.values():
        data = answer["data"]
        found = data["calibration"]
        assert found["series"] >= 1 and found["periods"] >= 3
        if found["held_out_values"] is not None:
            inside = {item["interval"]: item["share_inside"] for item in found["held_out"]}
            assert 0.5 <= inside[80] <= inside[95] <= 1
            assert any(f"{inside[80]:.0%} of them" in note for note in data["notes"])
