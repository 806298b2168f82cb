"""The figures: series and their observations, what is covered, what is known to be absent, what others printed."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from api.columns import BOUND_KINDS, STATUSES
from api.models.base import Base, Code, Described, IsoDate, PeriodLabel, Slug, one_of, with_history

MEDIAN_SIDES = ("above", "below")
MATCHES = {
    "equal": "the same statistic of the same place and period, and the same value as far as it was printed",
    "other-definition": "what is served here measures something else",
    "other-period": "what is served here is of another period",
    "other-boundary": "what is served here is of another area",
    "not-open": "nothing served here is near it: no open figures of it were found",
    "quoted-only": "an open figure that is quoted here and not served as an indicator",
}
"""How a quoted figure compares with the nearest one that is served here, when somebody compared them."""
REVISED = "revised"
"""What an equal figure becomes where the one that is served here is another since, or is there no more."""
_LATER, _ENDED, _CURRENT = text("first_release > 1"), text("last_release IS NOT NULL"), text("last_release IS NULL")
GAP_REASONS = ("suppressed", "not-measured", "not-yet-published", "geography-not-covered")


class Series(Base):
    """An indicator for a region: what an observation belongs to. Keeps the wide keys out of the long table."""

    __tablename__ = "series"
    __table_args__ = (Index("uq_series_indicator_id_region_id", "indicator_id", "region_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)


class Observation(Base):
    """A value of a series in a period, and the releases it holds in.

    True from release `first_release` up to and including `last_release` (null: still true). Publishing never changes
    or deletes a row but for closing its range, so that every release can be read as it was.
    """

    __tablename__ = "observation"
    __table_args__ = (
        one_of("status", tuple(STATUSES)),
        one_of("bounds_kind", BOUND_KINDS),
        CheckConstraint("last_release >= first_release", name="release_range"),
        # What a release changed is found by its range. What came with the first one, mostly all, needs no index.
        Index("ix_observation_first_release", "first_release", sqlite_where=_LATER, postgresql_where=_LATER),
        Index("ix_observation_last_release", "last_release", sqlite_where=_ENDED, postgresql_where=_ENDED),
        # What is current is found without passing over its old versions, see `queries.holding`.
        Index("ix_observation_current", "series_id", "period_start", sqlite_where=_CURRENT, postgresql_where=_CURRENT),
        # SQLite: rows stored in the order of the key, so that a series is one contiguous read.
        {"sqlite_with_rowid": False},
    )

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), primary_key=True)
    period_start: Mapped[IsoDate] = mapped_column(primary_key=True)
    period_duration: Mapped[str] = mapped_column(String(8), primary_key=True)
    first_release: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    last_release: Mapped[int | None] = mapped_column(ForeignKey("release.id"))
    period: Mapped[PeriodLabel]
    value: Mapped[float | None]
    status: Mapped[str] = mapped_column(String(1))
    lower: Mapped[float | None]
    upper: Mapped[float | None]
    bounds_kind: Mapped[str | None]
    note: Mapped[str | None] = mapped_column(Text)
    source_file_id: Mapped[int] = mapped_column(ForeignKey("source_file.id"))


class Coverage(Base):
    """How many regions of a level have a value in a period: counted when a release is published, not when asked."""

    __tablename__ = "coverage"
    __table_args__ = ({"sqlite_with_rowid": False},)

    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), primary_key=True)
    level_id: Mapped[Slug] = mapped_column(ForeignKey("level.id"), primary_key=True)
    period_start: Mapped[IsoDate] = mapped_column(primary_key=True)
    period_duration: Mapped[str] = mapped_column(String(8), primary_key=True)
    first_release: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    last_release: Mapped[int | None] = mapped_column(ForeignKey("release.id"))
    period: Mapped[PeriodLabel]
    regions: Mapped[int]


@with_history
class Gap(Described, Base):
    """A figure known not to exist, and why; for a country or other parent it holds for every region below."""

    __tablename__ = "gap"
    __table_args__ = (one_of("reason", GAP_REASONS),)

    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), primary_key=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), primary_key=True)
    reason: Mapped[str]
    detail: Mapped[str] = mapped_column(Text)


@with_history
class PublishedFigure(Described, Base):
    """A figure as somebody printed it. With a `bound` sign the number is a bound (`bound_value`), not a value.

    `indicator_id` is the indicator that comes nearest to what it measures, and `median_side` the side of the median of
    the United Kingdom's regions that its source puts it on. `match_kind` tells how it compares with that indicator's
    figure of `match_period`, of `match_region_code` where that is another place; null where nobody has compared it.
    """

    __tablename__ = "published_figure"
    __table_args__ = (one_of("bound", (">", "<")), one_of("match_kind", tuple(MATCHES)))

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    region_code: Mapped[Code | None] = mapped_column(index=True)
    region_name: Mapped[str] = mapped_column(Text)
    level_id: Mapped[Slug | None]
    label: Mapped[str] = mapped_column(Text)
    printed: Mapped[str] = mapped_column(Text)
    value: Mapped[float | None]
    bound: Mapped[str | None] = mapped_column(String(1))
    bound_value: Mapped[float | None]
    unit: Mapped[str] = mapped_column(Text)
    period: Mapped[str | None] = mapped_column(Text)
    edition: Mapped[str] = mapped_column(Text, index=True)
    source_title: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    indicator_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"), index=True)
    median_side: Mapped[str | None] = mapped_column(String(8))
    match_kind: Mapped[str | None] = mapped_column(String(20))
    match_region_code: Mapped[Code | None]
    match_period: Mapped[PeriodLabel | None]
    match_detail: Mapped[str | None] = mapped_column(Text)
