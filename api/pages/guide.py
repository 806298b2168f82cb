"""The guide: Markdown files of the repository as pages, in the order in which they are read."""

from __future__ import annotations

from flask import Response
from markupsafe import Markup

from api import guide as written
from api.errors import Fault, Problem, nearest
from api.pages.rendering import blp, fixed


@blp.get("/guide", strict_slashes=False)
def guide() -> Response:
    """Where the guide begins."""
    return guide_page(written.NAMES[0])


@blp.get("/guide/<name>", strict_slashes=False)
def guide_page(name: str) -> Response:
    """A page of the guide. Problem `not-found` with the nearest ones."""
    if name not in written.NAMES:
        near = nearest(name, list(written.NAMES)) or written.NAMES[:1]
        message = f"There is no page {name[:40]!r} in the guide. Did you mean {near[0]!r}?"
        addresses = tuple(f"/guide/{item}" for item in near)
        raise Problem("not-found", message, faults=(Fault("not-found", "path", message, addresses),))
    title, html = written.render(name)
    # The Markdown is ours, and raw HTML in it is shown as text.
    return fixed("guide.html", title=title, html=Markup(html), name=name, titles=_titles())  # noqa: S704


def _titles() -> list[tuple[str, str]]:
    """Every page with its title."""
    return [(name, written.render(name)[0]) for name in written.NAMES]
