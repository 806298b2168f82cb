"""Quoted figures, as others printed them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from api.models import Indicator, PublishedFigure

_TABLE = PublishedFigure.__table__
_COLUMNS = {
    "id": _TABLE.c.id,
    "region": _TABLE.c.region_code,
    "region_name": _TABLE.c.region_name,
    "level": _TABLE.c.level_id,
    "label": _TABLE.c.label,
    "printed": _TABLE.c.printed,
    "value": _TABLE.c.value,
    "bound": _TABLE.c.bound,
    "bound_value": _TABLE.c.bound_value,
    "unit": _TABLE.c.unit,
    "period": _TABLE.c.period,
    "edition": _TABLE.c.edition,
    "source_title": _TABLE.c.source_title,
    "source_url": _TABLE.c.source_url,
    "note": _TABLE.c.note,
    "indicator": Indicator.slug,
    "median_side": _TABLE.c.median_side,
}


def all_published_figures(connection: Connection) -> list[dict[str, Any]]:
    """Every quoted figure, by id. They are few (hundreds): searching them is done by the caller, in memory."""
    joined = _TABLE.outerjoin(Indicator.__table__, Indicator.id == _TABLE.c.indicator_id)
    statement = select(*_COLUMNS.values()).select_from(joined).order_by(_TABLE.c.id)
    return [dict(zip(_COLUMNS, row, strict=True)) for row in connection.execute(statement)]
