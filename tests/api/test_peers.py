"""Peers: distances recomputed here from seed/, and what is said of who cannot be one."""

import csv
from functools import cache
from math import sqrt
from statistics import median, quantiles

import pytest

from api.answers.comparison.group import Subject, group_of
from api.answers.peers import nearest, peer_median
from api.answers.reading import Reading
from api.filters import At
from api.settings import SEED

ITL1 = [f"E1200000{number}" for number in range(1, 10)] + ["N92000002", "S92000003", "W92000004"]
LOCAL = {"E06", "E07", "E08", "E09", "N09", "S12", "W06"}
RECODED = {"E08000016": "E08000038", "E08000019": "E08000039"}


@cache
def published(slug, period):
    """The current figures of an indicator in a period, by region, as they stand in seed/."""
    with (SEED / f"observations/{slug}.csv").open(newline="") as file:
        return {
            row["region"]: float(row["value"])
            for row in csv.DictReader(file)
            if row["period"] == period and not row["last_release"] and row["value"]
        }


def of_level(figures, wanted):
    """The figures of a level, a recoded place under its newest code."""
    found = {code: value for code, value in figures.items() if wanted(code)}
    for old, new in RECODED.items():
        if old in found:
            found.setdefault(new, found[old])
            del found[old]
    return found


def scale_of(column):
    """The median and the robust deviation of the values of a level."""
    lower, middle, upper = quantiles(column.values(), n=4, method="inclusive")
    return middle, (upper - lower) / 1.3489795003921634


def expected(own, columns, weights):
    """Distances from a region, by region with all columns; and the squared parts of each."""
    scores = []
    for column in columns:
        middle, spread = scale_of(column)
        scores.append({code: max(-3.0, min(3.0, (value - middle) / spread)) for code, value in column.items()})
    complete = set.intersection(*(set(column) for column in columns)) - {own}
    total = sum(weights)
    parts = {
        code: [w / total * (score[code] - score[own]) ** 2 for score, w in zip(scores, weights, strict=True)]
        for code in complete
    }
    return {code: sqrt(sum(squares)) for code, squares in parts.items()}, parts


def peers(client, code, query=""):
    response = client.get(f"/v1/regions/{code}/peers{query}")
    assert response.status_code == 200, response.text
    return response.json


def test_the_west_midlands_and_its_peers_by_chosen_and_weighed_indicators(client):
    slugs = ["business-rd-expenditure", "gigabit-availability", "gva-sic-j-per-head", "premises-below-30-mbps"]
    query = f"?indicators={','.join(slugs)}&weights=gigabit-availability:2,gva-sic-j-per-head:0.5&k=11"
    answer = peers(client, "E12000005", query)["data"]
    spent, people = published("business-rd-expenditure", "2024"), published("population", "2023")
    columns = [
        {code: spent[code] * 1e6 / people[code] for code in ITL1},
        *({code: published(slug, period)[code] for code in ITL1}
          for slug, period in zip(slugs[1:], ["2026-01", "2023", "2026-01"], strict=True)),
    ]  # fmt: skip
    found, parts = expected("E12000005", columns, [1, 2, 0.5, 1])
    assert [item["region"] for item in answer["peers"]] == sorted(found, key=found.get)
    for item in answer["peers"]:
        assert item["distance"] == pytest.approx(found[item["region"]], abs=6e-5)
        whole = sum(parts[item["region"]])
        shares = [part / whole for part in parts[item["region"]]]
        assert [value["share"] for value in item["indicators"]] == pytest.approx(shares, abs=6e-5)
        assert item["indicators"][1]["value"] == columns[1][item["region"]]
    used = {item["indicator"]: item for item in answer["indicators"]}
    assert list(used) == slugs
    assert [item["weight"] for item in used.values()] == [1, 2, 0.5, 1]
    assert [item["period"] for item in used.values()] == ["2024", "2026-01", "2023", "2026-01"]
    assert used["business-rd-expenditure"]["denominator_years"] == ["2023"]
    middle, spread = scale_of(columns[1])
    assert used["gigabit-availability"]["median"] == round(middle, 2)
    assert used["gigabit-availability"]["deviation"] == round(spread, 2)
    assert used["gigabit-availability"]["nominal_share"] == round(2 / 4.5, 4)
    effective = [sum(part[column] / sum(part) for part in parts.values()) / len(parts) for column in range(4)]
    assert [item["effective_share"] for item in used.values()] == pytest.approx(effective, abs=6e-5)
    assert (answer["chosen_by"], answer["group"]["n"], answer["group"]["missing"]) == ("caller", 11, 0)


def test_a_recoded_place_is_one_place_under_both_codes(client):
    query = "?indicators=gigabit-availability,gva-sic-j,level-3-qualifications&k=7"
    new, old = (peers(client, code, query)["data"] for code in ("E08000038", "E08000016"))
    assert {**new, "region": None} == {**old, "region": None}
    output, people = published("gva-sic-j", "2023"), published("population", "2022")
    columns = [
        of_level(published("gigabit-availability", "2026-01"), lambda code: code[:3] in LOCAL),
        of_level(
            {code: value * 1e6 / people[code] for code, value in output.items() if code in people},
            lambda code: code[:3] in LOCAL,
        ),
        of_level(published("level-3-qualifications", "2023"), lambda code: code[:3] in LOCAL),
    ]
    assert [item["n"] for item in new["indicators"]] == [len(column) for column in columns]
    found, _ = expected("E08000038", columns, [1, 1, 1])
    nearest_seven = sorted(found, key=found.get)[:7]
    assert [item["region"] for item in new["peers"]] == nearest_seven
    assert [item["distance"] for item in new["peers"]] == pytest.approx(
        [found[code] for code in nearest_seven], abs=6e-5
    )
    assert new["group"]["n"] == len(found)
    assert [item["code"] for item in new["indicators"]] == ["E08000038", "E08000016", "E08000016"]
    lacking = {item["region"]: item["indicators"] for item in new["group"]["missing_regions"]}
    assert lacking["E06000052"] == ["gva-sic-j"]  # Cornwall, suppressed
    assert lacking["E06000053"] == ["gva-sic-j", "level-3-qualifications"]
    assert new["group"]["missing"] == len(lacking) == 361 - 1 - len(found)


def test_by_the_rule_where_nobody_chooses(client):
    answer = peers(client, "E12000005")["data"]
    used = {item["indicator"] for item in answer["indicators"]}
    why = {item["indicator"]: item["reason"] for item in answer["not_used"]}
    assert used.isdisjoint(why)
    assert used | why.keys() == {item["id"] for item in client.get("/v1/indicators?limit=100").json["data"]}
    assert {"active-businesses", "gva-per-hour"} <= used  # neutral, and context
    assert why["population"] == why["ukri-funding"] == "not-comparable"
    assert why["daily-internet-users"] == "outside-period"
    assert why["apprenticeship-starts-rate"] == "geography-not-covered"  # nine of twelve
    assert why["gva-sic-j"] == why["enterprises-sic-j"] == "told-by-rate"
    assert (answer["chosen_by"], len(answer["peers"]), answer["k"]) == ("rule", 5, 5)
    distances = [item["distance"] for item in answer["peers"]]
    assert distances == sorted(distances) and distances[0] > 0
    for item in answer["peers"]:
        assert sum(value["share"] for value in item["indicators"]) == pytest.approx(1, abs=1e-3)
        for value, own in zip(item["indicators"], answer["indicators"], strict=True):
            assert value["difference"] == pytest.approx(value["z"] - own["z"], abs=2e-4)


@pytest.mark.parametrize("factor", ["1", "0.001", "250"])
def test_only_the_proportions_of_weights_matter(client, factor):
    chosen = "?indicators=gigabit-availability,5g-area-coverage"
    given = f"&weights=gigabit-availability:{factor},5g-area-coverage:{factor}"
    plain, weighed = (peers(client, "S92000003", chosen + more)["data"]["peers"] for more in ("", given))
    assert plain == weighed


def test_as_of_an_earlier_period(client):
    answer = peers(client, "E12000005", "?indicators=gva-sic-j-per-head,gigabit-availability&period=2024")["data"]
    assert [item["period"] for item in answer["indicators"]] == ["2024-07", "2023"]
    assert answer["group"]["day"] == "2024-12-31"
    answer = peers(client, "E12000005", "?indicators=gva-sic-j-per-head,gigabit-availability&period=2015")
    assert (answer["meta"]["reason"], answer["data"]["peers"]) == ("outside-period", [])


def test_a_combined_authority_and_a_level(client):
    answer = peers(client, "E47000007")["data"]
    assert answer["group"]["level"] == "combined-authority"
    assert all(item["region"].startswith("E47") for item in answer["peers"])
    assert peers(client, "S92000003")["data"]["group"]["level"] == "itl1"
    nations = peers(client, "S92000003", "?level=country&indicators=gigabit-availability")["data"]
    assert {item["region"] for item in nations["peers"]} == {"E92000001", "N92000002", "W92000004"}


@pytest.mark.parametrize(
    ("code", "indicators", "reason"),
    [
        ("E12000005", "population", "not-comparable"),
        ("S92000003", "gigabit-availability,fe-ict-achievements", "geography-not-covered"),
        ("E06000052", "gva-sic-j", "suppressed"),
        ("E08000025", "enterprises-sic-j", "no-denominator"),
        ("K03000001", "gigabit-availability", "not-comparable"),
        ("K02000001", "gigabit-availability", "no-match"),
    ],
)
def test_without_peers_the_reason(client, code, indicators, reason):
    answer = peers(client, code, f"?indicators={indicators}")
    assert (answer["data"]["peers"], answer["meta"]["reason"]) == ([], reason)
    assert answer["meta"]["detail"].endswith(".")
    if answer["meta"]["nearest"]:
        assert client.get(answer["meta"]["nearest"]).json["data"]["peers"]


@pytest.mark.parametrize(
    ("query", "status", "path"),
    [
        ("indicators=gigabit-availabilty", 404, "query/indicators"),
        ("weights=gigabit-availabilty:2", 404, "query/weights"),
        ("indicators=gigabit-availability&weights=5g-area-coverage:2", 422, "query/weights"),
        ("weights=population:2", 422, "query/weights"),
        ("indicators=gigabit-availability&weights=gigabit-availability:0", 422, "query/weights"),
        ("weights=gigabit-availability:1,Gigabit-Availability:2", 422, "query/weights"),
        ("weights=gigabit-availability", 422, "query/weights"),
        ("weights=gigabit-availability:-1", 422, "query/weights"),
        ("weights=gigabit-availability:1e3", 422, "query/weights"),
        ("k=0", 422, "query/k"),
        ("k=51", 422, "query/k"),
        ("level=country", 422, "query/level"),
        ("level=towns", 404, "query/level"),
        ("period=2023/24", 422, "query/period"),
    ],
)
def test_what_is_refused(client, query, status, path):
    response = client.get(f"/v1/regions/E12000005/peers?{query}")
    assert response.status_code == status, response.text
    assert response.json["errors"][0]["path"].startswith(path)


def test_the_nearest_known_indicator_is_named(client):
    problem = client.get("/v1/regions/E12000005/peers?indicators=gigabit-availabilty").json
    assert "gigabit-availability" in problem["errors"][0]["allowed"]


@pytest.fixture
def reading(app):
    resolved = app.extensions["releases"].resolve(At())
    return Reading(
        catalogue=resolved.catalogue,
        releases=app.extensions["releases"].all(),
        database=app.extensions["database"],
        settings=app.extensions["settings"],
        address="/",
    )


def test_as_a_benchmark_what_is_compared_is_no_part_of_the_distance(reading):
    catalogue = reading.catalogue
    region = catalogue.region("E12000005")
    compared = catalogue.indicator("three-year-survival")
    with reading.database.connect() as connection:
        usual = nearest(connection, reading, region, level="itl1", count=11)
        without = nearest(connection, reading, region, level="itl1", count=11, exclude=compared)
        subject = Subject(connection=connection, reading=reading, indicator=compared, period="2021")
        found = peer_median(subject, group_of(subject, "itl1"), region)
    assert {item.code for item in usual} == {item.code for item in without} == set(ITL1) - {"E12000005"}
    assert [item.code for item in usual] != [item.code for item in without]
    figures = published("three-year-survival", "2021")
    assert [item.code for item in found.regions] == [item.code for item in without[:5]]
    assert (found.id, found.n) == ("peers", 5)
    assert found.value == pytest.approx(median(figures[item.code] for item in without[:5]))


def test_a_benchmark_of_places_recoded_since(reading):
    """The output of Barnsley's neighbours, Sheffield among its candidates, is published under the codes of before."""
    catalogue = reading.catalogue
    output = catalogue.indicator("gva-sic-j")
    with reading.database.connect() as connection:
        subject = Subject(connection=connection, reading=reading, indicator=output, period="2023")
        group = group_of(subject, "local-authority")
        found = peer_median(subject, group, catalogue.region("E08000016"))
        every = peer_median(subject, group, catalogue.region("E08000016"), count=400)
    assert found.n == 5 and found.reason is None
    assert "E08000039" in {item.code for item in every.regions}
    assert "E08000038" not in {item.code for item in every.regions}


def test_likeness_that_rests_on_little_says_so(client):
    one = peers(client, "E12000005", "?indicators=gigabit-availability")["data"]
    assert one["warning"] == "Likeness rests on 1 indicator alone: gigabit-availability."
    many = "gigabit-availability,5g-area-coverage,gva-sic-j-per-head"
    heavy = peers(client, "E12000005", f"?indicators={many}&weights=gigabit-availability:50")["data"]
    assert heavy["warning"].startswith("Likeness rests mostly on gigabit-availability, which makes ")
    assert peers(client, "E12000005")["data"]["warning"] is None


def test_a_peer_says_in_what_it_is_like(client):
    answer = peers(client, "E12000005")["data"]
    titles = {item["indicator"]: item["title"] for item in answer["indicators"]}
    for item in answer["peers"]:
        by_gap = sorted(item["indicators"], key=lambda value: abs(value["difference"]))
        first, last = titles[by_gap[0]["indicator"]], titles[by_gap[-1]["indicator"]]
        assert item["why"].startswith("Nearest in ") and first in item["why"]
        assert item["why"].endswith(f"furthest in {last}.")
