"""The body of a calculation: an index of the caller's own, with its figures."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.analysis.definition import Sensitivity
from api.answers.index.asked import (
    LEVELS,
    PARTS,
    POLARITIES,
    AskedAggregate,
    AskedFigures,
    AskedIndex,
    AskedIndicator,
    AskedUncertainty,
)
from api.errors import Fault, invalid_definition
from api.schemas.index.bodies import Body, ByName, Column, Flag, Name, Number, PowerOfTwo, Several, UpTo, Whole, Word
from api.schemas.index.methods import MeansField, MethodField
from api.schemas.index.regions import RegionField, RegionsField

_WEIGHT = {"least": 0, "most": 1e9, "load_default": 1.0}


def _said(description: str, example: Any = None) -> dict[str, Any]:
    return {"description": description, **({} if example is None else {"examples": [example]})}


class IndicatorBody(Body):
    """An indicator of the index."""

    into = AskedIndicator
    id = Name(
        required=True,
        metadata=_said("Identifier; of figures of this service, that of the indicator.", "gigabit-availability"),
    )
    parent = Name(load_default=None, allow_none=True, metadata=_said("The aggregate it belongs to.", "infrastructure"))
    period = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Length(max=40, error="A period has up to {max} characters."),
        metadata=_said(
            "Of figures of this service: the period; without it the latest in which half of the regions have one.",
            "2023",
        ),
    )
    weight = Number(**_WEIGHT, metadata=_said("Its weight among the parts of its parent, on any scale.", 1))
    polarity = Word(POLARITIES, metadata=_said("Which direction is better.", "higher-is-better"))
    direction = Whole(
        least=-1, most=1, metadata={**_said("The same as 1 (higher) or -1 (lower is better).", 1), "enum": [1, -1]}
    )
    denominator = Name(
        load_default=None,
        allow_none=True,
        metadata=_said(
            "What it is divided by: a name in `data.denominators`; of figures of this service another indicator than "
            "it declares, of the nearest year, at most two off."
        ),
    )
    scale = Number(load_default=1.0, metadata=_said("What it is multiplied by after that.", 1000))
    target = Number(load_default=None, allow_none=True, metadata=_said("The target, for distance-to-target.", 95))
    lower = Number(load_default=None, allow_none=True, metadata=_said("The lower post, for goalposts.", 0))
    upper = Number(load_default=None, allow_none=True, metadata=_said("The upper post, for goalposts.", 100))


class AggregateBody(Body):
    """An aggregate: a part of the index that is made of other parts."""

    into = AskedAggregate
    id = Name(required=True, metadata=_said("Identifier.", "infrastructure"))
    parent = Name(
        load_default=None, allow_none=True, metadata=_said("The aggregate it belongs to; the top has none.", "index")
    )
    weight = Number(**_WEIGHT, metadata=_said("Its weight among the parts of its parent, on any scale.", 1))


def _columns(description: str) -> ByName:
    length = UpTo("max_calculation_parts", error="Up to {max} lists are possible here.")
    return ByName(keys=Name(), values=Column(), validate=length, metadata=_said(description))


class DataBody(Body):
    """The figures."""

    into = AskedFigures
    regions = Several(
        RegionField(),
        required=True,
        validate=UpTo("max_calculation_regions", least=2, error="An index compares {min} to {max} regions."),
        metadata=_said(
            "The regions, by identifier or as objects, in the order of the values.", ["E12000005", "E12000002"]
        ),
    )
    groups = Several(
        Name(),
        validate=UpTo("max_calculation_regions", error="There are more than {max} groups."),
        metadata=_said("The group of each region, that values are imputed from.", ["north", "south"]),
    )
    values = _columns("By indicator, a value for each region; null where it is missing.")
    values.required = True
    denominators = _columns("By name, a number for each region.")
    earlier = _columns(
        "By indicator, the latest earlier value of each region, in the indicator's own unit; null: none."
    )


class UncertaintyBody(Body):
    """What could have been chosen otherwise."""

    into = AskedUncertainty
    draws = Whole(least=1, most="max_draws", load_default=1_000, metadata=_said("How many draws.", 1000))
    seed = Whole(least=0, most=2**32 - 1, load_default=1, metadata=_said("The same seed draws the same.", 1))
    weights = Number(
        least=0,
        most=1,
        load_default=0.25,
        metadata=_said("How far each weight may go from its own, as a share of it.", 0.25),
    )
    weights_at = Word(
        LEVELS,
        load_default=LEVELS[0],
        metadata=_said("Whether all weights are drawn, or those of the top's own parts alone.", LEVELS[0]),
    )
    normalisation = Several(
        MethodField("normalisation", "A normalisation, each as likely as the others."),
        validate=ma.validate.Length(min=1, max=10, error="Give {min} to {max} normalisations."),
        metadata=_said("The normalisations to draw from; without it the definition's own.", ["min-max", "z-score"]),
    )
    aggregation = Several(
        MeansField("A mean, or one for each level; each as likely as the others."),
        validate=ma.validate.Length(min=1, max=10, error="Give {min} to {max} aggregations."),
        metadata=_said("The aggregations to draw from; without it the definition's own.", ["arithmetic"]),
    )
    leave_one_out = Flag(
        load_default=False, metadata=_said("Whether a draw may do without one of the indicators.", example=True)
    )
    top = Whole(
        least=1,
        most="max_calculation_regions",
        load_default=3,
        metadata=_said("The share of draws in which a region is among the first so many is given.", 3),
    )
    extremes = Flag(
        load_default=True,
        metadata=_said("Whether the best and the worst rank are found, exactly where that is possible.", example=True),
    )


class SensitivityBody(Body):
    """Which of those choices matters most."""

    into = Sensitivity
    samples = PowerOfTwo(
        least=2,
        most="max_samples",
        load_default=256,
        metadata=_said("How many points, a power of two.", 256),
    )
    seed = Whole(least=0, most=2**32 - 1, load_default=1, metadata=_said("The same seed draws the same.", 1))


class CalculationBody(Body):
    """An index, the figures it is made of, and what is to be known of it."""

    into = AskedIndex
    title = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Length(max=200, error="A title has up to {max} characters."),
        metadata=_said("Title, for your own use.", "Digital strength"),
    )
    indicators = Several(
        ma.fields.Nested(IndicatorBody),
        required=True,
        validate=UpTo("max_calculation_parts", least=1, error="An index has {min} to {max} indicators."),
        metadata=_said("The indicators."),
    )
    aggregates = Several(
        ma.fields.Nested(AggregateBody),
        load_default=list,
        validate=UpTo("max_calculation_parts", error="An index has up to {max} aggregates."),
        metadata=_said("The aggregates; without any, all indicators belong to one that is called `index`."),
    )
    data = ma.fields.Nested(DataBody, metadata=_said("Figures of your own; without them, those of this service."))
    regions = RegionsField(load_default=None, allow_none=True)
    imputation = MethodField("imputation", "How missing values are filled in; without it `none`.")
    minimum_coverage = Number(
        least=0,
        most=1,
        load_default=0.0,
        metadata=_said("The share of the top's weight that a region needs values for, before imputation.", 0.6),
    )
    treatment = MethodField("treatment", "How outliers are treated; without it `none`.")
    normalisation = MethodField("normalisation", "How indicators come to one scale; without it `min-max`.")
    aggregation = MeansField(
        "How parts are joined: one mean for all levels, or a list of one for each from the lowest up; without it "
        "`arithmetic`."
    )
    uncertainty = ma.fields.Nested(
        UncertaintyBody, load_default=None, allow_none=True, metadata=_said("Without it no draws are made.")
    )
    sensitivity = ma.fields.Nested(
        SensitivityBody,
        load_default=None,
        allow_none=True,
        metadata=_said("Needs `uncertainty`, whose choices it is of."),
    )
    include = Several(
        Word(PARTS),
        validate=ma.validate.Length(max=len(PARTS)),
        metadata=_said(
            "Which parts the answer holds beside scores and ranks; without it all but `draws`.", ["stages", "alpha"]
        ),
    )

    @ma.post_load
    def _frozen(self, data: dict[str, Any], **_: Any) -> Any:
        if ("data" in data) == (data["regions"] is not None):
            message = (
                "Send figures of your own in `data`, or name regions of this service in `regions`: one of the two."
            )
            raise invalid_definition([Fault("figures", "", message)])
        return super()._frozen(data)
