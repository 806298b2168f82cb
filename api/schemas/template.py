"""Tables for partners to fill in."""

from __future__ import annotations

from api.filters import TemplateFilter
from api.schemas import fields
from api.schemas.base import Question


class TemplateQuestion(Question):
    """For which places a table is to be filled in."""

    filter_type = TemplateFilter
    level = fields.identifier(
        "The places of this level. Without it: those that the indicator has most values for, or local authorities.",
        "local-authority",
    )
    parent = fields.identifier(
        "Only places within this one, at any depth, such as the wards of a council.", "E12000005"
    )
