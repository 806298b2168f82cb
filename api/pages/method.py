"""The page on the method of a published index."""

from __future__ import annotations

from flask import Response, request

from api.errors import invalid
from api.http.method import method_of
from api.pages.rendering import page, view


@view("/docs/indices/<index>", takes=("method_version",))
def index_method(index: str) -> Response:
    """The method of an index, by the latest release; `method_version` asks for an earlier version."""
    return page("method.html", **method_of(index, _version()))


def _version() -> int | None:
    given = request.args.get("method_version")
    if given is None or given.isdecimal():
        return None if given is None else int(given[:9])
    raise invalid("method_version", f"{given[:40]!r} is no version: write a whole number, such as 1.")
