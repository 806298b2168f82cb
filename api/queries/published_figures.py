"""Quoted figures, as others printed them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from api.models import Indicator, PublishedFigure
from api.queries.described import rows_at

_NAMED = {
    "region_code": "region",
    "match_region_code": "match_region",
    "level_id": "level",
    "indicator_id": "indicator",
}
"""What columns that refer to something are called in an answer."""


def all_published_figures(connection: Connection, release: int) -> list[dict[str, Any]]:
    """Every quoted figure of a release, by id. They are few (hundreds): who searches them does so in memory."""
    slugs = dict(connection.execute(select(Indicator.id, Indicator.slug)).all())  # they never change
    return [
        {_NAMED.get(name, name): slugs.get(cell) if name == "indicator_id" else cell for name, cell in row.items()}
        for row in rows_at(connection, PublishedFigure, release, "id")
    ]
