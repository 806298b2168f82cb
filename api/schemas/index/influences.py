"""How far an index depends on what could have been chosen otherwise, in an answer."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.analysis.definition import CHOICES
from api.schemas.base import Item, many, number, one, text, texts, whole
from api.schemas.index.methods import schema_of
from api.schemas.index.written import several_of


def numbers(description: str, *, optional: bool = True, allow_none: bool = False) -> ma.fields.Dict:
    """A number by name."""
    value = ma.fields.Float(allow_none=True)
    metadata = {"description": description, "optional": optional or None}
    return ma.fields.Dict(keys=ma.fields.String(), values=value, allow_none=allow_none, metadata=metadata)


def nullable(description: str, example: Any = None) -> ma.fields.Float:
    """A number, or null."""
    return number(description, example, allow_none=True)


class MethodRange(Item):
    """The middle 90 per cent of the draws."""

    lower = nullable("5th percentile.", 6)
    upper = nullable("95th percentile.", 9)


class UncertainRegion(Item):
    """The ranks of a region over the draws."""

    id = text("Identifier.", "E12000005")
    median_rank = nullable("Median of its ranks.", 8)
    method_range_90 = one(MethodRange, "From the 5th to the 95th percentile of its ranks.")
    top_share = nullable("Share of draws in which it is among the first `top`.", 0.02)
    best = whole("Best rank that is reached, see `basis`.", 5, allow_none=True)
    worst = whole("Worst rank that is reached, see `basis`.", 10, allow_none=True)
    best_bound = whole("No choice gives a better rank; null: not known.", 5, allow_none=True)
    worst_bound = whole("No choice gives a worse rank; null: not known.", 10, allow_none=True)


class ReachedItem(Item):
    """What a rank is reached by."""

    weights = numbers("The share of each part in the top. As weights of the parts they give the rank.")
    treatment = ma.fields.Raw(metadata={"description": "The treatment.", **schema_of("treatment")["anyOf"][1]})
    normalisation = ma.fields.Raw(
        metadata={"description": "The normalisation.", **schema_of("normalisation")["anyOf"][1]}
    )
    aggregation = ma.fields.Raw(
        metadata={"description": "The mean of all levels, or of each.", **several_of("aggregation")}
    )
    left_out = text("The indicator that is left out.", allow_none=True)


class ReachedRegion(Item):
    """What the best and the worst rank of a region are reached by; null where figures or goalposts were moved."""

    id = text("Identifier.", "E12000005")
    best = one(ReachedItem, "Its best rank.", allow_none=True)
    worst = one(ReachedItem, "Its worst rank.", allow_none=True)


class AheadRegion(Item):
    """The regions that one is ahead of, whatever is chosen."""

    id = text("Identifier.", "E12000005")
    ahead_of = texts("Those behind it.", ["E12000001"])


_NAMED_CHOICES = f"`{'`, `'.join(CHOICES)}`; weights by level are `weights-level-1` and so on"


class UncertaintyItem(Item):
    """How far ranks depend on what could have been chosen otherwise."""

    draws = whole("How many draws were made.", 1000)
    top = whole("How many regions count as first in `top_share`.", 3)
    note = text("How to read it.")
    varied = texts(f"What is chosen otherwise in the draws, of {_NAMED_CHOICES}.", ["weights", "normalisation"])
    fixed = texts("What is not: the ranges say nothing of it.", ["data-error", "goalposts"])
    errors_known = ma.fields.List(
        ma.fields.String(),
        allow_none=True,
        metadata={"description": "The indicators with known errors; null where figures are taken as they are."},
    )
    basis = text(
        "Of best and worst: `exact` over everything that is `varied`; `bounds` where some are reached but not proved, "
        "see `best_bound` and `worst_bound`; or `range_over_draws`. Null: not asked for.",
        "exact",
        allow_none=True,
    )
    basis_reason = text("Why they are not exact, where they are not.", allow_none=True)
    ordered_pairs = whole(
        "How many pairs of regions stand in the same order whatever is chosen; null: not known.", 41, allow_none=True
    )
    pairs_count = whole("How many pairs there are.", 66)
    reached = ma.fields.List(
        ma.fields.Nested(ReachedRegion),
        allow_none=True,
        metadata={"description": "What reaches best and worst ranks; only on request.", "optional": True},
    )
    pairs = ma.fields.List(
        ma.fields.Nested(AheadRegion),
        allow_none=True,
        metadata={"description": "Who is always ahead of whom; only on request, null: not known.", "optional": True},
    )
    regions = many(UncertainRegion, "The regions that have a score.")
    ranks = ma.fields.List(
        ma.fields.List(ma.fields.Integer(allow_none=True)),
        metadata={"description": "Every draw, the regions in the order of `regions`.", "optional": True},
    )


class EffectRange(Item):
    """Between what an effect lies (bootstrap, 95 %)."""

    lower = nullable("The lower end.", 0.31)
    upper = nullable("The upper end.", 0.48)


class EffectItem(Item):
    """The effect of a choice."""

    choice = text(f"One of {_NAMED_CHOICES}.", "weights")
    first_order = nullable("Share of the variance that it explains alone; an estimate, which may fall below 0.", 0.4)
    first_order_95 = one(EffectRange, "Where 95 % of the estimates lie when the points are drawn again.")
    total = nullable("Share of the variance that it takes part in.", 0.5)
    total_95 = one(EffectRange, "The same of `total`.")


class RegionEffects(Item):
    """What the rank of a region depends on."""

    id = text("Identifier.", "E12000005")
    rank = many(EffectItem, "Effects on its rank; null where its rank never changes.")


class SensitivityItem(Item):
    """Sobol's effects of each choice that may be made otherwise."""

    samples = whole("How many points they are estimated from.", 256)
    evaluations = whole("How often the index was computed.", 1280)
    mean_rank_shift = many(EffectItem, "Effects on the mean absolute shift of ranks against the definition's own.")
    regions = many(RegionEffects, "Effects on the rank of each region.")
