"""Who is in a comparison group: each place once, under the code that stands for it; and who is missing, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.answers.comparison.rates import same_place
from api.catalogue import Catalogue, Indicator, Region
from api.periods import Period, SplitYear

Rows = dict[int, tuple[Any, ...]]
"""Observations of one indicator in one period, by the number of the region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """A region that is not in a group, and why."""

    region: Region
    reason: str
    detail: str

    def described(self) -> dict[str, str]:
        """As it stands in an answer."""
        code, name = self.region.code, self.region.name
        return {"region": code, "region_name": name, "reason": self.reason, "detail": self.detail}


def superseded(catalogue: Catalogue, valued: Rows) -> dict[int, Absent]:
    """The codes that have a figure beside one that came after them, however many steps later."""
    found = {}
    for region in valued:
        later = next((item for item in _successors(catalogue, region) if item in valued), None)
        if later is not None:
            detail = (
                f"{catalogue.regions[later].code} ({catalogue.regions[later].name}) came after it and has a figure."
            )
            found[region] = Absent(region=catalogue.regions[region], reason="succeeded", detail=detail)
    return found


def _successors(catalogue: Catalogue, region: int) -> list[int]:
    found: list[int] = []
    waiting = [region]
    while waiting:
        for item in catalogue.regions[waiting.pop()].successors:
            if item.region not in found:
                found.append(item.region)
                waiting.append(item.region)
    return found


def missing(
    catalogue: Catalogue, indicator: Indicator, level: str, rows: Rows, valued: Rows, *, span: Period | SplitYear
) -> list[Absent]:
    """The regions of a level that existed in a period and have no value in it, under no code of theirs."""
    day = span.end if isinstance(span, Period) else catalogue.release.published_at[:10]
    found = []
    for region in sorted(catalogue.regions_at(level) - valued.keys()):
        place = catalogue.regions[region]
        if region not in rows and (not place.valid_on(day) or _stands_otherwise(catalogue, place, valued)):
            continue
        found.append(absence_of(catalogue, indicator, place, rows))
    return found


def absence_of(catalogue: Catalogue, indicator: Indicator, region: Region, rows: Rows) -> Absent:
    """Why a region has no value."""
    reason, detail = _why(catalogue, indicator, region, rows.get(region.id))
    return Absent(region=region, reason=reason, detail=detail)


def _stands_otherwise(catalogue: Catalogue, region: Region, valued: Rows) -> bool:
    """Whether a place has its value under another code: one of its own, one that came after it, or all before it."""
    later = {item.region for item in region.successors}
    levels = {item.region: catalogue.regions[item.region].levels for item in region.predecessors}
    before = {code for code, its in levels.items() if set(its) & set(region.levels)}
    merged = bool(before) and before <= valued.keys()
    return merged or bool((later | set(same_place(catalogue, region))) & valued.keys())


def _why(catalogue: Catalogue, indicator: Indicator, region: Region, row: tuple[Any, ...] | None) -> tuple[str, str]:
    """Why a region has no value: what the row says, what is known of it, or of the country that it lies in."""
    if row is not None:
        suppressed = row[4] == "Q"
        return ("suppressed", "Suppressed by the publisher.") if suppressed else ("not-available", "No value is given.")
    countries = catalogue.regions_at("country")
    around = {region.id, *(parent for parent in region.parents if parent in countries)}
    for gap in catalogue.gaps:
        if gap.indicator == indicator.id and gap.region in around:
            return gap.reason, gap.detail
    return "not-held", "This service holds no figure of it for this period."
