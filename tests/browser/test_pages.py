"""The pages as people meet them: on every screen, light and dark, on paper, without scripts, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit
from tests.conftest import LIMIT

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/?q=west+midlands",
    "/?q=B5+4UA",
    "/places",
    "/places/E08000027",
    "/places/E07000026",
    "/places/W06000015",
    "/places/E47000007",
    "/indicators",
    "/indicators/gigabit-availability",
    "/indicators/gva-sic-j?level=itl1",
    "/compare",
    "/compare?places=E47000007,E12000005,W92000004&indicator=5g-area-coverage&add=leeds",
    "/indices",
    "/indices/local-digital-capital",
    "/indices/local-digital-capital?weight-digital-skills=3",
    "/releases",
    "/releases/3",
    "/partners",
    "/guide/five-minute-start",
    "/guide/methods",
    "/guide/charts",
    "/guide/partners",
    "/docs/problems",
    "/docs/security",
    "/docs/indices/local-digital-capital",
)
WIDTHS = (1280, 768, 375, 320)
AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
INDEX = "/indices/local-digital-capital"
FOCUSED = """() => {
  const found = document.activeElement;
  if (!found || found === document.body) return null;
  const style = getComputedStyle(found);
  return {
    name: found.outerHTML.slice(0, 120),
    number: [...document.querySelectorAll("*")].indexOf(found),
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
  };
}"""
SEEN = """() => {
  const box = (document.activeElement || document.body).getBoundingClientRect();
  return document.activeElement === document.body || (box.width > 0 && box.bottom > 0 && box.top < innerHeight);
}"""
"""What has the focus: its place among all elements, and how thick the line around it is; and whether it is in view."""


def overflow(page: Page) -> int:
    """By how many pixels the page has to be moved sideways."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


@pytest.mark.parametrize("path", PAGES)
def test_it_fits_every_screen_and_complains_of_nothing(visit: Visit, path: str) -> None:
    page = visit.open(path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) <= 0, width
        expect(page.locator("h1")).to_have_count(1)
        expect(page.get_by_role("main")).to_have_count(1)
    assert visit.complaints == []


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_kept_out(visit: Visit, path: str) -> None:
    """No violation of WCAG 2.2 (A and AA), nor of what axe calls best practice, in both colour schemes."""
    page = visit.open(path)
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 800})
            found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            told = [(item["id"], node["target"]) for item in found["violations"] for node in item["nodes"]]
            assert told == [], (scheme, width)


@pytest.mark.parametrize("path", PAGES)
def test_it_can_be_printed(visit: Visit, path: str) -> None:
    page = visit.open(path)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})  # A4
    assert overflow(page) <= 0
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()


@pytest.fixture
def plain(browser: Browser, server: str) -> Iterator[Page]:
    """A page of a browser that runs no scripts."""
    context = browser.new_context(java_script_enabled=False, base_url=server)
    context.set_default_timeout(LIMIT * 1_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_it_says_the_same_without_scripts(visit: Visit, plain: Page, path: str) -> None:
    """Every heading, and every figure that a table has, stands there before any script runs."""
    told = visit.open(path)
    plain.goto(path)
    for what in ("h1, h2, h3", "td data, th data"):
        texts = [page.locator(f"main :is({what})").all_text_contents() for page in (told, plain)]
        assert texts[0] == texts[1], what


@pytest.mark.parametrize("path", PAGES)
def test_the_keyboard_reaches_what_can_be_used_and_shows_where_it_is(visit: Visit, path: str) -> None:
    """Some dozens of steps of the tabulator: each on another control, none hidden, each with a line around it."""
    page = visit.open(path)
    places = []
    for _ in range(40):
        page.keyboard.press("Tab")
        page.wait_for_function(SEEN)
        place = page.evaluate(FOCUSED)
        if place is None:
            break
        places.append(place)
    assert len(places) > 8
    assert [place["name"] for place in places if place["outline"] < 2] == []
    assert len({place["number"] for place in places}) == len(places)


def test_a_place_is_found_without_scripts(plain: Page) -> None:
    plain.goto("/")
    plain.get_by_role("searchbox").fill("dudley")
    plain.get_by_role("button", name="Find").click()
    plain.get_by_role("main").get_by_role("link", name="Dudley").first.click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Dudley")
    expect(plain.get_by_role("table").first).to_contain_text("Gigabit broadband availability")


def test_an_index_is_weighed_without_scripts(plain: Page) -> None:
    plain.goto(INDEX)
    plain.get_by_label("Digital skills").fill("3")
    plain.get_by_role("button", name="Calculate with ranges").click()
    assert "weight-digital-skills=3" in plain.url
    expect(plain.locator("#verdict")).to_contain_text("have another rank than published")


def test_places_are_compared_without_scripts(plain: Page) -> None:
    plain.goto("/compare?places=E12000005")
    plain.get_by_label("Add a place").fill("wales")
    plain.get_by_label("Indicator").select_option("gva-sic-j-per-head")
    plain.get_by_role("button", name="Show").click()
    plain.get_by_role("link", name="Add Wales").first.click()
    expect(plain.get_by_role("columnheader", name="Wales")).to_be_visible()
    assert "places=E12000005,W92000004" in plain.url and "indicator=gva-sic-j-per-head" in plain.url


def test_a_place_is_found_by_keyboard_alone(visit: Visit) -> None:
    page = visit.open("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "q":
            break
    page.keyboard.type("west midlands")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("west midlands")
    first = page.locator(".hits a").first
    while not first.evaluate("link => link === document.activeElement"):
        page.keyboard.press("Tab")
    assert first.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("West Midlands")


def test_the_skip_link_leads_to_the_content(visit: Visit) -> None:
    page = visit.open("/places/E08000027")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_sliders_answer_from_the_published_scores_and_then_from_the_api(visit: Visit) -> None:
    page = visit.open(INDEX)
    published = page.locator("#scored .score data").evaluate_all("all => all.map(one => Number(one.value))")
    slider = page.get_by_role("slider", name="Digital skills: weight")
    with page.expect_response(lambda response: "/calculations?choices=" in response.url) as waited:
        slider.evaluate("one => { one.value = 3; one.dispatchEvent(new Event('input', { bubbles: true })); }")
        # At once, from what the page holds: nothing is waited for.
        own = page.locator("#scored .score data").evaluate_all("all => all.map(one => Number(one.value))")
        assert own != published and own == sorted(own, reverse=True)
    told = waited.value.json()["data"]
    by_id = {item["id"]: item for item in told["regions"]}
    shown = page.locator("#scored tbody tr").evaluate_all(
        "rows => rows.map(row => [row.dataset.region, row.querySelector('.rank').textContent.trim(), "
        "Number(row.querySelector('.score data').value)])"
    )
    for region, rank, score in shown:
        assert int(rank) == by_id[region]["rank"]
        assert abs(score - by_id[region]["score"]) < 0.05  # of scores with two decimals
    expect(page.locator("#live")).to_contain_text(f"{told['against']['moved']} of 12 have another rank")
    assert page.url.endswith(f"{INDEX}?weight-digital-skills=3")
    page.reload()
    expect(page.locator("#verdict")).to_contain_text(f"{told['against']['moved']} of 12")
    assert visit.complaints == []


def test_a_long_table_is_narrowed_by_a_word(visit: Visit) -> None:
    page = visit.open("/indicators/gigabit-availability?level=local-authority")
    page.get_by_label("Find a place in this table").fill("dudl")
    expect(page.locator("table.ranking tbody tr:visible")).to_have_count(1)
    page.get_by_label("Find a place in this table").fill("")
    assert page.locator("table.ranking tbody tr:visible").count() > 300


def test_the_first_view_is_light(visit: Visit) -> None:
    """What is sent for a first view of the heaviest pages: less than 300 kB, packed."""
    for path in ("/", "/places/E08000027", "/indicators/gigabit-availability?level=local-authority"):
        sent: list[int] = []
        context = visit.page.context.browser.new_context()  # type: ignore[union-attr]
        page = context.new_page()
        page.on("requestfinished", lambda one, sent=sent: sent.append(one.sizes()["responseBodySize"]))
        page.goto(visit.address + path)
        page.wait_for_load_state("networkidle")
        assert len(sent) >= 3 and sum(sent) < 300_000
        context.close()
