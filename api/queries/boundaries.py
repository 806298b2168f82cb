"""Boundaries of regions at a release: only those that are asked for, and only the form that is."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Select, bindparam, select

from api.models import Boundary, BoundaryArc
from api.queries.described import at_release
from api.queries.lists import is_listed


class Outline(NamedTuple):
    """A boundary: of which region and years, from which source, and its shape as JSON text."""

    region: int
    valid_from: int
    valid_to: int | None
    source: str
    kind: str
    text: str
    """Coordinates of GeoJSON, or numbers of arcs."""
    west: float
    south: float
    east: float
    north: float


def outlines(connection: Connection, release: int, regions: Collection[int], *, arcs: bool) -> list[Outline]:
    """The boundaries of some regions at a release, by region and year, those of all years; as arcs or coordinates."""
    statement = _outlines("arcs" if arcs else "coordinates")
    found = connection.execute(statement, {"release": release, "regions": sorted(regions)})
    return [Outline(*row) for row in found]


def arcs_at(connection: Connection, release: int, numbers: Collection[int]) -> dict[int, str]:
    """Some arcs at a release, as JSON text, by their numbers."""
    return dict(connection.execute(_arcs(), {"release": release, "arcs": sorted(numbers)}).all())


@cache
def _outlines(form: str) -> Select[Any]:
    held = at_release(Boundary, bindparam("release", type_=Integer)).c
    names = ("region_id", "valid_from", "valid_to", "source_id", "kind", form, "west", "south", "east", "north")
    columns = [held[name] for name in names]
    listed = is_listed(held.region_id, "regions")
    return select(*columns).where(listed).order_by(held.region_id, held.valid_from)


@cache
def _arcs() -> Select[Any]:
    held = at_release(BoundaryArc, bindparam("release", type_=Integer)).c
    return select(held.id, held.points).where(is_listed(held.id, "arcs"))
