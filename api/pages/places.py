"""The list of places, by level."""

from __future__ import annotations

from flask import Response, request

from api.pages import words
from api.pages.asking import ask
from api.pages.getting import Rest
from api.pages.rendering import page, view

_EVERY = 1_000
_FIRST = "local-authority"


@view("/places", takes=("level",))
def places() -> Response:
    """The places of a level that there are on the day of the release."""
    levels = ask("/v1/levels")
    level = request.args.get("level", _FIRST)
    told = ask("/v1/regions", level=level, limit=_EVERY)
    level_named = next(item for item in levels.data if item["id"] == level)
    address = f"level={level}"
    return page(
        "places.html",
        levels=levels.data,
        level=level_named,
        heading=words.plural(level_named["title"]) if told.data else level_named["title"],
        places=[
            {**item, "initial": str(item["name"])[0].upper()}
            for item in sorted(told.data, key=lambda item: str(item["name"]))
        ],
        meta=told.meta,
        rest=Rest(told, (levels,), csv=f"/v1/regions.csv?{address}", xlsx=f"/v1/regions.xlsx?{address}"),
    )
