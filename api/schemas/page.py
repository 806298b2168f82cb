"""The question of a list that is not narrowed: only how much of it, and from where on."""

from __future__ import annotations

import marshmallow as ma

from api.filters import Page
from api.schemas import fields
from api.schemas.base import Question


class CurrentPageQuestion(Question):
    """Which part of a list that is not of a release."""

    class Meta:
        unknown = ma.RAISE
        exclude = ("release", "as_of", "draft")

    filter_type = Page
    limit = fields.Limit(of="items", what="items")
    cursor = fields.cursor()


class PageQuestion(Question):
    """Which part of a list."""

    filter_type = Page
    limit = fields.Limit(of="items", what="items")
    cursor = fields.cursor()
