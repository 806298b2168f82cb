"""What is said of an answer before it is asked for."""

from __future__ import annotations

from api.schemas.base import Item, Links, one, text, whole


class LimitReference(Item):
    """A limit that applies."""

    name = text("Its name at `/v1/config`, or `limit` where the question gives one.", "default_observations")
    value = whole("How many rows it allows; of `max_cells`, how many cells.", 1000)


class Explanation(Item):
    """What an answer would be."""

    format = text("The format that was asked for.", "csv")
    media_type = text("Its media type.", "text/csv")
    rows = whole("How many rows answer the question.", 54_421)
    rows_in_answer = whole("How many of them the answer would hold.", 54_421)
    cells = whole(
        "Of JSON-stat: how many cells the cube would have, empty ones among them; null for formats without cells.",
        1_000,
        allow_none=True,
    )
    pages = whole("In how many pages they come.", 1)
    bytes = whole("About how long the answer would be, before compression.", 4_200_000)
    limit = one(LimitReference, "The limit that applies; null where there is none.", allow_none=True)
    effect = text(
        "`whole`: nothing is left out. `paged`: the rest comes on further pages. `refused`: with 413, never cut.",
        "whole",
    )


ExplanationAnswer = Item.from_dict(
    {"data": one(Explanation, "What the answer would be."), "links": one(Links, "Where to go from here.")},
    name="ExplanationAnswer",
)
