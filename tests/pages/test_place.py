"""The page of a place: its numbers are the API's, and what must be known to read them stands beside."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from tests.pages.reading import PAGE, figures, links, read, rows, said

DUDLEY, CUMBERLAND, ALLERDALE, CARDIFF = "E08000027", "E06000063", "E07000026", "W06000015"


def of_table(page, indicator):
    """The row of an indicator."""
    (row,) = [
        row for row in rows(page) if row.xpath(f'./th//a[@href="/indicators/{indicator}"]') and "profile" in table(row)
    ]
    return row


def table(row):
    return row.getparent().getparent().get("class")


def shown(value, decimals):
    """A number as pages print it."""
    return f"{Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,}".replace("-", "\u2212")


@pytest.mark.parametrize("code", [DUDLEY, "E12000005", CARDIFF, ALLERDALE, "K02000001"])
def test_every_value_is_that_of_the_profile(client, code):
    page = read(client, f"/places/{code}")
    profile = client.get(f"/v1/regions/{code}/profile?points=12").json["data"]
    measured = [item for part in profile["components"] for item in part["indicators"] if item["latest"]]
    assert len(measured) == len([row for row in rows(page) if "profile" in table(row)]) > 5
    for item in measured:
        row = of_table(page, item["indicator"])
        value, latest = row.xpath('./td[@data-head="Latest value"]')[0], item["latest"]
        assert figures(value)[0] == latest["value"]
        assert shown(latest["value"], item["decimals"]) in said(value)
        marks = {mark["id"]: mark["value"] for mark in item["benchmarks"]}
        for name, head in (("median", "Median of its level"), ("uk", "United Kingdom")):
            for cell in row.xpath(f'./td[@data-head="{head}"]'):
                assert figures(cell) == [marks[name]] if marks.get(name) is not None else not figures(cell)


def test_a_rank_has_its_interval_or_the_reason_why_there_is_none(client):
    page = read(client, f"/places/{DUDLEY}")
    profile = client.get(f"/v1/regions/{DUDLEY}/profile").json["data"]
    ranked = unranked = 0
    for item in (item for part in profile["components"] for item in part["indicators"] if item["latest"]):
        cell = of_table(page, item["indicator"]).xpath('./td[@data-head="Rank"]')[0]
        rank = item["rank"]
        if rank and rank["rank"] is not None:
            ranked += 1
            assert figures(cell) == [rank["rank"]]
            assert f"of {rank['n']}" in said(cell) and "given" in said(cell)
        else:
            unranked += 1
            assert not figures(cell)
            assert (item["no_rank"] or rank["interval"]["reason"]) in said(cell)
    assert ranked > 3 and unranked > 3


def test_strengths_and_gaps_come_with_the_sentence_of_their_comparison(client):
    page = read(client, f"/places/{DUDLEY}")
    profile = client.get(f"/v1/regions/{DUDLEY}/profile").json["data"]
    for item in (*profile["strengths"][:3], *profile["gaps"][:3]):
        told = client.get(f"/v1/comparisons?indicator={item['indicator']}&region={DUDLEY}").json["data"]
        told = told or client.get(f"/v1/comparisons?indicator={item['indicator']}&region=TLG36").json["data"]
        assert told["statement"] in said(page)


def test_a_place_that_has_ended_says_what_came_after_it(client):
    page = read(client, f"/places/{ALLERDALE}")
    assert "Allerdale ended on 31 March 2023." in said(page)
    assert f"/places/{CUMBERLAND}" in links(page)
    assert "came after it and has a figure" in said(page)
    assert not page.xpath('//h3[text()="Most like it"]')


def test_a_place_that_was_formed_has_its_merged_history(client):
    page = read(client, f"/places/{CUMBERLAND}")
    assert {f"/places/{code}" for code in ("E07000026", "E07000028", "E07000029")} <= set(links(page))
    (section,) = page.xpath('//section[@aria-labelledby="merged"]')
    found = section.xpath(".//tbody/tr")
    assert found
    for row in found:
        told = client.get(row.xpath("./th/a/@href")[0]).json["data"]
        merged = [point for point in told["observations"] if point["method"] and point["value"] is not None]
        assert figures(row) == [merged[0]["value"]]
        assert f"{told['merged']['values']} value" in said(row)
        assert f"of {len(told['merged']['parts'])} districts" in said(row)


def test_a_welsh_name_is_marked_as_welsh(client):
    page = read(client, f"/places/{CARDIFF}")
    assert [said(found) for found in page.xpath('//main//p[@lang="cy"]')] == ["Caerdydd"]
    assert not read(client, f"/places/{DUDLEY}").xpath('//main//p[@lang="cy"]')


def test_quoted_figures_that_say_something_else_stand_there(whole_app):
    client = whole_app.test_client()
    page = read(client, "/places/E47000007")
    quoted = client.get("/v1/published-figures?region=E47000007&limit=1000").json["data"]
    other = [item for item in quoted if item["match"]["kind"] != "equal"]
    (section,) = page.xpath('//section[@aria-labelledby="quoted"]')
    assert len(section.xpath(".//li")) == len(other) > 0
    for item in other:
        assert item["printed"] in said(section) and item["match"]["detail"] in said(section)


def test_a_quoted_figure_of_a_release_that_compared_none_stands_there_too(client):
    (section,) = read(client, "/places/E47000007").xpath('//section[@aria-labelledby="quoted"]')
    assert all(item["match"] is None for item in client.get("/v1/published-figures?region=E47000007").json["data"])
    assert ">88" in said(section)


def test_the_places_most_like_it_stand_side_by_side(client):
    page = read(client, f"/places/{DUDLEY}")
    told = client.get(f"/v1/regions/{DUDLEY}/peers?k=5").json["data"]
    shown = rows(page, 'table[contains(@class, "peers")]')
    assert len(shown) == len(told["indicators"]) > 3
    for row, item in zip(shown, told["indicators"], strict=True):
        theirs = [
            other["value"]
            for peer in told["peers"]
            for other in peer["indicators"]
            if other["indicator"] == item["indicator"]
        ]
        assert figures(row) == [item["value"], *theirs]


@pytest.mark.parametrize(("given", "code"), [("TLG", "E12000005"), ("e08000027", DUDLEY)])
def test_another_code_leads_to_the_page_of_the_place(client, given, code):
    moved = client.get(f"/places/{given}?release=4")
    assert (moved.status_code, moved.headers["Location"]) == (308, f"/places/{code}?release=4")
    assert client.get(f"/places/{given}.xlsx").headers["Location"] == f"/places/{code}.xlsx"


def test_a_page_of_an_earlier_release_says_so_and_stays_there(client):
    page = read(client, f"/places/{DUDLEY}?release=2")
    profile = client.get(f"/v1/regions/{DUDLEY}/profile?points=12&release=2").json
    assert "This page is of release 2." in said(page)
    assert profile["meta"]["citation"] in said(page)
    assert all(
        "release=2" in link for link in links(page) if link.startswith("/places/") and link != f"/places/{DUDLEY}"
    )


def test_it_shows_the_request_that_it_rests_on(client):
    page = read(client, f"/places/{DUDLEY}")
    (section,) = page.xpath('//section[@aria-labelledby="data"]')
    address = f"/v1/regions/{DUDLEY}/profile?points=12"
    assert address in links(section)
    assert f"curl 'http://127.0.0.1:8000{address}'" in section.text_content()
    meta = client.get(address).json["meta"]
    for name in ("licence", "attribution", "citation"):
        assert meta[name] in said(section)


def test_it_is_confirmed_by_its_tag(client):
    first = client.get(f"/places/{DUDLEY}", headers=PAGE)
    assert first.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=600"
    again = client.get(f"/places/{DUDLEY}", headers={**PAGE, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"/places/{DUDLEY}?release=3", headers={**PAGE, "If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200 and other.headers["ETag"] != first.headers["ETag"]
