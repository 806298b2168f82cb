"""The body of a calculation: an index of the caller's own, with its figures."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.answers.index.asked import (
    PARTS,
    POLARITIES,
    AskedAggregate,
    AskedFigures,
    AskedIndex,
    AskedIndicator,
    AskedOther,
)
from api.errors import Fault, invalid_definition
from api.schemas.index.bodies import Body, ByName, Column, Flag, Name, Number, Several, UpTo, Whole, Word, said
from api.schemas.index.draws import SensitivityBody, UncertaintyBody
from api.schemas.index.methods import MeansField, MethodField
from api.schemas.index.regions import RegionField, RegionsField

_WEIGHT = {"least": 0, "most": 1e9, "load_default": 1.0}


RANK_DECIMALS = Whole(
    least=0,
    most=12,
    load_default=None,
    allow_none=True,
    metadata=said("To how many decimals scores are rounded before they are ranked; without it to 12 digits.", 1),
)


class IndicatorBody(Body):
    """An indicator of the index."""

    into = AskedIndicator
    id = Name(
        required=True,
        metadata=said("Identifier; of figures of this service, that of the indicator.", "gigabit-availability"),
    )
    parent = Name(load_default=None, allow_none=True, metadata=said("The aggregate it belongs to.", "infrastructure"))
    period = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Length(max=40, error="A period has up to {max} characters."),
        metadata=said(
            "Of figures of this service: the period; without it the latest in which half of the regions have one.",
            "2023",
        ),
    )
    weight = Number(**_WEIGHT, metadata=said("Its weight among the parts of its parent, on any scale.", 1))
    polarity = Word(POLARITIES, metadata=said("Which direction is better.", "higher-is-better"))
    direction = Whole(
        least=-1, most=1, metadata={**said("The same as 1 (higher) or -1 (lower is better).", 1), "enum": [1, -1]}
    )
    denominator = Name(
        load_default=None,
        allow_none=True,
        metadata=said(
            "What it is divided by: a name in `data.denominators`; of figures of this service another indicator than "
            "it declares, of the nearest year, at most two off."
        ),
    )
    scale = Number(load_default=1.0, metadata=said("What it is multiplied by after that.", 1000))
    target = Number(load_default=None, allow_none=True, metadata=said("The target, for distance-to-target.", 95))
    lower = Number(load_default=None, allow_none=True, metadata=said("The lower post, for goalposts.", 0))
    upper = Number(load_default=None, allow_none=True, metadata=said("The upper post, for goalposts.", 100))
    base_mean = Number(
        load_default=None, allow_none=True, metadata=said("The mean of a base period, for base-z-score.", 71.5)
    )
    base_deviation = Number(
        load_default=None, allow_none=True, metadata=said("The standard deviation of a base period.", 4.2)
    )
    base_period = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Length(max=40, error="A period has up to {max} characters."),
        metadata=said("Of figures of this service: the period whose mean and standard deviation are taken.", "2015"),
    )
    logarithm = Flag(
        load_default=False,
        metadata=said("Whether the treatment `logarithms` takes the logarithm of it.", example=False),
    )
    normalisation = MethodField(
        "normalisation",
        "Its own normalisation, whatever that of the others is.",
        load_default=None,
        allow_none=True,
    )


class AggregateBody(Body):
    """An aggregate: a part of the index that is made of other parts."""

    into = AskedAggregate
    id = Name(required=True, metadata=said("Identifier.", "infrastructure"))
    parent = Name(
        load_default=None, allow_none=True, metadata=said("The aggregate it belongs to; the top has none.", "index")
    )
    weight = Number(**_WEIGHT, metadata=said("Its weight among the parts of its parent, on any scale.", 1))


def _columns(description: str) -> ByName:
    length = UpTo("max_calculation_parts", error="Up to {max} lists are possible here.")
    return ByName(keys=Name(), values=Column(), validate=length, metadata=said(description))


def _columns_of_sizes(description: str) -> ByName:
    length = UpTo("max_calculation_parts", error="Up to {max} lists are possible here.")
    return ByName(keys=Name(), values=Column(least=0), validate=length, metadata=said(description))


class DataBody(Body):
    """The figures."""

    into = AskedFigures
    regions = Several(
        RegionField(),
        required=True,
        validate=UpTo("max_calculation_regions", least=2, error="An index compares {min} to {max} regions."),
        metadata=said(
            "The regions, by identifier or as objects, in the order of the values.", ["E12000005", "E12000002"]
        ),
    )
    groups = Several(
        Name(),
        validate=UpTo("max_calculation_regions", error="There are more than {max} groups."),
        metadata=said("The group of each region, that values are imputed from.", ["north", "south"]),
    )
    values = _columns("By indicator, a value for each region; null where it is missing.")
    values.required = True
    denominators = _columns("By name, a number for each region.")
    standard_errors = _columns_of_sizes(
        "By indicator, the standard error of each value, in the indicator's own unit; null: not known. Figures are "
        "drawn from within them where `uncertainty` has `data_error`."
    )
    sizes = Column(least=0, metadata=said("How large each region is, for weighted-z-score.", [5900000, 7500000]))
    earlier = _columns(
        "By indicator, the latest earlier value of each region, in the indicator's own unit; null: none."
    )


class OtherBody(Body):
    """What is otherwise in the calculation that this one is held against; what is not named is as in this one."""

    into = AskedOther
    weights = ByName(
        keys=Name(),
        values=Number(least=0, most=1e9),
        load_default=dict,
        validate=UpTo("max_calculation_parts", error="Up to {max} are possible here."),
        metadata=said("Weights of its parts; 0 leaves one out.", {"skills": 2}),
    )
    imputation = MethodField("imputation", "How missing values are filled in.")
    minimum_coverage = Number(least=0, most=1, metadata=said("The share of the weight that a region needs.", 0.6))
    treatment = MethodField("treatment", "How outliers are treated.")
    normalisation = MethodField("normalisation", "How indicators come to one scale.")
    aggregation = MeansField("How parts are joined.")
    rank_decimals = RANK_DECIMALS
    uncertainty = ma.fields.Nested(
        UncertaintyBody, load_default=None, allow_none=True, metadata=said("Its draws; without it those of this one.")
    )


class CalculationBody(Body):
    """An index, the figures it is made of, and what is to be known of it."""

    into = AskedIndex
    title = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Length(max=200, error="A title has up to {max} characters."),
        metadata=said("Title, for your own use.", "Digital strength"),
    )
    indicators = Several(
        ma.fields.Nested(IndicatorBody),
        required=True,
        validate=UpTo("max_calculation_parts", least=1, error="An index has {min} to {max} indicators."),
        metadata=said("The indicators."),
    )
    aggregates = Several(
        ma.fields.Nested(AggregateBody),
        load_default=list,
        validate=UpTo("max_calculation_parts", error="An index has up to {max} aggregates."),
        metadata=said("The aggregates; without any, all indicators belong to one that is called `index`."),
    )
    data = ma.fields.Nested(
        DataBody,
        metadata=said(
            "Figures of your own; without them, those of this service. With `regions` both: indicators that have "
            "values here are your own, for regions by code, and the others are of this service."
        ),
    )
    regions = RegionsField(load_default=None, allow_none=True)
    imputation = MethodField("imputation", "How missing values are filled in; without it `none`.")
    minimum_coverage = Number(
        least=0,
        most=1,
        load_default=0.0,
        metadata=said("The share of the top's weight that a region needs values for, before imputation.", 0.6),
    )
    treatment = MethodField("treatment", "How outliers are treated; without it `none`.")
    normalisation = MethodField(
        "normalisation",
        "How indicators come to one scale; without it `min-max`, from 1 up where a mean is of positive values alone.",
    )
    aggregation = MeansField(
        "How parts are joined: one mean for all levels, or a list of one for each from the lowest up; without it "
        "`arithmetic`."
    )
    rank_decimals = RANK_DECIMALS
    uncertainty = ma.fields.Nested(
        UncertaintyBody, load_default=None, allow_none=True, metadata=said("Without it no draws are made.")
    )
    sensitivity = ma.fields.Nested(
        SensitivityBody,
        load_default=None,
        allow_none=True,
        metadata=said("Needs `uncertainty`, whose choices it is of."),
    )
    against = ma.fields.Nested(
        OtherBody,
        load_default=None,
        allow_none=True,
        metadata=said("Hold it against the same with something otherwise: who moved, and beyond what range."),
    )
    include = Several(
        Word(PARTS),
        validate=ma.validate.Length(max=len(PARTS)),
        metadata=said(
            "Which parts the answer holds beside scores and ranks; without it all but `draws`, `reached` and `pairs`.",
            ["stages", "alpha"],
        ),
    )

    @ma.post_load
    def _frozen(self, data: dict[str, Any], **_: Any) -> Any:
        if "data" not in data and data["regions"] is None:
            message = (
                "Send figures of your own in `data`, or name regions of this service in `regions`; or both, where some "
                "indicators are your own and the others are here."
            )
            raise invalid_definition([Fault("figures", "", message)])
        return super()._frozen(data)
