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
        ("total-exports", "E12000009", "Exports of goods and services in the South West (ITL 1 region) were £"),
        ("employment-rate", "E06000046", "The share of people aged 16 to 64 in work in the Isle of Wight"),
    ],
)  # fmt: skip
def test_what_was_measured_is_named_by_its_phrase_and_agrees(whole, slug, region, begins):
    assert compared(whole, slug, region)["statement"].startswith(begins)


def test_what_a_value_was_divided_by_is_named_where_it_is_of_another_year(whole):
    said = compared(whole, "digital-sector-enterprises", "E12000009")["statement"]
    assert "was 25.0 enterprises per 10,000 people (resident population of 2023) in March 2025" in said
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


def test_sentences_of_all_kinds_read_well_and_agree_with_their_data(whole):
    for data in drawn(whole, 250):
        said = data["statement"]
        assert re.match(r"[A-Z0-9]", said) and said.endswith(".") and "  " not in said and "None" not in said, said
        assert not re.search(r"(?<!the )(?<!of )\bUnited Kingdom \(", said), said
        assert not re.search(r"\(\d{4,}\.\d%\)", said), said
        assert ("no rank is given" in said) <= (data["rank"] is None or data["rank"]["rank"] is None), said
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
