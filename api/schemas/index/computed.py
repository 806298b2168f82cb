"""The answer to a calculation."""

from __future__ import annotations

import marshmallow as ma

from api.schemas.base import Item, Meta, flag, many, number, one, text, texts, whole
from api.schemas.comparison_parts import AbsentRegion
from api.schemas.index.influences import MethodRange, SensitivityItem, UncertaintyItem, nullable, numbers
from api.schemas.index.parts import IndexComponentItem
from api.schemas.index.written import WrittenDefinition


class StagesItem(Item):
    """What became of one value: each stage of it, null where there is none."""

    raw = nullable("As it was given.", 41.2)
    denominated = nullable("Divided by its denominator, and multiplied by the scale.", 41.2)
    imputed = nullable("After missing values were filled in.", 41.2)
    treated = nullable("After outliers were treated.", 41.2)
    normalised = nullable("On one scale with the others; the more, the better.", 73.5)
    was_imputed = flag("Whether it was filled in.", False)  # noqa: FBT003
    was_treated = flag("Whether it was changed as an outlier.", False)  # noqa: FBT003


class ComputedRegion(Item):
    """A region of the index."""

    id = text("Identifier.", "E12000005")
    name = text("Name, where one was given.", "West Midlands", allow_none=True)
    rank = whole("Rank, 1 the highest score; equals share the best.", 8, allow_none=True)
    score = nullable("Score at the top.", 48.1)
    reason = text("Why there is no score, where there is none.", allow_none=True)
    coverage = number("The share of the top's weight that it has values for, before imputation.", 1)
    scores = numbers("Its score by aggregate.")
    contributions = numbers("What each part of the top adds to the score.", allow_none=True)
    indicators = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Nested(StagesItem),
        metadata={"description": "Every stage, by indicator.", "optional": True},
    )


class TreatmentItem(Item):
    """An indicator that was treated."""

    indicator = text("Indicator.", "patents")
    winsorised = whole("How many points were brought in.", 1)
    logged = flag("Whether logarithms were taken.", False)  # noqa: FBT003


class CorrelationsItem(Item):
    """Pearson's correlations of all parts, the indicators as normalised."""

    parts = texts("Indicators and aggregates: rows and columns.", ["broadband", "skills", "index"])
    values = ma.fields.List(
        ma.fields.List(ma.fields.Float(allow_none=True)),
        metadata={"description": "A row for each part; null under three regions, or where one is the same everywhere."},
    )
    n = ma.fields.List(
        ma.fields.List(ma.fields.Integer()), metadata={"description": "How many regions each correlation is of."}
    )


class AlphaItem(Item):
    """Cronbach's alpha of the parts of an aggregate."""

    aggregate = text("Aggregate.", "index")
    parts = whole("How many parts it has.", 3)
    value = nullable("Alpha; null under two parts or two regions.", 0.7)
    n = whole("How many regions it is of: those with every part.", 12)


class MovedRegion(Item):
    """A region in both calculations."""

    id = text("Identifier.", "E12000005")
    name = text("Name, where one was given.", "West Midlands", allow_none=True)
    rank = whole("Its rank here.", 5, allow_none=True)
    score = nullable("Its score here.", 51.3)
    against_rank = whole("Its rank in the other calculation.", 8, allow_none=True)
    against_score = nullable("Its score there.", 48.1)
    moved = whole("How many ranks it is better here; below zero: worse.", 3, allow_none=True)
    against_range_90 = one(MethodRange, "The range of its ranks over what is drawn in the other calculation.")
    beyond = flag("Whether its rank here lies beyond that range; null: it has none.", True, allow_none=True)  # noqa: FBT003


class MovesItem(Item):
    """The calculation held against another one."""

    definition = one(WrittenDefinition, "The other one, every default filled in.")
    regions = many(MovedRegion, "The regions, those that moved furthest first.")
    moved = whole("How many of them moved.", 4)
    beyond = whole("How many of them moved beyond the range; null: there is none.", 1, allow_none=True)
    beyond_reason = text("Why there is no range, where there is none.", allow_none=True)
    rank_correlation = nullable("The correlation of both ranks (Spearman).", 0.97)


class EarlierFigure(Item):
    """An earlier value that stands in for a missing one."""

    region = text("Code of the region.", "E06000052")
    period = text("The period that the value is of.", "2022")


class UsedFigures(Item):
    """Which figures of an indicator of this service were used."""

    indicator = text("The indicator.", "gva-sic-j")
    title = text("Its title.")
    period = text("The period.", "2023", allow_none=True)
    n = whole("How many of the regions have a comparable value.", 12)
    unit = text("The unit that is compared.", "£ per head")
    denominator = text("What it was divided by; null for rates.", "population", allow_none=True)
    denominator_years = texts("The years of the denominators.", ["2023"])
    missing = many(AbsentRegion, "The regions without a comparable value, and why.")
    earlier = many(EarlierFigure, "The regions whose latest earlier value may stand in, and its period.")


class SizedBy(Item):
    """What regions of this service are weighed by."""

    indicator = text("The indicator.", "population")
    year = whole("The year of its figures: the nearest to it, at most two off, where a region has none.", 2023)


class ComputedIndex(Item):
    """An index, computed."""

    title = text("Title, where one was given.", allow_none=True)
    index = text("The published index that it was made from.", "local-digital-capital", optional=True)
    edition = whole("The edition of that index.", 2026, optional=True)
    method_version = text("The version of its method.", "1", optional=True)
    notes = ma.fields.List(
        ma.fields.String(), metadata={"description": "What to know of its method.", "optional": True}
    )
    components = ma.fields.List(
        ma.fields.Nested(IndexComponentItem),
        metadata={"description": "How its indicators enter the edition, before any choice.", "optional": True},
    )
    components_measured = whole("How many components of the edition are measured.", 6, optional=True)
    components_count = whole("Of how many.", 8, optional=True)
    components_coverage = ma.fields.Float(
        metadata={"description": "The share of the weight of all components that is measured.", "optional": True}
    )
    definition = one(WrittenDefinition, "What was computed, every default filled in.")
    top = text("The aggregate at the top, whose score is ranked.", "index")
    regions = many(ComputedRegion, "The regions, in the order in which they were given.")
    figures = ma.fields.List(
        ma.fields.Nested(UsedFigures),
        allow_none=True,
        metadata={"description": "What the figures of this service are, by indicator; null where all are your own."},
    )
    sized_by = one(SizedBy, "What regions are weighed by, where a normalisation weighs them.", optional=True)
    contributions_reason = text("Why there are no contributions.", optional=True, allow_none=True)
    effective_weights = numbers("The share of each part in the top, all levels multiplied.")
    treatment = ma.fields.List(
        ma.fields.Nested(TreatmentItem),
        metadata={"description": "The indicators whose outliers were treated.", "optional": True},
    )
    correlations = one(CorrelationsItem, "How the parts go together.", optional=True)
    alpha = ma.fields.List(
        ma.fields.Nested(AlphaItem),
        metadata={"description": "Cronbach's alpha of the parts of each aggregate.", "optional": True},
    )
    uncertainty = one(
        UncertaintyItem, "Ranks over the draws; null where none were asked for.", optional=True, allow_none=True
    )
    sensitivity = one(
        SensitivityItem, "What ranks depend on; null where it was not asked for.", optional=True, allow_none=True
    )
    against = one(
        MovesItem, "Held against another calculation; only where that is asked for.", optional=True, allow_none=True
    )


class CalculationMeta(Meta):
    """What there is to know about a calculation. Of figures of the caller's own no release or licence is known."""

    release = whole(
        "The release that figures were read at; null where there are none of this service.", allow_none=True
    )
    published_at = text("When that release was published; null without one.", allow_none=True)
    reconstructed = flag("Whether it was laid out afterwards; null without one.", allow_none=True)
    licence = text("The licence of the figures; null: the caller's own.", allow_none=True)
    attribution = text("The attribution that the licence asks for; null without one.", allow_none=True)
    version = text("The version of the service that computed it.", "0.1.0")
    figures = text("Whose figures they are: `inline`, the caller's own, `service`, or `mixed`.", "inline")
    permalink_reason = text("Why there is no permalink.", allow_none=True)


class CalculationLinks(Item):
    """Where to go from here."""

    permalink = text("An address that leads back to this answer; null: none does.", allow_none=True)
    self = text("This question, spelt one way.", optional=True)
    next = text("Null: there is one page.", optional=True, allow_none=True)


def computed_answer(name: str, data: type[Item], description: str) -> type[ma.Schema]:
    """The schema `{data, meta, links}` of what was computed of the question's own figures, or of this service's."""
    return Item.from_dict(
        {
            "data": one(data, description),
            "meta": one(CalculationMeta, "Where it comes from."),
            "links": one(CalculationLinks, "Where to go from here."),
        },
        name=name,
    )


CalculationAnswer = computed_answer("CalculationAnswer", ComputedIndex, "The index.")
