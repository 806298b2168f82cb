"""Figures of this service, laid out as an index wants them: a row for each region, a column for each indicator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection

from api.analysis.definition import DataError, Inputs
from api.analysis.ranks import Floats
from api.answers import group_cache
from api.answers.comparison.change import BREAK
from api.answers.comparison.counts import counts_of
from api.answers.comparison.error_bounds import Errors, errors_of
from api.answers.comparison.group import Figure, Group, Subject, figure_in, group_among
from api.answers.reading import Reading
from api.catalogue import Catalogue, Indicator, Region
from api.models.geography import MAIN

_TRIES = 4
"""How many periods back are looked at, for one with enough figures or for earlier values."""
_ENOUGH = 0.5
"""For what share of the regions the latest period has to have a comparable value, to be taken unasked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An indicator of an index: in a period (the latest with enough figures), through a denominator (its own)."""

    indicator: Indicator
    period: str | None = None
    denominator: Indicator | None = None
    base: str | None = None
    """The period that it is held against, where its normalisation has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The figures of some indicators for some regions: a group for each indicator, and those of earlier periods."""

    regions: tuple[Region, ...]
    groups: tuple[Group, ...]
    before: tuple[tuple[Group, ...], ...] = ()
    """For each indicator its groups of earlier periods, newest first; none where they are not wanted."""
    errors: tuple[Errors, ...] = ()
    """What is known of the error of each group; none where it is not wanted."""

    def inputs(self, catalogue: Catalogue) -> Inputs:
        """The figures as arrays: values as published, and what they are divided by, with the scale in it.

        Earlier values stand where there is no newer one alone, and then the divisor is that of their year.
        """
        now = [[figure_in(catalogue, group, region) for group in self.groups] for region in self.regions]
        then = [[None if earlier is None else earlier[1] for earlier in row] for row in self._earlier(catalogue, now)]
        divisors = [
            [_divisor(figure or earlier, group) for figure, earlier, group in zip(*cells, self.groups, strict=True)]
            for cells in zip(now, then, strict=True)
        ]
        return Inputs(
            regions=tuple(region.code for region in self.regions),
            values=_published(now),
            groups=_groups(catalogue, self.regions),
            divisors=np.array(divisors, dtype=float),
            earlier=_published(then) if self.before else None,
            errors=self._data_error(catalogue) if self.errors else None,
        )

    def _data_error(self, catalogue: Catalogue) -> DataError:
        """How far each figure may be off, as it is compared."""
        shape = len(self.regions), len(self.groups)
        below, above = np.full(shape, np.nan), np.full(shape, np.nan)
        for column, (group, errors) in enumerate(zip(self.groups, self.errors, strict=True)):
            if errors.basis.name is None:
                continue
            bounds = dict(zip(group.figures, zip(errors.lower, errors.upper, strict=True), strict=True))
            for row, region in enumerate(self.regions):
                figure = figure_in(catalogue, group, region)
                if figure is not None:
                    lower, upper = bounds[catalogue.place_of(region).id]
                    below[row, column], above[row, column] = figure.value - lower, upper - figure.value
        # Bounds that are nowhere are of a figure of which nothing is known.
        below, above = (np.where(np.isfinite(side), side, np.nan) for side in (below, above))
        return DataError(below=below, above=above, normal=np.array([errors.normal for errors in self.errors]))

    def described(self, catalogue: Catalogue) -> list[dict[str, Any]]:
        """What the figures are of each indicator, as it stands in an answer."""
        now = [[figure_in(catalogue, group, region) for group in self.groups] for region in self.regions]
        then = list(zip(*self._earlier(catalogue, now), strict=True))
        return [
            {
                **_described(catalogue, group, self.regions),
                "earlier": [
                    {"region": region.code, "period": found[0]}
                    for region, found in zip(self.regions, earlier, strict=True)
                    if found is not None
                ],
            }
            for group, earlier in zip(self.groups, then, strict=True)
        ]

    def files(self) -> set[int]:
        """The files that the figures, and what they are divided by, were read from."""
        groups = (*self.groups, *(group for earlier in self.before for group in earlier))
        return {file for group in groups for file in group.files}

    def _earlier(self, catalogue: Catalogue, now: list[list[Figure | None]]) -> list[list[tuple[str, Figure] | None]]:
        """For each region and indicator without a figure, the latest earlier one and its period."""
        known = zip(self.groups, self.before or ((),) * len(self.groups), strict=True)
        # The group itself comes first: a break in it lies between it and what is earlier.
        groups = [(group, *earlier) for group, earlier in known]
        return [
            [None if cell else _first(catalogue, some, region) for cell, some in zip(row, groups, strict=True)]
            for region, row in zip(self.regions, now, strict=True)
        ]


def place(
    connection: Connection,
    reading: Reading,
    regions: Sequence[Region],
    wanted: Sequence[Wanted],
    *,
    level: str | None,
    earlier: bool,
    errors: bool = False,
) -> Placed:
    """The figures of some indicators for regions: all of a level, or (None) any that were named."""
    groups, before, known = [], [], []
    for item in wanted:
        tried = list(_tried(connection, reading, regions, item, level=level, all_=earlier))
        enough = [group for group in tried if item.period or len(group.figures) >= _ENOUGH * len(regions)]
        chosen = (enough or sorted(tried, key=lambda group: -len(group.figures)))[0]
        groups.append(chosen)
        before.append(tuple(tried[tried.index(chosen) + 1 :]))
        if errors:
            subject = _subject(connection, reading, item, chosen.period)
            known.append(errors_of(chosen, counts_of(subject, chosen)))
    return Placed(
        regions=tuple(regions), groups=tuple(groups), before=tuple(before) if earlier else (), errors=tuple(known)
    )


def _subject(connection: Connection, reading: Reading, wanted: Wanted, period: str) -> Subject:
    return Subject(
        connection=connection,
        reading=reading,
        indicator=wanted.indicator,
        period=period,
        denominator=wanted.denominator,
    )


def _tried(
    connection: Connection,
    reading: Reading,
    regions: Sequence[Region],
    wanted: Wanted,
    *,
    level: str | None,
    all_: bool,
) -> Iterator[Group]:
    """The groups of an indicator, of its newest periods first; no more than needed unless all are wanted."""
    for period in _periods(wanted, {level} if level else {item for region in regions for item in region.levels}, all_):
        subject = _subject(connection, reading, wanted, period)
        found = group_cache.group(subject, level) if level and period else group_among(subject, regions)
        yield found
        if not all_ and len(found.figures) >= _ENOUGH * len(regions):
            return


def _periods(wanted: Wanted, levels: set[str], all_: bool) -> list[str]:  # noqa: FBT001
    covered = {(item.start, item.period) for item in wanted.indicator.coverage if item.level in levels}
    newest = [period for _, period in sorted(covered, reverse=True)]
    if wanted.period is None:
        return newest[:_TRIES] or [""]
    later = newest.index(wanted.period) if wanted.period in newest else None
    if not all_ or later is None:
        return [wanted.period]
    return newest[later : later + _TRIES]


def _first(catalogue: Catalogue, groups: Sequence[Group], region: Region) -> tuple[str, Figure] | None:
    """The period and the figure of a region in the first of some groups (newest first) that has one.

    Not across a series break: where newer figures carry one, what lies before was counted in another way.
    """
    for group in groups:
        found = figure_in(catalogue, group, region)
        if found is not None:
            return group.period, found
        if any(figure.status == BREAK for figure in group.figures.values()):
            return None
    return None


def _published(figures: list[list[Figure | None]]) -> Floats:
    """Values as published, NaN where there is none."""
    return np.array([[None if figure is None else figure.published for figure in row] for row in figures], dtype=float)


def _divisor(figure: Figure | None, group: Group) -> float:
    """What a published value is divided by; 1 where the indicator is a rate."""
    if group.scale is None or group.scale.denominator is None:
        return 1.0
    if figure is None or figure.divisor is None:
        return float("nan")
    return figure.divisor.value / group.scale.factor


def _groups(catalogue: Catalogue, regions: Sequence[Region]) -> tuple[str, ...] | None:
    """The region of the main level (ITL 1) around each place, where each has one: values may be imputed from it."""
    wide = catalogue.regions_as(MAIN)
    found = [[parent for parent in region.parents if parent in wide] for region in regions]
    if any(len(parents) != 1 for parents in found):
        return None
    return tuple(catalogue.regions[parents[0]].code for parents in found)


def _described(catalogue: Catalogue, group: Group, regions: Sequence[Region]) -> dict[str, Any]:
    without = {region.code for region in regions if figure_in(catalogue, group, region) is None}
    return {
        "indicator": group.indicator.slug,
        "title": group.indicator.title,
        "period": group.period or None,
        "n": len(regions) - len(without),
        "unit": group.unit,
        "denominator": None if group.denominator is None else group.denominator.slug,
        "denominator_years": group.years,
        "missing": [item.described() for item in group.missing if item.region.code in without],
    }
