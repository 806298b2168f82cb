"""A comparison group of changes: what became of each region's comparable value since an earlier period.

A series break is never crossed: a region whose series broke between the two periods is missing, as is one that has no
value in the earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from api.analysis.ranks import Floats
from api.answers.comparison.change import BREAK, NO_SERIES
from api.answers.comparison.differences import POINTS
from api.answers.comparison.error_bounds import Basis, Errors, unknown
from api.answers.comparison.group import Figure, Group, Subject
from api.answers.comparison.partition import Absent
from api.answers.comparison.rates import Scale
from api.answers.selection import every_code, linked
from api.answers.splicing import splice
from api.catalogue import Indicator
from api.queries.observations import FULL, Selection, all_observations
from api.rows import PERIOD, REGION, START, STATUS

NO_EARLIER = "no comparable value in the earlier period"
SERIES_BREAK = "series-break"
OTHER_BASIS = "error known in one period alone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Two groups of one indicator and level, and the one that is made of them; `since` is the earlier period."""

    group: Group
    later: Group
    earlier: Group
    since: str
    relative: bool


def earlier_period(indicator: Indicator, level: str, period: str) -> str | None:
    """The period before one that an indicator covers a level in, of the same length."""
    found = [item for item in indicator.coverage if item.level == level]
    own = next((item for item in found if item.period == period), None)
    before = [item for item in found if own and item.start < own.start and item.duration == own.duration]
    return max(before, key=lambda item: item.start).period if before else None


def changes_of(subject: Subject, later: Group, earlier: Group, *, relative: bool) -> Changes:
    """What became of the values of a group since another one, in its unit or in per cent of the earlier value."""
    broken = broken_between(subject, later, earlier)
    figures, missing = {}, list(later.missing)
    for region, figure in later.figures.items():
        before = earlier.figures.get(region)
        if before is None or (relative and before.value <= 0):
            detail = f"It has no {'positive ' if relative and before else ''}comparable value in {earlier.period}."
            missing.append(Absent(region=figure.region, reason="not-available", detail=detail))
        elif region in broken:
            detail = f"Its series breaks in {broken[region]}: what lies before was counted in another way."
            missing.append(Absent(region=figure.region, reason=SERIES_BREAK, detail=detail))
        else:
            figures[region] = _changed(figure, before, relative=relative)
    group = replace(
        later,
        scale=_scale(later, relative=relative),
        figures=figures,
        missing=tuple(sorted(missing, key=lambda item: item.region.code)),
        reason=_reason(later, figures),
    )
    return Changes(group=group, later=later, earlier=earlier, since=earlier.period, relative=relative)


def errors_of_changes(changes: Changes, later: Errors, earlier: Errors) -> Errors:
    """What is known of the error of changes, from that of both periods, which are taken as independent."""
    if later.basis.name is None or later.basis.name != earlier.basis.name:
        lacking = later if later.basis.name is None else earlier
        return unknown(lacking.basis.reason or OTHER_BASIS, lacking.basis.detail)
    (new, low, high), (old, floor, ceiling) = (
        _picked(changes, group, errors) for group, errors in ((changes.later, later), (changes.earlier, earlier))
    )
    if later.normal:
        # The sides that face each other count: the change is least where the later value is low and the earlier high.
        down = (new - low, ceiling - old)
        up = (high - new, old - floor)
        if changes.relative:
            # Of a quotient the shares of the errors add up (the delta method).
            change, size = 100 * (new / old - 1), 100 * np.abs(new / old)
            lower, upper = (size * np.hypot(later_ / np.abs(new), before / old) for later_, before in (down, up))
        else:
            change = new - old
            lower, upper = np.hypot(*down), np.hypot(*up)
        lower, upper = change - lower, change + upper
    elif changes.relative:
        lower, upper = 100 * (low / ceiling - 1), 100 * (high / floor - 1)
    else:
        lower, upper = low - ceiling, high - floor
    detail = f"{later.basis.detail} Of both periods, taken as independent of one another."
    return Errors(basis=Basis(name=later.basis.name, detail=detail), lower=lower, upper=upper, normal=later.normal)


def _picked(changes: Changes, group: Group, errors: Errors) -> tuple[Floats, Floats, Floats]:
    """The values and bounds in one period of the regions whose change is told."""
    order = {region: place for place, region in enumerate(group.figures)}
    places = [order[region] for region in changes.group.figures]
    return np.array(group.values)[places], errors.lower[places], errors.upper[places]


def _changed(figure: Figure, before: Figure, *, relative: bool) -> Figure:
    change = 100 * (figure.value - before.value) / before.value if relative else figure.value - before.value
    return replace(figure, value=change, lower=None, upper=None)


def _scale(group: Group, *, relative: bool) -> Scale | None:
    """The unit of a change: percentage points between percentages, per cent of the earlier value."""
    if group.scale is None:
        return None
    if relative:
        return replace(group.scale, unit="%", decimals=1)
    return replace(group.scale, unit=POINTS if group.unit.startswith("%") else group.unit)


def _reason(later: Group, figures: dict[int, Figure]) -> str | None:
    if later.reason is not None:
        return later.reason
    if later.indicator.over_time is False:
        return NO_SERIES[:1].lower() + NO_SERIES[1:].rstrip(".")
    return None if figures else NO_EARLIER


def broken_between(subject: Subject, later: Group, earlier: Group) -> dict[int, str]:
    """The regions whose series breaks after the earlier period, with the period in which it does."""
    catalogue = subject.catalogue
    starts = {item.period: item.start for item in later.indicator.coverage}
    since, until = starts[earlier.period], starts[later.period]
    selection = Selection(
        release=subject.reading.release,
        indicators=frozenset({later.indicator.id}),
        regions=every_code(catalogue, later.figures),
        start_from=since,
        start_to=until,
    )
    rows: dict[int, list[tuple[Any, ...]]] = {}
    for row in all_observations(subject.connection, linked(catalogue, selection), columns=FULL):
        rows.setdefault(catalogue.place_of(catalogue.regions[row[REGION]]).id, []).append(row)
    found: dict[int, str] = {}
    for region, own in rows.items():
        series = splice(own, catalogue.codes_of(catalogue.regions[region]))
        broken = [row for row in series if row[STATUS] == BREAK and row[START] > since]
        if broken:
            found[region] = str(broken[-1][PERIOD])
    return found
