"""The pages for people: home, Swagger UI with files from a package, the problem types, and the OpenAPI document."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Response, current_app, render_template, send_from_directory
from markupsafe import Markup, escape

from api.answers import root, schema_org
from api.answers.reading import Reading
from api.encoders.negotiate import DISTRIBUTIONS, DOWNLOADS
from api.errors import PROBLEM_TYPES
from api.http.releases import Releases
from api.settings import ROOT, VERSION, Settings

DOCUMENT = ROOT / "openapi" / "openapi.json"
_ASSETS = Path(str(files(flask_swagger_ui))) / "dist"
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Swagger UI runs scripts and asks the API; its style sheet holds its icons as `data:` addresses.
_SWAGGER_POLICY = _PAGE_POLICY.replace("img-src 'self'", "img-src 'self' data:; script-src 'self'; connect-src 'self'")

blp = Blueprint("docs", __name__, template_folder="templates", static_folder="static", static_url_path="/docs/static")


@blp.get("/")
def home() -> Response:
    """What this is, and where to begin. Problem `not-ready` while nothing is published."""
    releases: Releases = current_app.extensions["releases"]
    settings: Settings = current_app.extensions["settings"]
    reading = Reading(
        catalogue=releases.current(),
        releases=releases.all(),
        database=current_app.extensions["database"],
        settings=settings,
        address="/",
    )
    # The data set stands in a `script` that holds data, which the policy need not allow: nothing of it is run.
    dataset = schema_org.dataset(reading, DISTRIBUTIONS, DOWNLOADS)
    return page("home.html", seconds=settings.cache_seconds, dataset=dataset, **root.home(reading))


@blp.get("/docs", strict_slashes=False)
def swagger_ui() -> Response:
    """Swagger UI."""
    return page("swagger_ui.html", policy=_SWAGGER_POLICY)


@blp.get("/docs/problems", strict_slashes=False)
def problem_types() -> Response:
    """What the `type` of a problem leads to."""
    return page("problems.html", types=list(PROBLEM_TYPES.values()))


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


def page(template: str, *, policy: str = _PAGE_POLICY, seconds: int = 300, **values: object) -> Response:
    """A page as a response: nothing but what `policy` allows is loaded, and it is fresh for `seconds`."""
    response = current_app.make_response(render_template(template, version=VERSION, **values))
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response
