"""What could have been chosen otherwise, as a body says it: draws, and which choice matters most."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.analysis.definition import Sensitivity
from api.answers.index.asked import LEVELS, AskedUncertainty
from api.schemas.index.bodies import Body, Flag, Number, PowerOfTwo, Several, Whole, Word, said
from api.schemas.index.methods import MeansField, MethodField


class BandField(ma.fields.Field[Any]):
    """How far weights may go from their own: a number, or a list of one for each level."""

    def __init__(self, **kwargs: Any) -> None:
        share = {"type": "number", "minimum": 0, "maximum": 1}
        several = {"type": "array", "items": share, "minItems": 1, "maxItems": 20}
        description = (
            "How far each weight may go from its own, as a share of it; or a list of one for each level, from that of "
            "the indicators up."
        )
        # The default stands where one number is described, which clients knew before there were lists.
        one = {**share, "default": kwargs["load_default"]}
        super().__init__(metadata={**said(description, 0.25), "anyOf": [one, several]}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float | tuple[float, ...]:
        share = Number(least=0, most=1)
        if not isinstance(value, list):
            return float(share.deserialize(value))
        if not 1 <= len(value) <= 20:
            raise ma.ValidationError("Give one number for all levels, or one for each from that of the indicators up.")
        return tuple(float(item or 0) for item in Several(share).deserialize(value))


class UncertaintyBody(Body):
    """What could have been chosen otherwise."""

    into = AskedUncertainty
    draws = Whole(least=1, most="max_draws", load_default=1_000, metadata=said("How many draws.", 1000))
    seed = Whole(least=0, most=2**32 - 1, load_default=1, metadata=said("The same seed draws the same.", 1))
    weights = BandField(load_default=0.25)
    weights_at = Word(
        LEVELS,
        load_default=LEVELS[0],
        metadata=said("Whether all weights are drawn, or those of the top's own parts alone.", LEVELS[0]),
    )
    normalisation = Several(
        MethodField("normalisation", "A normalisation, each as likely as the others."),
        validate=ma.validate.Length(min=1, max=10, error="Give {min} to {max} normalisations."),
        metadata=said("The normalisations to draw from; without it the definition's own.", ["min-max", "z-score"]),
    )
    aggregation = Several(
        MeansField("A mean, or one for each level; each as likely as the others."),
        validate=ma.validate.Length(min=1, max=10, error="Give {min} to {max} aggregations."),
        metadata=said("The aggregations to draw from; without it the definition's own.", ["arithmetic"]),
    )
    treatment = Several(
        MethodField("treatment", "A treatment, each as likely as the others."),
        load_default=None,
        allow_none=True,
        validate=ma.validate.Length(min=1, max=10, error="Give {min} to {max} treatments."),
        metadata=said("The treatments to draw from; without it the definition's own.", ["none", "winsorise-then-log"]),
    )
    leave_one_out = Flag(
        load_default=False, metadata=said("Whether a draw may do without one of the indicators.", example=True)
    )
    data_error = Flag(
        load_default=False,
        metadata=said(
            "Whether figures are drawn from within their errors: of this service within published 95 % limits, or what "
            "rounding leaves open; of your own by `data.standard_errors`.",
            example=True,
        ),
    )
    goalposts = Number(
        least=0,
        most=0.4,
        load_default=0.0,
        metadata=said("How far each goalpost may go from its own, as a share of what lies between the two.", 0.1),
    )
    top = Whole(
        least=1,
        most="max_calculation_regions",
        load_default=3,
        metadata=said("The share of draws in which a region is among the first so many is given.", 3),
    )
    extremes = Flag(
        load_default=True,
        metadata=said("Whether the best and the worst rank are found, exactly where that is possible.", example=True),
    )


class SensitivityBody(Body):
    """Which of those choices matters most."""

    into = Sensitivity
    samples = PowerOfTwo(
        least=2,
        most="max_samples",
        load_default=256,
        metadata=said("How many points, a power of two.", 256),
    )
    seed = Whole(least=0, most=2**32 - 1, load_default=1, metadata=said("The same seed draws the same.", 1))
