"""The pages as people meet them: a home to begin at, and every operation is there, and can be tried out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from api.settings import ROOT
from tests.browser.conftest import SCREENS, Visit

pytestmark = pytest.mark.browser

OPERATIONS = [
    (path, operation)
    for path, methods in json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))["paths"].items()
    for method, operation in methods.items()
    if method in {"get", "post", "put", "delete"}
]
FORMS = sorted(
    (operation["operationId"], [item["name"] for item in operation["parameters"] if item.get("required")])
    for path, operation in OPERATIONS
    if path in {"/v1/comparisons", "/v1/calculations", "/v1/rankings/{indicator}"} and "requestBody" not in operation
)
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


def open_docs(visit: Visit) -> Page:
    page = visit.open("/docs")
    expect(page.locator(".opblock").first).to_be_visible()
    return page


def open_series(visit: Visit) -> Locator:
    operation = open_docs(visit).locator("#operations-Get_figures-getSeries")
    operation.get_by_role("button", name=re.compile("Get one time series")).first.click()
    expect(operation.get_by_role("button", name="Execute")).to_be_visible()
    return operation


def fill(operation: Locator, **path: str) -> None:
    for name, value in path.items():
        operation.get_by_placeholder(name, exact=True).fill(value)


def execute(operation: Locator) -> Locator:
    """Press the button, and give what is answered; what was answered before is cleared."""
    cleared = operation.get_by_role("button", name="Clear")
    if cleared.is_visible():
        cleared.click()
    response = operation.locator(".live-responses-table")
    expect(response).to_have_count(0)
    operation.get_by_role("button", name="Execute").click()
    expect(response).to_be_visible()
    return response


def status_of(response: Locator) -> Locator:
    return response.locator("tbody .response-col_status").first


def test_every_operation_is_shown(visit: Visit) -> None:
    page = open_docs(visit)
    shown = page.locator(".opblock-summary-path").evaluate_all("all => all.map(one => one.dataset.path)")
    assert sorted(shown) == sorted(path for path, _ in OPERATIONS)
    for _ in visit.screens():
        for _path, operation in OPERATIONS:
            summary = page.locator(f"[id$='-{operation['operationId']}']")
            expect(summary).to_be_visible()
            expect(summary).to_contain_text(operation["summary"])
        assert page.locator(".topbar:visible, .schemes-server-container:visible").count() == 0
    assert visit.complaints == []


def test_a_series_can_be_tried_out(visit: Visit) -> None:
    operation = open_series(visit)
    fill(operation, indicator="gigabit-availability", region="E47000007")
    for _ in visit.screens():
        response = execute(operation)
        expect(status_of(response)).to_have_text("200")
        expect(response).to_contain_text('"value": 92.3')
        expect(response).to_contain_text("etag:")
    assert visit.complaints == []


def test_a_calculation_can_be_tried_out(visit: Visit) -> None:
    operation = open_docs(visit).locator("#operations-Weigh_an_index-calculate")
    operation.get_by_role("button", name=re.compile("Calculate an index")).first.click()
    for _ in visit.screens():
        response = execute(operation)
        expect(status_of(response)).to_have_text("200")
        expect(response).to_contain_text('"method_range_90"')
    assert visit.complaints == []


def test_forms_open_filled_in(visit: Visit) -> None:
    """What a question must have stands there already, so that the first try succeeds."""
    page = open_docs(visit)
    for name, operation in FORMS:
        form = page.locator(f"[id$='-{name}']")
        form.locator("button").first.click()
        for _ in visit.screens():
            expect(form.get_by_role("button", name="Execute")).to_be_visible()
            for needed in operation:
                expect(form.get_by_placeholder(needed, exact=True).first).not_to_have_value("")
    for _ in visit.screens():
        expect(status_of(execute(form))).to_have_text("200")
    assert visit.complaints == []


def test_an_unknown_id_shows_the_problem(visit: Visit) -> None:
    operation = open_series(visit)
    fill(operation, indicator="gigabit-availability", region="E99999999")
    for _ in visit.screens():
        response = execute(operation)
        expect(status_of(response)).to_contain_text("404")
        expect(response).to_contain_text("/docs/problems#unknown-id")
        expect(response).to_contain_text("There is no region 'E99999999'")
    # The browser reports every answer over 399 on its console; nothing else may stand there.
    assert len(visit.complaints) == len(SCREENS)
    assert all("404" in complaint for complaint in visit.complaints)


def test_an_operation_opens_with_the_keyboard(visit: Visit) -> None:
    operation = open_docs(visit).locator("#operations-Get_figures-getSeries")
    for _ in visit.screens():
        expect(operation.get_by_role("button", name="Execute")).to_have_count(0)
        operation.locator("button").first.focus()
        visit.page.keyboard.press("Enter")
        expect(operation.get_by_role("button", name="Execute")).to_be_visible()
        visit.page.keyboard.press("Enter")


def test_home_shows_the_release_and_leads_on(visit: Visit) -> None:
    page = visit.open("/")
    for _ in visit.screens():
        expect(page.get_by_role("heading", name="Release 4")).to_be_visible()
    data = page.locator("script[type]").all()
    assert [one.get_attribute("type") for one in data] == ["application/ld+json"]
    assert json.loads(data[0].text_content() or "")["version"] == "4"
    # Data in a script element is not run, and so is no breach of a policy that allows no script.
    assert visit.complaints == []
    page.get_by_role("main").get_by_role("link", name="every operation").click()
    expect(page.locator(".opblock").first).to_be_visible()
    assert visit.complaints == []


def test_problems_are_explained_where_their_type_points(visit: Visit) -> None:
    for _ in visit.screens():
        page = visit.open("/docs/problems#unknown-id")
        section = page.locator("section:target")
        expect(section).to_contain_text("Unknown identifier")
        expect(section.locator("code", has_text="errors[].allowed")).to_be_visible()
        expect(section).to_be_in_viewport()
        visit.open("/docs/problems")
    assert visit.complaints == []


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/problems"])
def test_pages_are_readable(visit: Visit, path: str) -> None:
    operation = open_series(visit) if path == "/docs" else None
    page = visit.page if operation else visit.open(path)
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert "UK Regional Digital Capital" in page.title()
    for screen in visit.screens():
        expect(page.locator("h1")).to_have_count(1)
        expect(page.get_by_role("main")).to_have_count(1)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= screen, "the page has to be moved sideways"
        assert page.evaluate(CONTRAST) == []
        for box in boxes(operation) if operation else []:
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= screen


def boxes(operation: Locator) -> list[FloatRect]:
    """Where fields and buttons stand."""
    found = [one.bounding_box() for one in operation.locator("input:visible, select:visible, .execute").all()]
    assert len(found) > 1
    return [box for box in found if box is not None]


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/problems"])
def test_the_policy_allows_nothing_inline_and_no_other_host(visit: Visit, path: str) -> None:
    answer = visit.page.request.get(visit.address + path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    sources = {
        word.rstrip(";") for word in policy.split() if not word.rstrip(";").endswith(("-src", "-uri", "-action"))
    }
    assert sources - {"frame-ancestors"} <= {"'none'", "'self'", "data:"}
    assert "<style" not in answer.text()
    assert " style=" not in answer.text()
    scripts = re.findall(r"<script(?! type=\"application/ld\+json\">)(?![^>]*\ssrc=\"/)", answer.text())
    assert scripts == []


def test_a_draft_is_begun_with_a_key(visit: Visit, partners_server: tuple[str, str]) -> None:
    """The key is given once, by the button that asks for it, and goes with what is tried out."""
    address, key = partners_server
    page = visit.page
    page.unroute("**/*")
    page.goto(f"{address}/docs")
    page.get_by_role("button", name="Authorize").click()
    dialog = page.locator(".dialog-ux")
    dialog.get_by_role("textbox").fill(key)
    dialog.get_by_role("button", name="Apply credentials").click()
    dialog.get_by_role("button", name="Close").last.click()
    operation = page.locator("[id$='-createDraft']")
    operation.locator("button").first.click()
    expect(operation.get_by_role("button", name="Execute")).to_be_visible()
    response = execute(operation)
    expect(status_of(response)).to_have_text("201")
    expect(response).to_contain_text('"owner": "Dudley Council"')
    assert key not in page.url
