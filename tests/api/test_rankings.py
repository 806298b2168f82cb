"""Rankings: values first, and no more said of the order than the error of the values allows."""

import csv
import io

import pytest

from tests.api.test_comparisons import ITL1, published


def ranking(client, address):
    response = client.get(f"/v1/rankings/{address}")
    assert response.status_code == 200, response.json
    return response.json


def test_the_order_is_that_of_the_published_figures(client):
    data = ranking(client, "gigabit-availability?level=itl1&period=2026-01")["data"]
    figures = published("gigabit-availability", "2026-01", ITL1)
    assert [(line["region"], line["value"]) for line in data["regions"]] == sorted(
        figures.items(), key=lambda item: -item[1]
    )
    assert [line["rank"] for line in data["regions"]] == list(range(1, 13))
    assert data["basis"]["basis"] == "rounding"


def test_less_is_better_where_the_indicator_says_so(client):
    data = ranking(client, "premises-below-30-mbps?level=local-authority")["data"]
    values = [line["value"] for line in data["regions"]]
    assert values == sorted(values)
    assert data["regions"][0]["rank"] == 1


def test_equal_values_share_a_rank_and_a_tier(client):
    lines = ranking(client, "premises-below-30-mbps?level=local-authority&period=2026-01")["data"]["regions"]
    figures = list(published("premises-below-30-mbps", "2026-01", {line["region"] for line in lines}).values())
    for line in lines:
        better = sum(value < line["value"] for value in figures)
        equal = sum(value == line["value"] for value in figures)
        assert (line["rank"], line["rank_lower"], line["rank_upper"]) == (better + 1, better + 1, better + equal)
        worse = len(figures) - better - equal
        assert line["quantile"] == pytest.approx((worse + (equal - 1) / 2) / (len(figures) - 1), abs=1e-4)
    assert max(line["tier"] for line in lines) == len(set(figures))


def test_samples_without_bounds_have_no_interval(client):
    data = ranking(client, "level-3-qualifications?level=itl1")["data"]
    assert (data["basis"]["basis"], data["basis"]["reason"]) == (None, "sampling error not held here")
    unknown = {tuple(line[name] for name in ("rank", "rank_lower", "rank_upper", "tier")) for line in data["regions"]}
    assert unknown == {(None, None, None, None)}
    assert [line["order"] for line in data["regions"]] == list(range(1, len(data["regions"]) + 1))


def test_amounts_are_ranked_per_head(client):
    data = ranking(client, "business-rd-expenditure?level=itl1&period=2024")["data"]
    people, spent = published("population", "2023"), published("business-rd-expenditure", "2024", ITL1)
    wanted = sorted(spent, key=lambda code: -spent[code] / people[code])
    assert [line["region"] for line in data["regions"]] == wanted
    assert {line["denominator_year"] for line in data["regions"]} == {"2023"}
    assert data["formula"] == "business-rd-expenditure * 1,000,000 / population"


def test_size_is_not_ranked(client):
    answer = ranking(client, "population?level=itl1")
    assert answer["data"]["regions"] == []
    assert answer["data"]["group"]["reason"] == "not comparable: size"
    assert answer["meta"]["reason"] == "not-comparable"


def test_the_usual_level(client):
    assert ranking(client, "gigabit-availability")["data"]["group"]["level"] == "itl1"
    # Of ITL 1 regions it has London alone.
    assert ranking(client, "fe-ict-enrolments")["data"]["group"]["level"] == "combined-authority"


def test_a_region_alone_is_shown_without_a_rank(client):
    answer = ranking(client, "employment-soc-21?level=itl1")
    [london] = answer["data"]["regions"]
    assert (london["region"], london["rank"], london["n"]) == ("E12000007", None, 1)
    assert len(answer["data"]["group"]["missing"]) == 11


def test_groupings_overlap_and_are_not_ranked(client):
    answer = ranking(client, "gigabit-availability?level=other")
    assert answer["data"]["regions"] == []
    assert "overlap" in answer["data"]["group"]["reason"]


def test_a_level_without_figures_says_so(client):
    answer = ranking(client, "daily-internet-users?level=local-authority")
    assert answer["data"] is None
    assert answer["meta"]["reason"] == "geography-not-covered"
    assert client.get(answer["meta"]["nearest"]).status_code == 200


def test_as_a_table_it_says_the_same(client):
    lines = ranking(client, "gva-sic-j?level=itl1")["data"]["regions"]
    table = list(csv.DictReader(io.StringIO(client.get("/v1/rankings/gva-sic-j?level=itl1&format=csv").text)))
    assert [(row["region"], float(row["value"]), row["rank"], int(row["order"])) for row in table] == [
        (line["region"], line["value"], "", line["order"]) for line in lines
    ]
    assert client.get("/v1/rankings/population?level=itl1&format=csv").text.count("\n") == 1
