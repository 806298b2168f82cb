"""Merged series: what a place had before it was formed, put together from the whole districts that it was formed of.

Counts and amounts are summed; a rate whose numerator and denominator are held here is divided anew; a share is weighted
by the population of the parts, and is an estimate. Every value names its method and its parts; what cannot be put
together says why. Where the publisher has a value of its own it stands, and is compared with ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from api.answers.comparison.rates import YEARS_OFF, nearest_year
from api.answers.merging.held import WEIGHT, Held, parts_of, read
from api.answers.merging.values import BREAK, ESTIMATED, Key, Merged, Merging, after_estimates, filled
from api.answers.reading import Reading
from api.catalogue import Indicator, Region
from api.columns import RATIO, SUM, WEIGHTED

__all__ = ["Key", "Merged", "Merging", "after_estimates", "filled", "merged_series"]

_OF_PEOPLE = re.compile(
    r"(?:% of|per [\d,]+) (?:premises|people|residents|individuals|population|households?|neighbourhoods"
    r"|economically active people|young people|16 and 17-year-olds)\b(?! with| born)"
)
"""Shares of people, or of what there is for so many of them: these can be weighted by people, and no others.

Shares of land, businesses or output would need to be weighted by these; a median or an index cannot be at all.
"""


def merged_series(connection: Connection, reading: Reading, indicator: Indicator, region: Region) -> Merging:
    """What can be put together of an indicator for a place, by the period, whether or not it has a value of its own."""
    parts = parts_of(reading.catalogue, region)
    if not parts:
        return Merging(reason="It was not formed of whole districts: there is nothing to put it together from.")
    return _merge(read(connection, reading, indicator, parts), indicator, parts)


def _of(held: Held, indicator: Indicator, part: Region) -> dict[Key, Merged]:
    """The values of a part: its own, and before it was formed itself what its parts had."""
    own = held.series.get((indicator.id, part.id), {})
    parts = parts_of(held.catalogue, part)
    return _merge(held, indicator, parts).values | own if parts else own


def _merge(held: Held, indicator: Indicator, parts: tuple[Region, ...]) -> Merging:
    """What can be put together of what is held of all parts."""
    of_parts = [_of(held, indicator, part) for part in parts]
    merging = Merging(parts=parts)
    broken = False  # whether a part's series broke since the last value that could be put together
    for key in sorted(set().union(*of_parts)):
        having = [series[key] for series in of_parts if key in series]
        broken = broken or any(item.status == BREAK for item in having)
        whole = len(having) == len(parts)
        made = _together(held, indicator, having, parts) if whole else _without(key, of_parts, parts)
        if isinstance(made, str):
            merging.failed[key] = (having[0].period, made)
        else:
            merging.values[key] = replace(made, status=BREAK) if broken else made
            broken = False
    return merging


def _without(key: Key, of_parts: Iterable[Mapping[Key, Merged]], parts: Iterable[Region]) -> str:
    without = [part.code for part, series in zip(parts, of_parts, strict=True) if key not in series]
    return f"There is no value of {', '.join(without)}."


def _together(held: Held, indicator: Indicator, values: Sequence[Merged], parts: Sequence[Region]) -> Merged | str:
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
    if _OF_PEOPLE.match(indicator.unit.casefold()) is None:
        return f"Values in {indicator.unit} cannot be put together: what they are divided by is not held here."
    weights = [_people(held, part, int(first.start[:4])) for part in parts]
    known = [item for item in weights if item is not None]
    if len(known) < len(parts):
        without = [part.code for part, item in zip(parts, weights, strict=True) if item is None]
        return f"No population of {', '.join(without)} is held here within {YEARS_OFF} years to weight it by."
    people = sum(item.value for item in known)
    value = sum(item.value * weight.value for item, weight in zip(values, known, strict=True)) / people
    return made(value=value, status=ESTIMATED, method=WEIGHTED, files=files | _files(known))


def _divided(
    held: Held, indicator: Indicator, key: Key, parts: Sequence[Region]
) -> tuple[list[Merged], float, list[Merged]] | None:
    """What a rate of all parts is made of, where numerator and denominator of each are held here for its period."""
    formula = indicator.formula
    if formula is None or not formula.held:
        return None
    both = []
    for slug in (formula.numerator, formula.denominator):
        of = held.catalogue.indicator(slug)
        found = [item for part in parts if (item := _of(held, of, part).get(key)) is not None]
        if len(found) < len(parts):
            return None
        both.append(found)
    return (both[0], formula.factor, both[1]) if any(item.value for item in both[1]) else None


def _people(held: Held, part: Region, year: int) -> Merged | None:
    """The population of a part in the year nearest to one, as `comparison.rates` takes denominators."""
    known = {int(item.start[:4]): item for item in _of(held, held.catalogue.indicator(WEIGHT), part).values()}
    chosen = nearest_year(known, year)
    return None if chosen is None else known[chosen]


def _files(values: Iterable[Merged]) -> frozenset[int]:
    return frozenset().union(*(item.files for item in values))


def _weakest(values: Iterable[Merged]) -> str:
    """The status of what is made of several values: that of a normal one only where all are."""
    order = "FEUGPBA"
    return min((item.status for item in values), key=order.find)
