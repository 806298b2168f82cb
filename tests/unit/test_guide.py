"""The guide as HTML: contents, anchors, links between its pages, and nothing that a strict page would refuse."""

import re
from html.parser import HTMLParser

import pytest

from api import guide

VOID = {"br", "hr", "img"}


class Page(HTMLParser):
    """What stands in some HTML."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.ids, self.links, self.open = set(), set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        known = dict(attrs)
        if "id" in known:
            self.ids.append(known["id"])
        if tag == "a":
            self.links.append(known["href"])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_files_are_the_pages():
    assert {path.stem for path in guide.FOLDER.glob("*.md")} == set(guide.NAMES)


@pytest.mark.parametrize("name", guide.NAMES)
def test_a_page(name):
    title, html = guide.render(name)
    page = Page(html)
    assert title and html.startswith('<h1 id="') and html.count("<h1") == 1
    assert page.open == [] and len(page.ids) == len(set(page.ids))
    assert page.tags <= {
        "a", "blockquote", "code", "div", "em", "h1", "h2", "h3", "hr", "li", "nav", "ol", "p", "pre", "strong",
        "table",
        "tbody", "td", "th", "thead", "tr", "ul",
    }  # fmt: skip
    assert page.attributes <= {"id", "href", "class", "aria-label", "start", "tabindex", "role"}
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids
        elif link.startswith("/guide/"):
            other, _, anchor = link.removeprefix("/guide/").partition("#")
            assert not anchor or anchor in Page(guide.render(other)[1]).ids
        else:
            assert re.match(r"https?://|/(v1|docs|openapi|partners)", link), link


def test_a_page_that_is_not_there():
    for name in ("", "nothing", "../README", "methods.md"):
        with pytest.raises(LookupError):
            guide.render(name)


@pytest.fixture
def written(monkeypatch, tmp_path):
    """Renders a text as if it was a page."""

    def render(text):
        (tmp_path / "charts.md").write_text(text, encoding="utf-8")
        monkeypatch.setattr(guide, "FOLDER", tmp_path)
        return guide.render.__wrapped__("charts")

    return render


def test_raw_html_is_text(written):
    title, html = written("# A <b>page</b>\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))")
    assert title == "A <b>page</b>"
    assert "<script" not in html and "<b>" not in html and "href" not in html


def test_anchors_and_contents(written):
    _, html = written(
        "# P\n\n## Two `words`\n\n## Two words\n\nSee [it](methods.md#ranks) and [that](https://a.example)."
    )
    assert 'id="two-words"' in html and 'id="two-words-2"' in html
    assert '<li><a href="#two-words-2">Two words</a></li>' in html
    assert 'href="/guide/methods#ranks"' in html and 'href="https://a.example"' in html


def test_cells_are_aligned_by_class(written):
    _, html = written("# P\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n")
    assert '<td class="right">2</td>' in html and "style" not in html


def test_one_section_needs_no_contents(written):
    assert "<nav" not in written("# P\n\n## One\n\nText.")[1]
