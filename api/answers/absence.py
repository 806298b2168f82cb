"""Why there is nothing: the reason for an empty answer to a valid question, and the nearest question that has one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import Connection

from api.answers.questions import address_of
from api.answers.reading import Reading
from api.answers.selection import Resolved, resolve
from api.answers.unpublished import NOT_YET, unpublished
from api.catalogue import Catalogue, Gap, Indicator, Region
from api.filters import LINKED, ObservationFilter
from api.models.geography import NATION
from api.periods import Period, parse
from api.queries.observations import any_observation, periods_of, statuses_of

_DORMANT_MONTHS = 48
"""A series whose latest period is this old is not waited for any more."""

_FEWER_PLACES: tuple[dict[str, Any], ...] = (
    {"valid_on": None},
    {"valid_on": None, "parent": None},
    {"valid_on": None, "level": None},
    {"valid_on": None, "parent": None, "level": None},
    {"valid_on": None, "parent": None, "level": None, "region": None},
)
"""What is left out, little by little, of a question about places that have nothing in common."""

Explanation = dict[str, str | None]


def because(reason: str, detail: str, nearest: str | None) -> Explanation:
    """The part of `meta` that explains an empty answer."""
    return {"reason": reason, "detail": detail, "nearest": nearest}


def explain(
    connection: Connection, reading: Reading, asked: ObservationFilter, resolved: Resolved, *, path: str
) -> Explanation:
    """Why the question found nothing. `path` is where it was asked: the nearest question is asked there too."""
    selection = resolved.selection
    if selection.after is not None and any_observation(connection, replace(selection, after=None)):
        return because("end-of-list", "There is nothing after this cursor.", None)
    asked = replace(asked, cursor=None, limit=None)
    if not resolved.indicators:
        return _unmeasured(reading.catalogue, asked)
    if resolved.regions == ():
        detail = "No region answers to all of region, level, parent and valid_on together. Ask with fewer of them."
        fewer = [asked, replace(asked, status=None, period=None, period_from=None, period_to=None)]
        wider = _first(
            connection,
            reading,
            (replace(item, **less) for less in _FEWER_PLACES for item in fewer),
        )
        return because("geography-not-covered", detail, address_of(path, wider))
    unqualified = replace(asked, status=None, latest=False)
    statuses = statuses_of(connection, resolve(reading, unqualified).selection)
    if statuses:
        return _unvalued(asked, unqualified, statuses, path=path)
    undated = replace(asked, period=None, period_from=None, period_to=None)
    periods = periods_of(connection, resolve(reading, replace(undated, status=None, latest=False)).selection)
    if not periods:
        return _uncovered(connection, reading, asked, resolved, path=path)
    released = reading.catalogue.release.published_at
    return _other_period(resolved, replace(undated, status=None), periods, path=path, released=released)


def nearest_value(
    connection: Connection, reading: Reading, asked: ObservationFilter, resolved: Resolved, *, like: str | None
) -> ObservationFilter | None:
    """The nearest question about one region that has a value, for answers that are about one value.

    The one at an address (`like`) that was found to have observations, the same region in any period, then the places
    around it; None where none of them has a value.
    """
    undated = replace(asked, period=None, latest=True)
    around = _elsewhere(reading.catalogue, asked, resolved.indicators, resolved.regions or ())
    places = [item for item in around if item.region]
    candidates = [undated, *(item for other in places for item in (_as(asked, other), _as(undated, other)))]
    given = _about_one_region(asked, like)
    return _first(connection, reading, ([given] if given else []) + candidates)


def _about_one_region(asked: ObservationFilter, address: str | None) -> ObservationFilter | None:
    """The question that an address asks of one region, as one of its latest value; None where it asks another."""
    given = dict(parse_qsl((address or "").partition("?")[2]))
    if not given.keys() <= {"indicator", "region", "period", "latest"} or "," in given.get("region", ","):
        return None
    period = parse(given["period"]) if "period" in given else None
    dated = (period,) if isinstance(period, Period) else None
    return replace(asked, region=(given["region"],), period=dated, latest=True)


def _unmeasured(catalogue: Catalogue, asked: ObservationFilter) -> Explanation:
    components = [catalogue.component(item) for item in asked.component or ()]
    reasons = [f"{item.title}: {item.reason}" for item in components if not item.measured]
    if reasons:
        return because("not-measured", " ".join(reasons), "/v1/components")
    return because("no-match", "None of these indicators belongs to these components.", "/v1/indicators")


def _unvalued(
    asked: ObservationFilter, unqualified: ObservationFilter, statuses: set[str], *, path: str
) -> Explanation:
    """There are observations, but not of the status asked for, or (`latest`) none that has a value."""
    again = address_of(path, unqualified)
    if asked.status:
        return because("no-match", f"There are figures, but of status {', '.join(sorted(statuses))} only.", again)
    if "Q" in statuses:
        return because(
            "suppressed", "The figures are suppressed by the publisher: there is no value to be latest.", again
        )
    return because("not-available", f"The figures have no value (status {', '.join(sorted(statuses))}).", again)


def _other_period(
    resolved: Resolved, undated: ObservationFilter, periods: list[tuple[str, str]], *, path: str, released: str
) -> Explanation:
    """The periods asked for lie before, after or between those that there are figures for."""
    selection = resolved.selection
    first, last = periods[0], periods[-1]
    asked_for = min((_start(label) for label in selection.periods or ()), default="")
    wanted = selection.start_from or asked_for or selection.start_to or ""
    nearest = min(periods, key=lambda item: abs(_months(item[0]) - _months(wanted)))
    again = address_of(path, replace(undated, period=(Period(nearest[0], nearest[0], nearest[1]),)))
    if wanted > last[0] and nearest == last and _start(last[1]) < wanted:
        dormant = _months(released) - _months(last[0]) > _DORMANT_MONTHS
        reason = "outside-period" if dormant else "not-yet-published"
        return because(reason, f"The latest period that this service holds is {last[1]}.", again)
    if within := _within(selection.periods or (), periods):
        around, labels = within
        again = address_of(path, replace(undated, period_from=around, period_to=around))
        bounds = f"period_from={around.label}&period_to={around.label}"
        return because("outside-period", f"Held here are {', '.join(labels)}: ask for them with {bounds}.", again)
    span = first[1] if first == last else f"{first[1]} to {last[1]}"
    return because("outside-period", f"There are figures for {span}, but not for the periods asked for.", again)


def _uncovered(
    connection: Connection, reading: Reading, asked: ObservationFilter, resolved: Resolved, *, path: str
) -> Explanation:
    """There are no figures at all for these indicators and regions, in any period."""
    catalogue, indicators, regions = reading.catalogue, resolved.indicators, resolved.regions or ()
    asked = replace(asked, status=None)
    undated = replace(asked, period=None, period_from=None, period_to=None)
    pending = unpublished(catalogue, indicators)
    if pending is not None:
        return because(NOT_YET, pending, address_of(path, _first(connection, reading, _beside(undated, indicators))))
    elsewhere = _elsewhere(catalogue, asked, indicators, regions)
    linked = replace(asked, history=LINKED), replace(undated, history=LINKED)
    of_place = _first(connection, reading, linked if asked.history != LINKED else ())
    if of_place is not None:
        detail = "Nothing is published under this code itself: history=linked has what is under others of the place."
        return because("geography-not-covered", detail, address_of(path, of_place))
    nearest = _first(
        connection, reading, (item for other in elsewhere for item in (_as(asked, other), _as(undated, other)))
    )
    again = address_of(path, nearest)
    gap = _gap(catalogue, indicators, {item.id for item in regions})
    if gap is not None:
        return because(gap.reason, gap.detail, again)
    area = _same_area(catalogue, regions, nearest)
    if area is not None:
        detail = f"The figures are published for another area that is the same land, {area.code} ({area.label})."
        return because("geography-not-covered", detail, again)
    # Of what holds for a nation ("England only") its places are part; other gaps are of the place itself alone.
    nations = catalogue.regions_as(NATION)
    gap = _gap(catalogue, indicators, {parent for item in regions for parent in item.parents} & nations)
    if gap is not None:
        return because(gap.reason, gap.detail, again)
    titles = " / ".join(item.title for item in indicators[:3])
    place = _one_place(catalogue, regions)
    where = place.label if place else "these regions"
    levels = ", ".join(dict.fromkeys(level for item in indicators for level in item.levels)) or "none"
    return because(
        "geography-not-covered",
        f"{titles}: this service holds no figures for {where}. Levels covered: {levels}.",
        again,
    )


def _beside(undated: ObservationFilter, indicators: tuple[Indicator, ...]) -> Iterator[ObservationFilter]:
    """What else is measured there: by the components of some indicators, then by any."""
    components = tuple(dict.fromkeys(item.component for item in indicators))
    yield replace(undated, indicator=None, component=components)
    yield replace(undated, indicator=None, component=None)


def _elsewhere(
    catalogue: Catalogue, asked: ObservationFilter, indicators: tuple[Indicator, ...], regions: tuple[Region, ...]
) -> Iterator[ObservationFilter]:
    """Places to look instead, nearest first: the same land, what came after or before, what surrounds, other levels."""
    anywhere = ObservationFilter()
    region = _one_place(catalogue, regions)
    if region is not None:
        area = catalogue.same_land(region)
        codes = [catalogue.regions[code] for code in catalogue.codes_of(region)]
        related = [item.region for code in codes for item in (*code.successors, *code.predecessors)]
        for number in (*(() if area is None else (area.id,)), *related):
            yield replace(anywhere, region=(catalogue.place_of(catalogue.regions[number]).code,))
        for number in sorted(region.parents, key=lambda number: -len(catalogue.regions[number].parents)):
            yield replace(anywhere, region=(catalogue.regions[number].code,))
    widths = {level: position for position, level in enumerate(catalogue.levels)}
    wanted = [widths[level] for level in asked.level or (level for item in regions for level in item.levels)] or [0]
    covered = dict.fromkeys(level for item in indicators for level in item.levels)
    by_distance = sorted(covered, key=lambda level: min(abs(widths[level] - width) for width in wanted))
    if asked.parent:
        yield from (replace(anywhere, level=(level,), parent=asked.parent) for level in by_distance)
    yield from (replace(anywhere, level=(level,)) for level in by_distance)


def _as(asked: ObservationFilter, place: ObservationFilter) -> ObservationFilter:
    return replace(asked, region=place.region, level=place.level, parent=place.parent)


def _gap(catalogue: Catalogue, indicators: tuple[Indicator, ...], regions: set[int]) -> Gap | None:
    """The gap that is known for one of some regions."""
    wanted = {item.id for item in indicators}
    return next((gap for gap in catalogue.gaps if gap.indicator in wanted and gap.region in regions), None)


def _one_place(catalogue: Catalogue, regions: tuple[Region, ...]) -> Region | None:
    """The place that is asked for, where it is one: all its codes are asked for with it."""
    places = {item.id: item for item in map(catalogue.place_of, regions)}
    return next(iter(places.values())) if len(places) == 1 else None


def _same_area(catalogue: Catalogue, regions: tuple[Region, ...], nearest: ObservationFilter | None) -> Region | None:
    """The other area that is the same land, where that is what was found to have figures."""
    place = _one_place(catalogue, regions)
    area = place and catalogue.same_land(place)
    return area if area and nearest and nearest.region == (area.code,) else None


def _first(
    connection: Connection, reading: Reading, candidates: Iterable[ObservationFilter]
) -> ObservationFilter | None:
    """The first of some questions that has an answer."""
    for candidate in candidates:
        if any_observation(connection, resolve(reading, candidate).selection):
            return candidate
    return None


def _within(asked: Iterable[str], periods: list[tuple[str, str]]) -> tuple[Period, list[str]] | None:
    """A period asked for that is not published as such, but holds some that are; and those."""
    for label in sorted(asked):
        period = parse(label)
        if isinstance(period, Period):
            labels = [
                published
                for start, published in periods
                if period.start <= start and (_end(published) <= period.end or start == period.end)
            ]
            if labels:
                return period, labels
    return None


def _start(label: str) -> str:
    period = parse(label)
    return period.start if isinstance(period, Period) else ""


def _end(label: str) -> str:
    period = parse(label)
    return period.end if isinstance(period, Period) else ""


def _months(day: str) -> int:
    return int(day[:4] or 0) * 12 + int(day[5:7] or 0)
