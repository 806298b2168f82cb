"""Charts as browsers show them: on pages of others, opened by themselves, at every width."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

CHARTS = [
    "series.svg?indicator=gva-sic-j-per-head&region=E12000005,E12000003&with=uk",
    "series.svg?indicator=5g-area-coverage&region=E12000003",
    "comparison.svg?indicator=gigabit-availability&level=combined-authority&region=E47000007",
    "comparison.svg?indicator=gigabit-availability&level=local-authority",
    "change.svg?indicator=gigabit-availability&level=itl1",
    "profile.svg?region=E47000007",
    "map.svg?indicator=gigabit-availability&level=itl1&region=E12000005",
    "index.svg?index=local-digital-capital",
]
EMBEDDING = """<!DOCTYPE html><html lang="en-GB"><title>A council's page</title><body>{snippet}<p id="said"></p>
<script>
fetch("{server}/v1/rankings/gigabit-availability?level=itl1")
  .then(answer => answer.json())
  .then(answer => document.getElementById("said").textContent = answer.data.regions[0].region_name);
</script></body></html>"""
OUTSIDE = """() => {
  const wide = document.documentElement.viewBox.baseVal.width, high = document.documentElement.viewBox.baseVal.height;
  return [...document.querySelectorAll("text")].filter(item => {
    const box = item.getBBox();
    return box.x < 0 || box.y < 0 || box.x + box.width > wide || box.y + box.height > high;
  }).map(item => item.textContent);
}"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address of another origin that serves it."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    other = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=other.serve_forever)
    thread.start()
    yield tmp_path, f"http://127.0.0.1:{other.server_address[1]}"
    other.shutdown()
    thread.join()
    other.server_close()


def test_a_page_of_another_origin_embeds_a_chart_and_its_data(
    context: BrowserContext, server: str, elsewhere: tuple[Path, str]
) -> None:
    folder, address = elsewhere
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    snippet = context.request.get(f"{server}/v1/charts/{CHARTS[2].replace('.svg', '.embed')}").text()
    snippet = snippet.replace("http://127.0.0.1:8000", server)
    (folder / "page.html").write_text(EMBEDDING.format(server=server, snippet=snippet), encoding="utf-8")
    (folder / "favicon.ico").write_bytes(b"")
    page.goto(f"{address}/page.html")
    expect(page.locator("#said")).to_have_text("Northern Ireland")
    image = page.locator("figure img")
    image.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('figure img').complete")
    assert image.evaluate("item => item.naturalWidth") == 720
    assert "West Midlands" in (image.get_attribute("alt") or "")
    assert complaints == []
    page.close()


@pytest.mark.parametrize("chart", CHARTS)
def test_an_image_is_whole_and_in_its_colours_when_it_is_opened_by_itself(visit: Visit, chart: str) -> None:
    for width in (320, 720, 1600):
        page = visit.open(f"/v1/charts/{chart}&width={width}")
        assert page.evaluate(OUTSIDE) == [], f"{chart} at {width}"
        styled = page.evaluate("getComputedStyle(document.querySelector('text.t')).fontSize")
        assert styled == "18px", "the policy lets its own style sheet be used"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_reader_where_that_is_asked_for(visit: Visit, scheme: str) -> None:
    visit.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page = visit.open(f"/v1/charts/{CHARTS[2]}&theme=auto")
    ground = page.evaluate("getComputedStyle(document.querySelector('rect.bg')).fill")
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 24, 32)"}[scheme]


def test_a_specification_is_one_that_others_take(context: BrowserContext, server: str) -> None:
    answer = context.request.get(f"{server}/v1/charts/{CHARTS[0].replace('.svg', '.json')}")
    assert answer.headers["content-type"] == "application/vnd.vegalite+json"
    assert json.loads(answer.text())["$schema"].startswith("https://vega.github.io/schema/vega-lite/v")
