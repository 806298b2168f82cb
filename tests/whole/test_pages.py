"""Pages of the whole package: its sampling limits, its merged histories, its methods of an index."""

import json
from urllib.parse import quote

import pytest

from tests.pages.reading import figures, read, rows, said

INDICES = ("local-digital-capital", "combined-authority-digital-capital")


@pytest.mark.parametrize("code", ["E08000027", "E06000063", "S12000036", "N09000003", "TLG3", "UKG3"])
def test_every_value_and_rank_is_that_of_the_profile(whole, code):
    page = read(whole, f"/places/{code}")
    profile = whole.get(f"/v1/regions/{code}/profile").json["data"]
    items = [item for part in profile["components"] for item in part["indicators"] if item["latest"]]
    shown = rows(page, 'table[contains(@class, "profile")]')
    assert len(shown) == len(items) > 5
    for row, item in zip(shown, items, strict=True):
        assert row.xpath("./th/a/@href") == [f"/indicators/{item['indicator']}"]
        assert figures(row)[0] == item["latest"]["value"]
        rank = (item["rank"] or {}).get("rank")
        assert figures(row.xpath('./td[@data-head="Rank"]')[0]) == ([] if rank is None else [rank])


def test_a_rank_of_a_survey_says_that_it_rests_on_its_limits(whole):
    told = whole.get("/v1/rankings/employment-rate?level=itl1").json["data"]
    assert told["basis"]["basis"] == "sampling_ci_95"
    page = read(whole, "/indicators/employment-rate?level=itl1")
    assert told["basis"]["detail"].replace("`", "") in said(page)


@pytest.mark.parametrize("index", INDICES)
def test_weights_are_those_of_the_api(whole, index):
    parts = whole.get(f"/v1/indices/{index}").json["data"]["components"]
    component = next(part["component"] for part in parts if part["measured"])
    page = read(whole, f"/indices/{index}?weight-{component}=2.5")
    choices = quote(json.dumps({"weights": {component: 2.5}, "against": {}}, separators=(",", ":")))
    told = whole.get(f"/v1/indices/{index}/calculations?choices={choices}").json["data"]
    by_id = {item["id"]: item for item in told["regions"]}
    for row in rows(page, 'table[contains(@class, "scores")]'):
        item = by_id[row.get("data-region")]
        assert figures(row) == [value for value in (item["rank"], item["score"]) if value is not None]
    assert figures(page.xpath('//*[@id="verdict"]')[0])[0] == told["against"]["moved"]
