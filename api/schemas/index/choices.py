"""What a caller chooses otherwise of an index that is published: weights, goalposts, denominators, methods."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.answers.index.asked import PARTS, AskedChoices, AskedGoalposts
from api.schemas.index.bodies import Body, ByName, Name, Number, Several, UpTo, Whole, Word, said
from api.schemas.index.calculations import RANK_DECIMALS
from api.schemas.index.draws import SensitivityBody, UncertaintyBody
from api.schemas.index.methods import MeansField, MethodField


def _by_name(field: ma.fields.Field[Any], description: str, example: Any) -> ByName:
    length = UpTo("max_calculation_parts", error="Up to {max} are possible here.")
    return ByName(keys=Name(), values=field, load_default=dict, validate=length, metadata=said(description, example))


class GoalpostsBody(Body):
    """The values that count as 0 and as 100."""

    into = AskedGoalposts
    lower = Number(required=True, metadata=said("What counts as 0, or as 100 where less is better.", 60))
    upper = Number(required=True, metadata=said("What counts as 100, or as 0 where less is better.", 100))


class OtherChoicesBody(Body):
    """What is chosen otherwise in what a calculation is held against. `{}` is the index as it is published."""

    into = AskedChoices
    edition = Whole(
        least=1900, most=9999, allow_none=True, load_default=None, metadata=said("The edition; the latest.", 2026)
    )
    method_version = Whole(
        least=1,
        most=999_999,
        allow_none=True,
        load_default=None,
        metadata=said("The version of the method; the newest.", 1),
    )
    weights = _by_name(
        Number(least=0, most=1e9),
        "Weights of components and indicators among their like, in place of the published ones.",
        {"digital-skills": 2, "gigabit-availability": 0.5},
    )
    without = Several(
        Name(),
        load_default=list,
        validate=UpTo("max_calculation_parts", error="Up to {max} are possible here."),
        metadata=said("Components and indicators that are left out.", ["trade-support"]),
    )
    goalposts = _by_name(
        ma.fields.Nested(GoalpostsBody),
        "Goalposts of indicators, in place of the published ones.",
        {"gigabit-availability": {"lower": 50, "upper": 100}},
    )
    denominators = _by_name(
        Name(),
        "What counts and amounts are divided by, in place of what they declare. Goalposts must be given for them, or "
        "another normalisation.",
        {"total-exports": "active-businesses"},
    )
    imputation = MethodField("imputation", "How missing values are filled in.")
    minimum_coverage = Number(
        least=0,
        most=1,
        load_default=0.0,
        metadata=said("The share of the weight that a region needs values for.", 0.6),
    )
    treatment = MethodField("treatment", "How outliers are treated.")
    normalisation = MethodField("normalisation", "How indicators come to one scale.")
    aggregation = MeansField("How parts are joined: one mean for all levels, or one for each from the lowest up.")
    rank_decimals = RANK_DECIMALS
    uncertainty = ma.fields.Nested(
        UncertaintyBody,
        allow_none=True,
        metadata=said("What may be chosen otherwise; without it what `uncertainty` of the index says."),
    )


class ChoicesBody(OtherChoicesBody):
    """What is chosen otherwise. `{}` is the index as it is published."""

    sensitivity = ma.fields.Nested(
        SensitivityBody, load_default=None, allow_none=True, metadata=said("Which of the choices matters most.")
    )
    against = ma.fields.Nested(
        OtherChoicesBody,
        load_default=None,
        allow_none=True,
        metadata=said(
            "Hold it against the index with other choices (`{}`: as it is published): who moved, and beyond what range."
        ),
    )
    include = Several(
        Word(PARTS),
        validate=ma.validate.Length(max=len(PARTS)),
        metadata=said(
            "Which parts the answer holds beside scores and ranks; without it all but `draws`, `reached` and `pairs`."
        ),
    )
