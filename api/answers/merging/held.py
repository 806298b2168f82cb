"""What the parts of a place have, read at once: of an indicator, of what it is made of, and of population."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from api.answers.merging.values import Key, Merged, Row
from api.answers.reading import Reading
from api.answers.selection import every_code, linked
from api.answers.splicing import splice
from api.catalogue import Catalogue, Indicator, Region
from api.columns import SUM
from api.queries.observations import FULL, Selection, all_observations
from api.rows import DURATION, INDICATOR, PERIOD, REGION, SOURCE_FILE, START, STATUS, VALUE, is_comparable

WEIGHT = "population"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The comparable values of parts as they were published."""

    catalogue: Catalogue
    series: Mapping[tuple[int, int], dict[Key, Merged]]
    """By the numbers of indicator and place, then by the period."""


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


def read(connection: Connection, reading: Reading, indicator: Indicator, parts: Iterable[Region]) -> Held:
    """What some parts, and those that they were formed of, have of an indicator and of what it is put together by."""
    catalogue = reading.catalogue
    formula = indicator.formula
    slugs = {WEIGHT} if formula is None or not formula.held else {WEIGHT, formula.numerator, formula.denominator}
    wanted = {indicator.id} | {catalogue.indicator(slug).id for slug in slugs}
    places = {place.id: place for part in parts for place in (part, *_below(catalogue, part))}
    codes = every_code(catalogue, places)
    selection = Selection(release=reading.release, indicators=frozenset(wanted), regions=codes)
    rows: dict[tuple[int, int], list[Row]] = {}
    for row in all_observations(connection, linked(catalogue, selection), columns=FULL):
        rows.setdefault((row[INDICATOR], catalogue.place_of(catalogue.regions[row[REGION]]).id), []).append(row)
    return Held(
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
