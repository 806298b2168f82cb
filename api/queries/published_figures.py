"""Quoted figures, as others printed them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from api.models import PublishedFigure

_TABLE = PublishedFigure.__table__
_COLUMNS = {
    "id": "id",
    "region": "region_code",
    "region_name": "region_name",
    "level": "level_id",
    "label": "label",
    "printed": "printed",
    "value": "value",
    "bound": "bound",
    "bound_value": "bound_value",
    "unit": "unit",
    "period": "period",
    "edition": "edition",
    "source_title": "source_title",
    "source_url": "source_url",
    "note": "note",
}


def all_published_figures(connection: Connection) -> list[dict[str, Any]]:
    """Every quoted figure, by id. They are few (hundreds): searching them is done by the caller, in memory."""
    statement = select(*(_TABLE.c[name] for name in _COLUMNS.values())).order_by(_TABLE.c.id)
    return [dict(zip(_COLUMNS, row, strict=True)) for row in connection.execute(statement)]
