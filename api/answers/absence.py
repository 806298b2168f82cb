"""Why there is nothing: the reason for an empty answer to a valid question, and the nearest question that has one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection

from api.answers.reading import Reading
from api.answers.selection import Resolved
from api.catalogue import Catalogue, Gap, Indicator, Region
from api.filters import ObservationFilter
from api.queries.observations import Selection, any_observation, periods_of

REASONS = (
    "not-measured",
    "suppressed",
    "not-yet-published",
    "geography-not-covered",
    "outside-period",
    "no-match",
    "end-of-list",
)


def because(reason: str, detail: str, nearest: str | None) -> dict[str, Any]:
    """The part of `meta` that explains an empty answer."""
    return {"reason": reason, "detail": detail, "nearest": nearest}


def explain(
    connection: Connection, reading: Reading, asked: ObservationFilter, resolved: Resolved, *, path: str
) -> dict[str, Any]:
    """Why the question found nothing. `path` is where it was asked: the nearest question is asked there too."""
    catalogue, selection = reading.catalogue, resolved.selection
    if selection.after is not None and any_observation(connection, replace(selection, after=None)):
        return because("end-of-list", "There is nothing after this cursor.", None)
    if not resolved.indicators:
        return _unmeasured(catalogue, asked)
    if resolved.regions is not None and not resolved.regions:
        return because(
            "geography-not-covered",
            "No region answers to all of region, level and parent together. Ask with fewer of them.",
            "/v1/regions",
        )
    anywhere = replace(selection, after=None, statuses=None, latest=False)
    at_any_time = replace(anywhere, periods=None, start_from=None, start_to=None)
    periods = periods_of(connection, at_any_time)
    if not periods:
        return _uncovered(connection, catalogue, resolved, at_any_time, path=path)
    asked_periods = (selection.periods, selection.start_from, selection.start_to)
    if any(part is not None for part in asked_periods) and not any_observation(connection, anywhere):
        return _other_period(resolved, periods, path=path)
    return because(
        "no-match",
        "There are observations, but none of them with the status asked for, or none with a value.",
        _question(path, resolved, {}),
    )


def _unmeasured(catalogue: Catalogue, asked: ObservationFilter) -> dict[str, Any]:
    asked_components = [catalogue.component(item, path="query/component") for item in asked.component or ()]
    reasons = [f"{item.title}: {item.reason}" for item in asked_components if not item.measured]
    if reasons:
        return because("not-measured", " ".join(reasons), "/v1/components")
    return because("no-match", "None of these indicators belongs to these components.", "/v1/indicators")


def _other_period(resolved: Resolved, periods: list[tuple[str, str]], *, path: str) -> dict[str, Any]:
    selection = resolved.selection
    first, last = periods[0], periods[-1]
    wanted = selection.start_from or min(selection.periods or {selection.start_to or ""})
    newest = wanted > last[0] and not last[1].startswith(wanted[: len(last[1])])
    nearest = last if newest else min(periods, key=lambda item: _distance(item[0], wanted))
    span = first[1] if first == last else f"{first[1]} to {last[1]}"
    reason = "not-yet-published" if newest else "outside-period"
    say = "The latest period published is" if newest else "There are figures for"
    return because(reason, f"{say} {last[1] if newest else span}.", _question(path, resolved, {"period": nearest[1]}))


def _distance(start: str, wanted: str) -> float:
    def months(day: str) -> int:
        year, month = int(day[:4]), day[5:7]
        return year * 12 + (int(month) if month.isdigit() else 1)

    return abs(months(start) - months(wanted))


def _uncovered(
    connection: Connection, catalogue: Catalogue, resolved: Resolved, selection: Selection, *, path: str
) -> dict[str, Any]:
    regions = resolved.regions or ()
    gap = _gap(catalogue, resolved.indicators, regions)
    other = _region_with_figures(connection, catalogue, selection, regions)
    nearest = _question(path, resolved, {}, region=other) if other else _covered_level(resolved, path)
    if gap is not None:
        return because(gap.reason, gap.detail, nearest)
    titles = " / ".join(item.title for item in resolved.indicators[:3])
    where = regions[0].label if len(regions) == 1 else "these regions"
    levels = ", ".join(dict.fromkeys(level for item in resolved.indicators for level in item.levels))
    hint = f" {other.label} ({other.code}) has figures." if other else ""
    return because(
        "geography-not-covered", f"{titles}: no figures for {where}. Levels covered: {levels}.{hint}", nearest
    )


def _gap(catalogue: Catalogue, indicators: tuple[Indicator, ...], regions: tuple[Region, ...]) -> Gap | None:
    """The known gap that explains the absence: of the region itself before that of a region above it."""
    wanted = {item.id for item in indicators}
    own = {item.id for item in regions}
    above = {parent for item in regions for parent in item.parents}
    known = [gap for gap in catalogue.gaps if gap.indicator in wanted]
    for places in (own, above):
        for gap in known:
            if gap.region in places:
                return gap
    return None


def _region_with_figures(
    connection: Connection, catalogue: Catalogue, selection: Selection, regions: tuple[Region, ...]
) -> Region | None:
    """The nearest region that has figures: the same place under another code, else the smallest region around it."""
    for region in regions[:1]:
        links = (*region.successors, *region.predecessors)
        around = sorted(region.parents, key=lambda number: -len(catalogue.regions[number].parents))
        for number in (*(item.region for item in links), *around):
            if any_observation(connection, replace(selection, regions=frozenset({number}))):
                return catalogue.regions[number]
    return None


def _covered_level(resolved: Resolved, path: str) -> str:
    levels = [level for item in resolved.indicators for level in item.levels]
    base = "/v1/series" if path.startswith("/v1/series/") else path
    asked = {"indicator": ",".join(item.slug for item in resolved.indicators[:10])}
    return f"{base}?{urlencode(asked | ({'level': levels[0]} if levels else {}), safe=',/')}"


def _question(path: str, resolved: Resolved, more: dict[str, str], *, region: Region | None = None) -> str:
    """A question like the one asked, for another region or period."""
    indicators = ",".join(item.slug for item in resolved.indicators[:10])
    codes = [region.code] if region else [item.code for item in (resolved.regions or ())[:10]]
    if path.startswith("/v1/series/"):
        own = f"/v1/series/{indicators}/{codes[0]}"
        bounds = {"period_from": more["period"], "period_to": more["period"]} if "period" in more else {}
        return f"{own}?{urlencode(bounds, safe='/')}" if bounds else own
    asked = {"indicator": indicators, **({"region": ",".join(codes)} if codes else {}), **more}
    return f"{path}?{urlencode(asked, safe=',/')}"
