"""When the figures of an indicator came and went, by the file that they were read from."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select, text, union_all

from api.catalogue import FileUse
from api.models import Observation, Release, ReleaseFile, Series


def read_histories(connection: Connection, release: int) -> dict[int, list[FileUse]]:
    """What each indicator took from each file up to a release, by the indicator's number.

    What a release took is noted when it is published. Where it is not (older code may have published it), it is
    counted: the cost is that of what it changed.
    """
    table = ReleaseFile.__table__
    noted = connection.execute(select(table).where(table.c.release_id <= release)).all()
    known = {row.release_id for row in noted}
    published = select(Release.id).where(Release.state != "draft", Release.id <= release)
    missing = set(connection.execute(published).scalars()) - known
    rows = [*noted, *(row for number in missing for row in connection.execute(counted(number)))]
    taken: defaultdict[tuple[int, int], list[tuple[int, int, int]]] = defaultdict(list)
    for number, indicator, file, begun, ended in sorted(tuple(row) for row in rows):
        taken[indicator, file].append((number, begun, ended))
    found: dict[int, list[FileUse]] = {}
    for (indicator, file), changes in sorted(taken.items()):
        use = FileUse(
            file=file,
            first=changes[0][0],
            changed=changes[-1][0],
            holds=sum(begun - ended for _, begun, ended in changes) > 0,
        )
        found.setdefault(indicator, []).append(use)
    return found


def counted(release: int) -> Select[Any]:
    """The statement that counts what a release took from each file, and what it took out: the rows of `ReleaseFile`."""
    begun = _counted(Observation.first_release == release, func.count(), literal(0))
    ended = _counted(Observation.last_release == release - 1, literal(0), func.count())
    if release > 1:  # the index is of what came after the first release, which took in nearly all there is
        begun = begun.where(text("observation.first_release > 1"))
        begun = begun.with_hint(Observation, "INDEXED BY ix_observation_first_release", "sqlite")
    ended = ended.with_hint(Observation, "INDEXED BY ix_observation_last_release", "sqlite")
    both = union_all(begun, ended).subquery()
    return select(
        literal(release).label("release_id"),
        both.c.indicator_id,
        both.c.source_file_id,
        func.sum(both.c.begun).label("begun"),
        func.sum(both.c.ended).label("ended"),
    ).group_by(both.c.indicator_id, both.c.source_file_id)


def _counted(condition: Any, begun: Any, ended: Any) -> Select[Any]:
    return (
        select(Series.indicator_id, Observation.source_file_id, begun.label("begun"), ended.label("ended"))
        .select_from(Observation)
        .join(Series, Series.id == Observation.series_id)
        .where(condition)
        .group_by(Series.indicator_id, Observation.source_file_id)
    )
