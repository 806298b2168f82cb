"""A comparison group: the regions of a level in one period, as a partition, with a comparable value for each.

A code is left out of a period in which one that came after it has a figure too. Who is left out and who is missing is
part of the group. A place that was recoded is in it once, under the code that it goes by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from api.answers.comparison.partition import Absent, absence_of, differs, missing, replaced, superseded
from api.answers.comparison.rates import NO_DENOMINATOR, NOT_COMPARABLE, Divisor, Scale, divisors, limits_of, scale_of
from api.answers.reading import Reading
from api.answers.selection import linked
from api.catalogue import Catalogue, CoveredPeriod, Indicator, Region
from api.columns import COMPARED
from api.decimals import rounded
from api.models.geography import GROUPING
from api.periods import parse
from api.queries.observations import FULL, Selection, all_observations
from api.queries.places import counted_values
from api.rows import REGION, START, VALUE, is_comparable, number

OVERLAPPING = "not a partition: groupings overlap"
NO_VALUES = "no region has a comparable value"
"""Why nothing can be compared in a group, beside `rates.NOT_COMPARABLE`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is compared: an indicator in a period, at the release that is read, through a connection."""

    connection: Connection
    reading: Reading
    indicator: Indicator
    period: str
    denominator: Indicator | None = None
    """What a count or an amount is divided by in place of what its indicator declares."""

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of the release."""
        return self.reading.catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The value of a region in a period, as published and as compared, with its bounds of sampling error if any."""

    region: Region
    """The place, under the code that it goes by."""
    code: str
    """The code that the figure is published under."""
    published: float
    value: float
    status: str
    lower: float | None
    upper: float | None
    source_file: int
    divisor: Divisor | None

    @property
    def files(self) -> set[int]:
        """The files that it, and what it is divided by, were read from."""
        return {self.source_file} if self.divisor is None else {self.source_file, self.divisor.source_file}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The regions of a level with a comparable value in a period, and those without; by number of region."""

    indicator: Indicator
    level: str
    period: str
    scale: Scale | None
    figures: dict[int, Figure] = field(default_factory=dict)
    left_out: tuple[Absent, ...] = ()
    missing: tuple[Absent, ...] = ()
    reason: str | None = None
    """Why nothing can be compared in it, where that is so."""

    @property
    def values(self) -> list[float]:
        """The comparable values."""
        return [figure.value for figure in self.figures.values()]

    @property
    def unit(self) -> str:
        """The unit that is compared, else that of the published values."""
        return self.indicator.unit if self.scale is None else self.scale.unit

    @property
    def decimals(self) -> int:
        """Decimals worth showing in that unit."""
        return self.indicator.decimals if self.scale is None else self.scale.decimals

    @property
    def denominator(self) -> Indicator | None:
        """What values are divided by, if anything."""
        return None if self.scale is None else self.scale.denominator

    @property
    def files(self) -> set[int]:
        """The files that values, and what they are divided by, were read from."""
        return {file for figure in self.figures.values() for file in figure.files}

    @property
    def years(self) -> list[str]:
        """The years of the denominators, oldest first."""
        return sorted({str(figure.divisor.year) for figure in self.figures.values() if figure.divisor})

    def comparable(self, figure: Figure | None) -> dict[str, Any] | None:
        """A figure as it is compared, with what it was divided by, as it stands in an answer."""
        if figure is None or self.scale is None:
            return None
        divisor = None
        if figure.divisor is not None and self.scale.denominator is not None:
            divisor = figure.divisor.described(self.scale.denominator)
        value = shown(figure.value, self.decimals)
        return {**self.scale.described(self.indicator), "value": value, "denominator": divisor}

    def described(self, most: int) -> dict[str, Any]:
        """The group as it stands in an answer: of regions it names so many, and says how many there are."""
        return {
            "level": self.level,
            "period": self.period,
            "n": len(self.figures),
            "regions": [figure.region.code for figure in islice(self.figures.values(), most)],
            "left_out": [item.described() for item in self.left_out[:most]],
            "left_out_count": len(self.left_out),
            "missing": [item.described() for item in self.missing[:most]],
            "missing_count": len(self.missing),
            "denominator_years": self.years,
            "reason": self.reason,
        }


def covered(indicator: Indicator, level: str, period: str | None = None) -> CoveredPeriod | None:
    """The period that an indicator covers a level in: a named one, else the latest."""
    found = [item for item in indicator.coverage if item.level == level and period in {None, item.period}]
    return max(found, key=lambda item: (item.start, item.regions), default=None)


def own_level(catalogue: Catalogue, indicator: Indicator, region: Region, period: str | None) -> str:
    """The level that a region is compared in: of its levels the one with the most figures in the period.

    Its earlier codes may have been of another level (NUTS 2 before ITL 2), which figures are then published for.
    """

    def figures(level: str) -> int:
        found = covered(indicator, level, period)
        return found.regions if found else 0

    codes = (region, *catalogue.recoded_from(region))
    return max(dict.fromkeys(level for code in codes for level in code.levels), key=figures)


def group_of(subject: Subject, level: str) -> Group:
    """The comparison group of a level in a period."""
    catalogue, indicator, period = subject.catalogue, subject.indicator, subject.period
    scale = scale_of(catalogue, indicator, subject.denominator)
    rows = _rows(subject, catalogue.with_earlier_codes(level))
    valued = {region: row for region, row in rows.items() if row[VALUE] is not None}
    comparable = {region: row for region, row in valued.items() if is_comparable(row)}
    left_out = superseded(_replaced(subject, comparable), catalogue.regions)
    partition = {region: row for region, row in valued.items() if region not in left_out}
    figures, unsized = _figures(subject, scale, partition)
    absent = missing(catalogue, indicator, level, rows, valued, span=parse(period))
    return Group(
        indicator=indicator,
        level=level,
        period=period,
        scale=scale,
        figures=figures,
        left_out=tuple(left_out.values()),
        missing=tuple(sorted((*absent, *unsized), key=lambda item: item.region.code)),
        reason=_reason(scale, figures, overlapping=catalogue.levels[level].role == GROUPING),
    )


def figure_of(subject: Subject, region: Region) -> Figure | None:
    """The comparable value of one region in a period, by itself; None where it has none."""
    rows = _rows(subject, frozenset(subject.catalogue.codes_of(region)))
    valued = {number_: row for number_, row in rows.items() if row[VALUE] is not None}
    figures, _ = _figures(subject, scale_of(subject.catalogue, subject.indicator, subject.denominator), valued)
    return figures.get(subject.catalogue.place_of(region).id)


def group_among(subject: Subject, regions: Sequence[Region]) -> Group:
    """The group of some regions of any level in a period, each place with the figure of whichever of its codes."""
    catalogue = subject.catalogue
    scale = scale_of(catalogue, subject.indicator, subject.denominator)
    places = [catalogue.place_of(region) for region in regions]
    rows = _rows(subject, frozenset(code for place in places for code in catalogue.codes_of(place)))
    partition = {place.id: rows[place.id] for place in places if place.id in rows and rows[place.id][VALUE] is not None}
    figures, unsized = _figures(subject, scale, partition)
    absent = [absence_of(catalogue, subject.indicator, place, rows) for place in places if place.id not in partition]
    return Group(
        indicator=subject.indicator,
        level="selected",
        period=subject.period,
        scale=scale,
        figures=figures,
        missing=tuple(sorted((*absent, *unsized), key=lambda item: item.region.code)),
        reason=_reason(scale, figures, overlapping=False),
    )


def figure_in(catalogue: Catalogue, group: Group, region: Region) -> Figure | None:
    """The figure of a place in a group, whichever of its codes is given."""
    return group.figures.get(catalogue.place_of(region).id)


def _reason(scale: Scale | None, figures: dict[int, Figure], *, overlapping: bool) -> str | None:
    if overlapping:
        return OVERLAPPING
    if scale is None:
        return NOT_COMPARABLE
    return None if figures else NO_VALUES


def _rows(subject: Subject, regions: frozenset[int]) -> dict[int, tuple[Any, ...]]:
    """The observations of some regions, given under every code that counts, by the number of the place."""
    catalogue = subject.catalogue
    selection = Selection(
        release=subject.reading.release,
        indicators=frozenset({subject.indicator.id}),
        regions=regions,
        periods=frozenset({subject.period}),
    )
    rows = all_observations(subject.connection, linked(catalogue, selection), columns=FULL)
    return {catalogue.place_of(catalogue.regions[row[REGION]]).id: row for row in rows}


def _replaced(subject: Subject, valued: dict[int, tuple[Any, ...]]) -> dict[int, list[Region]]:
    """The regions of a group that others replaced which have a comparable value in the period, of whatever level."""
    catalogue = subject.catalogue
    later = {item for region in valued for item in catalogue.later_places(region)} - valued.keys()
    selection = Selection(
        release=subject.reading.release,
        indicators=frozenset({subject.indicator.id}),
        periods=frozenset({subject.period}),
    )
    counted = counted_values(subject.connection, selection, later, statuses=COMPARED) if later else []
    known = valued.keys() | {region for _, region, _, values in counted if values}
    return {region: after for region, after in replaced(catalogue, known).items() if region in valued}


def _figures(
    subject: Subject, scale: Scale | None, rows: dict[int, tuple[Any, ...]]
) -> tuple[dict[int, Figure], list[Absent]]:
    """The figures of rows on a scale, and the regions without a denominator or with a figure of another definition."""
    if scale is None:
        return {}, []
    regions = [subject.catalogue.regions[region] for region in rows]
    found: dict[int, Divisor] = {}
    year = 0
    if scale.denominator is not None and rows:
        year = int(next(iter(rows.values()))[START][:4])
        found = divisors(subject.connection, subject.reading, scale.denominator, regions, year)
    figures, absent = {}, []
    for region in regions:
        if not is_comparable(rows[region.id]):
            absent.append(differs(region, rows[region.id]))
            continue
        divisor = found.get(region.id)
        if scale.denominator is not None and divisor is None:
            detail = f"No {scale.denominator.slug} is held here for it within two years of {year}."
            absent.append(Absent(region=region, reason=NO_DENOMINATOR, detail=detail))
            continue
        row = rows[region.id]
        figures[region.id] = _figure(region, subject.catalogue.regions[row[REGION]].code, row, scale, divisor)
    return figures, absent


def _figure(region: Region, code: str, row: tuple[Any, ...], scale: Scale, divisor: Divisor | None) -> Figure:
    _, _, _, value, status, source_file, _, _, lower, upper, kind, _ = row
    ratio = 1.0 if divisor is None else scale.factor / divisor.value
    lower, upper = limits_of(lower, upper, kind, share=scale.unit.startswith("%"))
    return Figure(
        region=region,
        code=code,
        published=value,
        value=value if divisor is None else value * ratio,
        status=status,
        lower=None if lower is None else lower * ratio,
        upper=None if upper is None else upper * ratio,
        source_file=source_file,
        divisor=divisor,
    )


def shown(value: float | None, decimals: int) -> Any:
    """A value to so many decimals, without a decimal point where it is whole."""
    return None if value is None else number(rounded(value, decimals))
