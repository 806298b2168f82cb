"""Coverage: which levels, periods and sources each indicator has, found once when a release is published."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, and_, func, insert, select, text, tuple_, update

from api.models import (
    Coverage,
    IndicatorSource,
    Observation,
    RegionLevel,
    RegionSuccession,
    Series,
    SourceFile,
)
from api.queries.observations import holds_in

KEY = ("indicator_id", "level_id", "period_start", "period_duration")


def refresh_coverage(connection: Connection, *, release: int, indicators: Collection[int]) -> int:
    """Count again what `indicators` cover at `release`, closing rows that no longer hold; returns how many changed."""
    _know_sizes(connection)
    now = {row[:4]: row[4:] for row in connection.execute(counted(release, indicators))}
    table = Coverage.__table__
    current = select(*(table.c[name] for name in KEY), table.c.period, table.c.regions).where(
        table.c.last_release.is_(None), table.c.indicator_id.in_(indicators)
    )
    before = {row[:4]: row[4:] for row in connection.execute(current)}
    closed = [key for key, counted in before.items() if now.get(key) != counted]
    opened = [key for key, counted in now.items() if before.get(key) != counted]
    if closed:
        connection.execute(
            update(Coverage)
            .where(tuple_(*(table.c[name] for name in KEY)).in_(closed), table.c.last_release.is_(None))
            .values(last_release=release - 1)
        )
    if opened:
        connection.execute(insert(Coverage), [_row(key, now[key], release) for key in opened])
    _note_sources(connection, indicators)
    return len(closed) + len(opened)


def _know_sizes(connection: Connection) -> None:
    """Have PostgreSQL look at tables that were just filled.

    While it takes them for empty it counts by going through all observations for each series: minutes for seconds.
    """
    if connection.dialect.name == "postgresql":
        name = Observation.__tablename__
        known = select(text("reltuples")).select_from(text("pg_class")).where(text(f"oid = '{name}'::regclass"))
        if (connection.execute(known).scalar() or 0) <= 0:
            connection.exec_driver_sql("ANALYZE")


def _note_sources(connection: Connection, indicators: Collection[int]) -> None:
    drawn_on = (
        select(Series.indicator_id, SourceFile.source_id, func.min(Observation.first_release))
        .select_from(Observation)
        .join(Series, Series.id == Observation.series_id)
        .join(SourceFile, SourceFile.id == Observation.source_file_id)
        .where(Series.indicator_id.in_(indicators))
        .group_by(Series.indicator_id, SourceFile.source_id)
    )
    found = {row[:2]: row[2] for row in connection.execute(drawn_on)}
    known = connection.execute(select(IndicatorSource.indicator_id, IndicatorSource.source_id)).all()
    new = sorted(found.keys() - {tuple(row) for row in known})
    rows = [{"indicator_id": of, "source_id": source, "first_release": found[of, source]} for of, source in new]
    if rows:
        connection.execute(insert(IndicatorSource), rows)


def counted(release: int, indicators: Collection[int]) -> Any:
    """The statement that counts what indicators cover at a release: rows of key, period and regions."""
    return (
        select(
            Series.indicator_id,
            RegionLevel.level_id,
            Observation.period_start,
            Observation.period_duration,
            Observation.period,
            # A place that was recoded is one place, though there are periods that both of its codes have.
            func.count(func.coalesce(RegionSuccession.successor_id, Series.region_id).distinct()),
        )
        .select_from(Observation)
        .join(Series, Series.id == Observation.series_id)
        .outerjoin(
            RegionSuccession,
            and_(RegionSuccession.predecessor_id == Series.region_id, RegionSuccession.kind == "recoded"),
        )
        .join(RegionLevel, RegionLevel.region_id == Series.region_id)
        .where(Series.indicator_id.in_(indicators), Observation.value.is_not(None), holds_in(Observation, release))
        .group_by(
            Series.indicator_id,
            RegionLevel.level_id,
            Observation.period_start,
            Observation.period_duration,
            Observation.period,
        )
    )


def _row(key: tuple[Any, ...], counted: tuple[Any, ...], release: int) -> dict[str, Any]:
    period, regions = counted
    return dict(zip(KEY, key, strict=True)) | {"period": period, "regions": regions, "first_release": release}
