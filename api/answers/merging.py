"""Merged series: what a place had before it was formed, put together from the whole districts that it was formed of.

Counts and amounts are summed; a rate whose numerator and denominator are held here is divided anew; a share is weighted
by the population of the parts, and is an estimate. Every value names its method and its parts; what cannot be put
together says why. Where the publisher has a value of its own it stands, and is compared with ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection

from api.answers.comparison.rates import YEARS_OFF, nearest_year
from api.answers.reading import Reading
from api.answers.selection import every_code, linked
from api.answers.splicing import splice
from api.catalogue import Catalogue, Indicator, Region
from api.columns import RATIO, SUM, WEIGHTED
from api.queries.observations import FULL, Selection, all_observations
from api.rows import (
    DURATION,
    INDICATOR,
    PERIOD,
    REGION,
    SOURCE_FILE,
    START,
    STATUS,
    VALUE,
    is_comparable,
    number,
)

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

    def row(self, indicator: Indicator, place: Region) -> Row:
        """It as a row of observations of the place that it is of (`rows`), without a file of its own."""
        return (indicator.id, place.id, self.period, self.value, self.status, None, self.start, self.duration)

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
        published = {row[PERIOD] for row in own if is_comparable(row)}
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
    parts = parts_of(reading.catalogue, region)
    if not parts:
        return Merging(reason="It was not formed of whole districts: there is nothing to put it together from.")
    return _merging(_read(connection, reading, indicator, parts), indicator, parts)


def filled(merging: Merging, own: Iterable[Row], selection: Selection) -> dict[Key, Merged]:
    """The values that stand in a series, within the periods asked for: where there is no comparable one of its own."""
    published = {(row[START], row[DURATION]) for row in own if is_comparable(row)}
    first, last = selection.start_from or "", selection.start_to or "9999"
    return {key: value for key, value in merging.values.items() if key not in published and first <= key[0] <= last}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What parts have of an indicator, of what it is divided by and of population, read at once."""

    catalogue: Catalogue
    series: Mapping[tuple[int, int], dict[Key, Merged]]
    """The comparable values by the numbers of indicator and place, then by the period."""

    def of(self, indicator: Indicator, part: Region) -> dict[Key, Merged]:
        """The values of a part: its own, and before it was formed itself what its parts had."""
        own = self.series.get((indicator.id, part.id), {})
        parts = parts_of(self.catalogue, part)
        return _merging(self, indicator, parts).values | own if parts else own


def _read(connection: Connection, reading: Reading, indicator: Indicator, parts: Iterable[Region]) -> _Held:
    catalogue = reading.catalogue
    slugs = {_WEIGHT} if indicator.formula is None else {_WEIGHT, indicator.formula[0], indicator.formula[2]}
    wanted = {indicator.id} | {catalogue.indicator(slug).id for slug in slugs}
    places = {place.id: place for part in parts for place in (part, *_below(catalogue, part))}
    codes = every_code(catalogue, places)
    selection = Selection(release=reading.release, indicators=frozenset(wanted), regions=codes)
    rows: dict[tuple[int, int], list[Row]] = {}
    for row in all_observations(connection, linked(catalogue, selection), columns=FULL):
        rows.setdefault((row[INDICATOR], catalogue.place_of(catalogue.regions[row[REGION]]).id), []).append(row)
    return _Held(
        catalogue=catalogue,
        series={
            (number_, place): _values(places[place], splice(found, catalogue.codes_of(places[place])))
            for (number_, place), found in rows.items()
        },
    )


def _below(catalogue: Catalogue, region: Region) -> Iterator[Region]:
    """The parts of a place that was formed of districts, and theirs."""
    for part in parts_of(catalogue, region):
        yield part
        yield from _below(catalogue, part)


def _values(part: Region, rows: Iterable[Row]) -> dict[Key, Merged]:
    """The comparable values of a part as it published them."""
    return {
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
        for row in rows
        if is_comparable(row)
    }


def _merging(held: _Held, indicator: Indicator, parts: tuple[Region, ...]) -> Merging:
    """What can be put together of what is held of all parts."""
    of_parts = [held.of(indicator, part) for part in parts]
    merging = Merging(parts=parts)
    for key in sorted(set().union(*of_parts)):
        having = [series[key] for series in of_parts if key in series]
        if len(having) < len(parts):
            without = [part.code for part, series in zip(parts, of_parts, strict=True) if key not in series]
            merging.failed[having[0].period] = f"There is no value of {', '.join(without)}."
            continue
        made = _together(held, indicator, having, parts)
        if isinstance(made, str):
            merging.failed[having[0].period] = made
        else:
            merging.values[key] = made
    return merging


def _together(held: _Held, indicator: Indicator, values: Sequence[Merged], parts: Sequence[Region]) -> Merged | str:
    """One value out of those of all parts, or why there is none."""
    first = values[0]
    made = partial(
        Merged,
        start=first.start,
        duration=first.duration,
        period=first.period,
        parts=tuple(code for item in values for code in item.parts),
    )
    files = _files(values)
    if indicator.measure != "rate":
        status = _weakest(values)
        return made(value=sum(item.value for item in values), status=status, method=SUM, files=files)
    divided = _divided(held, indicator, (first.start, first.duration), parts)
    if divided is not None:
        numerators, factor, denominators = divided
        both = (*numerators, *denominators)
        value = sum(item.value for item in numerators) * factor / sum(item.value for item in denominators)
        return made(value=value, status=_weakest(both), method=RATIO, files=files | _files(both))
    if not indicator.unit.casefold().startswith(_SHARES):
        return f"Values in {indicator.unit} cannot be put together without what they are divided by."
    weights = [_people(held, part, int(first.start[:4])) for part in parts]
    known = [item for item in weights if item is not None]
    if len(known) < len(parts):
        without = [part.code for part, item in zip(parts, weights, strict=True) if item is None]
        return f"No population of {', '.join(without)} is held here within {YEARS_OFF} years to weight it by."
    people = sum(item.value for item in known)
    value = sum(item.value * weight.value for item, weight in zip(values, known, strict=True)) / people
    return made(value=value, status=ESTIMATED, method=WEIGHTED, files=files | _files(known))


def _divided(
    held: _Held, indicator: Indicator, key: Key, parts: Sequence[Region]
) -> tuple[list[Merged], float, list[Merged]] | None:
    """What a rate of all parts is made of, where numerator and denominator of each are held here for its period."""
    if indicator.formula is None:
        return None
    numerator, factor, denominator = indicator.formula
    both = []
    for slug in (numerator, denominator):
        of = held.catalogue.indicator(slug)
        found = [item for part in parts if (item := held.of(of, part).get(key)) is not None]
        if len(found) < len(parts):
            return None
        both.append(found)
    return (both[0], factor, both[1]) if any(item.value for item in both[1]) else None


def _people(held: _Held, part: Region, year: int) -> Merged | None:
    """The population of a part in the year nearest to one, as `comparison.rates` takes denominators."""
    known = {int(item.start[:4]): item for item in held.of(held.catalogue.indicator(_WEIGHT), part).values()}
    chosen = nearest_year(known, year)
    return None if chosen is None else known[chosen]


def _files(values: Iterable[Merged]) -> frozenset[int]:
    return frozenset().union(*(item.files for item in values))


def _weakest(values: Iterable[Merged]) -> str:
    """The status of what is made of several values: that of a normal one only where all are."""
    order = "FEUGPBA"
    return min((item.status for item in values), key=order.find)


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
        if ours is None or not is_comparable(row):
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
