"""Published indices."""

from __future__ import annotations

import marshmallow as ma

from api.filters import EditionFilter
from api.schemas.base import NAMED, Item, Question, envelope, many, number, one, text, texts, whole
from api.schemas.fields import Whole
from api.schemas.index.computed import AlphaItem, MethodRange
from api.schemas.index.parts import IndexComponentItem


class EditionQuestion(Question):
    """Which edition."""

    filter_type = EditionFilter
    edition = Whole(
        validate=ma.validate.Range(min=1900, max=9999, error="An edition is a year, such as 2026."),
        metadata={
            "description": "The edition of a year: figures of periods up to its end. Without it: of the release's own.",
            "example": 2026,
        },
    )


class IndexItem(Item):
    """A published index."""

    id = text("Identifier.", "local-digital-capital")
    title = text("Title.")
    description = text("What it says, of which places.")
    method = text("Whose method it is.", "A method of this project's own, not techUK's.")
    method_version = text("The version of the method: scores of one version compare over time.", "1")
    level = text("The level of its regions.", "itl1")


class IndexMethods(Item):
    """The method of each step, see `/v1/methods`."""

    imputation = text("How missing values are filled in.", "none")
    treatment = text("How outliers are treated.", "none")
    normalisation = text("How indicators come to one scale.", "goalposts")
    aggregation = text("How parts are joined.", "arithmetic")


class IndexDetail(IndexItem):
    """An index and an edition of it."""

    edition = whole("The edition.", 2026)
    up_to = text("The day up to which figures count.", "2026-06-26")
    methods = one(IndexMethods, "The method of each step.")
    most_years_old = whole("How old a figure may be, in years.", 5)
    least_share = number("For what share of the regions an indicator needs comparable values.", 1)
    least_components = whole("Of how many components it is made at least.", 2)
    notes = texts("What to know of the method.")
    regions = texts(f"The regions{NAMED}.", ["E12000001"])
    regions_count = whole("How many regions there are.", 12)
    components = many(IndexComponentItem, "The components with their indicators.")


class ScoredRegion(Item):
    """A region of an edition."""

    region = text("Code of the region.", "E12000005")
    region_name = text("Its name.", "West Midlands")
    score = number("The score, from 0 to 100 between the goalposts.", 48.21, allow_none=True)
    rank = whole("Rank, 1 the best; equals share the best.", 6, allow_none=True)
    coverage = number("The share of the weight that it has values for.", 1)
    components = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Float(allow_none=True),
        metadata={"description": "The score of each component that is measured."},
    )
    contributions = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Float(allow_none=True),
        metadata={"description": "What each component adds to the score."},
    )
    median_rank = number("Median of its ranks over other weights and methods.", 6, allow_none=True)
    method_range_90 = one(MethodRange, "From the 5th to the 95th percentile of those ranks: a range over methods.")
    top_share = number("Share of them in which it is among the first three.", 0.02, allow_none=True)
    best = whole("The best rank that they give.", 4, allow_none=True)
    worst = whole("The worst rank that they give.", 9, allow_none=True)
    reason = text("Why it has no score.", allow_none=True)


class ScoresUncertainty(Item):
    """How to read the ranges."""

    draws = whole("How many times weights and methods were drawn.", 1000)
    top = whole("How many regions count as first in `top_share`.", 3)
    note = text("What the ranges are, and are not.")
    basis = text("Of best and worst: `exact` or `range_over_draws`.", "exact", allow_none=True)
    basis_reason = text("Why they are not exact.", allow_none=True)


class Scores(Item):
    """The scores of an edition."""

    index = text("The index.", "local-digital-capital")
    title = text("Its title.")
    method = text("Whose method it is.")
    method_version = text("The version of the method.", "1")
    edition = whole("The edition.", 2026)
    regions = many(ScoredRegion, "The regions, the best first.")
    components = many(IndexComponentItem, "What the scores are made of, and what is not measured.")
    uncertainty = one(ScoresUncertainty, "How to read the ranges of ranks.")
    alpha = ma.fields.List(
        ma.fields.Nested(AlphaItem),
        metadata={"description": "Cronbach's alpha of each component and of the index, with n."},
    )
    notes = texts("What to know of the method.")
    n = whole("How many regions have a score.", 12)


IndexList = envelope("IndexList", many(IndexItem, "The indices."))
IndexAnswer = envelope("IndexAnswer", one(IndexDetail, "The index."))
ScoresAnswer = envelope("ScoresAnswer", one(Scores, "The scores; null where too little is measured.", allow_none=True))
