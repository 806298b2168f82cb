"""Observations as tidy rows: one line per figure, the shape that tables and data frames want."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from api import errors
from api.answers import absence, questions, series_cache
from api.answers.cross_section import partition
from api.answers.provenance import meta_of_figures, meta_of_files, meta_of_rows
from api.answers.reading import Reading
from api.answers.selection import Resolved, resolve
from api.catalogue import RegionsInRows
from api.filters import LINKED, ObservationFilter
from api.queries.observations import BARE, TIDY, Key, Selection, count_observations, extent_of, select_observations
from api.rows import Answer, TidyRows

Found = list[tuple[Any, ...]]


def list_observations(reading: Reading, asked: ObservationFilter) -> Answer:
    """One page of observations, ordered by indicator, region and period; or all of them, where the format asks so."""
    resolved = resolve(reading, asked)
    places = in_rows(reading, asked)
    sampled = reading.sample is not None
    whole = reading.whole and asked.limit is None and asked.cursor is None and not sampled
    limit = reading.settings.limits.max_observations if whole else page_length(reading, asked)
    page = None if whole or sampled else series_cache.first_page(reading, resolved, places, limit)
    if page is not None:
        return Answer(
            page.written,
            meta={**meta_of_files(reading, page.files), "returned": page.returned},
            next_cursor=page.following,
            total=lambda: count(reading, resolved),
            total_costs=not series_cache.counts_itself(resolved),
            uncounted=series_cache.is_uncountable(reading, resolved),
        )
    with reading.database.connect() as connection:
        resolved, left_out = partition(connection, reading, asked, resolved)
        found, following = select_observations(connection, resolved.selection, columns=TIDY, limit=limit)
        why = {} if found else absence.explain(connection, reading, asked, resolved, path=questions.OBSERVATIONS)
        if whole and following is not None and reading.in_one_piece:
            _refuse_if_too_large(connection, reading, resolved.selection)
    # Of what is not read yet the sources are not known one by one: then those of all indicators asked for.
    in_view = found and not ((whole or sampled) and following)
    meta = meta_of_rows(reading, found) if in_view else meta_of_figures(reading, resolved.indicators)
    return Answer(
        tidy(reading, found, places),
        meta={**meta, "returned": len(found), **left_out, **why},
        next_cursor=None if whole else following,
        rest=_rest(reading, resolved.selection, following, places) if whole and following is not None else None,
        indicators={item.slug: item for item in resolved.indicators},
        most_cells=reading.settings.limits.max_cells,
        cells=lambda: _cells(reading, resolved.selection, places),
        total=lambda: count(reading, resolved),
        total_costs=not series_cache.counts_itself(resolved),
        uncounted=series_cache.is_uncountable(reading, resolved),
    )


def page_length(reading: Reading, asked: ObservationFilter) -> int:
    """How many observations a page holds."""
    length = asked.limit or reading.settings.limits.default_observations
    return length if reading.sample is None else min(length, reading.sample)


def count(reading: Reading, resolved: Resolved) -> int:
    """How many observations a selection holds."""
    known = series_cache.total_of(reading, resolved) if series_cache.counts_itself(resolved) else None
    if known is not None:
        return known
    with reading.database.connect() as connection:
        return count_observations(connection, resolved.selection)


def _cells(reading: Reading, selection: Selection, places: RegionsInRows) -> int:
    """How many cells a cube of a selection has: its indicators, by its places, by its periods."""
    with reading.database.connect() as connection:
        indicators, regions, periods = extent_of(connection, selection)
    return indicators * len({places[number].code for number in regions}) * periods


def in_rows(reading: Reading, asked: ObservationFilter) -> RegionsInRows:
    """The regions as the rows of an answer name them: by the code that a place goes by, unless codes are asked for."""
    return reading.catalogue.in_rows(asked.level, linked=asked.history == LINKED)


def tidy(reading: Reading, found: Found, places: RegionsInRows) -> TidyRows:
    """Observations as they were read, as a table, with the regions as its rows name them."""
    return TidyRows(found, reading.catalogue.indicators, places)


def _rest(reading: Reading, selection: Selection, after: Key | None, places: RegionsInRows) -> Iterator[TidyRows]:
    """The pages after the first. Each is read by itself: nothing is held while a slow caller takes its time."""
    while after is not None:
        with reading.database.connect() as connection:
            found, after = select_observations(
                connection,
                replace(selection, after=after),
                columns=BARE,
                limit=reading.settings.limits.max_observations,
            )
        yield tidy(reading, found, places)


def _refuse_if_too_large(connection: Connection, reading: Reading, selection: Selection) -> None:
    most = reading.settings.limits.max_observations_in_one_piece
    count = count_observations(connection, selection)
    if count > most:
        raise errors.too_large(count, most)
