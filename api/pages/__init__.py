"""The pages for people, made of nothing but what the public API answers.

A page asks the API in process (`asking`), and a template of `templates` shows what it was told, so that every number on
a page is the API's by construction. One module a page; `rendering` makes responses of them, `errors` tells what went
wrong.
"""

from __future__ import annotations

from flask import Flask

from api.pages import (
    compare,
    documentation,
    errors,
    for_machines,
    guide,
    home,
    indicators,
    indices,
    method,
    oembed,
    partners,
    place,
    places,
    releases,
    workbook,
)
from api.pages.rendering import blp

PAGES = (
    compare,
    documentation,
    for_machines,
    guide,
    home,
    indicators,
    indices,
    method,
    oembed,
    partners,
    place,
    places,
    releases,
    workbook,
)
"""The modules with pages, each of which puts its own on the blueprint when it is loaded."""

MADE = ("/places", "/indicators", "/compare", "/indices", "/releases")
"""How the addresses of pages begin that are made of many answers, and are kept as they were sent."""


def register(app: Flask) -> None:
    """Serve the pages."""
    app.register_blueprint(blp)
    errors.register(app)
