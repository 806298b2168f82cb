"""Problems, as RFC 9457 writes them."""

from __future__ import annotations

import marshmallow as ma

from api.schemas.base import Item, many, text, whole


class FaultSchema(Item):
    """One thing that is wrong with a request."""

    code = text("A stable name of the fault.", "unknown-parameter")
    path = text("The part of the request that is wrong.", "query/bogus")
    message = text("What is wrong and what to do.", "There is no parameter 'bogus' here.")
    allowed = ma.fields.List(
        ma.fields.Raw(),
        required=True,
        metadata={"description": "What would be right, nearest first.", "examples": [["q"]]},
    )
    region = text("The region that a calculation fails at; null: all.", "E12000005", optional=True, allow_none=True)
    part = text("The indicator or aggregate that it fails at; null: all.", "skills", optional=True, allow_none=True)


class ProblemSchema(Item):
    """A problem: what went wrong, and what to do about it."""

    type = text("The kind of problem, an address that explains it.", "/docs/problems#invalid-parameter")
    title = text("The kind of problem in words.", "A parameter is not valid")
    status = whole("The HTTP status.", 422)
    detail = text("What is wrong with this request, and what to do.", "There is no parameter 'bogus' here.")
    instance = text("The path that was asked.", "/v1/regions")
    errors = many(FaultSchema, "Each fault by itself.")
