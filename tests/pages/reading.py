"""How the tests read a page: as a parser of HTML does."""

from __future__ import annotations

from typing import Any

from lxml import html

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
"""What a browser asks for."""


def read(client: Any, address: str, *, status: int = 200) -> html.HtmlElement:
    """The page at an address."""
    response = client.get(address, headers=PAGE)
    assert response.status_code == status, response.text[:2_000]
    assert response.mimetype == "text/html"
    return html.fromstring(response.text)


def said(element: html.HtmlElement) -> str:
    """What an element says, its spaces made one."""
    return " ".join(element.text_content().split())


def rows(page: html.HtmlElement, of: str = "table") -> list[html.HtmlElement]:
    """The rows of a table's body."""
    return page.xpath(f"//{of}/tbody/tr")


def figures(element: html.HtmlElement) -> list[float]:
    """The numbers that an element shows, as the API has them."""
    return [float(found.get("value")) for found in element.xpath(".//data[@value]") if found.get("value")]


def links(page: html.HtmlElement) -> list[str]:
    """The addresses of this service that a page leads to, without those within the page."""
    found = [link.partition("#")[0] for link in page.xpath("//a/@href | //link/@href | //script/@src | //img/@src")]
    return list(dict.fromkeys(link for link in found if link.startswith("/")))
