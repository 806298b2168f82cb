"""The documentation: Swagger UI with files from a package, the problem types, and the OpenAPI document."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import flask_swagger_ui
from flask import Response, send_from_directory

from api.errors import PROBLEM_TYPES
from api.pages.rendering import POLICY, blp, fixed
from api.settings import ROOT

DOCUMENT = ROOT / "openapi" / "openapi.json"
_SWAGGER = Path(str(files(flask_swagger_ui))) / "dist"
_STATIC = Path(__file__).parent / "static"
_SWAGGER_POLICY = POLICY.replace("img-src 'self'", "img-src 'self' data:")
"""Swagger UI's style sheet holds its icons as `data:` addresses."""
_DAY = 86_400


@blp.get("/docs", strict_slashes=False)
def swagger_ui() -> Response:
    """Swagger UI."""
    return fixed("swagger_ui.html", policy=_SWAGGER_POLICY)


@blp.get("/docs/problems", strict_slashes=False)
def problem_types() -> Response:
    """What the `type` of a problem leads to."""
    return fixed("problems.html", types=list(PROBLEM_TYPES.values()))


@blp.get("/docs/assets/<path:name>")
def asset(name: str) -> Response:
    """A file of Swagger UI."""
    return send_from_directory(_SWAGGER, name, max_age=_DAY)


@blp.get("/static/<path:name>")
def own_asset(name: str) -> Response:
    """A style sheet, script or image of the pages, which ask for it by the build as well."""
    return send_from_directory(_STATIC, name, max_age=_DAY)


@blp.get("/favicon.svg")
@blp.get("/favicon.ico", endpoint="favicon_by_habit")
def favicon() -> Response:
    """The sign of the service, which browsers also look for under a name of habit."""
    return send_from_directory(_STATIC, "favicon.svg", mimetype="image/svg+xml", max_age=_DAY)


@blp.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI document, as it is committed."""
    response = send_from_directory(DOCUMENT.parent, DOCUMENT.name, mimetype="application/json", max_age=60)
    response.cache_control.public = True
    return response
