"""Indicators, comparisons, indices and releases: the numbers on each page are the API's."""

import json
import re
from urllib.parse import quote

import pytest

from api.pages.words import ordinal
from tests.pages.reading import figures, links, read, rows, said

INDEX = "local-digital-capital"


@pytest.mark.parametrize(
    ("indicator", "level"),
    [
        ("gigabit-availability", "combined-authority"),
        ("gigabit-availability", "local-authority"),
        ("gva-sic-j", "itl1"),
        ("5g-area-coverage", "itl1"),
    ],
)
def test_a_ranking_is_that_of_the_api(client, indicator, level):
    page = read(client, f"/indicators/{indicator}?level={level}")
    told = client.get(f"/v1/rankings/{indicator}?level={level}&limit=1000").json["data"]
    shown = rows(page, 'table[contains(@class, "ranking")]')
    assert len(shown) == len(told["regions"]) > 5
    for row, item in zip(shown, told["regions"], strict=True):
        assert row.xpath("./th/a/@href") == [f"/places/{item['region']}"]
        first = item["rank"] if item["rank"] is not None else item["order"]
        assert figures(row) == [first, item["value"]]
        if item["rank_lower"] is not None and item["rank_lower"] != item["rank_upper"]:
            assert ordinal(item["rank_lower"]) + " to " + ordinal(item["rank_upper"]) in said(row)
    if told["basis"]["basis"] is None:
        assert told["basis"]["reason"] in said(page)
        assert page.xpath('//table[contains(@class, "ranking")]//th[1]')[0].text == "Order"


def test_an_indicator_says_what_it_is_and_what_is_missing(client):
    page = read(client, "/indicators/gva-per-hour?level=local-authority")
    told = client.get("/v1/indicators/gva-per-hour").json["data"]
    assert told["description"] in said(page) and told["caveats"] in said(page)
    page = read(client, "/indicators/fe-ict-enrolments?level=itl1")
    group = client.get("/v1/rankings/fe-ict-enrolments?level=itl1").json["data"]["group"]
    assert group["missing_count"] > 0 and f"Missing: {group['missing_count']}" in said(page)
    assert all(item["detail"] in said(page) for item in group["missing"] if item["detail"])


def test_a_level_without_figures_says_why(client):
    page = read(client, "/indicators/gigabit-availability?level=itl3")
    assert not rows(page, 'table[contains(@class, "ranking")]')
    told = client.get("/v1/rankings/gigabit-availability?level=itl3").json
    assert (told.get("meta", {}).get("detail") or told.get("detail")) in said(page)


def test_every_indicator_and_component_is_listed(client):
    page = read(client, "/indicators")
    assert {f"/indicators/{item['id']}" for item in client.get("/v1/indicators?limit=1000").json["data"]} <= set(
        links(page)
    )
    for part in client.get("/v1/components").json["data"]:
        assert page.xpath(f'//h2[@id="{part["id"]}"]')


def test_every_place_of_a_level_is_listed(client):
    page = read(client, "/places?level=local-authority")
    told = client.get("/v1/regions?level=local-authority&limit=1000").json["data"]
    assert {f"/places/{item['code']}" for item in told} <= set(links(page))


def test_a_level_without_places_says_so(client):
    page = read(client, "/places?level=nuts2")
    assert client.get("/v1/regions?level=nuts2").json["meta"]["detail"] in said(page)


def test_places_are_compared_by_their_series(client):
    page = read(client, "/compare?places=E47000007,E12000005&indicator=5g-area-coverage")
    told = client.get("/v1/series?indicator=5g-area-coverage&region=E47000007,E12000005").json["data"]
    series = {item["region"]: {point["period"]: point for point in item["observations"]} for item in told}
    periods = sorted(series["E47000007"], reverse=True)
    shown = rows(page)
    assert len(shown) == len(periods)
    for row, period in zip(shown, periods, strict=True):
        assert figures(row) == [series[code][period]["value"] for code in ("E47000007", "E12000005")]
        broken = [series[code][period]["status"] == "B" for code in ("E47000007", "E12000005")]
        assert ["broken" in cell.get("class") for cell in row.xpath("./td")] == broken
    assert [said(found) for found in page.xpath("//thead//th/a")] == ["West Midlands", "West Midlands"]


def test_a_comparison_by_other_codes_leads_to_those_of_the_places(client):
    moved = client.get("/compare?places=TLG,e08000027&indicator=gva-sic-j")
    assert moved.status_code == 308
    assert moved.headers["Location"] == "/compare?places=E12000005,E08000027&indicator=gva-sic-j"


def test_a_place_is_added_by_its_name(client):
    page = read(client, "/compare?places=E12000005&add=west midlands")
    assert "/compare?places=E12000005,E47000007&indicator=gigabit-availability" in links(page)
    nothing = read(client, "/compare?places=E12000005&add=zzzz")
    assert client.get("/v1/regions?q=zzzz").json["meta"]["detail"] in said(nothing)


def test_a_comparison_without_figures_says_why(client):
    page = read(client, "/compare?places=E08000027&indicator=ict-service-exports")
    told = client.get("/v1/series?indicator=ict-service-exports&region=E08000027").json
    assert told["data"] == [] and told["meta"]["detail"] in said(page)


def test_scores_are_those_of_the_index(client):
    page = read(client, f"/indices/{INDEX}")
    told = client.get(f"/v1/indices/{INDEX}/scores").json["data"]["regions"]
    shown = rows(page, 'table[contains(@class, "scores")]')
    assert [row.get("data-region") for row in shown] == [item["region"] for item in told]
    for row, item in zip(shown, told, strict=True):
        assert figures(row) == [item["rank"], item["score"]]
        assert said(row).endswith(f"{ordinal(item['best'])} to {ordinal(item['worst'])}")


def test_weights_of_ones_own_are_the_calculation_of_the_api(client):
    page = read(client, f"/indices/{INDEX}?weight-digital-skills=3&weight-trade-support=0.5")
    published = {
        part["component"]: part["weight"] for part in client.get(f"/v1/indices/{INDEX}").json["data"]["components"]
    }
    weights = {"digital-skills": 3, "trade-support": 0.5}
    changed = {name: weight for name, weight in weights.items() if weight != published[name]}
    choices = quote(json.dumps({"weights": changed, "against": {}}, separators=(",", ":")))
    told = client.get(f"/v1/indices/{INDEX}/calculations?choices={choices}").json["data"]
    by_id = {item["id"]: item for item in told["regions"]}
    moved = {item["id"]: item for item in told["against"]["regions"]}
    for row in rows(page, 'table[contains(@class, "scores")]'):
        item = by_id[row.get("data-region")]
        assert figures(row) == [item["rank"], item["score"]]
        assert ("beyond its range" in said(row)) is bool(moved[item["id"]]["beyond"])
    (verdict,) = page.xpath('//*[@id="verdict"]')
    assert figures(verdict) == [told["against"]["moved"], told["against"]["beyond"]]


def test_releases_say_what_changed_and_why(client):
    page = read(client, "/releases")
    for item in client.get("/v1/releases").json["data"]:
        assert item["reason"] in said(page) and f"/releases/{item['id']}" in links(page)
    changes = client.get("/v1/releases/3").json["data"]["changes"]
    assert f"{changes['added']:,} values added, {changes['changed']:,} changed" in said(page)


def test_a_release_shows_the_values_that_changed(client):
    page = read(client, "/releases/3")
    kinds = [client.get(f"/v1/releases/2/diff/3?limit=200&change={kind}").json["data"] for kind in ("changed", "added")]
    told = [item for kind in kinds for item in kind]
    assert {item["change"] for item in told[:30]} == {"changed"}
    shown = rows(page)
    assert len(shown) == len(told)
    for row, item in zip(shown, told, strict=True):
        assert figures(row) == [value for value in (item["old_value"], item["new_value"]) if value is not None]
    assert "none before it" in said(read(client, "/releases/1"))


@pytest.mark.parametrize(
    "address",
    [
        "/places/E08000027",
        "/places",
        "/indicators",
        "/indicators/gva-sic-j-per-head",
        "/compare?places=E12000005,W92000004",
        "/indices",
        f"/indices/{INDEX}",
        "/releases",
        "/releases/3",
    ],
)
def test_every_address_on_a_page_leads_somewhere(client, address):
    found = links(read(client, address))
    assert len(found) > 10
    for link in [link for number, link in enumerate(found) if number < 60 or "/v1/" in link]:
        assert client.get(link).status_code in {200, 308}, link


@pytest.mark.parametrize(
    "address",
    [
        "/places/E08000027",
        "/places?level=county",
        "/indicators/gigabit-availability?level=local-authority&period=2025-01",
        "/compare?places=E12000005,W92000004",
        f"/indices/{INDEX}?weight-digital-skills=2",
        "/releases/3",
    ],
)
def test_each_example_asks_what_answers(client, address):
    section = read(client, address).get_element_by_id("data").getparent()
    examples = [found.text_content() for found in section.xpath(".//pre")]
    assert len(examples) == 4
    for example in examples:
        (asked,) = re.findall(r"""["']http://127\.0\.0\.1:8000(/v1/[^"']+)["']""", example)
        assert client.get(asked).status_code == 200


def test_a_name_is_found_and_told_apart(client):
    page = read(client, "/?q=west midlands")
    hits = [said(found) for found in page.xpath('//ul[@class="hits"]/li')]
    told = client.get("/v1/regions?q=west midlands").json["data"]
    assert len(hits) == len(told) >= 3
    assert "ITL 1 region in England" in hits[0]
    assert "Combined authority in West Midlands, England" in hits[1]
    assert len(set(hits)) == len(hits)


@pytest.mark.parametrize("q", ["B5 4UA", "zzzzzz"])
def test_what_is_not_found_says_what_to_do(client, q):
    page = read(client, f"/?q={q}")
    assert client.get(f"/v1/regions?q={q}").json["meta"]["detail"] in said(page)
    assert "/places?level=local-authority" in links(page)


@pytest.mark.parametrize(
    "path", ["/partners", "/places/E08000027", "/v1/charts/series.svg?indicator=gva-sic-j&region=E12000005"]
)
def test_what_is_confirmed_keeps_the_policy_that_it_came_with(client, path):
    """A browser takes the headers of a 304 for those of the page: with another policy it would show no style."""
    first = client.get(path)
    assert first.status_code == 200 and "style-src" in first.headers["Content-Security-Policy"]
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and "Content-Security-Policy" not in again.headers
    assert again.headers["X-Content-Type-Options"] == "nosniff"
