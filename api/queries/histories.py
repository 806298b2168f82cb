"""When the figures of an indicator came and went, by the file that they were read from."""

from __future__ import annotations

from sqlalchemy import Connection, and_, case, func, or_, select

from api.catalogue import FileUse
from api.models import Observation, Series


def read_histories(connection: Connection, release: int) -> dict[int, list[FileUse]]:
    """What each indicator took from each file up to a release, by the indicator's number. It reads every row once."""
    ended = and_(Observation.last_release.is_not(None), Observation.last_release < release)
    current = or_(Observation.last_release.is_(None), Observation.last_release >= release)
    statement = (
        select(
            Series.indicator_id,
            Observation.source_file_id,
            func.min(Observation.first_release),
            func.max(Observation.first_release),
            func.max(case((ended, Observation.last_release + 1))),
            func.max(case((current, 1), else_=0)),
        )
        .join(Observation, Observation.series_id == Series.id)
        .where(Observation.first_release <= release)
        .group_by(Series.indicator_id, Observation.source_file_id)
        .order_by(Series.indicator_id, Observation.source_file_id)
    )
    found: dict[int, list[FileUse]] = {}
    for indicator, file, first, newest, closed, holds in connection.execute(statement):
        use = FileUse(file=file, first=first, changed=max(newest, closed or 0), holds=bool(holds))
        found.setdefault(indicator, []).append(use)
    return found
