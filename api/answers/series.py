"""Time series: an indicator for a region with its observations, and the splicing of a recoded region's earlier code."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from api.answers import absence, joined
from api.answers.observations import count, list_observations, page_length, tidy
from api.answers.provenance import meta_of_figures, meta_of_rows
from api.answers.reading import Reading
from api.answers.selection import Resolved, resolve
from api.catalogue import Catalogue, Indicator, Region
from api.filters import ObservationFilter, SeriesFilter
from api.periods import INSTANT
from api.queries.observations import FULL, select_observations
from api.rows import Answer, number

Found = list[tuple[Any, ...]]


def list_series(reading: Reading, asked: ObservationFilter) -> Answer:
    """One page of series. A page holds `limit` observations; a series that it cuts goes on in the next one.

    In formats that are tables, the same observations as tidy rows.
    """
    if reading.whole:
        return list_observations(reading, asked)
    resolved = resolve(reading, asked)
    limit = page_length(reading, asked)
    with reading.database.connect() as connection:
        found, following = select_observations(connection, resolved.selection, columns=FULL, limit=limit)
        why = {} if found else absence.explain(connection, reading, asked, resolved, path="/v1/series")
    catalogue = reading.catalogue
    data = []
    for (indicator, region), rows in groupby(found, key=lambda row: row[:2]):
        described = _described(catalogue.indicators[indicator], catalogue.regions[region])
        data.append({**described, "observations": [_observation(row, catalogue) for row in rows], "continues": False})
    if following is not None:
        data[-1]["continues"] = True
    meta = meta_of_rows(reading, found) if found else meta_of_figures(reading, resolved.indicators)
    return Answer(
        data,
        meta={**meta, "returned": len(found), **why},
        next_cursor=following,
        total=lambda: count(reading, resolved),
        total_costs=not joined.counts_itself(resolved),
    )


def one_series(reading: Reading, asked: SeriesFilter, indicator: Indicator, region: Region) -> Answer:
    """The whole series of an indicator for a region; with `history=linked`, preceded by its earlier codes."""
    earlier = reading.catalogue.recoded_from(region) if asked.history == "linked" else []
    codes = [region, *earlier]
    question = ObservationFilter(
        indicator=(indicator.slug,),
        region=tuple(item.code for item in codes),
        period_from=asked.period_from,
        period_to=asked.period_to,
    )
    resolved = resolve(reading, question)
    path = f"/v1/series/{indicator.slug}/{region.code}"
    with reading.database.connect() as connection:
        # A single series is never cut: the longest monthly one of a century is a page's worth.
        found, _ = select_observations(
            connection, resolved.selection, columns=FULL, limit=reading.settings.max_observations
        )
        why = {} if found else absence.explain(connection, reading, question, _own(resolved, region), path=path)
    observations = splice(found, [item.id for item in codes])
    data = {
        **_described(indicator, region),
        "history": asked.history,
        "linked_regions": [item.code for item in codes] if earlier else [region.code],
        "observations": [_observation(row, reading.catalogue) for row in observations],
    }
    meta = meta_of_rows(reading, found) if found else meta_of_figures(reading, [indicator])
    meta |= {"returned": len(observations), **why}
    if not reading.whole:
        return Answer(data, meta=meta, links={"projection": f"{path}/projection"})
    return Answer(tidy(reading, observations), meta=meta, indicators={indicator.slug: indicator})


def splice(found: Found, codes: list[int]) -> Found:
    """One series out of several codes of the same place (newest first in `codes`), breaks marked.

    Of each period the newest code's observation is taken. Where the code changes from one observation to the next,
    the later one gets the status `B`: the boundary, or the way of counting, may have changed with the code.
    """
    chosen: dict[tuple[str, str], tuple[Any, ...]] = {}
    for row in sorted(found, key=lambda row: codes.index(row[1]), reverse=True):
        chosen[row[6], row[7]] = row
    spliced: Found = []
    for row in (chosen[key] for key in sorted(chosen)):
        seam = bool(spliced) and spliced[-1][1] != row[1]
        spliced.append((*row[:4], "B", *row[5:]) if seam and row[3] is not None else row)
    return spliced


def _own(resolved: Resolved, region: Region) -> Resolved:
    return Resolved(selection=resolved.selection, indicators=resolved.indicators, regions=(region,))


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
    }
