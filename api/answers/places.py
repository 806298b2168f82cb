"""Places: finding regions, and all there is to know of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from api.answers import provenance
from api.answers.cross_section import gone
from api.answers.drawn import drawn
from api.answers.found_places import PARTS_OF_KEY, best_first, how_found, no_region, search_places
from api.answers.paging import page
from api.answers.reading import Reading
from api.answers.selection import every_code, linked
from api.catalogue import ANY_DAY, Catalogue, Indicator, Region, Succession
from api.columns import LATEST, REGIONS
from api.decimals import Fixed
from api.filters import Nothing, RegionFilter
from api.queries.observations import TIDY, Selection, all_observations, select_observations
from api.rows import Answer, Rows, number
from api.spans import span_of

GEOGRAPHY_SOURCE = "ons-geography"
_POPULATION = "population"
_NAMES = tuple(column.name for column in REGIONS)


def list_regions(reading: Reading, asked: RegionFilter) -> Answer:
    """One page of regions: best match first where a text is searched, else by code; in maps as they are drawn."""
    catalogue = reading.catalogue
    levels = asked.level and {catalogue.level(item).id for item in asked.level}
    parents = [catalogue.region(item, field="parent") for item in asked.parent or ()]
    around = [catalogue.regions[code] for item in parents for code in catalogue.codes_of(item)]
    below = frozenset().union(*(catalogue.regions_below(item) for item in around)) if parents else None
    day = asked.valid_on or catalogue.release.published_at[:10]
    matches = search_places(catalogue, asked.q, day) if asked.q else {}

    def on(day: str) -> Sequence[Region]:
        """Those that are asked for, of a day, by code."""
        listed = catalogue.listed(levels or None, day)
        if not asked.q and below is None:
            return listed
        return [item for item in listed if (not asked.q or item.id in matches) and (below is None or item.id in below)]

    matching = on(day)
    shown, following, left = page(
        matching,
        reading=reading,
        asked=asked,
        key=best_first(reading, matches) if asked.q else lambda item: (item.code,),
        like=(*[int] * PARTS_OF_KEY, str) if asked.q else (str,),
        ordered=not asked.q,
    )
    why = {} if shown else no_region(reading, asked, day, ever=on(ANY_DAY), beyond=bool(matching))
    indicator = None if asked.indicator is None else catalogue.indicator(asked.indicator)
    sources = [GEOGRAPHY_SOURCE, *(() if indicator is None else indicator.sources)]
    left_out = {} if indicator is None or asked.valid_on else gone(reading, indicator, on(ANY_DAY), matching)
    listed = _listed(reading, shown, indicator)
    if asked.q and isinstance(listed, list):
        found = zip(listed, shown, strict=True)
        listed = [{**item, **how_found(catalogue, region, matches[region.id])} for item, region in found]
    answer = Answer(
        listed,
        meta={**provenance.meta(reading, sources), "returned": len(shown), "valid_on": day, **left_out, **why},
        next_cursor=following,
        indicators={} if indicator is None else {indicator.slug: indicator},
        total=lambda: left,
    )
    return drawn(answer, reading, asked, shown, sources)


def _listed(reading: Reading, shown: list[Region], indicator: Indicator | None) -> Rows | list[dict[str, Any]]:
    """Regions as the lines of a table or as objects, with the latest value of an indicator where one is named."""
    catalogue = reading.catalogue
    latest = {} if indicator is None else latest_of(reading, indicator, shown)
    if not reading.table:
        items = [{**_brief(catalogue, item), "centroid": _centroid(item)} for item in shown]
        if indicator is None:
            return items
        return [{**item, "latest": latest[region.id]} for item, region in zip(items, shown, strict=True)]
    rows = [_row(catalogue, item) for item in shown]
    if indicator is None:
        return Rows(REGIONS, rows)
    cells = [_latest_cells(indicator, latest[item.id]) for item in shown]
    return Rows(REGIONS + LATEST, [row + more for row, more in zip(rows, cells, strict=True)])


def latest_of(reading: Reading, indicator: Indicator, regions: list[Region]) -> dict[int, dict[str, Any] | None]:
    """The latest value of an indicator for each of some places, by their numbers; None where there is none."""
    catalogue = reading.catalogue
    selection = Selection(
        release=reading.release,
        indicators=frozenset({indicator.id}),
        regions=every_code(catalogue, (item.id for item in regions)),
        latest=True,
    )
    with reading.database.connect() as connection:
        rows = all_observations(connection, linked(catalogue, selection), columns=TIDY)
    known: dict[int, dict[str, Any]] = {}
    for _, region, period, value, status, *_ in rows:
        published = catalogue.regions[region]
        said = {"period": period, "value": number(value), "status": status}
        known[catalogue.place_of(published).id] = {
            "indicator": indicator.slug,
            **said,
            "unit": indicator.unit,
            "published_region": published.code,
        }
    return {item.id: known.get(catalogue.place_of(item).id) for item in regions}


def _latest_cells(indicator: Indicator, latest: dict[str, Any] | None) -> tuple[Any, ...]:
    """The latest value of a region as cells of a table, or that there is none."""
    if latest is None:
        return (indicator.slug, None, None, None, None, None, indicator.unit, None)
    value = None if latest["value"] is None else Fixed(latest["value"], indicator.decimals)
    published = latest["published_region"]
    return (indicator.slug, *span_of(latest["period"]), value, latest["status"], indicator.unit, published)


def list_children(reading: Reading, asked: RegionFilter, region: Region) -> Answer:
    """The regions within another, at any depth."""
    return list_regions(
        reading,
        RegionFilter(
            level=asked.level, parent=(region.code,), valid_on=asked.valid_on, limit=asked.limit, cursor=asked.cursor
        ),
    )


def one_region(reading: Reading, _asked: Nothing, region: Region) -> Answer:
    """One region with its parents, spellings, point, population, and what came before and after it."""
    catalogue = reading.catalogue
    with reading.database.connect() as connection:
        population = _population(connection, reading, region)
    data = {
        **_brief(catalogue, region),
        "parents": [_reference(catalogue.regions[item]) for item in region.parents],
        "aliases": [
            {"alias": alias, "scheme": scheme, "kind": kind}
            for (alias, scheme), kind in zip(region.aliases, region.alias_kinds, strict=True)
        ],
        "centroid": _centroid(region),
        "same_area": [_reference(item) for item in catalogue.same_area(region)],
        "hexagon": None if region.hexagon is None else {"q": region.hexagon[0], "r": region.hexagon[1]},
        "population": population,
        "predecessors": [_succession(catalogue, item) for item in region.predecessors],
        "successors": [_succession(catalogue, item) for item in region.successors],
    }
    return Answer(data, meta=provenance.meta(reading, [GEOGRAPHY_SOURCE]))


def _population(connection: Connection, reading: Reading, region: Region) -> dict[str, Any] | None:
    """The latest population of a region, under whichever code of the place that is published."""
    catalogue = reading.catalogue
    indicator = next((item.id for item in catalogue.indicators.values() if item.slug == _POPULATION), None)
    if indicator is None:
        return None
    selection = Selection(
        release=reading.release,
        indicators=frozenset({indicator}),
        regions=frozenset(catalogue.codes_of(region)),
        latest=True,
    )
    found, _ = select_observations(connection, linked(catalogue, selection), columns=TIDY, limit=1)
    if not found:
        return None
    _, code, period, value, *_ = found[0]
    return {"value": number(value), "period": period, "region": catalogue.regions[code].code}


def _row(catalogue: Catalogue, region: Region) -> tuple[Any, ...]:
    """A region as a line of a table; several values in a cell are separated by spaces, as no code has one."""
    brief = {
        name: " ".join(value) if isinstance(value, list) else value for name, value in _brief(catalogue, region).items()
    }
    point = {"latitude": region.latitude, "longitude": region.longitude, "centroid": region.centroid}
    days = _days("valid_from", region.valid_from, "01-01") | _days("valid_to", region.valid_to, "12-31")
    return tuple((brief | point | days)[name] for name in _NAMES)


def _days(name: str, known: str | None, otherwise: str) -> dict[str, str | None]:
    """A day, of which maybe only the year is known, and to what it is known."""
    if known is None:
        return {name: None, f"{name}_known_to": None}
    to_the_year = len(known) == len("2024")
    day = f"{known}-{otherwise}" if to_the_year else known
    return {name: day, f"{name}_known_to": "year" if to_the_year else "day"}


def _brief(catalogue: Catalogue, region: Region) -> dict[str, Any]:
    return {
        "code": region.code,
        "name": region.name,
        "welsh_name": region.welsh_name,
        "label": region.label,
        "levels": list(region.levels),
        "parents": [catalogue.regions[item].code for item in region.parents],
        "valid_from": region.valid_from,
        "valid_to": region.valid_to,
    }


def _centroid(region: Region) -> dict[str, Any] | None:
    """A point that stands for a region, where there is one."""
    if region.centroid is None:
        return None
    return {"latitude": region.latitude, "longitude": region.longitude, "method": region.centroid}


def _reference(region: Region) -> dict[str, Any]:
    return {"code": region.code, "name": region.name, "levels": list(region.levels)}


def _succession(catalogue: Catalogue, succession: Succession) -> dict[str, Any]:
    return {**_reference(catalogue.regions[succession.region]), "kind": succession.kind}
