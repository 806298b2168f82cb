"""Indices as laboratories: scores with the range of their ranks, and what becomes of them with weights of one's own."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, request

from api.errors import invalid
from api.pages.asking import Told, ask
from api.pages.getting import Rest
from api.pages.rendering import page, view

_WEIGHT = "weight-"
"""How parameters begin that weigh a component, which the form has one of for each."""
_MOST = 10.0


@view("/indices")
def indices() -> Response:
    """The indices."""
    told = ask("/v1/indices")
    levels = {item["id"]: item["title"] for item in ask("/v1/levels").data}
    return page("indices.html", indices=told.data, levels=levels, rest=Rest(told))


@view("/indices/<index>", takes=(f"{_WEIGHT}*",))
def index_page(index: str) -> Response:
    """An index with its scores, or with weights of one's own beside how it is published."""
    about, scores = ask(f"/v1/indices/{index}"), ask(f"/v1/indices/{index}/scores")
    weights = {part["component"]: part["weight"] for part in about.data["components"]}
    chosen = _chosen(weights)
    told = _calculated(index, chosen) if chosen else None
    own = told.data if told else None
    rows = _rows(scores.data, own)
    base = f"/v1/indices/{index}/scores"
    return page(
        "index.html",
        index=about.data,
        scores=scores.data,
        meta=scores.meta,
        weights=weights | chosen,
        published=weights,
        most=_MOST,
        own=own,
        rows=rows,
        parts=[part for part in about.data["components"] if part["measured"]],
        unmeasured=[part for part in about.data["components"] if not part["measured"]],
        live=_live(index, about.data, scores.data, weights)
        if about.data["methods"]["aggregation"] == "arithmetic"
        else None,
        rest=Rest(
            told or scores, (about, scores) if told else (about,), csv=f"{base}?format=csv", xlsx=f"{base}?format=xlsx"
        ),
    )


def _chosen(published: dict[str, float]) -> dict[str, float]:
    """The weights in the query that are others than those published. Problem `invalid-parameter`."""
    chosen = {}
    for name, text in request.args.items():
        if not name.startswith(_WEIGHT) or not text.strip():
            continue
        component = name.removeprefix(_WEIGHT)
        try:
            weight = float(text)
        except ValueError:
            raise invalid(name, f"{text[:40]!r} is no number: write a weight such as 1 or 0.5.") from None
        if component not in published or weight != published[component]:
            chosen[component] = weight
    return chosen


def _calculated(index: str, weights: dict[str, float]) -> Told:
    """The index with these weights, held against how it is published."""
    whole = {name: int(weight) if weight == int(weight) else weight for name, weight in weights.items()}
    choices = json.dumps({"weights": whole, "against": {}}, separators=(",", ":"))
    return ask(f"/v1/indices/{index}/calculations", choices=choices)


def _rows(scores: dict[str, Any], own: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The regions in order: as published, or as they are with weights of one's own, and who moved."""
    published = {item["region"]: item for item in scores["regions"]}
    if own is None:
        return [
            {"region": code, "name": item["region_name"], "score": item["score"], "rank": item["rank"],
             "range": item["method_range_90"], "contributions": item["contributions"], "reason": item["reason"],
             "before": None, "best": item["best"], "worst": item["worst"]}
            for code, item in published.items()
        ]  # fmt: skip
    ranges = {item["id"]: item["method_range_90"] for item in (own["uncertainty"] or {}).get("regions", ())}
    moved = {item["id"]: item for item in own["against"]["regions"]}
    rows = [
        {"region": item["id"], "name": item["name"], "score": item["score"], "rank": item["rank"],
         "range": ranges.get(item["id"]), "contributions": item["contributions"], "reason": item["reason"],
         "before": moved.get(item["id"])}
        for item in own["regions"]
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0, row["name"]))


def _live(
    index: str, about: dict[str, Any], scores: dict[str, Any], weights: dict[str, float]
) -> dict[str, Any] | None:
    """What the page's script computes scores from while a weight is moved: the published scores of the components.

    None where they are no weighted mean of these.
    """
    if about["methods"]["aggregation"] != "arithmetic":
        return None
    return {
        "address": f"/v1/indices/{index}/calculations",
        "page": f"/indices/{index}",
        "weights": weights,
        "measured": [part["component"] for part in about["components"] if part["measured"]],
        "regions": [
            {
                "id": item["region"],
                "rank": item["rank"],
                "range": item["method_range_90"],
                "components": item["components"],
            }
            for item in scores["regions"]
            if item["score"] is not None
        ],
    }
