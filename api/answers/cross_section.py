"""A cross-section of a level is a partition: codes that others replaced are left out of it, and named.

A cross-section is a question of a level for latest values, or for one period. Latest values are those of the places
there are on the day of the release, as on a map: a code that others replaced is left out. In a period, or where latest
values are asked for within some, a code is left out where one that came after it has a value too, as comparison groups
have it: before that, it is the place that there was. It holds for each indicator by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from api.answers.comparison.partition import Absent, replaced, succeeded
from api.answers.reading import Reading
from api.answers.selection import Resolved
from api.catalogue import Indicator, Region
from api.filters import ObservationFilter
from api.queries.observations import Selection
from api.queries.places import counted_values

_ENDED = "It is no more, and this service holds no figures of what came after it."


def partition(
    connection: Connection, reading: Reading, asked: ObservationFilter, resolved: Resolved
) -> tuple[Resolved, dict[str, Any]]:
    """The question without the codes that others replaced, and these as they are named in `meta`.

    The question as it is, and nothing, where it is no cross-section, or `valid_on` says which codes are wanted.
    """
    regions = resolved.regions
    if not asked.level or asked.region or asked.valid_on is not None or not regions:
        return resolved, {}
    catalogue, selection = reading.catalogue, resolved.selection
    indicators = [item for item in resolved.indicators if asked.latest or _of_one_period(asked, item, selection)]
    asked_for = selection.regions or {region.id for region in regions}
    every = catalogue.all_later_places(linked=resolved.linked)
    later = {number: places for number, places in every.items() if number in asked_for}
    if not indicators or not later:
        return resolved, {}
    wanted = replace(selection, indicators=frozenset(item.id for item in indicators))
    reached = later.keys() | {number for places in later.values() for number in places}
    known: dict[int, dict[int, tuple[int, int]]] = {}
    for indicator, region, series, values in counted_values(connection, wanted, reached):
        known.setdefault(indicator, {})[region] = (series, values)
    gone_by = reading.catalogue.release.published_at[:10] if _as_of_now(asked) else None
    without: set[int] = set()
    left: dict[int, tuple[list[Region], list[str]]] = {}
    for indicator, found in known.items():
        valued = {region for region, (_, values) in found.items() if values}
        gone = replaced(catalogue, valued | (found.keys() & later.keys()), linked=resolved.linked)
        for region in found.keys() & later.keys():
            # Whether it has a value itself does not matter.
            after = [item for item in gone.get(region, ()) if item.id in valued]
            if after or (gone_by and not catalogue.place_of(catalogue.regions[region]).valid_on(gone_by)):
                without.add(found[region][0])
                left.setdefault(region, (after, []))[1].append(catalogue.indicators[indicator].slug)
    if not without:
        return resolved, {}
    narrowed = replace(selection, without=frozenset(without | (selection.without or frozenset())))
    return replace(resolved, selection=narrowed), _named(reading, resolved, left)


def gone(reading: Reading, indicator: Indicator, ever: Sequence[Region], there: Sequence[Region]) -> dict[str, Any]:
    """The regions with values of an indicator that are no more, beside those that are listed, as `meta` names them."""
    catalogue = reading.catalogue
    places = {catalogue.place_of(item).id for item in there}
    ended = [item for item in ever if catalogue.place_of(item).id not in places]
    if not ended or not there:
        return {}
    later = {item.id: catalogue.later_places(item.id) for item in ended}
    selection = Selection(release=reading.release, indicators=frozenset({indicator.id}))
    with reading.database.connect() as connection:
        counted = counted_values(connection, selection, {*later, *(code for codes in later.values() for code in codes)})
    valued = {region for _, region, _, values in counted if values}
    said: dict[str, dict[str, Any]] = {}
    for item in ended:
        if item.id in valued:
            place = catalogue.place_of(item)
            after = [catalogue.regions[code] for code in later[item.id] if code in valued]
            said[place.code] = _absent(place, after)
    return _bounded(reading, said)


def _absent(place: Region, after: list[Region]) -> dict[str, Any]:
    """A place that is left out, with those that came after it and have a value."""
    absent = succeeded(place, after) if after else Absent(region=place, reason="ended", detail=_ENDED)
    return {**absent.described(), "successors": [region.code for region in after]}


def _as_of_now(asked: ObservationFilter) -> bool:
    """Whether latest values are asked for, in whatever period."""
    return asked.latest and not (asked.period or asked.period_from or asked.period_to)


def _bounded(reading: Reading, said: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Those that are named, and how many there are."""
    first = sorted(said)[: reading.settings.limits.max_left_out]
    return {"left_out": [said[code] for code in first], "left_out_count": len(said)} if said else {}


def _of_one_period(asked: ObservationFilter, indicator: Indicator, selection: Selection) -> bool:
    """Whether an indicator has figures of no more than one of the periods asked for, at the levels asked for."""
    if not (asked.period or asked.period_from or asked.period_to):
        return False
    if selection.periods is not None and len(selection.periods) == 1:
        return True
    of_level = [item for item in indicator.coverage if item.level in (asked.level or ())]
    starts = {
        item.start
        for item in of_level or indicator.coverage
        if (selection.periods is None or item.period in selection.periods)
        and (selection.start_from is None or item.start >= selection.start_from)
        and (selection.start_to is None or item.start <= selection.start_to)
    }
    return len(starts) <= 1


def _named(reading: Reading, resolved: Resolved, left: dict[int, tuple[list[Region], list[str]]]) -> dict[str, Any]:
    """Those that are left out, each place once, under the code that it goes by."""
    catalogue = reading.catalogue
    said: dict[str, dict[str, Any]] = {}
    several = len(resolved.indicators) > 1
    for number, (later, slugs) in left.items():
        region = catalogue.place_of(catalogue.regions[number]) if resolved.linked else catalogue.regions[number]
        said[region.code] = {**_absent(region, later), **({"indicators": slugs} if several else {})}
    return _bounded(reading, said)
