"""Questions as SDMX's own REST interface asks them."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api import sdmx
from api.columns import STATUSES
from api.filters import SdmxDataFilter, StructureFilter
from api.schemas import fields
from api.schemas.base import Question

DETAILS = (
    "full",
    "allstubs",
    "allcompletestubs",
    "referencestubs",
    "referencecompletestubs",
    "referencepartial",
    "raw",
)
RELATIONS = ("none", "children", "descendants", "parents", "parentsandsiblings", "ancestors", "all")
KINDS = (
    "dataflow",
    "datastructure",
    "conceptscheme",
    "codelist",
    "categoryscheme",
    "categorisation",
    "agencyscheme",
)
OTHER_KINDS = ("valuelist", "hierarchy", "dataconstraint", "contentconstraint", "provisionagreement", "metadataflow")
"""Types that there are none of here, and that may be asked for along with others all the same."""


class StructureQuestion(Question):
    """How much of which structures."""

    filter_type = StructureFilter
    detail = ma.fields.String(
        validate=ma.validate.OneOf(DETAILS, error="{input!r} is no detail. Those are {choices}."),
        metadata={
            "description": "How much of each structure: `full`, or a stub of it (`allstubs`, `referencestubs`); "
            "`referencepartial` and `raw` are the same as `full` here.",
            "example": "full",
        },
    )
    references = fields.Texts(
        ma.fields.String(
            validate=ma.validate.OneOf(
                (*RELATIONS, *KINDS, *OTHER_KINDS), error="{input!r} is no kind of reference. Those are {choices}."
            )
        ),
        metadata={
            "description": "Which structures come with those that are asked for: those that they refer to (`children`, "
            "`descendants`), those that refer to them (`parents`, `ancestors`), `all`, or those of one type. "
            f"{fields.SEVERAL}",
            "example": ["children"],
        },
    )


def _component(name: str, description: str, example: str, inner: ma.fields.Field[Any] | None = None) -> fields.Texts:
    return fields.Texts(
        inner or ma.fields.String(metadata={"pattern": fields.IDENTIFIER}),
        data_key=f"c[{name}]",
        metadata={"description": f"{description} {fields.SEVERAL}", "example": [example]},
    )


def _of(known: dict[str, str], what: str) -> ma.fields.String:
    error = f"{{input!r}} is no {what} here. Those are {{choices}}."
    return ma.fields.String(validate=ma.validate.OneOf(list(known), error=error))


class DataQuestion(Question):
    """Which data."""

    filter_type = SdmxDataFilter
    freq = _component("FREQ", "Data of periods of this length.", "A", _of(sdmx.FREQUENCIES, "frequency"))
    ref_area = _component("REF_AREA", "Data of this place, by its code.", "E12000005")
    indicator = _component("INDICATOR", "Data of this indicator.", "gva-per-hour")
    obs_status = _component("OBS_STATUS", "Data with this status.", "A", _of(STATUSES, "status"))
    time_period = ma.fields.String(
        data_key="c[TIME_PERIOD]",
        metadata={
            "description": "One period, or those that begin within bounds: `ge:2020+le:2022` (`+` as `%2B`).",
            "example": "2020",
            "format": "period",
        },
    )
    start_period = fields.Period(
        data_key="startPeriod",
        metadata={
            "description": "Only periods that begin on or after the first day of this one.",
            "example": "2020",
            "format": "period",
        },
    )
    end_period = fields.Period(
        data_key="endPeriod",
        metadata={
            "description": "Only periods that begin on or before the last day of this one.",
            "example": "2022",
            "format": "period",
        },
    )
    dimension_at_observation = ma.fields.String(
        data_key="dimensionAtObservation",
        validate=ma.validate.OneOf(
            ["TIME_PERIOD", "AllDimensions"], error="SDMX-CSV is flat: write {choices}, or leave it out."
        ),
        metadata={"description": "Makes no difference to SDMX-CSV, which is flat.", "example": "AllDimensions"},
    )
    attributes = ma.fields.String(
        validate=ma.validate.OneOf(["dsd", "all"], error="All attributes are given: write {choices}, or leave it out."),
        metadata={"description": "All attributes are given, which is what SDMX takes for granted.", "example": "dsd"},
    )
    measures = ma.fields.String(
        validate=ma.validate.OneOf(["all"], error="The measure is given: write {choices}, or leave it out."),
        metadata={"description": "The one measure is given, which is what SDMX takes for granted.", "example": "all"},
    )
