"""Coverage: which levels, periods and sources each indicator has, found once when a release is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    Table,
    and_,
    exists,
    func,
    insert,
    literal,
    select,
    text,
    tuple_,
    update,
)

from api.models import (
    Coverage,
    IndicatorSource,
    Observation,
    RegionLevel,
    RegionSuccession,
    Series,
    SourceFile,
)
from api.queries.described import at_release
from api.queries.holding import holds_in
from api.services.ranges import KEY as OBSERVED
from api.services.ranges import parts
from api.services.staged import STAGED, TOUCHED, touched

KEY = ("indicator_id", "level_id", "period_start", "period_duration")
Key = tuple[Any, ...]


def refresh_coverage(connection: Connection, *, release: int) -> int:
    """Count again what all indicators cover at a release, closing rows that no longer hold; how many changed."""
    _know_sizes(connection)
    now = {tuple(row[:4]): tuple(row[4:]) for row in connection.execute(counted(release))}
    table = Coverage.__table__
    current = select(*(table.c[name] for name in KEY), table.c.period, table.c.regions).where(
        table.c.last_release.is_(None)
    )
    before = {tuple(row[:4]): tuple(row[4:]) for row in connection.execute(current)}
    return _replace(connection, release, before, now)


def shift_coverage(connection: Connection, *, release: int) -> int:
    """The same by difference, where staged changes were applied: only what they touch is counted, before and after."""
    indicators = touched(connection, release)
    were, are = (
        {tuple(row[:4]): tuple(row[4:]) for row in connection.execute(_counted_among(number, TOUCHED))}
        for number in (release - 1, release)
    )
    table = Coverage.__table__
    current = select(*(table.c[name] for name in KEY), table.c.period, table.c.regions).where(
        table.c.last_release.is_(None), table.c.indicator_id.in_(indicators)
    )
    stand = {tuple(row[:4]): tuple(row[4:]) for row in connection.execute(current)}
    before: dict[Key, tuple[Any, ...]] = {}
    now: dict[Key, tuple[Any, ...]] = {}
    for key in were.keys() | are.keys():
        period, counted = stand.get(key, (are.get(key, were.get(key))[0], 0))  # type: ignore[index]
        difference = are.get(key, ("", 0))[1] - were.get(key, ("", 0))[1]
        before |= {key: stand[key]} if key in stand else {}
        now |= {key: (period, counted + difference)} if counted + difference else {}
    return _replace(connection, release, before, now)


def note_sources(connection: Connection, release: int) -> None:
    """Note the sources that indicators have figures of for the first time, of those that are staged."""
    drawn_on = (
        select(Series.indicator_id, SourceFile.source_id)
        .select_from(STAGED)
        .join(Series, Series.id == STAGED.c.series_id)
        .join(SourceFile, SourceFile.id == STAGED.c.source_file_id)
        .where(~STAGED.c.removed)
    )
    _note(connection, release, drawn_on)


def note_renamed_sources(connection: Connection, release: int) -> None:
    """Note the sources of files that a release says are of another source: figures that stand are from there now."""
    drawn_on = (
        select(Series.indicator_id, SourceFile.source_id)
        .select_from(SourceFile)
        .join(Observation, Observation.source_file_id == SourceFile.id)
        .join(Series, Series.id == Observation.series_id)
        .where(SourceFile.first_release == release, Observation.last_release.is_(None))
    )
    _note(connection, release, drawn_on)


def _note(connection: Connection, release: int, drawn_on: Select[Any, Any]) -> None:
    """Note, of pairs of indicator and source, those that no release has noted before."""
    noted, found = IndicatorSource, drawn_on.distinct().subquery()
    known = exists().where(noted.indicator_id == found.c.indicator_id, noted.source_id == found.c.source_id)
    new = select(found, literal(release)).where(~known)
    connection.execute(insert(noted).from_select(["indicator_id", "source_id", "first_release"], new))


def _replace(
    connection: Connection, release: int, before: Mapping[Key, tuple[Any, ...]], now: Mapping[Key, tuple[Any, ...]]
) -> int:
    """Close rows that no longer hold, and open those that do from now on; how many changed."""
    table = Coverage.__table__
    closed = [key for key, counted in before.items() if now.get(key) != counted]
    opened = [key for key, counted in now.items() if before.get(key) != counted]
    for keys in parts(closed):
        connection.execute(
            update(Coverage)
            .where(tuple_(*(table.c[name] for name in KEY)).in_(keys), table.c.last_release.is_(None))
            .values(last_release=release - 1)
        )
    if opened:
        connection.execute(insert(Coverage), [_row(key, now[key], release) for key in opened])
    return len(closed) + len(opened)


def _know_sizes(connection: Connection) -> None:
    """Have PostgreSQL look at tables that were just filled.

    While it takes them for empty it counts by going through all observations for each series: minutes for seconds.
    """
    if connection.dialect.name == "postgresql":
        # Of observations that were staged it knows already, of the tables that they are counted with it may not.
        name = Series.__tablename__
        known = select(text("reltuples")).select_from(text("pg_class")).where(text(f"oid = '{name}'::regclass"))
        if (connection.execute(known).scalar() or 0) <= 0:
            connection.exec_driver_sql("ANALYZE")


def counted(release: int) -> Select[Any]:
    """The statement that counts what indicators cover at a release: rows of key, period and regions."""
    return _counted(release)


def _counted_among(release: int, among: Table) -> Select[Any]:
    """The same of some series and periods."""
    same = and_(*(Observation.__table__.c[name] == among.c[name] for name in OBSERVED))
    return _counted(release, select(among.c.series_id).select_from(among).join(Observation, same))


def _counted(release: int, observed: Select[Any] | None = None) -> Select[Any]:
    level, succession = at_release(RegionLevel, release), at_release(RegionSuccession, release)
    key = (Series.indicator_id, level.c.level_id, Observation.period_start, Observation.period_duration)
    # A place that was recoded is one place, though there are periods that both of its codes have.
    place = func.coalesce(succession.c.successor_id, Series.region_id)
    recoded = and_(succession.c.predecessor_id == Series.region_id, succession.c.kind == "recoded")
    found = select(Observation.series_id).select_from(Observation) if observed is None else observed
    return (
        found.with_only_columns(*key, Observation.period, func.count(place.distinct()))
        .join(Series, Series.id == Observation.series_id)
        .outerjoin(succession, recoded)
        .join(level, level.c.region_id == Series.region_id)
        .where(Observation.value.is_not(None), holds_in(Observation, release))
        .group_by(*key, Observation.period)
    )


def _row(key: tuple[Any, ...], counted: tuple[Any, ...], release: int) -> dict[str, Any]:
    period, regions = counted
    return dict(zip(KEY, key, strict=True)) | {"period": period, "regions": regions, "first_release": release}
