"""Reads the catalogue of a release, as it was published: a dozen small statements, once per release and process."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, or_, select

from api import models
from api.catalogue import (
    Catalogue,
    Component,
    CoveredPeriod,
    Formula,
    Gap,
    Index,
    Indicator,
    Level,
    Origin,
    Region,
    ReleaseInfo,
    Source,
    SourceFile,
    Succession,
    index_of,
)
from api.catalogue.indices import newest
from api.queries.described import Row, at_release, rows_at
from api.queries.holding import holds_in
from api.queries.places import shared_series


def load_catalogue(connection: Connection, release: ReleaseInfo, origin: Origin | None = None) -> Catalogue:
    """The catalogue as it stands at a release of a database."""
    number = release.id
    levels = {
        row["id"]: Level(**_without(row, "position", "words"), words=_listed(row["words"]))
        for row in rows_at(connection, models.Level, number, "position")
    }
    regions = _regions(connection, number, levels)
    return Catalogue(
        release=release,
        origin=origin or Origin(),
        levels=levels,
        regions=regions,
        shared=shared_series(connection, number, regions),
        sources={row["id"]: Source(**row) for row in rows_at(connection, models.Source, number, "id")},
        source_files={
            row["id"]: SourceFile(**_without(row, "id", "slug", "source_id"), id=row["slug"], source=row["source_id"])
            for row in rows_at(connection, models.SourceFile, number, "id")
        },
        components={
            row["id"]: Component(**_without(row, "position"))
            for row in rows_at(connection, models.Component, number, "position")
        },
        indicators=_indicators(connection, number),
        gaps=tuple(
            Gap(indicator=row["indicator_id"], region=row["region_id"], reason=row["reason"], detail=row["detail"])
            for row in rows_at(connection, models.Gap, number, "indicator_id", "region_id")
        ),
        indices=_indices(connection, number, levels),
    )


def _indices(connection: Connection, release: int, levels: dict[str, Level]) -> dict[str, Index]:
    """The indices by identifier, those of the level that the whole country is divided into first."""
    main = {item.id for item in levels.values() if item.role == models.MAIN}
    rows = rows_at(connection, models.IndexDefinition, release, "id")
    found = newest(index_of({"id": row["id"], **row["content"]}) for row in rows)
    return {item.id: item for item in sorted(found, key=lambda item: (item.level not in main, item.id))}


def _regions(connection: Connection, release: int, levels: dict[str, Level]) -> dict[int, Region]:
    def gathered(model: type[models.Base], key: str, *columns: str, order: str) -> dict[int, list[tuple[Any, ...]]]:
        found = defaultdict(list)
        for row in rows_at(connection, model, release, order):
            found[row[key]].append(tuple(row[name] for name in columns))
        return found

    levels_of = gathered(models.RegionLevel, "region_id", "level_id", order="position")
    parents = gathered(models.RegionParent, "region_id", "parent_id", order="parent_id")
    aliases = gathered(models.RegionAlias, "region_id", "alias", "scheme", "kind", order="alias")
    before = gathered(models.RegionSuccession, "successor_id", "predecessor_id", "kind", order="predecessor_id")
    after = gathered(models.RegionSuccession, "predecessor_id", "successor_id", "kind", order="successor_id")
    regions = {}
    for row in rows_at(connection, models.Region, release, "id"):
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
    level = at_release(models.Level, release)
    statement = (
        select(models.Coverage.__table__, level.c.position)
        .join(level, level.c.id == models.Coverage.level_id)
        .where(holds_in(models.Coverage, release))
        .order_by(level.c.position, models.Coverage.period_start, models.Coverage.period_duration)
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
    rows = rows_at(connection, models.Indicator, release, "position")
    slugs = {row["id"]: row["slug"] for row in rows}
    sources = _sources(connection, release)
    return {
        row["id"]: Indicator(
            **_without(row, "position", "component_id", "source_id", "denominator_id", "mistaken_for", "formula"),
            component=row["component_id"],
            source=row["source_id"],
            denominator=slugs.get(row["denominator_id"]),
            formula=_formula(row["formula"], set(slugs.values())),
            mistaken_for=tuple(item for item in (row["mistaken_for"] or "").split() if item in slugs.values()),
            sources=tuple(sources[row["id"]]) or (row["source_id"],),
            coverage=tuple(covered[row["id"]]),
        )
        for row in rows
    }


def _formula(text: str | None, known: set[str]) -> Formula | None:
    """A formula (`numerator * factor / denominator`) in its parts; None where the release has not its numerator."""
    if text is None:
        return None
    numerator, _, rest = text.partition(" * ")
    factor, _, denominator = rest.partition(" / ")
    if numerator not in known:
        return None
    by = float(factor.replace(",", ""))
    return Formula(numerator=numerator, factor=by, denominator=denominator, held=denominator in known)


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


def _listed(text: str | None) -> tuple[str, ...]:
    """What stands in a cell, separated by commas."""
    return tuple(filter(None, map(str.strip, (text or "").split(","))))


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}
