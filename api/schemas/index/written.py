"""A definition as an answer writes it: every default filled in, so that it can be sent again."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.schemas.base import Item, flag, many, number, one, text, whole
from api.schemas.index.methods import schema_of


def _nullable(description: str) -> ma.fields.Float:
    return number(description, allow_none=True)


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema["anyOf"][1], {"type": "null"}]}


class WrittenIndicator(Item):
    """An indicator of the definition."""

    id = text("Identifier.", "broadband")
    parent = text("The aggregate it belongs to.", "index")
    weight = number("Weight.", 1)
    polarity = text("Which direction is better.", "higher-is-better")
    period = text("The period of its figures, of this service.", allow_none=True)
    denominator = text("What it is divided by.", allow_none=True)
    scale = number("What it is multiplied by after that.", 1)
    target = _nullable("Target.")
    lower = _nullable("Lower post.")
    upper = _nullable("Upper post.")
    base_mean = _nullable("Mean of the base period.")
    base_deviation = _nullable("Standard deviation of the base period.")
    logarithm = flag("Whether the treatment `logarithms` takes its logarithm.", False)  # noqa: FBT003
    normalisation = ma.fields.Raw(
        allow_none=True,
        metadata={"description": "Its own normalisation; null: that of all.", **_or_null(schema_of("normalisation"))},
    )


class WrittenAggregate(Item):
    """An aggregate of the definition."""

    id = text("Identifier.", "index")
    parent = text("The aggregate it belongs to; null for the top.", allow_none=True)
    weight = number("Weight.", 1)


def _method(kind: str) -> ma.fields.Raw:
    return ma.fields.Raw(metadata={"description": f"The {kind}, with its parameters.", **schema_of(kind)["anyOf"][1]})


def several_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of a choice as an answer writes it; of a mean also of a list, one for each level."""
    one_ = schema_of(kind)["anyOf"][1]
    several = {"type": "array", "items": one_}
    return {"anyOf": [one_, several]} if kind == "aggregation" else one_


class WrittenUncertainty(Item):
    """What could have been chosen otherwise."""

    draws = whole("Draws.", 1000)
    seed = whole("Seed.", 1)
    weights = ma.fields.Raw(
        metadata={
            "description": "How far each weight may go from its own, as a share of it; or a list, by level.",
            "anyOf": [{"type": "number"}, {"type": "array", "items": {"type": "number"}}],
            "examples": [0.25],
        }
    )
    weights_at = text("Whose weights are drawn.", "all-levels")
    treatment = ma.fields.List(
        ma.fields.Raw(metadata=several_of("treatment")),
        allow_none=True,
        metadata={"description": "The treatments drawn from; null: the definition's own."},
    )
    normalisation = ma.fields.List(
        ma.fields.Raw(metadata=several_of("normalisation")), metadata={"description": "The normalisations drawn from."}
    )
    aggregation = ma.fields.List(
        ma.fields.Raw(metadata=several_of("aggregation")), metadata={"description": "The aggregations drawn from."}
    )
    leave_one_out = flag("Whether a draw may do without one of the indicators.", False)  # noqa: FBT003
    data_error = flag("Whether figures are drawn from within their errors.", False)  # noqa: FBT003
    goalposts = number("How far each goalpost may go from its own, as a share of what lies between the two.", 0)
    top = whole("How many regions count as first.", 3)
    extremes = flag("Whether the best and the worst rank are looked for.", True)  # noqa: FBT003


class WrittenSensitivity(Item):
    """How the effects are estimated."""

    samples = whole("Points.", 256)
    seed = whole("Seed.", 1)


class WrittenDefinition(Item):
    """The definition with every default filled in: sent with the same `data` it has the same answer."""

    title = text("Title.", allow_none=True)
    regions = ma.fields.Raw(
        allow_none=True,
        metadata={"description": "The regions of this service, as they were named; null for figures of your own."},
    )
    indicators = many(WrittenIndicator, "The indicators.")
    aggregates = many(WrittenAggregate, "The aggregates.")
    imputation = _method("imputation")
    minimum_coverage = number("The share of the weight that a region needs values for.", 0)
    treatment = _method("treatment")
    normalisation = _method("normalisation")
    aggregation = ma.fields.Raw(
        metadata={"description": "The mean of all levels, or of each from the lowest up.", **several_of("aggregation")}
    )
    rank_decimals = whole("To how many decimals scores are rounded before they are ranked.", allow_none=True)
    uncertainty = one(WrittenUncertainty, "What could have been chosen otherwise.", allow_none=True)
    sensitivity = one(WrittenSensitivity, "How the effects are estimated.", allow_none=True)
