"""The guide as HTML: Markdown files in `guide/`, each with its contents and with a place to link to at every heading.

No raw HTML stands in them, and no style in what is made of them: a page's Content-Security-Policy allows none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import count, pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from api.settings import ROOT

FOLDER = ROOT / "guide"
NAMES = (
    "five-minute-start",
    "excel-and-power-bi",
    "python-pandas",
    "r",
    "observable",
    "qgis",
    "charts",
    "partners",
    "assistants",
    "methods",
    "data-notes",
    "stability",
)
"""The pages, in the order in which they are read; each is a file of this name with `.md`."""
BASE = "/guide"
"""The address that pages lie below. In a file a link to another is a link to the other file."""
_READER = MarkdownIt("commonmark", {"html": False}).enable("table")
_FILE = re.compile(r"([a-z-]+)\.md(#.*)?")
_ALIGNED = re.compile(r"text-align:(left|center|right)")


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    anchor: str
    text: str


@lru_cache(maxsize=len(NAMES))
def render(name: str) -> tuple[str, str]:
    """Title and HTML of a page: its heading, what is in it (`nav`), and its text. LookupError where there is none."""
    tokens = parse(name)
    headings = list(_anchored(tokens))
    title = next((item.text for item in headings if item.level == 1), name)
    _put_right(tokens)
    end = next((place for place, token in enumerate(tokens) if token.type == "heading_close"), -1) + 1
    first, rest = (_READER.renderer.render(part, _READER.options, {}) for part in (tokens[:end], tokens[end:]))
    return title, f"{first}{_contents(headings)}{_reachable(rest)}"


def _reachable(html: str) -> str:
    """The same, what may be wider than the page being reached by the keyboard, to be scrolled by it."""
    html = html.replace("<pre>", '<pre tabindex="0">')
    numbers = count(1)

    def named(_: re.Match[str]) -> str:
        return f'<div class="scroll" tabindex="0" role="region" aria-label="Table {next(numbers)}"><table>'

    return re.sub("<table>", named, html).replace("</table>", "</table></div>")


def parse(name: str) -> list[Token]:
    """The Markdown of a page, as tokens. LookupError where there is none."""
    if name not in NAMES:
        raise LookupError(name)
    return _READER.parse((FOLDER / f"{name}.md").read_text(encoding="utf-8"))


def _anchored(tokens: Sequence[Token]) -> Iterator[_Heading]:
    """The headings, each given an identifier of its own, by its words."""
    seen: dict[str, int] = {}
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        text = "".join(child.content for child in inline.children or ())
        anchor = "-".join(re.findall(r"\w+", text.casefold())) or "section"
        seen[anchor] = seen.get(anchor, 0) + 1
        if seen[anchor] > 1:
            anchor = f"{anchor}-{seen[anchor]}"
        opening.attrSet("id", anchor)
        yield _Heading(int(opening.tag[1:]), anchor, text)


def _put_right(tokens: Sequence[Token]) -> None:
    """Links to other files as addresses of pages, and the alignment of cells as classes."""
    for token in tokens:
        for child in token.children or ():
            found = _FILE.fullmatch(str(child.attrs.get("href", "")))
            if found is not None and found[1] in NAMES:
                child.attrSet("href", f"{BASE}/{found[1]}{found[2] or ''}")
        aligned = _ALIGNED.fullmatch(str(token.attrs.get("style", "")))
        if aligned is not None:
            del token.attrs["style"]
            token.attrSet("class", aligned[1])


def _contents(headings: Sequence[_Heading]) -> str:
    """The sections of a page as a list of links; nothing where there is but one."""
    sections = [item for item in headings if item.level == 2]
    if len(sections) < 2:
        return ""
    items = "".join(f'<li><a href="#{escape(item.anchor)}">{escape(item.text)}</a></li>\n' for item in sections)
    return f'<nav class="contents" aria-label="On this page">\n<ul>\n{items}</ul>\n</nav>\n'
