"""What is measured, and by whom: sources and their files, components, indicators."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.models.base import Base, Described, IsoDate, Slug, one_of, with_history

MEASURES = ("rate", "count", "amount")
POLARITIES = ("higher-is-better", "lower-is-better", "neutral")
FREQUENCIES = ("annual", "half-yearly", "quarterly", "monthly", "irregular")
YEAR_KINDS = ("calendar", "financial", "academic", "instant", "month")
NUMBERS = ("singular", "plural")
COLLECTIONS = ("administrative", "survey", "modelled")
QUALITIES = ("accredited-official", "official", "official-in-development", "no-accreditation")


@with_history
class Source(Described, Base):
    """A data set of a publisher, under a licence."""

    __tablename__ = "source"

    id: Mapped[Slug] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    publisher: Mapped[str] = mapped_column(Text)
    licence: Mapped[str] = mapped_column(Text)
    licence_url: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    attribution: Mapped[str] = mapped_column(Text)


@with_history
class SourceFile(Described, Base):
    """One version of a source's file: where a figure was read from."""

    __tablename__ = "source_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[Slug] = mapped_column(unique=True)
    source_id: Mapped[Slug] = mapped_column(ForeignKey("source.id"), index=True)
    title: Mapped[str] = mapped_column(Text)
    version_date: Mapped[IsoDate | None]
    retrieved_from: Mapped[str | None] = mapped_column(Text)


@with_history
class Component(Described, Base):
    """A component of Local Digital Capital; one without a usable measure says why."""

    __tablename__ = "component"

    id: Mapped[Slug] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    measured: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int]


@with_history
class Indicator(Described, Base):
    """Something that is measured of places.

    `measure` says whether values can be compared as they stand (`rate`) or only through `denominator`;
    `year_kind` how a year written as `2023/24` is to be read; `collection` what kind of error its values have: records
    are rounded, samples have sampling error, models have that of what they are made from; `over_time` whether its
    periods may be compared with one another (null: not known). `phrase` names it within a sentence, and `number` says
    how many it speaks of; `covers` says for whom it is missing; `mistaken_for` are slugs separated by spaces; `formula`
    is how a rate is made of two others (`numerator * factor / denominator`).
    """

    __tablename__ = "indicator"
    __table_args__ = (
        one_of("measure", MEASURES),
        one_of("polarity", POLARITIES),
        one_of("frequency", FREQUENCIES),
        one_of("year_kind", YEAR_KINDS),
        one_of("quality", QUALITIES),
        one_of("number", NUMBERS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[Slug] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    component_id: Mapped[Slug] = mapped_column(ForeignKey("component.id"), index=True)
    source_id: Mapped[Slug] = mapped_column(ForeignKey("source.id"), index=True)
    unit: Mapped[str] = mapped_column(Text)
    decimals: Mapped[int]
    measure: Mapped[str]
    denominator_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"))
    polarity: Mapped[str]
    collection: Mapped[str | None] = mapped_column(String(16))
    over_time: Mapped[bool | None]
    frequency: Mapped[str]
    year_kind: Mapped[str]
    quality: Mapped[str]
    derivation: Mapped[str | None] = mapped_column(Text)
    caveats: Mapped[str | None] = mapped_column(Text)
    last_updated: Mapped[IsoDate | None]
    next_update: Mapped[IsoDate | None]
    position: Mapped[int]
    phrase: Mapped[str | None] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(String(8))
    meaning: Mapped[str | None] = mapped_column(Text)
    covers: Mapped[str | None] = mapped_column(Text)
    mistaken_for: Mapped[str | None] = mapped_column(Text)
    formula: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(Text)
    """The partner whose indicator it is, and who alone publishes figures of it; null: this service's own."""
    variant_of: Mapped[Slug | None]
    """The indicator of this service that a partner's is a variant of: by its name, which is never another's."""


class IndicatorSource(Base):
    """A source that figures of an indicator come from, the newest one or another; noted when figures are published."""

    __tablename__ = "indicator_source"

    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), primary_key=True)
    source_id: Mapped[Slug] = mapped_column(ForeignKey("source.id"), primary_key=True)
    first_release: Mapped[int | None]
    """Since which release: earlier ones answer as they did. Null where code older than the column noted it."""
