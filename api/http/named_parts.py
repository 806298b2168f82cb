"""What the parts of a path name, and the one spelling of an address that follows from it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app, redirect, request
from werkzeug.wrappers import Response

from api.catalogue import Catalogue, ReleaseInfo
from api.errors import Fault, Problem
from api.http import conditional, elsewhere
from api.http.addresses import with_query
from api.http.releases import find
from api.settings import Settings

NAMED: dict[str, tuple[Callable[..., Any], str]] = {
    "region": (Catalogue.region, "code"),
    "indicator": (Catalogue.indicator, "slug"),
    "component": (Catalogue.component, "id"),
    "source": (Catalogue.source, "id"),
    "index": (Catalogue.index, "id"),
    "release": (find, "id"),
    "other": (find, "id"),
}
"""How each part of a path is looked up, and which attribute of what is found is its canonical spelling."""


def find_parts(path: Mapping[str, str], catalogue: Catalogue, releases: tuple[ReleaseInfo, ...]) -> dict[str, Any]:
    """What the parts of a path name, by the names of the parts. Problem `unknown-id`."""
    return {name: _find_part(name, text, catalogue, releases) for name, text in path.items()}


def _find_part(name: str, text: str, catalogue: Catalogue, releases: tuple[ReleaseInfo, ...]) -> Any:
    """What a part of the path names; the text itself where the view is to find that out."""
    if name not in NAMED:
        return text
    finder, _ = NAMED[name]
    try:
        return finder(releases if finder is find else catalogue, text, field=name)
    except Problem:
        told = elsewhere.by_suffix(request.path) if request.path.endswith(text) and "." in text else None
        if told is None:
            raise
        said, addresses = told
        kind = "release" if finder is find else name
        message = f"There is no {kind} {text!r}, and no format is named by a suffix here. {said}"
        raise Problem("unknown-id", message, faults=(Fault("unknown-id", name, message, addresses),)) from None


def spelt(found: Mapping[str, Any]) -> dict[str, str]:
    """The canonical spelling of what parts of a path name, but for those that are left to the view."""
    return {name: str(getattr(item, NAMED[name][1])) for name, item in found.items() if name in NAMED}


def address(spelling: Mapping[str, str], asked: Mapping[str, str]) -> str:
    """The address of the question with the identifiers in its path, and its lists, in canonical spelling."""
    path, rule = request.path, request.url_rule
    if rule is not None:
        path = rule.rule
        for name, text in spelling.items():
            path = path.replace(f"<{name}>", text)
        path = re.sub(r"<[^<>]*:format>", str((request.view_args or {}).get("format")), path)
    return with_query(path, asked)


def redirect_to(address: str) -> Response:
    """To the same question in canonical spelling: another spelling of an identifier is not another resource."""
    settings: Settings = current_app.extensions["settings"]
    response = redirect(address, code=308)
    response.headers["Cache-Control"] = conditional.freshness(settings, pinned=False)
    return response
