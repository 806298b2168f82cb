"""Questions that are answered by charts."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.chart_filters import ENGLISH, NAMES, GroupChart, IndexChart, MapChart, ProfileChart, SeriesChart
from api.charts.chart import LIGHT, NARROWEST, THEMES, USUAL_WIDTH, WIDEST
from api.filters import BOUNDARIES, GEOMETRIES, POINTS
from api.schemas import fields
from api.schemas.base import Question
from api.schemas.history import history_of
from api.schemas.index.published import EDITION, METHOD_VERSION

_POINTED_OUT = "Regions that are pointed out."


class Width(fields.Whole):
    """A width in pixels within what charts are drawn for."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        found = super()._deserialize(value, attr, data, **kwargs)
        if not NARROWEST <= found <= WIDEST:
            raise ma.ValidationError(f"A chart is {NARROWEST} to {WIDEST} pixels wide, and {found} are asked for.")
        return found


def _required(name: str, description: str, example: str, listed_at: str) -> ma.fields.String:
    field = fields.identifier(description, example)
    field.required = True
    field.error_messages["required"] = f"Name {name}, such as {example}; {listed_at} lists them."
    return field


def _indicator() -> ma.fields.String:
    return _required("an indicator", "The indicator that is shown.", "gigabit-availability", "/v1/indicators")


class ChartQuestion(Question):
    """How a chart is to look."""

    width = Width(
        load_default=USUAL_WIDTH,
        metadata={
            "description": "How wide the image is, in pixels. PNG has twice as many, for sharp screens.",
            "minimum": NARROWEST,
            "maximum": WIDEST,
            "example": USUAL_WIDTH,
        },
    )
    theme = fields.Keyword(
        THEMES,
        error="{input!r} is no theme. Those are {choices}.",
        load_default=LIGHT,
        metadata={
            "description": "On white or on dark. `auto` follows the reader's system, in SVG; PNG is then light.",
            "example": LIGHT,
        },
    )
    names = fields.Keyword(
        NAMES,
        error="{input!r} is no language of names here. Those are {choices}.",
        load_default=ENGLISH,
        metadata={"description": "In which language places are named, as far as they have a name in it.",
                  "example": ENGLISH},
    )  # fmt: skip


class SeriesChartQuestion(ChartQuestion):
    """Which series a chart shows."""

    filter_type = SeriesChart
    indicator = _indicator()
    region = fields.identifiers("The regions whose series are shown, by their codes: up to six.", "E47000007")
    region.required = True
    region.error_messages["required"] = "Name a region by its code, such as E47000007; /v1/regions lists them."
    with_ = fields.Texts(
        ma.fields.String(metadata={"pattern": fields.IDENTIFIER}),
        data_key="with",
        attribute="benchmarks",
        metadata={
            "description": f"What they are held against, in grey: `uk`, or codes of regions. {fields.SEVERAL}",
            "example": ["uk"],
        },
    )
    history = history_of(merged=True)
    period_from = fields.period("Only periods that begin on or after the first day of this one.", "2015")
    period_to = fields.period("Only periods that begin on or before the last day of this one.", "2026")


class ComparisonChartQuestion(ChartQuestion):
    """Which places a chart shows side by side."""

    filter_type = GroupChart
    indicator = _indicator()
    region = fields.identifiers(_POINTED_OUT, "E47000007")
    level = fields.identifier("The level whose regions are shown. Without it that of the first region, or the usual "
                              "one.", "combined-authority")  # fmt: skip
    period = fields.period("The period. Without it: the latest that the level has values for.", "2026-01")


class ChangeChartQuestion(ComparisonChartQuestion):
    """Since when a chart shows a change."""

    since = fields.period("The earlier period. Without it: the period before.", "2025-01")


class MapQuestion(ComparisonChartQuestion):
    """As what a map draws places."""

    filter_type = MapChart
    geometry = fields.Keyword(
        [item for item in GEOMETRIES if item != POINTS],
        error="{input!r} is nothing that a map draws here. Those are {choices}.",
        load_default=BOUNDARIES,
        metadata={
            "description": "As what places are drawn: their boundaries, or hexagons of the same size.",
            "example": "hexagons",
        },
    )


class ProfileChartQuestion(ChartQuestion):
    """Of which place a chart shows the indicators."""

    filter_type = ProfileChart
    region = _required("a region", "The region whose indicators are shown.", "E08000027", "/v1/regions")
    component = fields.identifiers("Only the indicators of this component.", "digital-infrastructure")
    level = fields.identifier("The level that it is shown within, where it is of several.", "local-authority")


class IndexChartQuestion(ChartQuestion):
    """Which index a chart shows."""

    filter_type = IndexChart
    index = _required("an index", "The index whose ranks are shown.", "local-digital-capital", "/v1/indices")
    region = fields.identifiers(_POINTED_OUT, "E12000005")
    edition = EDITION
    method_version = METHOD_VERSION
