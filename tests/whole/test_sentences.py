"""Sentences that can be printed: articles, number, percentages, and units that agree with what stands beside them."""

from __future__ import annotations

import random
import re

import pytest


def compared(whole, slug, region, more=""):
    return whole.get(f"/v1/comparisons?indicator={slug}&region={region}{more}").json["data"]


@pytest.mark.parametrize(
    ("slug", "region", "begins"),
    [
        ("gigabit-availability", "E12000005",
         "The share of premises that can order gigabit broadband in the West Midlands (ITL 1 region) was 90.2%"),
        ("total-exports", "E12000009", "Exports of goods and services in the South West"),
        ("level-3-qualifications-ni", "N92000002",
         "The share of people with qualifications at level 3 or above in Northern Ireland (country and ITL 1 region)"),
        ("gigabit-availability", "E06000023", "The share of premises that can order gigabit broadband in Bristol"),
        ("apprenticeship-achievements-rate", "E07000229",
         "The number of apprenticeship achievements per 100,000 residents in Worthing was 496 in the academic year"),
        ("employment-rate", "E06000046", "The employment rate of people aged 16 to 64 in the Isle of Wight"),
    ],
)  # fmt: skip
def test_what_was_measured_is_named_by_its_phrase_and_agrees(whole, slug, region, begins):
    assert compared(whole, slug, region)["statement"].startswith(begins)


def test_what_a_value_was_divided_by_is_named_where_it_is_of_another_year(whole):
    said = compared(whole, "digital-sector-enterprises", "E12000009")["statement"]
    assert "was 25.0 per 10,000 people (resident population of 2023) in March 2025" in said
    assert "(resident population" not in compared(whole, "gva-sic-j", "E12000009")["statement"]


def test_benchmarks_have_articles_too(whole):
    assert "below the United Kingdom (" in compared(whole, "gva-sic-j-per-head", "E12000005")["statement"]


def drawn(whole, count):
    """Comparisons of indicators and places drawn at random, the same ones each time."""
    chance = random.Random(13)
    indicators = [item for item in whole.get("/v1/indicators?limit=1000").json["data"] if item["levels"]]
    places = {}
    while count:
        item = chance.choice(indicators)
        level = chance.choice(item["levels"])
        if level not in places:
            places[level] = [
                found["code"] for found in whole.get(f"/v1/regions?level={level}&limit=1000&valid_on=any").json["data"]
            ]
        data = compared(whole, item["id"], chance.choice(places[level]), "&with=median,uk,uk-median,parent")
        if data is not None:
            count -= 1
            yield data


GAP = r"(£?[\d,.]+)(?: percentage points?)?(?: \((\d+)%\))? (above|below) [^;]*?\(?(?:\w+, )?(-?£?[\d,.]+\d%?)[;)]"
"""A difference in a sentence: how much, per cent, on which side, and of what."""


def number_of(text):
    return float(re.sub(r"[£,%]", "", text))


def test_sentences_of_all_kinds_read_well_and_agree_with_their_data(whole):
    for data in drawn(whole, 250):
        said = data["statement"]
        assert re.match(r"[A-Z0-9]", said) and said.endswith(".") and "  " not in said and "None" not in said, said
        assert not re.search(r"(?<!the )(?<!of )\bUnited Kingdom \(", said), said
        assert not re.search(r"\(\d{3,}%\)", said), said
        # No more is said of the rank than is known, and no other one than in the data.
        rank = None if data["rank"] is None else data["rank"]["rank"]
        placed = re.search(r"(?:It is|They are) the (?:joint )?(?:(\d+)\w\w )?(highest|lowest) of the", said)
        assert not placed or rank is not None, said
        assert " not ranked" not in said or rank is None or "for it here" in said, said
        if placed and placed[1]:
            assert int(placed[1]) == rank, said
        for item in data["benchmarks"]:
            unit = data["comparable"]["unit"] if data["comparable"] else data["unit"]
            assert item["unit"] in {None, unit} and (item["unit"] is None) == (item["value"] is None), data
            assert item["value"] is not None or item["reason"], data


def test_a_percentage_is_of_all_digits(whole):
    """Of the printed 0.1 and 0.15 it would be a third, whatever the digits behind."""
    for data in drawn(whole, 60):
        if data["comparable"] is None or data["comparable"]["denominator"] is not None:
            continue
        exact = {
            at["period"]: at["value"]
            for at in whole.get(f"/v1/series/{data['indicator']}/{data['region']}").json["data"]["observations"]
        }
        for item in data["benchmarks"]:
            if item["kind"] == "area" and item["difference"] and item["difference"]["relative"] is not None:
                other = whole.get(f"/v1/series/{data['indicator']}/{item['region']}").json["data"]["observations"]
                beside = {at["period"]: at["value"] for at in other}[data["period"]]
                share = 100 * (exact[data["period"]] - beside) / beside
                assert item["difference"]["relative"] == pytest.approx(share, abs=0.0501)


def test_who_subtracts_what_is_printed_finds_what_is_printed(whole):
    """The value less each benchmark, in the digits of the sentence; and the percentage of both."""
    checked = 0
    for data in drawn(whole, 250):
        said = data["statement"]
        value = re.search(r"(?:was|were) (-?£?[\d,.]+\d%?)(?! million)", said)
        for gap, share, side, other in re.findall(GAP, said.split(". That is ")[-1]):
            if value is None or "million" in said:
                continue
            found = number_of(value[1]) - number_of(other)
            assert abs(abs(found) - number_of(gap)) < 1e-6, said
            assert (found > 0) == (side == "above"), said
            if share:
                assert abs(100 * abs(found) / number_of(other) - float(share)) <= 0.5 + 1e-6, said
            checked += 1
    assert checked > 100


def test_what_stands_in_for_the_united_kingdom_is_around_the_place(whole):
    """Of residents of working age there are figures of Wales, and none of the United Kingdom."""
    [mark] = compared(whole, "population-16-64", "E08000029", "&with=uk")["benchmarks"]
    assert mark["value"] is None
    assert "no part of Wales" in mark["reason"]
    assert "Wales" not in compared(whole, "population-16-64", "E08000029", "&with=uk")["statement"]


@pytest.mark.parametrize(
    ("slug", "region", "more", "says"),
    [
        ("superfast-availability", "E12000005", "&with=median&period=2025-07", "That is about the same as the median"),
        ("gigabit-availability", "E12000007", "&with=E12000007,E12000008", "percentage points above the South East ("),
        ("inward-fdi-stock", "E12000007", "&with=uk-median", "That is 7.9 times the median of the 12 ITL 1 regions"),
        ("employment-rate", "E09000002", "&with=median", ", a difference that could be due to chance."),
        ("employment-rate", "E12000001", "&with=uk", ", a statistically significant difference."),
        ("gva-per-hour", "E07000061", "&with=uk", "below the United Kingdom less extra-regio (£"),
        ("economic-inactivity-rate-lfs", "W92000004", "&period=2026-Q1", " in January to March 2026."),
        ("youth-unemployment", "TLE3", "", " over 2014 to 2024 taken together."),
        ("no-qualifications", "E07000083", "", "It is not ranked: no margin of error is available for it here."),
        ("premises-below-uso", "S12000049", "&period=2025-07", "It is the joint lowest of the 361 local authorities."),
        ("high-growth-business-count", "E09000027", "", " per 10,000 active businesses with ten or more employees "),
        ("five-year-survival", "E92000001", "", "% for those born in 2019."),
        ("planning-data-sets", "E07000220", "", "published per council in Rugby was 1.0 in August 2026."),
        ("total-exports", "E12000009", "", " They are not ranked: no margin of error is available here."),
        ("digital-planning-grants", "E06000021", "", " They are not compared with other places, which differ in size"),
        (
            "employment-rate",
            "E09000002",
            "&with=median",
            "not placed among the 359 local authorities with a value: the",
        ),
        ("gigabit-availability", "E12000005", "&with=E47000007", "the West Midlands (combined authority, "),
        ("business-birth-rate", "N92000002", "", "It is the lowest of the 12 ITL 1 regions."),
        ("fe-ict-enrolments", "E12000007", "", "It is not ranked: no other area of its kind has a comparable value"),
    ],
)
def test_cases_that_read_badly_before(whole, slug, region, more, says):
    assert says in compared(whole, slug, region, more)["statement"]


@pytest.mark.parametrize(
    ("region", "welsh", "says"),
    [
        ("W06000015", "Caerdydd", " in Cardiff (Caerdydd) was "),
        ("W06000001", "Ynys Môn", " in the Isle of Anglesey (Ynys Môn, local authority) was "),
        ("W06000002", None, " in Gwynedd "),
        ("E92000001", "Lloegr", " in England was "),
    ],
)
def test_places_in_wales_have_their_welsh_names_beside_the_english_ones(whole, region, welsh, says):
    data = compared(whole, "gigabit-availability", region)
    assert data["region_welsh_name"] == welsh == whole.get(f"/v1/regions/{region}").json["data"]["welsh_name"]
    assert says in data["statement"]
