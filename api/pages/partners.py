"""The page for partners: what they can do and how they get a key; with scripts, the whole way from a file to a release.

Nothing of a partner's is on the page as it is sent: the script asks the API with the key, which stays in the browser.
Its forms are made of the OpenAPI document, so that they ask for what the API takes.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from flask import Response, current_app

from api.pages.asking import ask
from api.pages.documentation import DOCUMENT
from api.pages.rendering import page, view

COLUMNS = ("region", "period", "value", "status", "lower", "upper", "note", "indicator")
"""The columns of a file that a partner may say the heads of."""
_LABELS = {
    "year_kind": "Kind of year",
    "collection": "How it is collected",
    "denominator": "Divided by",
    "variant_of": "Variant of",
    "valid_from": "In use since",
    "polarity": "Which direction is better",
    "frequency": "How often",
    "measure": "Kind of measure",
}
_LONG = 1_000
"""From so many characters on a text has several lines."""
_WORDS = {"no-accreditation": "no accreditation", "official-in-development": "official, in development"}


@view("/partners")
def partners() -> Response:
    """What partners can do here, and the place to do it."""
    components = [(item["id"], item["title"]) for item in ask("/v1/components").data]
    levels = [(item["id"], item["title"]) for item in ask("/v1/levels").data]
    return page(
        "partners.html",
        settings=current_app.extensions["settings"],
        indicator=_fields("OwnIndicatorBody", {"component": components}),
        kinds=_choices(_schema("NewDraft")["properties"]["kind"]),
        levels=levels,
        place_levels=_choices(_schema("PlaceBody")["properties"]["level"]),
        readers=_choices(_reader()),
        columns=COLUMNS,
    )


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    return document


def _schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = _document()["components"]["schemas"][name]
    return found


def _reader() -> dict[str, Any]:
    """The schema of the parameter that names a reader."""
    parts = _document()["components"]["parameters"]
    given = _document()["paths"]["/v1/drafts/{draft}/uploads"]["post"]["parameters"]
    each = (parts[item["$ref"].rpartition("/")[2]] if "$ref" in item else item for item in given)
    found: dict[str, Any] = next(item["schema"] for item in each if item["name"] == "reader")
    return found


def _fields(name: str, known: dict[str, list[tuple[str, str]]]) -> list[dict[str, Any]]:
    """The fields of a form, of what a body takes: those that are needed first. `known` are choices of some of them."""
    schema = _schema(name)
    needed = set(schema["required"])
    fields = [
        {
            "name": key,
            "label": _LABELS.get(key, key.replace("_", " ").capitalize()),
            "hint": item["description"],
            "needed": key in needed,
            "choices": known.get(key) or _choices(item),
            "chosen": item.get("default"),
            "long": item.get("maxLength", 0) > _LONG,
            "longest": item.get("maxLength"),
            "number": item["type"] == "integer",
            "example": next(iter(item.get("examples", ())), ""),
            "least": item.get("minimum"),
            "most": item.get("maximum"),
        }
        for key, item in schema["properties"].items()
        if "type" in item
    ]
    return sorted(fields, key=lambda item: not item["needed"])


def _choices(schema: dict[str, Any]) -> list[tuple[str, str]]:
    """What may be chosen, with how it is said."""
    return [(item, _WORDS.get(item, item.replace("-", " "))) for item in schema.get("enum", ()) if item is not None]
