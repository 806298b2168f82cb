"""The home page: it finds a place, and leads to everything else."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from api.http.data_set import data_set
from api.pages import words
from api.pages.asking import ask
from api.pages.cartogram import cartogram
from api.pages.rendering import page, view

_MOST_HITS = 20
_EVERY = 1_000
_BROWSED = ("combined-authority", "itl1")
_TOLD_BY = {"itl1", "combined-authority", "country"}
"""Levels of what a place lies in by which people tell places of one name apart."""
EXAMPLES = (
    ("/v1/series/gigabit-availability/E47000007", "one indicator of one place over time, with its source and citation"),
    ("/v1/regions?q=birmingham", "a place by its name, with its code"),
    ("/v1/regions/E12000005/profile", "everything about a place in one call, with its strengths and gaps"),
    ("/v1/comparisons?indicator=gva-sic-j-per-head&region=E12000005", "a place compared, in a sentence safe to print"),
    ("/v1/indices/local-digital-capital/scores", "an index of the regions, with the range that other methods give"),
    ("/v1/observations.xlsx?indicator=gva-sic-j-per-head&level=itl1&latest=true", "a workbook for a spreadsheet"),
    ("/v1/observations.csv?indicator=gva-sic-j-per-head&level=itl1&latest=true", "the same table for a script"),
)
"""Addresses to begin with, and what they answer."""


@view("/", takes=("q",))
def home() -> Response:
    """What is here, and where to begin; with `q`, the places that answer to it."""
    q = request.args.get("q", "").strip()
    levels = {item["id"]: item["title"] for item in ask("/v1/levels").data}
    release = ask("/v1/").data["release"]
    counts = {
        "indicators": ask("/v1/indicators", limit=_EVERY).meta["returned"],
        "regions": ask("/v1/regions", limit=_EVERY).meta["returned"],
    }
    browse = [
        {"title": words.plural(levels[level]), "places": ask("/v1/regions", level=level, limit=_EVERY).data}
        for level in _BROWSED
        if level in levels
    ]
    return page(
        "home.html",
        q=q,
        **(_found(q) if q else {"map": cartogram()}),
        counts=counts,
        browse=browse,
        levels=levels,
        components=ask("/v1/components").data,
        indices=ask("/v1/indices").data,
        release=release,
        examples=EXAMPLES,
        dataset=data_set(),
    )


def _found(q: str) -> dict[str, Any]:
    """The places that a text may mean, each with its level and what it lies in; or why there are none."""
    told = ask("/v1/regions", q=q, limit=_MOST_HITS)
    hits = [_told_apart(item) for item in told.data]
    return {"hits": hits, "more": told.links["next"], "reason": told.meta}


def _told_apart(hit: dict[str, Any]) -> dict[str, Any]:
    """A place with what tells it from others of its name."""
    place = ask(f"/v1/regions/{hit['code']}").data
    tier = place["label"].removeprefix(place["name"]).strip(" ()") or place["label"]
    within = [
        item["name"] for item in place["parents"] if {"itl1", "combined-authority", "country"} & {*item["levels"]}
    ]
    return {
        **hit,
        "tier": tier.replace(") (", ", "),
        "within": list(dict.fromkeys(within)),
        "population": place["population"],
        "same_area": [f"{item['name']} ({item['code']})" for item in place["same_area"]],
    }
