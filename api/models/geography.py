"""Places: levels, regions, and how regions belong to, are spelt as, and follow one another."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from api.models.base import Base, Code, Described, IsoDate, Slug, one_of, with_history

ALIAS_SCHEMES = ("itl", "nuts", "ons", "name")
NAME_KINDS = (
    "council-name", "former-name", "everyday-name", "abbreviation", "welsh-name", "gaelic-name", "former-part",
    "wider-area", "other-name",
)  # fmt: skip
"""The kinds of names that the project's own figures come with. Not a constraint: later data may bring more."""
SUCCESSION_KINDS = ("recoded", "reorganised")
WHOLE, NATION, MAIN, DISTRICT, GROUPING = LEVEL_ROLES = ("whole", "nation", "main", "district", "grouping")
"""What levels are to others: the whole; its nations, what is said of which holds for the places within; what the whole
is divided into, whose median is a benchmark and which lies around every place; districts, by which it is told what is
the same area; groupings, which overlap, so that nothing is ranked among them."""
_IS_CODE = text("scheme <> 'name'")


@with_history
class Level(Described, Base):
    """A tier of places. Rows, not an enumeration: later data may bring tiers of its own, and say what they are."""

    __tablename__ = "level"
    __table_args__ = (one_of("role", LEVEL_ROLES),)

    id: Mapped[Slug] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    rank_order: Mapped[int | None]
    """In which order levels are tried where a ranking names none; those without come last."""
    role: Mapped[str | None] = mapped_column(String(16))
    """What it is to other levels, see `LEVEL_ROLES`."""
    counterpart: Mapped[str | None] = mapped_column(String(64))
    """Another level with figures of the same land, where a place of the one is just one of the other."""
    words: Mapped[str | None] = mapped_column(Text)
    """What people call such places beside its identifier, separated by commas: a question may name it so."""


@with_history
class Region(Described, Base):
    """A place under one code. `valid_from` and `valid_to` (inclusive) may have the precision of a year."""

    __tablename__ = "region"
    __table_args__ = (one_of("centroid", ("published", "mean-of-members")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[IsoDate | None]
    valid_to: Mapped[IsoDate | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    centroid: Mapped[str | None]
    """Where the point comes from."""
    hex_q: Mapped[int | None]
    hex_r: Mapped[int | None]
    """Column and row of the region's hexagon in a cartogram (odd-r layout)."""


@with_history
class RegionLevel(Described, Base):
    """A tier that a region belongs to. Scotland is a country and an ITL 1 region."""

    __tablename__ = "region_level"

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True)
    level_id: Mapped[Slug] = mapped_column(ForeignKey("level.id"), primary_key=True, index=True)
    position: Mapped[int]


@with_history
class RegionParent(Described, Base):
    """A region that contains another, directly or through others: every ancestor has its row."""

    __tablename__ = "region_parent"

    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True, index=True)


@with_history
class RegionAlias(Described, Base):
    """Another spelling of a region: a code of another scheme (unique), or a name (which only helps a search)."""

    __tablename__ = "region_alias"
    __table_args__ = (
        one_of("scheme", ALIAS_SCHEMES),
        # A code leads to one region; a name may be borne by several.
        Index("uq_region_alias_code", "alias", unique=True, sqlite_where=_IS_CODE, postgresql_where=_IS_CODE),
    )

    alias: Mapped[str] = mapped_column(Text, primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True)
    scheme: Mapped[str]
    kind: Mapped[str | None] = mapped_column(String(16))
    """Of which kind a name is; empty for codes."""


@with_history
class RegionSuccession(Described, Base):
    """A region that took another's place.

    `recoded`: the same place under a new code, so that series may be spliced; `reorganised`: merged, split or redrawn.
    """

    __tablename__ = "region_succession"
    __table_args__ = (one_of("kind", SUCCESSION_KINDS),)

    predecessor_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True)
    successor_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True, index=True)
    kind: Mapped[str]
