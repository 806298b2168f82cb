"""Calculations that are asked for by address: what would be a body stands in the query, as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import marshmallow as ma

from api.errors import Problem
from api.filters import CalculationFilter
from api.schemas.base import Question
from api.schemas.index import json_text
from api.schemas.index.bodies import problem

_BODY = re.compile(r"^(body|query)(?=/|$)")


class JsonText(ma.fields.String):
    """JSON in a query. Loads into its canonical text, so that equal questions are equal."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            return json_text.canonical(json_text.read(str(value)))
        except ValueError as error:
            raise ma.ValidationError(f"The text {error}") from error


def _json(name: str, description: str, example: str) -> JsonText:
    field = JsonText(
        required=True,
        attribute="definition",
        metadata={
            "description": description,
            "example": example,
            "format": name,
            "contentMediaType": "application/json",
        },
    )
    field.error_messages["required"] = f"Give {name} as JSON, as links.permalink of a calculation has it."
    return field


class DefinitionQuestion(Question):
    """A definition of one's own over figures of this service."""

    filter_type = CalculationFilter
    definition = _json(
        "definition",
        "What would be the body of the same operation with POST, without `data`: `links.permalink` has it.",
        '{"indicators":[{"id":"gigabit-availability"},{"id":"level-3-qualifications"}],"regions":{"level":"itl1"}}',
    )


class ChoicesQuestion(Question):
    """What is chosen otherwise of a published index."""

    filter_type = CalculationFilter
    choices = _json(
        "choices",
        "What would be the body of the same operation with POST: `links.permalink` has it.",
        '{"weights":{"digital-skills":2}}',
    )


@contextmanager
def standing_in(place: str) -> Iterator[None]:
    """Have what is wrong in a body said of the place that it stands in, and what stands in the query of that body."""
    try:
        yield
    except Problem as found:
        faults = [replace(fault, path=_BODY.sub(place, fault.path)) for fault in found.faults]
        if found.type.slug == "impossible-calculation":
            raise Problem(found.type.slug, found.detail, faults=tuple(faults)) from None
        raise problem(faults) from None
