"""A browser that may reach the server under test and nothing else, and pages that remember what they said."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from api.database import Database
from api.services import keys
from tests.conftest import LIMIT, running_server

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    # What the browser itself might want, beside the page, finds no other host either.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
SCREENS = ({"width": 1280, "height": 900}, {"width": 375, "height": 800})
"""A desk's and a telephone's."""


@dataclass
class Visit:
    """A page of the server, what it asked of other hosts (refused), and what it complained of."""

    page: Page
    address: str
    elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """The page at a path of the server."""
        self.page.goto(self.address + path)
        return self.page

    def screens(self) -> Iterator[int]:
        """The page as it is now on each of the screens in turn: gives their widths."""
        for size in SCREENS:
            self.page.set_viewport_size(size)
            yield size["width"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Of a module, not the session: Playwright's loop would be in the way of other tests."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine: `make browser` installs it")
    with sync_playwright() as playwright:
        expect.set_options(timeout=LIMIT * 1_000)
        browser = playwright.chromium.launch(executable_path=chromium, args=list(_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """What the visits share, as those of one person do: what was fetched once is not fetched again."""
    context = browser.new_context()
    context.set_default_timeout(LIMIT * 1_000)
    yield context
    context.close()


@pytest.fixture
def visit(context: BrowserContext, server: str) -> Iterator[Visit]:
    """A visit to the server. At its end, whatever the test did, no other host was asked for anything."""
    visit = Visit(context.new_page(), server)

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).netloc == urlsplit(server).netloc:
            route.continue_()
        else:
            visit.elsewhere.append(route.request.url)
            route.abort()

    visit.page.route("**/*", guard)
    visit.page.on(
        "console",
        lambda said: visit.complaints.append(said.text) if said.type in {"error", "warning"} else None,
    )
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    yield visit
    visit.page.close()
    assert visit.elsewhere == []


@pytest.fixture(scope="module")
def partners_server(sqlite_seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server with a database and a folder of drafts of its own, and the key of a council."""
    folder = tmp_path_factory.mktemp("partners")
    shutil.copy(sqlite_seeded, folder / "own.sqlite3")
    url = f"sqlite:///{folder / 'own.sqlite3'}"
    database = Database(url)
    with database.begin() as connection:
        _, key = keys.create(connection, owner="Dudley Council", scopes=("upload", "publish"), regions=["E08000027"])
    database.engine.dispose()
    with running_server(url, log=folder / "log", works=True) as address:
        yield address, key
