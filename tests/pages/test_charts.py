"""Charts in pages, and what systems are told that make an address into its chart."""

from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from tests.pages.reading import links, read

PAGES = {
    "/places/E08000027": "/v1/charts/profile.svg?region=E08000027",
    "/indicators/gigabit-availability?level=itl1": "/v1/charts/map.svg?indicator=gigabit-availability&level=itl1",
    "/indicators/gigabit-availability?level=local-authority": "/v1/charts/map.svg?indicator=gigabit-availability"
    "&level=local-authority&geometry=hexagons",
    "/indices/local-digital-capital": "/v1/charts/index.svg?index=local-digital-capital",
    "/compare?places=E12000005,E12000007&indicator=gva-per-hour": "/v1/charts/series.svg?indicator=gva-per-hour"
    "&region=E12000005,E12000007",
}


@pytest.mark.parametrize(("path", "chart"), PAGES.items())
def test_a_page_shows_the_chart_with_its_sentence_and_its_size(client, path, chart):
    page = read(client, path)
    [image] = page.xpath('//figure[@class="chart"]//img')
    assert image.get("src") == f"{chart}&width=960&theme=auto"
    drawn = ET.fromstring(client.get(image.get("src")).text)
    assert image.get("alt") == drawn.findtext("{http://www.w3.org/2000/svg}desc")
    assert (image.get("width"), image.get("height")) == (drawn.get("width"), drawn.get("height"))
    [narrow] = page.xpath('//figure[@class="chart"]//source/@srcset')
    assert 'width="360"' in client.get(narrow).text
    for address in page.xpath('//figure[@class="chart"]//figcaption//a/@href'):
        assert client.get(address).status_code == 200


def test_a_page_at_an_earlier_release_has_its_chart_of_that(client):
    [image] = read(client, "/indicators/gigabit-availability?level=itl1&release=2").xpath(
        '//figure[@class="chart"]//img'
    )
    assert "release=2" in image.get("src")
    assert "Release 2 (" in client.get(image.get("src")).text


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/v1/charts/index.png?index=local-digital-capital&width=1200", "Local Digital Capital"),
        ("/v1/charts/map?indicator=gigabit-availability&level=itl1&format=png", "Gigabit broadband availability"),
        ("/places/E08000027", "Dudley"),
        ("/indicators/gigabit-availability?level=itl1", "Gigabit broadband availability, ITL 1 regions"),
        ("/indices/local-digital-capital", "Local Digital Capital"),
    ],
)
def test_an_address_becomes_its_chart(client, address, title):
    for base in ("http://127.0.0.1:8000", ""):
        answer = client.get(f"/oembed?url={quote(base + address)}&maxwidth=500&format=json")
        told = answer.json
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert (told["version"], told["type"], told["width"]) == ("1.0", "rich", 500)
        assert told["title"].startswith(title)
        image = ET.fromstring(told["html"].replace(">", "/>"))
        assert image.get("src").startswith("http://127.0.0.1:8000/v1/charts/") and "width=500" in image.get("src")
        assert image.get("height") == str(told["height"]) and len(image.get("alt")) > 40


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("", 422, "Name the address of a chart"),
        ("url=https%3A%2F%2Felsewhere.example%2Fv1%2Fcharts%2Findex", 422, "of this service"),
        ("url=%2Fplaces", 404, "have one each"),
        ("url=%2Fplaces%2FX999", 404, "draws no chart"),
        ("url=%2Fplaces%2FE08000027&maxwidth=20", 422, "320 pixels"),
        ("url=%2Fplaces%2FE08000027&format=xml", 422, "Only JSON"),
    ],
)
def test_what_has_no_chart_is_told(client, asked, status, said):
    answer = client.get(f"/oembed?{asked}")
    assert answer.status_code == status
    assert said in answer.json["detail"]


def test_pages_say_where_they_are_followed(client):
    assert "/v1/releases.atom" in links(read(client, "/"))
    [found] = read(client, "/places/E08000027").xpath('//link[@type="application/json+oembed"]/@href')
    assert client.get(found).json["title"].startswith("Dudley")
