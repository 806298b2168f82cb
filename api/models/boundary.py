"""Boundaries: the outlines of regions, and the lines between them that neighbours share."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.models.base import Base, Described, Slug, one_of, with_history

STEPS = 10_000
"""Coordinates are whole ten-thousandths of a degree (WGS 84): 11 metres northwards, 5 to 7 eastwards."""
WEST, SOUTH = -9, 49
"""Where they are counted from in arcs, in degrees: all of the United Kingdom lies to the east and north of it."""

GRID = {"scale": [1 / STEPS, 1 / STEPS], "translate": [WEST, SOUTH]}
"""The same as TopoJSON tells it (`transform`)."""


@with_history
class Boundary(Described, Base):
    """The outline of a region, generalised. The same twice: as coordinates and as arcs, each ready to be sent.

    Only what is asked for is read: neither is part of a catalogue.
    """

    __tablename__ = "boundary"
    __table_args__ = (one_of("kind", ("Polygon", "MultiPolygon")),)

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True)
    valid_from: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The first year in which the publisher has it; 0: the first that the publisher has at all."""
    valid_to: Mapped[int | None]
    """The last year in which the publisher has it; empty: it still does."""
    source_id: Mapped[Slug] = mapped_column(ForeignKey("source.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    coordinates: Mapped[str] = mapped_column(Text)
    """As GeoJSON has them (RFC 7946): JSON text, degrees, outer rings counterclockwise."""
    arcs: Mapped[str] = mapped_column(Text)
    """As TopoJSON has them: JSON text, numbers of `BoundaryArc`, outer rings clockwise."""
    west: Mapped[float]
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]


@with_history
class BoundaryArc(Described, Base):
    """A line of boundaries, from one point at which three regions or the sea meet to the next."""

    __tablename__ = "boundary_arc"

    id: Mapped[int] = mapped_column(primary_key=True)
    points: Mapped[str] = mapped_column(Text)
    """JSON text: the first point from `WEST` and `SOUTH`, each other one from the one before it, in `STEPS`."""
