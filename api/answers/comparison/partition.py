"""Who is in a comparison group: each place once, under the code that stands for it; and who is missing, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from typing import Any

from api.answers.unpublished import NOT_YET, unpublished
from api.catalogue import Catalogue, Indicator, Region
from api.columns import DIFFERS
from api.models.geography import NATION
from api.periods import Period, SplitYear
from api.rows import NOTE, STATUS

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


def replaced(catalogue: Catalogue, valued: Collection[int], *, linked: bool = True) -> dict[int, list[Region]]:
    """The regions with a value beside some that came after them, however many steps later; and those, nearest first.

    `linked`: another code of the same place is no other place. One rule for comparison groups and cross-sections: a
    region stays where none of those after it has a value, so that nothing is lost, and nothing is counted twice.
    """
    found = {}
    for number in valued:
        later = [item for item in catalogue.later_places(number, linked=linked) if item in valued]
        if later:
            found[number] = [catalogue.regions[item] for item in later]
    return found


def superseded(found: Mapping[int, list[Region]], regions: Mapping[int, Region]) -> dict[int, Absent]:
    """What `replaced` found, as it is said."""
    return {number: succeeded(regions[number], later) for number, later in found.items()}


def succeeded(region: Region, later: list[Region]) -> Absent:
    """A region that others replaced, which have figures."""
    first = later[0]
    verb = "has a figure" if len(later) == 1 else f"has a figure, as {len(later) - 1} more do"
    detail = f"{first.code} ({first.name}) came after it and {verb}."
    return Absent(region=region, reason="succeeded", detail=detail)


def missing(
    catalogue: Catalogue, indicator: Indicator, level: str, rows: Rows, valued: Rows, *, span: Period | SplitYear
) -> list[Absent]:
    """The places of a level that existed in a period and have no value in it, under no code of theirs."""
    day = span.end if isinstance(span, Period) else catalogue.release.published_at[:10]
    places = {catalogue.place_of(catalogue.regions[item]).id for item in catalogue.regions_at(level)}
    known = {code for number in valued for code in catalogue.codes_of(catalogue.regions[number])}
    found = []
    for number in sorted(places - valued.keys()):
        place = catalogue.regions[number]
        existed = any(catalogue.regions[code].valid_on(day) for code in catalogue.codes_of(place))
        if number not in rows and (not existed or _stands_otherwise(catalogue, place, known)):
            continue
        found.append(absence_of(catalogue, indicator, place, rows))
    return found


def absence_of(catalogue: Catalogue, indicator: Indicator, region: Region, rows: Rows) -> Absent:
    """Why a region has no value."""
    reason, detail = _why(catalogue, indicator, region, rows.get(region.id))
    return Absent(region=region, reason=reason, detail=detail)


def _stands_otherwise(catalogue: Catalogue, place: Region, known: Set[int]) -> bool:
    """Whether a place has its value in others: in one that came after it, or in all that it was made of.

    `known` are the codes of all places with a value.
    """
    codes = [catalogue.regions[code] for code in catalogue.codes_of(place)]
    later = {item.region for code in codes for item in code.successors}
    before = {item.region for code in codes for item in code.predecessors} - {code.id for code in codes}
    levels = {level for code in codes for level in code.levels}
    alike = {item for item in before if levels & set(catalogue.regions[item].levels)}
    return bool(later & known) or (bool(alike) and alike <= known)


def _why(catalogue: Catalogue, indicator: Indicator, region: Region, row: tuple[Any, ...] | None) -> tuple[str, str]:
    """Why a region has no value: what the row says, what is known of it, or of the country that it lies in."""
    if row is not None:
        suppressed = row[STATUS] == "Q"
        return ("suppressed", "Suppressed by the publisher.") if suppressed else ("not-available", "No value is given.")
    pending = unpublished(catalogue, [indicator])
    if pending is not None:
        return NOT_YET, pending
    countries = catalogue.regions_as(NATION)
    around = {*catalogue.codes_of(region), *(parent for parent in region.parents if parent in countries)}
    for gap in catalogue.gaps:
        if gap.indicator == indicator.id and gap.region in around:
            return gap.reason, gap.detail
    return "not-held", "This service holds no figure of it for this period."


def differs(region: Region, row: tuple[Any, ...]) -> Absent:
    """A region whose figure is of another definition, or of a part of it."""
    note = row[NOTE] or "Its figure is of another definition."
    detail = f"{note} It is shown, and not compared (status {DIFFERS})."
    return Absent(region=region, reason="not-comparable", detail=detail)
