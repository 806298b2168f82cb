"""A place that is profiled: its series, read at once, under its own code and under the others that it has had."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from api.answers.comparison.change import BREAK
from api.answers.comparison.rates import same_place
from api.answers.reading import Reading
from api.catalogue import Indicator, Region
from api.queries.observations import FULL, Selection, select_observations
from api.rows import number

Row = tuple[Any, ...]
"""An observation with the columns `FULL`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A region with its series; `level` is the one it is to be compared in, None where each indicator decides."""

    connection: Connection
    reading: Reading
    region: Region
    level: str | None
    points: int
    series: dict[tuple[int, int], list[Row]] = field(default_factory=dict)
    """Observations by indicator and region, oldest first."""

    def rows(self, indicator: Indicator) -> list[Row]:
        """The place's own series."""
        return self.series.get((indicator.id, self.region.id), [])

    def other_codes(self) -> list[Region]:
        """The place under the other codes that it has had."""
        return [self.reading.catalogue.regions[code] for code in same_place(self.reading.catalogue, self.region)[1:]]


def read_place(
    connection: Connection,
    reading: Reading,
    region: Region,
    indicators: Iterable[Indicator],
    *,
    level: str | None = None,
    points: int = 0,
) -> Place:
    """A place with its series of some indicators, in one statement."""
    selection = Selection(
        release=reading.release,
        indicators=frozenset(item.id for item in indicators),
        regions=frozenset(same_place(reading.catalogue, region)),
    )
    most = reading.settings.max_observations_in_one_piece
    rows, _ = select_observations(connection, selection, columns=FULL, limit=most)
    series: dict[tuple[int, int], list[Row]] = {}
    for row in rows:
        series.setdefault((row[0], row[1]), []).append(row)
    return Place(connection=connection, reading=reading, region=region, level=level, points=points, series=series)


def latest(rows: list[Row]) -> Row | None:
    """The latest of some observations that has a value."""
    return next((row for row in reversed(rows) if row[3] is not None), None)


def short_series(place: Place, indicator: Indicator) -> dict[str, Any]:
    """The end of a series: what lies before a break is marked as not comparable with the latest value."""
    rows = place.rows(indicator)
    breaks = [row[2] for row in rows if row[4] == BREAK]
    since = max((row[6] for row in rows if row[4] == BREAK), default="")
    shown = rows[-place.points :] if place.points else []
    points = [
        {"period": row[2], "value": number(row[3]), "status": row[4], "since_break": row[6] >= since} for row in shown
    ]
    return {
        "points": points,
        "of": len(rows),
        "breaks": breaks,
        "since_break": breaks[-1] if breaks else None,
        "address": place.reading.link(f"/v1/series/{indicator.slug}/{place.region.code}") if rows else None,
    }


def elsewhere(place: Place, indicator: Indicator) -> dict[str, Any] | None:
    """The latest figure under another code of the place, where it is later than the place's own or that has none."""
    own = latest(place.rows(indicator))
    found = [
        (row, code)
        for code in place.other_codes()
        if (row := latest(place.series.get((indicator.id, code.id), []))) is not None
    ]
    if not found:
        return None
    row, code = max(found, key=lambda item: item[0][6])
    if own is not None and own[6] >= row[6]:
        return None
    return {
        "region": code.code,
        "region_name": code.name,
        "period": row[2],
        "value": number(row[3]),
        "status": row[4],
        "address": place.reading.link(f"/v1/series/{indicator.slug}/{code.code}"),
    }


def why_not(place: Place, indicator: Indicator) -> tuple[str, str]:
    """Why a place has no value of an indicator: what its rows say, what is known of it, or of its country."""
    catalogue, region = place.reading.catalogue, place.region
    rows = place.rows(indicator)
    if rows:
        if rows[-1][4] == "Q":
            return "suppressed", "The figures are suppressed by the publisher."
        return "not-available", f"The figures have no value (status {rows[-1][4]})."
    own = [gap for gap in catalogue.gaps if gap.indicator == indicator.id and gap.region == region.id]
    other = elsewhere(place, indicator)
    if not own and other is not None:
        where = f"{other['region']} ({other['region_name']})"
        return "geography-not-covered", f"The figures are published under another code of this place, {where}."
    nations = catalogue.regions_at("country") & set(region.parents)
    own = own or [gap for gap in catalogue.gaps if gap.indicator == indicator.id and gap.region in nations]
    if own:
        return own[0].reason, own[0].detail
    levels = ", ".join(indicator.levels) or "none"
    return "geography-not-covered", f"No figures are published for {region.label}. Levels covered: {levels}."
