"""Time series: an indicator for a place with its observations, under whichever of its codes they are published."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from api import errors
from api.answers import absence, series_cache
from api.answers.cross_section import partition
from api.answers.merging import Key, Merged, after_estimates, filled, merged_series
from api.answers.observations import count, in_rows, list_observations, page_length, tidy
from api.answers.provenance import meta_of_figures, meta_of_files, meta_of_rows
from api.answers.reading import Reading
from api.answers.selection import resolve
from api.answers.splicing import Found, splice
from api.catalogue import Catalogue, Indicator, Region, RegionsInRows
from api.columns import MERGED_SERIES
from api.durations import INSTANT
from api.filters import LINKED, MERGED, OWN, ObservationFilter, SeriesFilter
from api.queries.observations import FULL, all_observations, select_observations
from api.rows import DURATION, INDICATOR, REGION, SOURCE_FILE, START, Answer, Rows, Table, number


def list_series(reading: Reading, asked: ObservationFilter) -> Answer:
    """One page of series. A page holds `limit` observations; a series that it cuts goes on in the next one.

    In formats that are tables, the same observations as tidy rows.
    """
    if reading.whole:
        return list_observations(reading, asked)
    resolved = resolve(reading, asked)
    limit = page_length(reading, asked)
    with reading.database.connect() as connection:
        resolved, left_out = partition(connection, reading, asked, resolved)
        found, following = select_observations(connection, resolved.selection, columns=FULL, limit=limit)
        why = {} if found else absence.explain(connection, reading, asked, resolved, path="/v1/series")
    catalogue, places = reading.catalogue, in_rows(reading, asked)
    data = []
    # Codes of a place have numbers side by side: its observations come one after the other, the older code's first.
    for (indicator, _), of in groupby(found, key=lambda row: (row[INDICATOR], places[row[REGION]].code)):
        rows = list(of)
        published = catalogue.regions[rows[0][REGION]]
        region = catalogue.place_of(published) if resolved.linked else published
        described = _described(catalogue.indicators[indicator], region)
        data.append({**described, "observations": [_observation(row, catalogue) for row in rows], "continues": False})
    if following is not None:
        data[-1]["continues"] = True
    meta = meta_of_rows(reading, found) if found else meta_of_figures(reading, resolved.indicators)
    return Answer(
        data,
        meta={**meta, "returned": len(found), **left_out, **why},
        next_cursor=following,
        total=lambda: count(reading, resolved),
        total_costs=not series_cache.counts_itself(resolved),
        uncounted=series_cache.is_uncountable(reading, resolved),
    )


def one_series(reading: Reading, asked: SeriesFilter, indicator: Indicator, region: Region) -> Answer:
    """The whole series of an indicator for a place, or with `history=own` for a code alone."""
    catalogue = reading.catalogue
    linked = asked.history != OWN
    if asked.history == MERGED and reading.fixed:
        message = (
            "This format has no room for how values were put together. Ask for JSON, NDJSON, CSV, XLSX or Parquet."
        )
        raise errors.invalid("history", message)
    place = catalogue.place_of(region) if linked else region
    question = ObservationFilter(
        indicator=(indicator.slug,),
        region=(place.code,),
        period_from=asked.period_from,
        period_to=asked.period_to,
        history=LINKED if linked else OWN,
    )
    resolved = resolve(reading, question)
    codes = list(catalogue.codes_of(region)) if linked else [region.id]
    path = f"/v1/series/{indicator.slug}/{region.code}"
    with reading.database.connect() as connection:
        # A single series is never cut.
        found = all_observations(connection, resolved.selection, columns=FULL)
        observations = splice(found, codes)
        merging = merged_series(connection, reading, indicator, place) if asked.history == MERGED else None
        made = {} if merging is None else filled(merging, observations, resolved.selection)
        why = {} if found or made else absence.explain(connection, reading, question, resolved, path=path)
    files = {row[SOURCE_FILE] for row in found}.union(*(value.files for value in made.values()))
    meta = meta_of_files(reading, files) if files else meta_of_figures(reading, [indicator])
    published = [row for row in after_estimates(observations, made) if (row[START], row[DURATION]) not in made]
    meta |= {"returned": len(published) + len(made), **why}
    if reading.whole:
        rows: Table = tidy(reading, published, in_rows(reading, question))
        if merging is not None:
            merged = [value.row(indicator, place) for value in made.values()]
            rows = _merged_rows(reading, published, merged, made, in_rows(reading, question))
        return Answer(rows, meta=meta, indicators={indicator.slug: indicator})
    data = {
        **_described(indicator, place),
        "history": asked.history,
        "linked_regions": [catalogue.regions[code].code for code in codes],
        "merged": merging and merging.described(indicator, made, observations, resolved.selection),
        "observations": _observations(catalogue, published, made, indicator, place),
    }
    return Answer(data, meta=meta, links={"projection": f"{path}/projection"})


def _observations(
    catalogue: Catalogue, published: Found, made: Mapping[Key, Merged], indicator: Indicator, place: Region
) -> list[dict[str, Any]]:
    """The figures of a series as objects: what was published and what was put together, in the order of periods."""
    found = {(row[START], row[DURATION]): _observation(row, catalogue) for row in published}
    found |= {key: value.described(indicator, place, catalogue) for key, value in made.items()}
    return [found[key] for key in sorted(found)]


def _merged_rows(
    reading: Reading, published: Found, merged: Found, made: Mapping[Key, Merged], places: RegionsInRows
) -> Rows:
    """A merged series as a table: what was published and what was put together, each saying which it is."""
    found = sorted([*published, *merged], key=lambda row: (row[START], row[DURATION]))
    said = [made.get((row[START], row[DURATION])) for row in found]
    how = [(None, None) if value is None else (value.method, " ".join(value.parts)) for value in said]
    table = tidy(reading, found, places)
    return Rows(MERGED_SERIES, [(*row, *more) for row, more in zip(table.tuples, how, strict=True)])


def _described(indicator: Indicator, region: Region) -> dict[str, Any]:
    return {
        "indicator": indicator.slug,
        "indicator_title": indicator.title,
        "region": region.code,
        "region_name": region.name,
        "frequency": indicator.frequency,
        "unit": indicator.unit,
        "decimals": indicator.decimals,
        "measure": indicator.measure,
        "polarity": indicator.polarity,
    }


def _observation(row: tuple[Any, ...], catalogue: Catalogue) -> dict[str, Any]:
    _, region, period, value, status, source_file, start, duration, lower, upper, kind, note = row
    return {
        "period": period,
        "start": start,
        "instant": duration == INSTANT,
        "value": number(value),
        "status": status,
        "bounds": None if kind is None else {"kind": kind, "lower": lower, "upper": upper},
        "note": note,
        "region": catalogue.regions[region].code,
        "source_file": catalogue.source_files[source_file].id,
        "method": None,
        "parts": [],
    }
