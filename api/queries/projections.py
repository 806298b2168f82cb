"""Projections that were computed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from api.models import Projection, Series


def find_projection(connection: Connection, *, indicator: int, region: int, digest: str) -> dict[str, Any] | None:
    """What a series was projected to be from the figures of a digest, with what computed it; None where nobody has."""
    statement = (
        select(Projection.content, Projection.engine)
        .join(Series, Series.id == Projection.series_id)
        .where(Series.indicator_id == indicator, Series.region_id == region, Projection.digest == digest)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else {**row.content, "engine": row.engine}
