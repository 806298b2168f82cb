"""A place that is profiled: its series, read at once, under all codes that it has had and as another area too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from api.answers.comparison.change import BREAK
from api.answers.reading import Reading
from api.answers.selection import linked
from api.answers.splicing import splice
from api.answers.unpublished import NOT_YET, unpublished
from api.catalogue import Indicator, Region
from api.columns import DIFFERS
from api.models.geography import NATION
from api.queries.observations import FULL, Selection, all_observations
from api.rows import INDICATOR, PERIOD, REGION, START, STATUS, VALUE, number

Row = tuple[Any, ...]
"""An observation with the columns `FULL`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place with its series; `level` is the one it is to be compared in, None where each indicator decides.

    `area` is another area that is the same land, with figures of its own: an ITL 3 area that is one district.
    """

    connection: Connection
    reading: Reading
    region: Region
    area: Region | None
    level: str | None
    points: int
    series: dict[tuple[int, int], list[Row]] = field(default_factory=dict)
    """Observations by indicator and place, oldest first, breaks marked where the code changes."""

    def rows(self, indicator: Indicator) -> list[Row]:
        """The place's own series, under whichever of its codes it is published."""
        return self.series.get((indicator.id, self.region.id), [])

    def measured(self, indicator: Indicator) -> Place:
        """The place as an indicator is published for it: as the other area where there are no values but for that."""
        if self.area is None or latest(self.rows(indicator)) is not None:
            return self
        if latest(self.series.get((indicator.id, self.area.id), [])) is None:
            return self
        return replace(self, region=self.area, area=self.region, level=None)

    def other_codes(self) -> list[Region]:
        """The place under the other codes that it has had."""
        return [self.reading.catalogue.regions[code] for code in self.reading.catalogue.same_place(self.region)[1:]]

    def code_of(self, row: Row) -> str:
        """The code that an observation is published under."""
        return self.reading.catalogue.regions[row[REGION]].code


def read_place(
    connection: Connection,
    reading: Reading,
    region: Region,
    indicators: Iterable[Indicator],
    *,
    level: str | None = None,
    points: int = 0,
) -> Place:
    """A place with its series of some indicators, and those of the same land as another area, in one statement."""
    catalogue = reading.catalogue
    region = catalogue.place_of(region)
    area = catalogue.same_land(region)
    codes = catalogue.codes_of(region) + (catalogue.codes_of(area) if area else ())
    selection = Selection(
        release=reading.release,
        indicators=frozenset(item.id for item in indicators),
        regions=frozenset(codes),
    )
    rows = all_observations(connection, linked(catalogue, selection), columns=FULL)
    found: dict[tuple[int, int], list[Row]] = {}
    for row in rows:
        found.setdefault((row[INDICATOR], catalogue.place_of(catalogue.regions[row[REGION]]).id), []).append(row)
    series = {key: splice(some, codes) for key, some in found.items()}
    return Place(
        connection=connection,
        reading=reading,
        region=region,
        area=area,
        level=level,
        points=points,
        series=series,
    )


def latest(rows: list[Row]) -> Row | None:
    """The latest of some observations that has a value."""
    return next((row for row in reversed(rows) if row[VALUE] is not None), None)


def short_series(place: Place, indicator: Indicator) -> dict[str, Any]:
    """The end of a series: what lies before a break is marked as not comparable with the latest value."""
    rows = place.rows(indicator)
    breaks = [row[PERIOD] for row in rows if row[STATUS] == BREAK]
    since = max((row[START] for row in rows if row[STATUS] == BREAK), default="")
    shown = rows[-place.points :] if place.points else []
    points = [
        {
            "period": row[PERIOD],
            "value": number(row[VALUE]),
            "status": row[STATUS],
            "since_break": row[START] >= since and row[STATUS] != DIFFERS,
        }
        for row in shown
    ]
    return {
        "points": points,
        "of": len(rows),
        "breaks": breaks,
        "since_break": breaks[-1] if breaks else None,
        "address": place.reading.link(f"/v1/series/{indicator.slug}/{place.region.code}") if rows else None,
    }


def elsewhere(place: Place, indicator: Indicator) -> dict[str, Any] | None:
    """The latest figure for the other area that is the same land, where it is later than the place's own."""
    own, area = latest(place.rows(indicator)), place.area
    row = latest(place.series.get((indicator.id, area.id), [])) if area else None
    if area is None or row is None or (own is not None and own[START] >= row[START]):
        return None
    return {
        "region": area.code,
        "region_name": area.name,
        "period": row[PERIOD],
        "value": number(row[VALUE]),
        "status": row[STATUS],
        "address": place.reading.link(f"/v1/series/{indicator.slug}/{area.code}"),
    }


def why_not(place: Place, indicator: Indicator) -> tuple[str, str]:
    """Why a place has no value of an indicator: what its rows say, what is known of it, or of its country."""
    catalogue, region = place.reading.catalogue, place.region
    rows = place.rows(indicator)
    if rows:
        if rows[-1][STATUS] == "Q":
            return "suppressed", "The figures are suppressed by the publisher."
        return "not-available", f"The figures have no value (status {rows[-1][STATUS]})."
    pending = unpublished(catalogue, [indicator])
    if pending is not None:
        return NOT_YET, pending
    codes = set(catalogue.codes_of(region))
    own = [gap for gap in catalogue.gaps if gap.indicator == indicator.id and gap.region in codes]
    nations = catalogue.regions_as(NATION) & set(region.parents)
    own = own or [gap for gap in catalogue.gaps if gap.indicator == indicator.id and gap.region in nations]
    if own:
        return own[0].reason, own[0].detail
    levels = ", ".join(indicator.levels) or "none"
    return "geography-not-covered", f"This service holds no figures for {region.label}. Levels covered: {levels}."
