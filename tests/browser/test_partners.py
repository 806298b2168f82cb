"""A council's file goes from the page to a published series, and is taken back: nobody writes a line of program."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import SCREENS, Visit
from tests.browser.test_pages import AXE, overflow
from tests.conftest import wait_until

pytestmark = pytest.mark.browser

INDICATOR = "dudley-digital-exclusion"
WARDS = "code,name\nE05001301,St James's\nE05001302,Gornal\nE05001303,Sedgley\n"
OUTLINE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"WD24CD": "E05001304", "WD24NM": "Kingswinford"},
            "geometry": {"type": "Polygon", "coordinates": [[[-2.1, 52.5], [-2.0, 52.5], [-2.0, 52.6], [-2.1, 52.5]]]},
        }
    ],
}
WRONG = (
    "Dudley residents' survey\nWard code,Year,Figure\nE05001301,2025,12.5\nE05001302,2025,[x]\n"
    'E05001303,2025,"11,5"\nE0500130X,2025,9\n'
)
RIGHT = WRONG.replace('"11,5"', "11.5").replace("E0500130X", "E08000027")
ODD = "Wd,Jahr,Wert\nE05001301,2025,12.5\nE05001303,2025,11\n"


@pytest.fixture
def council(context: BrowserContext, partners_server: tuple[str, str]) -> Iterator[Visit]:
    """A visit of a council to the page, with its key in use. At its end the key stood in no address that was asked."""
    address, key = partners_server
    visit = Visit(context.new_page(), address)
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.page.on(
        "console", lambda said: visit.complaints.append(said.text) if said.type in {"error", "warning"} else None
    )
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page = visit.open("/partners")
    page.get_by_label("Key", exact=True).fill(key)
    page.get_by_role("button", name="Use this key").click()
    expect(page.get_by_role("heading", name="Your drafts")).to_be_visible()
    yield visit
    assert all(url.startswith((address, "blob:")) for url in asked)
    assert key not in "".join([*asked, page.url])
    visit.page.close()


def nobody_is_kept_out(page: Page) -> None:
    """The page as it is now, on each screen and in each scheme: nothing sticks out, and axe finds nothing."""
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for size in SCREENS:
            page.set_viewport_size(size)
            assert overflow(page) <= 0, size
            found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            told = [(item["id"], node["target"]) for item in found["violations"] for node in item["nodes"]]
            assert told == [], (scheme, size)


def begin(page: Page, reason: str) -> None:
    """Begin a draft."""
    if not page.get_by_label("Why it will be published").is_visible():
        page.get_by_text("Begin a draft").click()
    page.get_by_label("Why it will be published").fill(reason)
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_role("heading", name=reason, level=2)).to_be_focused()


def describe(page: Page) -> None:
    """Describe the indicator, and wards: three as rows, one with its outline."""
    page.get_by_text("An indicator of your own").click()
    page.get_by_label("Title *").fill("Dudley digital exclusion")
    expect(page.get_by_label("Identifier *")).to_have_value(INDICATOR)
    page.get_by_label("Description *").fill("Adults who have not used the internet in three months.")
    page.get_by_label("Component *").select_option("digital-skills")
    page.get_by_label("Unit *").fill("% of adults")
    page.get_by_label("Kind of measure *").select_option("rate")
    page.get_by_label("Which direction is better *").select_option("lower-is-better")
    nobody_is_kept_out(page)
    page.get_by_role("button", name="Describe it").click()
    expect(page.locator("#parts")).to_contain_text(INDICATOR)
    page.get_by_text("Places of your own").click()
    page.get_by_label("Council that they lie in").fill("E08000027")
    page.get_by_label("Rows: code, name, council").fill(WARDS)
    outline = {"name": "w.geojson", "mimeType": "application/geo+json", "buffer": json.dumps(OUTLINE).encode()}
    page.get_by_label("Or a GeoJSON file").set_input_files(outline)  # type: ignore[arg-type]
    page.get_by_role("button", name="Add the places").click()
    expect(page.locator("#parts")).to_contain_text("4 places:")


def send(page: Page, name: str, text: str) -> None:
    """Upload a file."""
    file = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("File", exact=True).set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Upload and check").click()


def observations(address: str) -> dict[str, Any]:
    """What anybody without a key is told of the indicator: region and value; nothing where there is none of it."""
    try:
        with urllib.request.urlopen(f"{address}/v1/observations?indicator={INDICATOR}") as answer:
            return {row["region"]: row["value"] for row in json.load(answer)["data"]}
    except urllib.error.HTTPError:  # it is not there before it is published
        return {}


def test_from_a_file_to_a_series_and_back(council: Visit) -> None:
    page = council.page
    begin(page, "Digital inclusion in Dudley, 2026")
    describe(page)
    send(page, "survey.csv", WRONG)
    table = page.get_by_role("region", name="What is wrong with survey.csv")
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(3)
    cells = [[text.strip() for text in row.locator("td").all_text_contents()] for row in rows.all()]
    assert [row[:3] for row in cells] == [
        ["5", "value", "11,5"], ["6", "region", "E0500130X"], ["4", "value", "[x]"],
    ]  # fmt: skip
    assert cells[0][3].startswith("Error: ") and cells[0][4] == "11.5" and cells[2][3].startswith("Warning: ")
    expect(page.get_by_role("status")).to_have_text("survey.csv has 2 errors: see below.")
    expect(page.get_by_role("button", name="Publish …")).to_be_disabled()
    nobody_is_kept_out(page)
    with page.expect_download() as waited:
        page.get_by_role("button", name="All rows with faults (CSV)").click()
    assert "11,5" in waited.value.path().read_text("utf-8-sig")

    send(page, "survey.csv", RIGHT)  # takes the place of the one that could not be used
    changes = page.get_by_role("region", name="What changes")
    expect(changes.locator("tbody tr")).to_have_count(4)
    expect(page.locator("#changes")).to_contain_text("4 figures added, 0 changed, 0 removed.")
    page.get_by_role("button", name=f"Look at {INDICATOR}").click()
    looked = page.get_by_role("region", name=f"{INDICATOR} as it will be")
    expect(looked.locator("tbody tr")).to_have_count(4)
    expect(looked).to_contain_text("12.5 % of adults")
    nobody_is_kept_out(page)
    assert observations(council.address) == {}

    page.get_by_role("button", name="Publish …").click()
    dialog = page.get_by_role("dialog", name="Publish 4 figures?")
    expect(dialog).to_be_visible()
    nobody_is_kept_out(page)
    dialog.get_by_role("button", name="No, go back").click()
    assert observations(council.address) == {}
    page.get_by_role("button", name="Publish …").click()
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Published as release 5.")
    published = {"E05001301": 12.5, "E05001302": None, "E05001303": 11.5, "E08000027": 9}
    wait_until(lambda: observations(council.address) == published, "the published series")

    page.get_by_role("button", name="Take it back …").click()
    dialog = page.get_by_role("dialog", name="Take back release 5?")
    expect(dialog).to_contain_text("4 figures end")
    dialog.get_by_label("Why").fill("The survey was weighted wrongly.")
    nobody_is_kept_out(page)
    dialog.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("status")).to_have_text("Release 5 is taken back, by release 6.")
    expect(page.locator("#draft-done")).to_contain_text("It was release 5, which was taken back.")
    wait_until(lambda: observations(council.address) == {}, "the withdrawal")
    assert council.complaints == []


def test_columns_that_are_not_recognised_are_suggested(council: Visit) -> None:
    page = council.page
    begin(page, "Heads of another kind")
    send(page, "odd.csv", ODD)
    expect(page.locator("#uploads")).to_contain_text("cannot be read")
    for name, head in (("region", "Wd"), ("period", "Jahr"), ("value", "Wert")):
        expect(page.get_by_label(name, exact=True)).to_have_value(head)
    nobody_is_kept_out(page)
    send(page, "odd.csv", ODD)
    expect(page.locator("#uploads")).to_contain_text("Read as: region from “Wd”, period from “Jahr”")
    expect(page.locator("#uploads article")).to_have_count(1)
    page.get_by_role("button", name="Discard the draft …").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard it").click()
    expect(page.locator("#drafts-list")).not_to_contain_text("Heads of another kind")
    assert council.complaints == []


def test_a_template_is_saved_with_the_key(council: Visit) -> None:
    page = council.page
    begin(page, "A table to fill in")
    page.get_by_text("An indicator of your own").click()
    for label, text in (("Title *", "Hubs"), ("Description *", "Hubs that lend devices."), ("Unit *", "hubs")):
        page.get_by_label(label).fill(text)
    page.get_by_label("Component *").select_option("digital-skills")
    page.get_by_label("Kind of measure *").select_option("count")
    page.get_by_label("Which direction is better *").select_option("neutral")
    page.get_by_role("button", name="Describe it").click()
    expect(page.locator("#parts")).to_contain_text("hubs")
    page.get_by_text("A table to fill in").last.click()
    page.get_by_label("Indicator", exact=True).first.select_option("hubs")
    page.get_by_label("Only places within").fill("E47000007")
    with page.expect_download() as waited:
        page.get_by_role("button", name="CSV", exact=True).click()
    assert waited.value.suggested_filename.endswith("hubs-template.csv")
    assert "E08000027,Dudley,2025" in waited.value.path().read_text("utf-8")
    assert council.complaints == []


def test_problems_are_told_in_the_words_of_the_api(council: Visit) -> None:
    page = council.page
    begin(page, "Problems")
    page.get_by_text("Places of your own").click()
    page.get_by_label("Rows: code, name, council").fill("E05001399, Nowhere, E08000099")
    page.get_by_role("button", name="Add the places").click()
    alert = page.locator("#places-form .trouble")
    expect(alert).to_contain_text("Place 1 of 1 (E05001399 Nowhere) was not added.")
    expect(alert).to_contain_text("There is no region 'E08000099'")
    nobody_is_kept_out(page)


def test_a_request_that_the_network_lost_is_sent_once_more_under_its_name(council: Visit) -> None:
    page, names = council.page, list[str]()

    def lose(route: Route) -> None:
        names.append(route.request.headers["idempotency-key"])
        route.abort() if len(names) == 1 else route.continue_()

    page.route(
        re.compile("/v1/drafts$"), lambda route: lose(route) if route.request.method == "POST" else route.continue_()
    )
    begin(page, "Sent twice")
    assert len(names) == 2 and names[0] == names[1]


def test_the_key_is_kept_in_the_tab_alone_and_forgotten(council: Visit, partners_server: tuple[str, str]) -> None:
    page, key = council.page, partners_server[1]
    page.reload()
    expect(page.get_by_role("heading", name="Your drafts")).to_be_visible()
    held = page.evaluate("[Object.values(sessionStorage), Object.values(localStorage), document.cookie]")
    assert held == [[key], [], ""]
    page.get_by_role("button", name="Forget the key").click()
    expect(page.get_by_label("Key", exact=True)).to_be_focused()
    expect(page.get_by_role("heading", name="Your drafts")).to_be_hidden()
    assert page.evaluate("Object.values(sessionStorage)") == []
    page.get_by_label("Key", exact=True).fill("ukdc_0000_wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#key-trouble")).to_contain_text("There is no such key.")
    assert page.url.endswith("/partners")
