"""Comparisons and rankings."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.columns import RANKING, STATUS, in_json
from api.filters import BASES, RANKED_BY, ComparisonFilter, RankingFilter
from api.schemas import fields
from api.schemas.base import NAMED, Item, Question, envelope, many, number, one, row_of, text, texts, whole
from api.schemas.comparison_parts import Benchmark, Comparable, ComparisonGroup, DifferenceTest, Rank
from api.schemas.observations import Bounds

_NEEDED = {
    "indicator": "Name an indicator, such as gva-sic-j-per-head; /v1/indicators lists them.",
    "region": "Name a region by its code, such as E12000005; /v1/regions lists them.",
}


def _needed(name: str, description: str, example: str) -> ma.fields.String:
    field = fields.identifier(description, example)
    field.required = True
    field.error_messages["required"] = _NEEDED[name]
    return field


class ComparisonQuestion(Question):
    """What is compared with what."""

    filter_type = ComparisonFilter
    indicator = _needed("indicator", "The indicator that is compared.", "gva-sic-j-per-head")
    region = _needed("region", "The region that is compared, by its code.", "E12000005")
    period = fields.period("The period. Without it: the latest that the region has a value for.", "2023")
    with_ = fields.Texts(
        ma.fields.String(metadata={"pattern": "^[A-Za-z0-9:_-]+$"}),
        data_key="with",
        attribute="benchmarks",
        metadata={
            "description": "What to compare with: `median` (of the region's own level), `uk-median` (of the twelve ITL "
            "1 regions), `uk`, `parent` (the ITL 1 region around it), `parent:county` and other levels, `peers` "
            f"(the five most similar regions), codes of regions. {fields.SEVERAL} Several regions are a group as well: "
            "`selected` has their median, and the rank among them. Without it: `median,uk`.",
            "example": ["uk-median", "E12000002", "E12000006"],
        },
    )


class RankingQuestion(Question):
    """Which regions are ranked, and when."""

    filter_type = RankingFilter
    level = fields.identifier(
        "The level whose regions are ranked. Without it: ITL 1 regions, or the widest level with five figures or more.",
        "itl1",
    )
    period = fields.period("The period. Without it: the latest that the level has values for.", "2026-01")
    by = fields.Keyword(
        RANKED_BY,
        error="{input!r} is nothing to rank by. Those are {choices}.",
        load_default=RANKED_BY[0],
        metadata={
            "description": "By what: the `value`; its `change` since an earlier period, in its unit or in percentage "
            "points; or its `relative-change`, in per cent. A series break is never crossed.",
            "example": "change",
        },
    )
    since = fields.period("The earlier period of a change. Without it: the period before.", "2023")
    basis = fields.Keyword(
        BASES,
        error="{input!r} is no basis of ranks. Those are {choices}.",
        load_default=BASES[0],
        metadata={
            "description": "Which error the ranks go by: what is `published`, or known of rounding; or the `chance` "
            "variation of counts (Byar's and Wilson's methods), as though each were one of many that could have come "
            "about: a full count has no sampling error.",
            "example": "chance",
        },
    )
    best = fields.count_of("Which regions may be among so many best is told in `among_best`.", 5)
    worst = fields.count_of("Which regions may be among so many worst is told in `among_worst`.", 5)
    limit = fields.Limit(of="items", what="regions", default="ranked")
    cursor = fields.cursor()


class Among(Item):
    """The regions that may be among the first or the last in rank, as far as the basis of the ranks tells.

    With published 95 % bounds: all that truly are among them, with 95 % confidence.
    """

    count = whole("Among how many.", 5)
    regions = texts(f"Codes of the regions{NAMED}; null without a basis.", ["E12000007"], allow_none=True)
    n = whole("How many regions there are; null without a basis.", 7, allow_none=True)


class RankBasis(Item):
    """What the intervals of a ranking rest on."""

    basis = text(
        "`sampling_ci_95`, `rounding`, on request `chance_byar_95` or `chance_wilson_95`, or null: there is none.",
        "rounding",
        allow_none=True,
    )
    reason = text("Why there is none.", "sampling error not held here", allow_none=True)
    detail = text("The same in a sentence.")


class Step(Item):
    """A change since an earlier period."""

    period = text("The earlier period.", "2022")
    value = number("Its value, as published.", 1081.9)
    points = whole("How many points of the series the change spans, both ends counted.", 2)
    absolute = number("The later value less the earlier one.", 21.7)
    relative = number(
        "The same as a percentage of the earlier value; null where that is not positive.", 2.0, allow_none=True
    )
    unit = text("The unit of the change: percentage points between percentages.", "£ per head")
    test = one(DifferenceTest, "Whether it is more than chance; null without bounds of both.", allow_none=True)


class Change(Item):
    """How the published series came to where it is. A series break is never crossed."""

    previous = one(Step, "Since the period before; null where there is none, or a break lies between.", allow_none=True)
    series = one(Step, "Since the series began, or last broke.", allow_none=True)
    reason = text("Why there is no change to tell.", allow_none=True)
    broke_in = text("The period in which the series last broke; null: it did not.", allow_none=True)


class SelectedGroup(Item):
    """The regions that were named, as a group of the caller's own."""

    median = one(Benchmark, "Their median, from three on, without the region that is compared unless it was named.")
    rank = one(Rank, "The region's place among them and itself; null where it has none.", allow_none=True)
    group = one(ComparisonGroup, "Who is in it, the region included, and who is missing.")


class QuotedFigure(Item):
    """A figure that others printed of the same place and much the same thing. See `/v1/published-figures`."""

    id = text("Identifier.")
    label = text("What the figure says.", "Digital output (GVA) per person")
    printed = text("The figure as printed.", "2055")
    value = number("The figure as a number, where one was printed.", 2055, allow_none=True)
    unit = text("Unit.", "£ per person")
    edition = text("The edition or publication it stands in.", "LDI 2023")
    median_side = text("The side of the median that its source puts it on, if any.", "above", allow_none=True)
    points_the_other_way = ma.fields.Boolean(
        allow_none=True,
        metadata={
            "description": "Whether it stands on the other side of the median than the value here; null: not known."
        },
    )
    source_title = text("Where it was printed.")
    source_url = text("Its address.")
    note = text("What to know about it, such as another definition.", allow_none=True)


class Comparison(Item):
    """One indicator of one region, beside its benchmarks, its group and its own past."""

    indicator = text("The indicator.", "gva-sic-j-per-head")
    indicator_title = text("Its title.")
    definition = text("What exactly is measured.")
    polarity = text("Which direction is better, if any.", "higher-is-better")
    collection = text("How the values come about, and so what error they have.", "modelled", allow_none=True)
    quality = text("Quality label of the statistic.", "no-accreditation")
    caveats = text("What to know before using it.", allow_none=True)
    region = text("Code of the region.", "E12000005")
    region_name = text("Its name.", "West Midlands")
    region_welsh_name = text("Its name in Welsh, where that is another.", "Caerdydd", allow_none=True)
    region_label = text("Its name and level.", "West Midlands (ITL 1 region)")
    published_region = text("The code that the value is published under, where the place has several.", "E12000005")
    level = text("The level that it is compared in.", "itl1")
    period = text("The period that is compared.", "2023")
    value = number("The value as published.", 1103.6)
    unit = text("Its unit.", "£ per head")
    decimals = whole("Decimals worth showing.", 1)
    status = text(STATUS, "A")
    bounds = one(Bounds, "Published bounds of the value, where there are any.", allow_none=True)
    comparable = one(Comparable, "The value as it is compared; null where it cannot be.", allow_none=True)
    reason = text("Why it cannot be compared or ranked; null where it can.", "not comparable: size", allow_none=True)
    rank = one(Rank, "Its place in the group; null where it has none.", allow_none=True)
    benchmarks = many(Benchmark, "What it is compared with.")
    selected = one(
        SelectedGroup, "The regions named in `with` as one group, where there are several; else null.", allow_none=True
    )
    change = one(Change, "How its published series came to where it is.")
    group = one(ComparisonGroup, "The group it is compared in.")
    quoted = many(QuotedFigure, "What others printed of it.")
    statement = text("The same in plain sentences that are safe to print.")


_RankedRegion = type(
    "RankedRegion",
    (row_of("RankedRegionRow", in_json(RANKING)),),
    {"bounds": one(Bounds, "The 95 % limits of the value as it is compared; null without any.", allow_none=True)},
)


class Ranking(Item):
    """The regions of a level by their values."""

    indicator = text("The indicator.", "gigabit-availability")
    indicator_title = text("Its title.")
    definition = text("What exactly is measured.")
    polarity = text(
        "Which direction is better, and so first; neutral ones begin with the highest value.", "higher-is-better"
    )
    collection = text("How the values come about, and so what error they have.", "administrative", allow_none=True)
    unit = text("Unit of the values compared.", "% of premises")
    decimals = whole("Decimals worth showing.", 1)
    denominator = text("What counts and amounts were divided by.", "population", allow_none=True)
    formula = text("How the values compared were computed.", allow_none=True)
    by = text("By what the regions are ranked.", "value")
    since = text("The earlier period of a change; null: values are ranked.", "2023", allow_none=True)
    regions = many(
        _RankedRegion,
        "The regions of this page, the best first, equals by code: their ranks are over all, of which there are `n`.",
    )
    basis = one(RankBasis, "What the intervals of the ranks rest on, or why there are none.")
    among_best = one(Among, "Which regions may be among the `best`; null where not asked for.", allow_none=True)
    among_worst = one(Among, "Which regions may be among the `worst`; null where not asked for.", allow_none=True)
    median = one(Benchmark, "The median of the group; null under five regions.", allow_none=True)
    group = one(ComparisonGroup, "The regions ranked, those left out, and those missing.")


def _answer(name: str, schema: type[Item], description: str) -> type[ma.Schema]:
    nothing: dict[str, Any] = {"allow_none": True}
    return envelope(name, one(schema, description, **nothing))


ComparisonAnswer = _answer("ComparisonAnswer", Comparison, "The comparison; null where there is no value, see `meta`.")
RankingAnswer = _answer("RankingAnswer", Ranking, "The ranking; null where there are no figures, see `meta`.")
