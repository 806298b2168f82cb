"""Calculations that are asked for by address: what would be a body stands in the query, as JSON."""

from __future__ import annotations

import json
from typing import Any

import marshmallow as ma

from api import json_text
from api.answers.index.asked import AskedChoices, AskedIndex
from api.errors import Fault, invalid_definition, standing_in
from api.filters import CalculationFilter, TableFilter
from api.schemas.base import Question
from api.schemas.index.bodies import read
from api.schemas.index.calculations import CalculationBody
from api.schemas.index.choices import ChoicesBody

_DEFINITION, _CHOICES = CalculationBody(), ChoicesBody()


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
        '{"indicators":[{"id":"gigabit-availability"},{"id":"gva-sic-j-per-head"}],"regions":{"level":"itl1"}}',
    )


class BesideTable(Question):
    """What is asked of a table: what JSON would say beside its figures."""

    filter_type = TableFilter
    definition = JsonText(
        metadata={
            "description": "Beside a table (`text/csv`): what the body in JSON would say but for the figures.",
            "example": '{"title":"Of my own"}',
            "format": "beside-table",
            "contentMediaType": "application/json",
        },
    )


class ChoicesQuestion(Question):
    """What is chosen otherwise of a published index."""

    filter_type = CalculationFilter
    choices = _json(
        "choices",
        "What would be the body of the same operation with POST: `links.permalink` has it.",
        '{"weights":{"digital-skills":2}}',
    )


def definition(asked: CalculationFilter) -> AskedIndex:
    """The definition in a query: figures of one's own have no address. Problem `invalid-definition`."""
    body, place = json.loads(asked.definition), "query/definition"
    if isinstance(body, dict) and "data" in body:
        message = "Figures of your own have no address: send them with POST. Name regions of this service here."
        with standing_in(place):
            raise invalid_definition([Fault("figures", "data", message)])
    found: AskedIndex = read(_DEFINITION, body, place=place)
    return found


def choices(asked: CalculationFilter) -> AskedChoices:
    """The choices in a query. Problem `invalid-definition`."""
    found: AskedChoices = read(_CHOICES, json.loads(asked.definition), place="query/choices")
    return found
