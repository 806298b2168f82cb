"""The guide as pages: every file of it, with links that lead somewhere."""

import re

import pytest

from api.guide import NAMES
from tests.pages.reading import PAGE, links, read, said


@pytest.mark.parametrize("name", NAMES)
def test_every_page_of_the_guide_is_served(client, name):
    page = read(client, f"/guide/{name}")
    titles = [said(item) for item in page.xpath('//nav[@aria-label="Guide"]//a')]
    assert len(titles) == len(NAMES)
    assert page.xpath('//nav[@aria-label="Guide"]//a[@aria-current="page"]/@href') == [f"/guide/{name}"]
    assert said(page.xpath("//h1")[0]) == titles[NAMES.index(name)]
    for address in page.xpath('//article//a[starts-with(@href, "/guide/")]/@href'):
        assert address.partition("#")[0].removeprefix("/guide/") in NAMES
        _, _, anchor = address.partition("#")
        other = read(client, address.partition("#")[0])
        assert not anchor or other.get_element_by_id(anchor) is not None


def test_what_is_wider_than_a_telephone_is_reached_by_the_keyboard(client):
    page = read(client, "/guide/methods")
    assert page.xpath("//article//table") and not page.xpath("//article//table[not(parent::div[@tabindex=0])]")
    assert not page.xpath("//article//pre[not(@tabindex=0)]")


def test_the_guide_begins_somewhere_and_knows_its_pages(client):
    assert said(read(client, "/guide")) == said(read(client, f"/guide/{NAMES[0]}"))
    page = read(client, "/guide/metods", status=404)
    assert "Did you mean 'methods'?" in said(page)
    assert client.get("/guide/../seed/README").status_code == 404
    assert "/guide" in links(read(client, "/"))


def test_nothing_in_the_guide_runs(client):
    for name in NAMES:
        text = client.get(f"/guide/{name}", headers=PAGE).text
        assert not re.search(r"<script(?! src=\"/static/)|style=|javascript:", text), name
