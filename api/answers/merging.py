"""Merged series: what a place had before it was formed, put together from the whole districts that it was formed of.

Counts and amounts are summed; a rate whose numerator and denominator are held here is divided anew; a share is weighted
by the population of the parts, and is an estimate. Every value names its method and its parts; what cannot be put
together says why. Where the publisher has a value of its own it stands, and is compared with ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from api.answers.comparison.rates import YEARS_OFF, divisors
from api.answers.reading import Reading
from api.answers.selection import linked
from api.answers.splicing import splice
from api.catalogue import Catalogue, Indicator, Region
from api.columns import DIFFERS, RATIO, SUM, WEIGHTED
from api.queries.observations import FULL, Selection, all_observations
from api.rows import DURATION, PERIOD, SOURCE_FILE, START, STATUS, VALUE, number

_SAID = {
    SUM: "the sum of",
    RATIO: "the sum of numerators, divided by that of denominators, of",
    WEIGHTED: "the mean, weighted by population, of",
}
ESTIMATED = "E"
_WEIGHT = "population"
_SHARES = ("%", "per ", "rate per ")
"""How the units of shares begin: these can be weighted by people, and a median or an index cannot."""

Row = tuple[Any, ...]
Key = tuple[str, str]
"""The start and duration of a period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A value that was put together: by which method, of which parts, and as what it counts."""

    start: str
    duration: str
    period: str
    value: float
    status: str
    method: str
    parts: tuple[str, ...]
    files: frozenset[int] = frozenset()

    @property
    def note(self) -> str:
        """How it was made, in a sentence."""
        return f"Derived: {_SAID[self.method]} {_listed(self.parts)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Merging:
    """What came of putting a place together from its parts."""

    parts: tuple[Region, ...] = ()
    reason: str | None = None
    """Why nothing can be put together, where that is so."""
    values: dict[Key, Merged] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    """Periods that parts have values of and that cannot be put together, each with the reason."""

    def described(self, indicator: Indicator, made: Mapping[Key, Merged], own: Sequence[Row]) -> dict[str, Any]:
        """What came of it as it stands in an answer: `made` are the values that stand in the series."""
        published = {row[PERIOD] for row in own if row[VALUE] is not None and row[STATUS] != DIFFERS}
        failed = [(period, why) for period, why in self.failed.items() if period not in published]
        return {
            "parts": [part.code for part in self.parts],
            "reason": self.reason,
            "values": len(made),
            "not_merged": [{"period": period, "reason": why} for period, why in failed],
            "compared": compared(indicator, self, own),
        }


def parts_of(catalogue: Catalogue, region: Region) -> tuple[Region, ...]:
    """The districts that a place was formed of, each of which lies in it whole; none where there are no such."""
    place = catalogue.place_of(region)
    codes = set(catalogue.codes_of(place))
    found: dict[int, Region] = {}
    for code in codes:
        for step in catalogue.regions[code].predecessors:
            part = catalogue.place_of(catalogue.regions[step.region])
            if step.kind == "recoded" or part.id == place.id or not set(part.levels) & set(place.levels):
                continue
            if {after.region for after in part.successors} - codes:
                return ()  # it went to several places: what of it came here is not known
            found[part.id] = part
    return tuple(sorted(found.values(), key=lambda part: part.code))


def merged_series(connection: Connection, reading: Reading, indicator: Indicator, region: Region) -> Merging:
    """What can be put together of an indicator for a place, by the period, whether or not it has a value of its own."""
    catalogue = reading.catalogue
    parts = parts_of(catalogue, region)
    if not parts:
        return Merging(reason="It was not formed of whole districts: there is nothing to put it together from.")
    of_parts = [_series(connection, reading, indicator, part) for part in parts]
    merging = Merging(parts=parts)
    for key in sorted(set().union(*of_parts)):
        having = [(part, series[key]) for part, series in zip(parts, of_parts, strict=True) if key in series]
        period = having[0][1].period
        if len(having) < len(parts):
            without = [part.code for part, series in zip(parts, of_parts, strict=True) if key not in series]
            merging.failed[period] = f"There is no value of {', '.join(without)}."
            continue
        made = _together(connection, reading, indicator, [item for _, item in having], parts)
        if isinstance(made, str):
            merging.failed[period] = made
        else:
            merging.values[key] = made
    return merging


def filled(merging: Merging, own: Iterable[Row], selection: Selection) -> dict[Key, Merged]:
    """The values that stand in a series, within the periods asked for: where there is no comparable one of its own."""
    published = {(row[START], row[DURATION]) for row in own if row[VALUE] is not None and row[STATUS] != DIFFERS}
    first, last = selection.start_from or "", selection.start_to or "9999"
    return {key: value for key, value in merging.values.items() if key not in published and first <= key[0] <= last}


def _series(connection: Connection, reading: Reading, indicator: Indicator, part: Region) -> dict[Key, Merged]:
    """The values of a part, by the period: its own, and before it was formed itself what its parts had."""
    own = {
        (row[START], row[DURATION]): Merged(
            start=row[START],
            duration=row[DURATION],
            period=row[PERIOD],
            value=row[VALUE],
            status=row[STATUS],
            method=SUM,
            parts=(part.code,),
            files=frozenset({row[SOURCE_FILE]}),
        )
        for row in _rows(connection, reading, indicator, part)
        if row[VALUE] is not None and row[STATUS] != DIFFERS
    }
    return merged_series(connection, reading, indicator, part).values | own


def _rows(connection: Connection, reading: Reading, indicator: Indicator, region: Region) -> list[Row]:
    catalogue = reading.catalogue
    codes = catalogue.codes_of(region)
    selection = Selection(release=reading.release, indicators=frozenset({indicator.id}), regions=frozenset(codes))
    return splice(all_observations(connection, linked(catalogue, selection), columns=FULL), codes)


def _together(
    connection: Connection, reading: Reading, indicator: Indicator, values: Sequence[Merged], parts: Sequence[Region]
) -> Merged | str:
    """One value out of those of all parts, or why there is none."""
    first = values[0]
    said = {"start": first.start, "duration": first.duration, "period": first.period}
    made_of = tuple(code for item in values for code in item.parts)
    files = frozenset().union(*(item.files for item in values))
    if indicator.measure != "rate":
        status = _weakest(item.status for item in values)
        total = sum(item.value for item in values)
        return Merged(**said, value=total, status=status, method=SUM, parts=made_of, files=files)
    divided = _divided(connection, reading, indicator, first, parts)
    if divided is not None:
        value, status, more = divided
        return Merged(**said, value=value, status=status, method=RATIO, parts=made_of, files=files | more)
    if not indicator.unit.casefold().startswith(_SHARES):
        return f"Values in {indicator.unit} cannot be put together without what they are divided by."
    year = int(first.start[:4])
    weights = divisors(connection, reading, reading.catalogue.indicator(_WEIGHT), parts, year)
    without = [part.code for part in parts if part.id not in weights]
    if without:
        return f"No population of {', '.join(without)} is held here within {YEARS_OFF} years to weight it by."
    people = [weights[part.id].value for part in parts]
    value = sum(item.value * weight for item, weight in zip(values, people, strict=True)) / sum(people)
    files |= {weights[part.id].source_file for part in parts}
    return Merged(**said, value=value, status=ESTIMATED, method=WEIGHTED, parts=made_of, files=files)


def _divided(
    connection: Connection, reading: Reading, indicator: Indicator, wanted: Merged, parts: Sequence[Region]
) -> tuple[float, str, frozenset[int]] | None:
    """A rate of all parts from its numerator and denominator in the same period, where both are held here."""
    if indicator.formula is None:
        return None
    numerator, factor, denominator = indicator.formula
    sums: list[float] = []
    statuses: list[str] = []
    files: frozenset[int] = frozenset()
    for slug in (numerator, denominator):
        each = [_series(connection, reading, reading.catalogue.indicator(slug), part) for part in parts]
        found = [series.get((wanted.start, wanted.duration)) for series in each]
        known = [item for item in found if item is not None]
        if len(known) < len(parts):
            return None
        sums.append(sum(item.value for item in known))
        statuses.extend(item.status for item in known)
        files = files.union(*(item.files for item in known))
    return (sums[0] * factor / sums[1], _weakest(statuses), files) if sums[1] else None


def _weakest(statuses: Iterable[str]) -> str:
    """The status of what is made of several values: that of a normal one only where all are."""
    order = "FEUGPBA"
    return min(statuses, key=order.find)


def _listed(codes: Sequence[str]) -> str:
    return f"{', '.join(codes[:-1])} and {codes[-1]}" if len(codes) > 1 else codes[0]


def compared(indicator: Indicator, merging: Merging, own: Iterable[Row]) -> list[dict[str, Any]]:
    """Where the publisher has a value and its parts have one: both, and whether they agree within rounding.

    Each value that a sum is made of is rounded by itself; the mean of shares is no further off than one of them.
    """
    found = []
    half = 0.5 * 10.0**-indicator.decimals
    for row in own:
        ours = merging.values.get((row[START], row[DURATION]))
        if ours is None or row[VALUE] is None or row[STATUS] == DIFFERS:
            continue
        most = half * (len(ours.parts) + 1) if ours.method == SUM else 2 * half
        found.append(
            {
                "period": row[PERIOD],
                "published": number(row[VALUE]),
                "merged": number(round(ours.value, indicator.decimals + 1)),
                "agrees": abs(row[VALUE] - ours.value) <= most * (1 + 1e-9),
            }
        )
    return found
