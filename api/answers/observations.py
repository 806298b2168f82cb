"""Observations as tidy rows: one line per figure, the shape that tables and data frames want."""

from __future__ import annotations

from typing import Any

from api.answers import absence
from api.answers.provenance import meta_of_figures, meta_of_rows
from api.answers.reading import Reading
from api.answers.selection import resolve
from api.filters import ObservationFilter
from api.queries.observations import TIDY, select_observations
from api.rows import Answer, Rows

COLUMNS = ("indicator", "region", "region_name", "period", "value", "status", "unit")


def list_observations(reading: Reading, asked: ObservationFilter) -> Answer:
    """One page of observations, ordered by indicator, region and period."""
    resolved = resolve(reading, asked)
    limit = asked.limit or reading.settings.default_observations
    with reading.database.connect() as connection:
        found, following = select_observations(connection, resolved.selection, columns=TIDY, limit=limit)
        why = {} if found else absence.explain(connection, reading, asked, resolved, path=absence.OBSERVATIONS)
    indicators, regions = reading.catalogue.indicators, reading.catalogue.regions
    shown = {number: indicators[number] for number in {row[0] for row in found}}
    names = {number: (regions[number].code, regions[number].name) for number in {row[1] for row in found}}
    slugs = {number: (item.slug, item.unit) for number, item in shown.items()}
    rows = [
        (slugs[indicator][0], *names[region], period, number(value), status, slugs[indicator][1])
        for indicator, region, period, value, status, _ in found
    ]
    meta = meta_of_rows(reading, found) if found else meta_of_figures(reading, resolved.indicators)
    return Answer(Rows(COLUMNS, rows), meta={**meta, "returned": len(rows), **why}, next_cursor=following)


def number(value: float | None) -> Any:
    """A value as it is written: whole numbers without a decimal point."""
    return int(value) if value is not None and value.is_integer() else value
