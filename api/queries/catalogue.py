"""Reads the catalogue of a release: a dozen small statements, once per release and process."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, exists, func, or_, select

from api import models
from api.catalogue import (
    Catalogue,
    Component,
    CoveredPeriod,
    Gap,
    Indicator,
    Level,
    Origin,
    Region,
    ReleaseInfo,
    Source,
    SourceFile,
    Succession,
)
from api.queries.observations import holds_in
from api.queries.places import shared_series

Row = dict[str, Any]


def load_catalogue(connection: Connection, release: ReleaseInfo, origin: Origin | None = None) -> Catalogue:
    """The catalogue as it stands at a release of a database."""
    levels = {row["id"]: Level(**_without(row, "position")) for row in _rows(connection, models.Level, "position")}
    regions = _regions(connection, levels)
    return Catalogue(
        release=release,
        origin=origin or Origin(),
        levels=levels,
        regions=regions,
        shared=shared_series(connection, release.id, regions),
        sources={row["id"]: Source(**row) for row in _rows(connection, models.Source, "id")},
        source_files={
            row["id"]: SourceFile(**_without(row, "id", "slug", "source_id"), id=row["slug"], source=row["source_id"])
            for row in _rows(connection, models.SourceFile, "id")
        },
        components={
            row["id"]: Component(**_without(row, "position")) for row in _rows(connection, models.Component, "position")
        },
        indicators=_indicators(connection, release.id),
        gaps=tuple(
            Gap(indicator=row["indicator_id"], region=row["region_id"], reason=row["reason"], detail=row["detail"])
            for row in _rows(connection, models.Gap, "indicator_id", "region_id")
        ),
        figures=_figures(connection, release.id),
    )


def _figures(connection: Connection, release: int) -> dict[int, int]:
    """How many indicators each region has figures of: one look at the first rows of each series."""
    held = exists().where(models.Observation.series_id == models.Series.id, holds_in(models.Observation, release))
    counted = select(models.Series.region_id, func.count()).where(held).group_by(models.Series.region_id)
    return {row[0]: row[1] for row in connection.execute(counted)}


def _regions(connection: Connection, levels: dict[str, Level]) -> dict[int, Region]:
    levels_of = _gathered(connection, models.RegionLevel, "region_id", "level_id", order="position")
    parents = _gathered(connection, models.RegionParent, "region_id", "parent_id", order="parent_id")
    aliases = _gathered(connection, models.RegionAlias, "region_id", "alias", "scheme", "kind", order="alias")
    before = _gathered(
        connection, models.RegionSuccession, "successor_id", "predecessor_id", "kind", order="predecessor_id"
    )
    after = _gathered(
        connection, models.RegionSuccession, "predecessor_id", "successor_id", "kind", order="successor_id"
    )
    regions = {}
    for row in _rows(connection, models.Region, "id"):
        number = row["id"]
        own = tuple(level for (level,) in levels_of[number])
        hexagon = None if row["hex_q"] is None else (row["hex_q"], row["hex_r"])
        regions[number] = Region(
            **_without(row, "hex_q", "hex_r"),
            levels=own,
            label=f"{row['name']} ({' and '.join(levels[level].title for level in own)})",
            hexagon=hexagon,
            parents=tuple(parent for (parent,) in parents[number]),
            aliases=tuple((alias, scheme) for alias, scheme, _ in aliases[number]),
            alias_kinds=tuple(kind for _, _, kind in aliases[number]),
            predecessors=tuple(Succession(region=region, kind=kind) for region, kind in before[number]),
            successors=tuple(Succession(region=region, kind=kind) for region, kind in after[number]),
        )
    return regions


def _indicators(connection: Connection, release: int) -> dict[int, Indicator]:
    covered = defaultdict(list)
    statement = (
        select(models.Coverage.__table__, models.Level.position)
        .join(models.Level, models.Level.id == models.Coverage.level_id)
        .where(holds_in(models.Coverage, release))
        .order_by(models.Level.position, models.Coverage.period_start, models.Coverage.period_duration)
    )
    for row in connection.execute(statement).mappings():
        covered[row["indicator_id"]].append(
            CoveredPeriod(
                level=row["level_id"],
                period=row["period"],
                start=row["period_start"],
                duration=row["period_duration"],
                regions=row["regions"],
            )
        )
    rows = _rows(connection, models.Indicator, "position")
    slugs = {row["id"]: row["slug"] for row in rows}
    sources = _sources(connection, release)
    return {
        row["id"]: Indicator(
            **_without(row, "position", "component_id", "source_id", "denominator_id"),
            component=row["component_id"],
            source=row["source_id"],
            denominator=slugs.get(row["denominator_id"]),
            sources=tuple(sources[row["id"]]),
            coverage=tuple(covered[row["id"]]),
        )
        for row in rows
    }


def _sources(connection: Connection, release: int) -> defaultdict[int, list[str]]:
    """The sources that figures of each indicator came from up to a release, in their order."""
    noted = models.IndicatorSource
    by_then = or_(noted.first_release.is_(None), noted.first_release <= release)
    found: defaultdict[int, list[str]] = defaultdict(list)
    for indicator, source in connection.execute(
        select(noted.indicator_id, noted.source_id).where(by_then).order_by(noted.source_id)
    ):
        found[indicator].append(source)
    return found


def _rows(connection: Connection, model: type[models.Base], *order: str) -> list[Row]:
    table = model.__table__
    statement = select(table).order_by(*(table.c[name] for name in order))
    return [dict(row) for row in connection.execute(statement).mappings()]


def _gathered(
    connection: Connection, model: type[models.Base], key: str, *columns: str, order: str
) -> defaultdict[int, list[tuple[Any, ...]]]:
    table = model.__table__
    gathered = defaultdict(list)
    statement = select(table.c[key], *(table.c[name] for name in columns)).order_by(table.c[order])
    for number, *values in connection.execute(statement):
        gathered[number].append(tuple(values))
    return gathered


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}
