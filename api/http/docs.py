"""The pages for people: Swagger UI with files from a package, the problem types, and the OpenAPI document itself."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Response, current_app, redirect, render_template, send_from_directory
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as BaseResponse

from api.errors import PROBLEM_TYPES
from api.settings import ROOT, VERSION

DOCUMENT = ROOT / "openapi" / "openapi.json"
_ASSETS = Path(str(files(flask_swagger_ui))) / "dist"
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Swagger UI runs scripts and asks the API; its style sheet holds its icons as `data:` addresses.
_SWAGGER_POLICY = _PAGE_POLICY.replace("img-src 'self'", "img-src 'self' data:; script-src 'self'; connect-src 'self'")

blp = Blueprint("docs", __name__, template_folder="templates", static_folder="static", static_url_path="/docs/static")


@blp.get("/")
def home() -> BaseResponse:
    """To the documentation, until there is a page of our own."""
    return redirect("/docs", code=302)


@blp.get("/docs")
def swagger_ui() -> Response:
    """Swagger UI."""
    return _page("swagger_ui.html", policy=_SWAGGER_POLICY)


@blp.get("/docs/problems")
def problem_types() -> Response:
    """What the `type` of a problem leads to."""
    return _page("problems.html", types=list(PROBLEM_TYPES.values()))


@blp.get("/docs/assets/<path:name>")
def asset(name: str) -> Response:
    """A file of Swagger UI."""
    return send_from_directory(_ASSETS, name, max_age=86_400)


@blp.app_template_filter("code")
def code(text: str) -> Markup:
    """What stands in backquotes, as code: the texts of problems are written for JSON and for this page alike."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704


@blp.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI document, as it is committed."""
    response = send_from_directory(DOCUMENT.parent, DOCUMENT.name, mimetype="application/json", max_age=60)
    response.cache_control.public = True
    return response


def _page(template: str, *, policy: str = _PAGE_POLICY, **values: object) -> Response:
    response = current_app.make_response(render_template(template, version=VERSION, **values))
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
