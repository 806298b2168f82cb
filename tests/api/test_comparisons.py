"""Comparisons: the figures recomputed here from seed/, and the rules that keep them honest."""

import csv
import re
from statistics import median

import pytest

from api.settings import SEED

ITL1 = [f"E1200000{number}" for number in range(1, 10)] + ["N92000002", "S92000003", "W92000004"]


def published(slug, period, regions=None):
    """The current figures of an indicator in a period, by region, as they stand in seed/."""
    with (SEED / f"observations/{slug}.csv").open(newline="") as file:
        return {
            row["region"]: float(row["value"])
            for row in csv.DictReader(file)
            if row["period"] == period and not row["last_release"] and row["value"]
            and (regions is None or row["region"] in regions)
        }  # fmt: skip


def compare(client, indicator, region, **more):
    query = "&".join(f"{name.rstrip('_')}={value}" for name, value in more.items())
    response = client.get(f"/v1/comparisons?indicator={indicator}&region={region}&{query}".rstrip("&"))
    assert response.status_code == 200, response.json
    return response.json


def benchmark(answer, name):
    [found] = [item for item in answer["data"]["benchmarks"] if item["id"] == name]
    return found


def test_the_west_midlands_beside_the_median_and_two_neighbours(client):
    answer = compare(client, "gva-sic-j-per-head", "E12000005", with_="uk-median,E12000002,E12000006", period="2023")
    data = answer["data"]
    figures = published("gva-sic-j-per-head", "2023", ITL1)
    assert len(figures) == 12
    assert data["value"] == 1103.6 == figures["E12000005"]
    middle = benchmark(answer, "uk-median")
    assert middle["value"] == 1157.15 == pytest.approx(median(figures.values()))
    assert (middle["difference"]["absolute"], middle["difference"]["relative"]) == (-53.55, -4.6)
    assert benchmark(answer, "E12000002")["difference"]["absolute"] == -158.4
    assert benchmark(answer, "E12000006")["difference"]["absolute"] == -148.0
    assert [data["rank"][name] for name in ("rank", "order", "n")] == [None, 8, 12]
    assert data["rank"]["interval"]["basis"] is None
    assert data["rank"]["interval"]["reason"] == "error of the estimates not held here"
    assert data["group"]["n"] == 12 and data["group"]["missing"] == []
    assert {item["difference"]["direction"] for item in data["benchmarks"]} == {"lower"}
    assert not any(item["difference"]["tested"] for item in data["benchmarks"])


def test_what_is_not_loaded_is_no_fact_about_its_publisher(client):
    """The publisher does give the sampling error of this one: this service holds none of it."""
    response = client.get("/v1/comparisons?indicator=level-3-qualifications&region=E08000025")
    assert "It is not ranked: no margin of error is available here." in response.json["data"]["statement"]
    assert response.json["data"]["rank"]["interval"]["reason"] == "sampling error not held here"
    assert "not published" not in response.text


def test_the_sentence_says_no_more_than_is_known(client):
    said = compare(client, "gva-sic-j-per-head", "E12000005", with_="uk-median,E12000002,E12000006", period="2023")[
        "data"
    ]["statement"]
    assert said == (
        "The output of the information and communication industry per head in the West Midlands (ITL 1 region) was "
        "£1,104 in 2023. That is £53 (5%) below the median of the 12 ITL 1 regions (£1,157), £158 (13%) below the "
        "North West (£1,262) and £148 (12%) below the East of England (£1,252). It is not ranked: no margin of error "
        "is available here."
    )
    counted = compare(client, "premises-below-30-mbps", "E12000005")["data"]
    assert counted["rank"]["interval"]["basis"] == "rounding"
    assert re.search(r"It is the \d\w\w lowest of the 12 ITL 1 regions", counted["statement"])


def test_a_quoted_figure_that_points_the_other_way_is_linked(client):
    quoted = compare(client, "gva-sic-j-per-head", "E12000005", with_="uk-median")["data"]["quoted"]
    other = [item for item in quoted if item["points_the_other_way"]]
    assert [(item["printed"], item["median_side"]) for item in other] == [("2055", "above")]
    # Without a median to hold it against, nothing is said of its side.
    bare = compare(client, "gva-sic-j-per-head", "E12000005", with_="E12000002")["data"]["quoted"]
    assert {item["points_the_other_way"] for item in bare} == {None}


def test_amounts_enter_through_their_denominator(client):
    answer = compare(client, "gva-sic-j", "E12000005", with_="median", period="2023")
    people = published("population", "2023")
    rates = {code: 1e6 * value / people[code] for code, value in published("gva-sic-j", "2023", ITL1).items()}
    comparable = answer["data"]["comparable"]
    assert comparable["value"] == pytest.approx(rates["E12000005"], abs=0.05)
    assert (comparable["unit"], comparable["denominator"]["year"]) == ("£ per head", "2023")
    assert comparable["denominator"]["value"] == people["E12000005"]
    assert benchmark(answer, "median")["value"] == pytest.approx(median(rates.values()), abs=0.005)
    assert (answer["data"]["value"], answer["data"]["unit"]) == (6716, "£ million")


def test_size_is_not_compared(client):
    data = compare(client, "population", "E12000005")["data"]
    assert data["reason"] == "not comparable: size"
    assert (data["comparable"], data["rank"]) == (None, None)
    assert {item["value"] for item in data["benchmarks"]} == {None}
    assert "It is not compared with other places, which differ in size." in data["statement"]


def test_a_denominator_more_than_two_years_off_is_none(client):
    """Districts have their population of 2022: good for 2024, not for 2025."""
    assert compare(client, "enterprises-sic-j", "E08000025", period="2024-03")["data"]["comparable"]["denominator"][
        "year"
    ] == "2022"  # fmt: skip
    data = compare(client, "enterprises-sic-j", "E08000025", period="2025-03")["data"]
    assert data["comparable"] is None
    assert data["reason"] == "No population is held here for it within two years of 2025."


def test_a_recoded_place_is_compared_as_one(client):
    data = compare(client, "gigabit-availability", "E08000038", period="2025-07")["data"]
    assert data["group"]["n"] == 361 == len(set(data["group"]["regions"]))
    assert data["group"]["left_out"] == [] and "E08000016" not in data["group"]["regions"]
    assert compare(client, "gigabit-availability", "E08000016", period="2025-07")["data"] == data
    # Where only the old code has a figure, it is the place's all the same.
    gva = compare(client, "gva-sic-j", "E08000038", period="2023")["data"]
    assert gva == compare(client, "gva-sic-j", "E08000016", period="2023")["data"]
    assert gva["rank"] is not None
    assert (gva["region"], gva["published_region"]) == ("E08000038", "E08000016")
    assert not {"E08000016", "E08000038"} & {item["region"] for item in gva["group"]["missing"]}
    assert gva["comparable"]["denominator"]["region"] == "E08000016"


def test_a_code_is_left_out_where_its_successor_has_a_figure(client):
    earlier = compare(client, "gigabit-availability", "E06000063", period="2024-01")["data"]["group"]
    assert "E07000026" in {item["region"] for item in earlier["left_out"]}  # Allerdale, beside Cumberland


def test_a_median_of_few_is_refused_and_the_uk_median_needs_all_twelve(client):
    answer = compare(client, "apprenticeship-starts-rate", "E12000005", with_="median,uk-median,uk")
    assert benchmark(answer, "median")["n"] == 9
    refused = benchmark(answer, "uk-median")
    assert refused["value"] is None and "Scotland" in refused["reason"]
    assert (benchmark(answer, "uk")["title"], benchmark(answer, "uk")["region"]) == ("England", "E92000001")
    few = compare(client, "gigabit-availability", "S92000003", with_="median")
    assert few["data"]["level"] == "itl1"
    four = compare(client, "apprenticeship-starts-rate", "E92000001", with_="median")
    assert benchmark(four, "median")["value"] is None and "5 regions or more" in benchmark(four, "median")["reason"]


def test_places_of_one_name_are_told_apart(client):
    said = compare(client, "gigabit-availability", "E12000005", with_="E47000007")["data"]
    assert said["benchmarks"][0]["title"] == "West Midlands (Combined authority)"
    assert "5.7 percentage points below the West Midlands (combined authority, 95.9%)" in said["statement"]


def test_a_quotient_with_all_its_digits_has_no_rounding(client):
    """Births of firms are given as quotients: the 15 digits say nothing of how sure they are."""
    data = compare(client, "business-birth-rate", "E12000005")["data"]
    assert (data["rank"]["interval"]["basis"], data["rank"]["interval"]["reason"]) == (None, "rounding not known")
    assert "It is not ranked: how its figures were rounded is not known." in data["statement"]


def test_a_rate_is_as_sure_as_its_denominator(client):
    """Firms are counted in a register, people are estimated."""
    data = compare(client, "active-businesses", "E12000005")["data"]
    assert data["rank"]["interval"]["basis"] is None
    assert "divided by an estimate (population)" in data["rank"]["interval"]["detail"]
    assert " ranks " not in data["statement"] and "5th" not in data["statement"]


def test_every_source_is_named_denominators_among_them(client):
    sources = {item["id"] for item in compare(client, "gva-sic-j", "E12000005")["meta"]["source"]}
    assert sources == {"ons-regional-gva", *population_sources()}
    ranked = client.get("/v1/rankings/gva-sic-j?level=itl1").json["meta"]["source"]
    assert {item["id"] for item in ranked} >= population_sources()


def population_sources():
    """Where the populations of 2023 of ITL 1 regions come from, by seed/."""
    with (SEED / "source_files.csv").open(newline="") as file:
        files = {row["source_file"]: row["source"] for row in csv.DictReader(file)}
    with (SEED / "observations/population.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["region"] in ITL1 and row["period"] == "2023"]
    return {files[row["source_file"]] for row in rows}


def test_differences_are_those_of_the_printed_numbers(client):
    data = compare(client, "business-rd-expenditure", "E12000005", with_="median")["data"]
    middle = data["benchmarks"][0]
    gap = round(data["comparable"]["value"] - middle["value"], 2)
    assert middle["difference"]["absolute"] == gap


def test_years_of_no_time_series_are_not_compared(client):
    change = compare(client, "employment-sic-j", "E47000007")["data"]["change"]
    assert (change["previous"], change["series"]) == (None, None)
    assert "no time series" in change["reason"]


def test_a_region_alone_has_no_rank(client):
    data = compare(client, "employment-soc-21", "E12000007", with_="uk")["data"]
    assert data["rank"] is None and "No other area of its kind" in data["reason"]


def test_a_quoted_figure_is_linked_from_the_amount_too(client):
    quoted = compare(client, "gva-sic-j", "E12000005", with_="median")["data"]["quoted"]
    assert [item["printed"] for item in quoted if item["points_the_other_way"]] == ["2055"]


def test_parents(client):
    answer = compare(
        client, "gigabit-availability", "E08000025", with_="parent,parent:combined-authority,parent:county"
    )
    around = published("gigabit-availability", "2026-01", ["E12000005", "E47000007"])
    assert benchmark(answer, "parent")["value"] == around["E12000005"]
    assert benchmark(answer, "parent:combined-authority")["value"] == around["E47000007"]
    assert "lies in none" in benchmark(answer, "parent:county")["reason"]


def test_peers_are_chosen_without_what_is_compared(client):
    answer = compare(client, "gigabit-availability", "E08000025", with_="peers")
    found = benchmark(answer, "peers")
    assert found["n"] == 5 == len(found["regions"])
    figures = published("gigabit-availability", "2026-01", found["regions"])
    assert found["value"] == median(figures.values())
    said = client.get("/v1/regions/E08000025/peers").json["data"]["indicators"]
    assert "gigabit-availability" in {item["indicator"] for item in said}


def test_a_series_break_is_not_crossed(client):
    broken = compare(client, "5g-area-coverage", "E12000002", period="2025-01")["data"]["change"]
    assert (broken["previous"], broken["series"], broken["broke_in"]) == (None, None, "2025-01")
    assert "2025-01" in broken["reason"]
    since = compare(client, "5g-area-coverage", "E12000002", period="2026-01")["data"]["change"]
    assert (since["previous"]["period"], since["series"]["period"]) == ("2025-07", "2025-01")
    assert since["previous"]["unit"] == "percentage points"
    district = compare(client, "5g-area-coverage", "E08000025", period="2026-01")["data"]["change"]
    assert (district["series"]["period"], district["broke_in"]) == ("2024-01", None)


def test_without_a_value_the_answer_says_why(client):
    answer = compare(client, "gva-sic-j", "E06000052")
    assert answer["data"] is None
    assert answer["meta"]["reason"] == "suppressed"
    assert client.get(answer["meta"]["nearest"]).json["data"]["value"] > 0
    england_only = compare(client, "apprenticeship-starts-rate", "S92000003")
    assert (england_only["data"], england_only["meta"]["reason"]) == (None, "geography-not-covered")


def test_a_region_is_not_compared_with_itself(client):
    own = benchmark(compare(client, "gigabit-availability", "K02000001", with_="uk"), "uk")
    assert own["value"] == 87.8 and own["difference"] is None


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("region=E12000005", 422, "Name an indicator"),
        ("indicator=gigabit-availability", 422, "Name a region"),
        ("indicator=gigabit-availability&region=E12000005&with=uk_median", 422, "Did you mean uk-median?"),
        ("indicator=gigabit-availability&region=E12000005&with=E99999999", 404, "E99999999"),
        ("indicator=gigabit-availability&region=E12000005&with=parent:shire", 404, "shire"),
        ("indicator=gigabit-availability&region=E12000005&wiht=uk", 422, "Did you mean with?"),
        ("indicator=gigabit&region=E12000005", 404, "gigabit-availability"),
        ("indicator=gigabit-availability&region=E12000005,E12000006", 422, "not a list"),
        ("indicator=gigabit-availability&region=E12000005&period=soon", 422, "is not a period"),
    ],
)
def test_wrong_questions(client, query, status, says):
    response = client.get(f"/v1/comparisons?{query}")
    assert response.status_code == status
    assert says in response.json["detail"]


def test_a_comparison_is_of_a_release(client):
    """The mislabelled file of 12 January 2026, and its correction two days later."""
    values = [
        compare(client, "gigabit-availability", "E12000005", period="2025-01", as_of=day)["data"]["value"]
        for day in ("2026-01-13", "2026-01-14")
    ]
    assert values == [89.2, 88.2]
