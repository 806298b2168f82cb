"""What goes wrong while a page is made, as a page: what happened, and what to do. The status is that of the problem.

Whoever does not ask for HTML, as a script does not, is sent the problem itself, as everywhere else.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, Response, redirect, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from api.errors import PROBLEM_TYPES
from api.http import problems
from api.http.callers import CallerGone
from api.pages.asking import Moved, Refused
from api.pages.rendering import blp, page

_KEPT = {"retry-after", "allow", "ratelimit", "ratelimit-policy"}
"""Headers of a problem that hold for the page as well."""


def register(app: Flask) -> None:
    """Have what is at no address told in a page too, to whoever asks for HTML."""
    app.register_error_handler(NotFound, _nothing_here)


@blp.errorhandler(Moved)
def _moved(moved: Moved) -> BaseResponse:
    """The page at the code that the place or indicator goes by, with the rest of its address as it was."""
    parts = request.path.split("/")
    for was, now in zip(moved.asked.split("/"), urlsplit(moved.location).path.split("/"), strict=True):
        if was != now:
            parts = [now + part[len(was) :] if part in {was, f"{was}.xlsx"} else part for part in parts]
    query = request.query_string.decode("latin-1")
    return redirect("/".join(parts) + (f"?{query}" if query else ""), 308)


@blp.errorhandler(Refused)
def _refused(refused: Refused) -> Response:
    problem = {**refused.problem, "instance": request.path}
    headers = [(name, text) for name, text in refused.headers if name.lower() in _KEPT]
    response = Response(json.dumps(problem), status=refused.status, content_type=problems.MEDIA_TYPE)
    response.headers.extend([*headers, ("Cache-Control", "no-store")])
    return _as_page(response)


@blp.errorhandler(CallerGone)
def _to_nobody(error: CallerGone) -> Response:
    return problems.response_to(error)


@blp.errorhandler(Exception)
def _failed(error: Exception) -> Response:
    return _as_page(problems.response_to(error))


def _nothing_here(error: NotFound) -> Response:
    response = problems.response_to(error)
    return response if request.path.startswith("/v1") else _as_page(response)


def _as_page(response: Response) -> Response:
    """A problem as a page, for whoever prefers HTML to JSON."""
    accepted = request.accept_mimetypes
    wanted = accepted.best_match(["application/json", "text/html"], default="application/json")
    if response.mimetype != problems.MEDIA_TYPE or wanted != "text/html" or "text/html" not in accepted.values():
        return response
    problem = json.loads(response.get_data())
    made = page("error.html", problem=problem, advice=_advice(problem), meant=_meant(problem))
    made.status_code = response.status_code
    kept = [(name, text) for name, text in response.headers.items() if name.lower() in _KEPT]
    made.headers.extend([*kept, ("Cache-Control", "no-store"), ("Vary", "Accept")])
    return made


def _meant(problem: dict[str, Any]) -> list[tuple[str, str | None]]:
    """The identifiers that may have been meant, each with the page that has it where the address says which."""
    if not str(problem["type"]).endswith("#unknown-id"):
        return []
    parts = request.path.split("/")
    within = len(parts) == 3  # /places/E08000027
    return [
        (str(name), "/".join([*parts[:2], quote(str(name))]) if within and fault["path"].startswith("path/") else None)
        for fault in problem["errors"]
        for name in fault["allowed"]
    ]


def _advice(problem: dict[str, Any]) -> str:
    """What to do about a problem, in the words of its type."""
    known = PROBLEM_TYPES.get(str(problem["type"]).rpartition("#")[2])
    return known.advice if known and known.slug in {"not-ready", "busy", "too-many-requests", "internal-error"} else ""
