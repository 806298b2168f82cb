"""An edition of an index: which figures of which period each of its indicators enters with, and which stay out.

An indicator enters with its latest period that is not too old and in which enough regions have a comparable value. One
that has none stays out, and its component is not measured if no other is left; nothing is ever counted as zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import Connection

from api import errors
from api.answers import group_cache
from api.answers.comparison.group import Group, Subject, figure_in
from api.answers.reading import Reading
from api.answers.unpublished import unpublished
from api.catalogue import Catalogue, CoveredPeriod, Index, IndexComponent, IndexIndicator, Indicator, Region
from api.periods import last_day

SCORE_DECIMALS = 2
"""Decimals of a score from 0 to 100; more would pretend to know."""
_TRIES = 3
"""How many periods back an indicator is looked for where the latest has too few comparable values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How an indicator enters an edition: with a group of a period, or not, and then why."""

    component: str
    given: IndexIndicator
    indicator: Indicator
    group: Group | None
    n: int
    """How many of the edition's regions have a value in it."""
    reason: str | None = None

    def described(self, most: int) -> dict[str, Any]:
        """The use as it stands in an answer, with `most` of those that are missing by name."""
        missing = () if self.group is None else self.group.missing
        return {
            "indicator": self.indicator.slug,
            "title": self.indicator.title,
            "polarity": self.indicator.polarity,
            "weight": self.given.weight,
            "goalposts": {"lower": self.given.goalposts[0], "upper": self.given.goalposts[1]},
            "logarithm": self.given.logarithm,
            "digital": self.given.digital,
            "unit": self.indicator.unit if self.group is None else self.group.unit,
            "denominator": self.indicator.denominator if self.indicator.measure != "rate" else None,
            "period": None if self.group is None else self.group.period,
            "n": self.n,
            "denominator_years": [] if self.group is None else self.group.years,
            "missing": [item.region.code for item in missing[:most]],
            "missing_count": len(missing),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An index in one year: up to which day figures count, the regions, and how each indicator is used."""

    index: Index
    year: int
    day: str
    regions: tuple[Region, ...]
    uses: tuple[Use, ...]

    @property
    def used(self) -> tuple[Use, ...]:
        """The indicators that enter."""
        return tuple(use for use in self.uses if use.group is not None)

    @property
    def coverage(self) -> tuple[int, float]:
        """How many components are measured, and for what share of the weight of all of them."""
        measured = {use.component for use in self.used}
        whole = sum(part.weight for part in self.index.components)
        return len(measured), sum(part.weight for part in self.index.components if part.component in measured) / whole

    @property
    def digital_share(self) -> float:
        """The share of the weight of what enters that measures something digital."""
        weights = {part.component: part.weight for part in self.index.components}
        within: dict[str, float] = {}
        for use in self.used:
            within[use.component] = within.get(use.component, 0.0) + use.given.weight
        shares = [
            (use.given.digital, weights[use.component] * use.given.weight / within[use.component]) for use in self.used
        ]
        return sum(share for digital, share in shares if digital) / (sum(share for _, share in shares) or 1.0)

    def components(self, reading: Reading) -> list[dict[str, Any]]:
        """The components as they stand in an answer."""
        return [_component(reading, part, self.uses) for part in self.index.components]


def version_of(index: Index, version: int | None) -> Index:
    """A version of the method of an index; the newest where none is named. Problem `invalid-parameter`."""
    if version is None:
        return index
    known = {int(item.method_version): item for item in index.versions}
    if version not in known:
        said = ", ".join(map(str, sorted(known)))
        message = f"Versions of the method of {index.id} at this release: {said}."
        raise errors.invalid("method_version", message, code="unknown-version", allowed=tuple(sorted(known)))
    return known[version]


def edition_of(connection: Connection, reading: Reading, index: Index, year: int | None) -> Edition:
    """The edition of a year, or the latest: that of the release. Problem `invalid-parameter` for one yet to come."""
    catalogue = reading.catalogue
    released = catalogue.release.published_at[:10]
    latest = int(released[:4])
    year = year or latest
    if year > latest:
        message = f"The latest edition at this release is that of {latest}."
        raise errors.invalid("edition", message, code="unknown-edition", allowed=(latest,))
    day = min(f"{year:04d}-12-31", released)
    regions = [catalogue.regions[item] for item in sorted(catalogue.regions_at(index.level))]
    present = tuple(region for region in regions if region.valid_on(released))
    uses = tuple(
        _use(connection, reading, index, part, item, day=day, regions=present)
        for part in index.components
        for item in part.indicators
    )
    return Edition(index=index, year=year, day=day, regions=present, uses=uses)


def _use(
    connection: Connection,
    reading: Reading,
    index: Index,
    part: IndexComponent,
    item: IndexIndicator,
    *,
    day: str,
    regions: tuple[Region, ...],
) -> Use:
    indicator = reading.catalogue.indicator(item.indicator, field="index")
    needed = index.least_share * len(regions)
    none = unpublished(reading.catalogue, [indicator])
    group, reasons = None, [none or f"This service holds no figures for this level up to {day}."]
    oldest = f"{int(day[:4]) - index.most_years_old:04d}{day[4:]}"
    for covered in _newest_first(indicator, index.level, day)[:_TRIES]:
        if _end(covered) < oldest:
            reasons.append(f"The latest figures ({covered.period}) are more than {index.most_years_old} years old.")
            break
        subject = Subject(connection=connection, reading=reading, indicator=indicator, period=covered.period)
        found = group_cache.group(subject, index.level)
        count = _present(reading.catalogue, found, regions)
        if count >= needed and found.reason is None:
            group = found
            break
        some = f"{count} regions have a comparable value for {covered.period}, {ceil(needed)} are needed."
        reasons.append(found.reason or some)
    # What is wrong with the latest figures says most.
    reason = None if group else reasons[:2][-1]
    return Use(
        component=part.component,
        given=item,
        indicator=indicator,
        group=group,
        n=_present(reading.catalogue, group, regions) if group else 0,
        reason=reason,
    )


def _present(catalogue: Catalogue, group: Group, regions: tuple[Region, ...]) -> int:
    """How many of some places have a value in a group."""
    return sum(figure_in(catalogue, group, region) is not None for region in regions)


def _newest_first(indicator: Indicator, level: str, day: str) -> list[CoveredPeriod]:
    found = [item for item in indicator.coverage if item.level == level and _end(item) <= day]
    return sorted(found, key=lambda item: item.start, reverse=True)


def _end(covered: CoveredPeriod) -> str:
    return last_day(covered.period, covered.start, covered.duration)


def _component(reading: Reading, part: IndexComponent, uses: tuple[Use, ...]) -> dict[str, Any]:
    found = reading.catalogue.components.get(part.component)
    own = [use for use in uses if use.component == part.component]
    measured = any(use.group is not None for use in own)
    return {
        "component": part.component,
        "title": part.component if found is None else found.title,
        "weight": part.weight,
        "measured": measured,
        "reason": None if measured else " ".join(_why_not(own, None if found is None else found.reason)),
        "indicators": [use.described(reading.settings.limits.max_named) for use in own],
    }


def _why_not(uses: list[Use], reason: str | None) -> Iterator[str]:
    yield "Not measured."
    if not uses:
        yield reason or "No open indicator covers the regions of this level."
    for use in uses:
        yield f"{use.indicator.title}: {use.reason}"
