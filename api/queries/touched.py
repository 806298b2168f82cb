"""What releases touched: the indicators and regions of which figures began or ceased to hold with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, select, text, union

from api.models import Observation, ReleaseFile, Series


def indicators_touched(connection: Connection, first: int, last: int) -> dict[int, frozenset[int]]:
    """The indicators (by number) that each release from one to another touched, as noted when it was published."""
    statement = select(ReleaseFile.release_id, ReleaseFile.indicator_id).where(
        ReleaseFile.release_id.between(first, last), ReleaseFile.begun + ReleaseFile.ended > 0
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for release, indicator in connection.execute(statement.distinct()):
        found[release].add(indicator)
    return {release: frozenset(indicators) for release, indicators in found.items()}


def regions_touched(connection: Connection, releases: Collection[int]) -> dict[int, frozenset[int]]:
    """The regions (by number) that each of some releases touched, but for the first one, which brought all of them.

    Only rows whose range begins or ends with one of them are read.
    """
    wanted = sorted(number for number in releases if number > 1)
    if not wanted:
        return {}
    begun = _side(Observation.first_release, "first_release").where(
        Observation.first_release.in_(wanted), text("observation.first_release > 1")
    )
    ended = _side(Observation.last_release + 1, "last_release").where(
        Observation.last_release.in_([number - 1 for number in wanted])
    )
    found: defaultdict[int, set[int]] = defaultdict(set)
    for release, region in connection.execute(union(begun, ended)):
        found[release].add(region)
    return {release: frozenset(regions) for release, regions in found.items()}


def releases_touching(connection: Connection, regions: Collection[int], indicators: Collection[int] | None) -> set[int]:
    """The releases with which a figure of some regions, and of some indicators where they are named, began or ended."""
    statement = (
        select(Observation.first_release, Observation.last_release)
        .select_from(Series)
        .join(Observation, Observation.series_id == Series.id)
        .where(Series.region_id.in_(sorted(regions)))
    )
    if indicators is not None:
        statement = statement.where(Series.indicator_id.in_(sorted(indicators)))
    found: set[int] = set()
    for first, last in connection.execute(statement.distinct()):
        found |= {first} if last is None else {first, last + 1}
    return found


def _side(release: Any, index: str) -> Select[Any]:
    statement: Select[Any] = (
        select(release.label("release"), Series.region_id)
        .select_from(Observation)
        .join(Series, Series.id == Observation.series_id)
        # SQLite knows no sizes, and would look at all observations of each series.
        .with_hint(Observation, f"INDEXED BY ix_observation_{index}", "sqlite")
    )
    return statement
