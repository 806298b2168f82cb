"""Published indices."""

from __future__ import annotations

import marshmallow as ma

from api.filters import EditionFilter
from api.schemas.base import NAMED, Item, Question, envelope, flag, many, number, one, text, texts, whole
from api.schemas.fields import Whole
from api.schemas.index.computed import AlphaItem
from api.schemas.index.influences import MethodRange
from api.schemas.index.parts import IndexComponentItem

EDITION = Whole(
    validate=ma.validate.Range(min=1900, max=9999, error="An edition is a year, such as 2026."),
    metadata={
        "description": "The edition of a year: figures of periods up to its end. Without it: of the release's own.",
        "example": 2026,
    },
)
METHOD_VERSION = Whole(
    validate=ma.validate.Range(min=1, max=999_999, error="A version of a method is a whole number, such as 2."),
    metadata={"description": "The version of the method. Without it: the newest of the release.", "example": 1},
)


class EditionQuestion(Question):
    """Which edition."""

    filter_type = EditionFilter
    edition = EDITION
    method_version = METHOD_VERSION


class IndexItem(Item):
    """A published index."""

    id = text("Identifier.", "local-digital-capital")
    title = text("Title.")
    description = text("What it says, of which places.")
    method = text("Whose method it is.", "A method of this project's own, not techUK's.")
    method_version = text("The version of the method.", "2")
    method_versions = texts("Its versions, the newest first: `method_version` asks for one.", ["2", "1"])
    level = text("The level of its regions.", "itl1")
    documentation = text("A page on its method, for people.", "/docs/indices/local-digital-capital")


class IndexMethods(Item):
    """The method of each step, see `/v1/methods`."""

    imputation = text("How missing values are filled in.", "none")
    treatment = text("How outliers are treated.", "none")
    normalisation = text("How indicators come to one scale.", "goalposts")
    aggregation = text("How parts are joined.", "arithmetic")


class IndexAnswerItem(Item):
    """An objection to an index, and what its method answers."""

    objection = text("The objection.")
    answer = text("What the method answers, or where the open figures do not allow an answer.")


class IndexUncertaintyItem(Item):
    """What the ranges of ranks of an index take in."""

    weights = number("How far each weight may go from its own, as a share of it.", 0.25)
    normalisation = texts("The normalisations.", ["goalposts", "min-max", "z-score"])
    treatment = texts("The treatments of outliers.", ["none"])
    aggregation = texts("The aggregations.", ["arithmetic"])
    leave_one_out = flag("Whether a draw may do without one of the indicators.", True)  # noqa: FBT003
    data_error = flag("Whether figures are drawn from within their errors, where known.", True)  # noqa: FBT003
    goalposts = number("How far each goalpost may go from its own, as a share of what lies between.", 0.1)


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
    components_measured = whole("How many components are measured.", 6)
    components_count = whole("Of how many.", 8)
    components_coverage = number("The share of the weight of all components that is measured.", 0.71)
    digital_share = number(
        "The share of the weight of what enters the edition that is digital; null: it is not said.",
        0.6,
        allow_none=True,
    )
    outcomes = texts("Indicators that the index is held against and that take no part in it.", ["gva-sic-62-63"])
    answers = many(IndexAnswerItem, "Objections to the index, and what its method answers.")
    uncertainty = one(IndexUncertaintyItem, "What its ranges of ranks take in.")


class ScoresQuestion(EditionQuestion):
    """Which edition, and which earlier one it is held against."""

    since = Whole(
        validate=ma.validate.Range(min=1900, max=9999, error="An edition is a year, such as 2024."),
        metadata={
            "description": "An earlier edition to hold it against, by the indicators that both hold alike.",
            "example": 2024,
        },
    )


class ChangedComponent(Item):
    """A component of a region in two editions, by what both hold alike."""

    component = text("The component.", "digital-infrastructure")
    score = number("The score in the later edition.", 61.2, allow_none=True)
    earlier_score = number("The score in the earlier one.", 47.9, allow_none=True)
    change = number("The difference.", 13.3, allow_none=True)


class ChangedRegion(Item):
    """A region in two editions, by what both hold alike."""

    region = text("Code of the region.", "E12000005")
    region_name = text("Its name.", "West Midlands")
    score = number("The score in the later edition.", 51.2, allow_none=True)
    earlier_score = number("The score in the earlier one.", 47.9, allow_none=True)
    change = number("The difference.", 3.3, allow_none=True)
    order = whole("Its position in the order of the later scores.", 6, allow_none=True)
    earlier_order = whole("Its position in the order of the earlier ones.", 7, allow_none=True)
    components = many(ChangedComponent, "Its components.")


class LeftOutIndicator(Item):
    """An indicator that says nothing of a change."""

    indicator = text("The indicator.", "inward-fdi-stock")
    reason = text("Why it does not.")


class ScoreChanges(Item):
    """Two editions, like for like."""

    since = whole("The earlier edition.", 2024)
    note = text("What is compared.")
    indicators = texts("The indicators that both editions hold alike.", ["gigabit-availability"])
    left_out = many(LeftOutIndicator, "The others, and why they are left out.")
    components = texts("The components that are left.", ["digital-infrastructure"])
    reason = text("Why scores of the index are not compared, where they are not.", allow_none=True)
    regions = ma.fields.List(
        ma.fields.Nested(ChangedRegion),
        allow_none=True,
        metadata={"description": "The regions; null where nothing is left to compare."},
    )


class ScoredRegion(Item):
    """A region of an edition."""

    region = text("Code of the region.", "E12000005")
    region_name = text("Its name.", "West Midlands")
    score = number("The score, from 0 to 100 between the goalposts.", 48.21, allow_none=True)
    rank = whole("Rank, 1 the best; equals share the best.", 6, allow_none=True)
    coverage = number("The share of the weight of all components, measured or not, that it has values for.", 0.71)
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
    varied = texts("What is chosen otherwise in the draws.", ["weights", "normalisation"])
    fixed = texts("What is not: the ranges say nothing of it.", ["data-error", "goalposts"])
    errors_known = ma.fields.List(
        ma.fields.String(),
        allow_none=True,
        metadata={"description": "The indicators with known errors; null where figures are taken as they are."},
    )
    basis = text("Of best and worst: `exact`, `bounds` or `range_over_draws`.", "exact", allow_none=True)
    basis_reason = text("Why they are not exact.", allow_none=True)
    ordered_pairs = whole(
        "How many pairs stand in the same order whatever is chosen; null: not known.", allow_none=True
    )
    pairs_count = whole("How many pairs there are.", 66)


class Scores(Item):
    """The scores of an edition."""

    index = text("The index.", "local-digital-capital")
    title = text("Its title.")
    method = text("Whose method it is.")
    method_version = text("The version of the method.", "1")
    edition = whole("The edition.", 2026)
    regions = many(ScoredRegion, "The regions, the best first.")
    components = many(IndexComponentItem, "What the scores are made of, and what is not measured.")
    components_measured = whole("How many components are measured.", 6)
    components_count = whole("Of how many.", 8)
    uncertainty = one(ScoresUncertainty, "How to read the ranges of ranks.")
    alpha = ma.fields.List(
        ma.fields.Nested(AlphaItem),
        metadata={"description": "Cronbach's alpha of each component and of the index, with n."},
    )
    notes = texts("What to know of the method.")
    n = whole("How many regions have a score.", 12)
    changes = one(
        ScoreChanges, "The edition against an earlier one (`since`); null where not asked for.", allow_none=True
    )


IndexList = envelope("IndexList", many(IndexItem, "The indices."))
IndexAnswer = envelope("IndexAnswer", one(IndexDetail, "The index."))
ScoresAnswer = envelope("ScoresAnswer", one(Scores, "The scores; null where too little is measured.", allow_none=True))
