"""Indicators and regions as a file names them, looked up in the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl

from api.catalogue import ANY_DAY, Catalogue, Indicator, Region
from api.checks.faults import WARNING, Fault, shown
from api.checks.hints import Hints
from api.checks.work import Allowed, Work
from api.errors import Problem

_WHOLE_NAME = 10
"""The rank of a search that means a name as a whole, see `catalogue.place_search`."""
_NAMED = 5
"""How many of what is allowed or meant a message names."""


def read_names(work: Work) -> None:
    """Add `indicator_id` and `region_id`."""
    indicators, regions = _Indicators(work), _Regions(work)
    for column, of in (("indicator", indicators), ("region", regions)):
        work.figures = work.figures.with_columns(work.text(column))
        table: list[tuple[object, ...]] = []
        faults: list[tuple[tuple[str | None], Fault]] = []
        for (text,) in work.distinct(column):
            number, said = of.read(text)
            table.append((text, number))
            faults.extend(((text,), item) for item in said)
        work.join(table, [column], {f"{column}_id": pl.Int64})
        work.found.tell(work.figures, [column], faults, column)


class _Indicators:
    def __init__(self, work: Work) -> None:
        self._catalogue = work.catalogue
        self._slugs = {item.slug: item for item in work.catalogue.indicators.values()}
        allowed = work.allowed.indicators
        self._allowed = None if allowed is None else {item.casefold() for item in allowed}
        self._hints = Hints()

    def read(self, text: str | None) -> tuple[int | None, list[Fault]]:
        """The number of an indicator, and what is to be said of how it is named."""
        if text is None:
            return None, [Fault("indicator-missing", "The indicator is missing. Write its identifier into this cell.")]
        item = self._slugs.get(text.casefold())
        if item is None:
            return None, [self._unknown(text)]
        if self._allowed is None or item.slug in self._allowed:
            return item.id, []
        named = _few(sorted(self._allowed))
        return item.id, [
            Fault("not-yours", f"{item.slug} is not an indicator that you may write. You may write {named}.")
        ]

    def _unknown(self, text: str) -> Fault:
        if not self._hints.worth(text):
            return Fault("indicator-unknown", f"There is no indicator {shown(text)}. All are listed at /v1/indicators.")
        return _of_problem("indicator-unknown", lambda: self._catalogue.indicator(text))


class _Regions:
    def __init__(self, work: Work) -> None:
        self._catalogue = work.catalogue
        self._codes = _codes(work.catalogue)
        self._allowed = _allowed_regions(work.allowed, self._codes)
        self._hints = Hints()

    def read(self, text: str | None) -> tuple[int | None, list[Fault]]:
        """The number of a region, and what is to be said of how it is named."""
        if text is None:
            return None, [Fault("region-missing", "The region is missing. Write its code into this cell.")]
        number, said = self._codes.get(text.upper()), []
        if number is None:
            number, fault = self._named(text)
            said.append(fault)
        if number is not None:
            region = self._catalogue.regions[number]
            said.extend(self._of_code(region))
            said.extend(self._not_allowed(region))
        return number, said

    def _named(self, text: str) -> tuple[int | None, Fault]:
        """The region of a name, where it is the name of one place only."""
        if not self._hints.worth(text):
            return None, Fault("region-unknown", f"There is no region {shown(text)}. All are listed at /v1/regions.")
        meant = _places(self._catalogue, text)
        mine = [item for item in meant if self._allowed is not None and item.id in self._allowed]
        found = mine if len(mine) == 1 else meant
        if len(found) == 1:
            told = f"{shown(text)} was read as {found[0].code} ({found[0].label}). Write the code."
            return found[0].id, Fault("region-by-name", told, found[0].code, WARNING)
        if found:
            named = _few([f"{item.code} ({item.label})" for item in found])
            told = (
                f"{shown(text)} is the name of {len(found)} regions: {named}. Write the code of the one that is meant."
            )
            return None, Fault("region-by-name", told, found[0].code)
        return None, _of_problem("region-unknown", lambda: self._catalogue.region(text))

    def _of_code(self, region: Region) -> Iterator[Fault]:
        """What is to be said of a code that gave way to another one of the same place."""
        later = [self._catalogue.regions[item.region] for item in region.successors if item.kind == "recoded"]
        if len(later) == 1:
            now = self._catalogue.place_of(region)
            code = later[0].code if now.id == region.id else now.code
            told = f"{region.code} ({region.name}) was recoded: the place goes by {code} now."
            told += " The figure is kept under the code that you write. Write the new one where it is published so."
            yield Fault("region-recoded", told, code, WARNING)

    def _not_allowed(self, region: Region) -> Iterator[Fault]:
        if self._allowed is not None and region.id not in self._allowed:
            codes = sorted(self._catalogue.regions[number].code for number in self._allowed)
            told = f"{region.code} ({region.name}) is not a region that you may write. You may write {_few(codes)}."
            yield Fault("not-yours", told)


def _codes(catalogue: Catalogue) -> dict[str, int]:
    """Regions by their codes and by the aliases that are codes, in capitals."""
    aliases = {
        alias.upper(): item.id
        for item in catalogue.regions.values()
        for alias, scheme in item.aliases
        if scheme != "name"
    }
    return aliases | {item.code.upper(): item.id for item in catalogue.regions.values()}


def _allowed_regions(allowed: Allowed, codes: dict[str, int]) -> frozenset[int] | None:
    if allowed.regions is None:
        return None
    return frozenset(codes[item.upper()] for item in allowed.regions if item.upper() in codes)


def _places(catalogue: Catalogue, text: str) -> list[Region]:
    """The places whose name a text is, each under the code that it goes by, the best first."""
    matches = catalogue.search_regions(text, day=ANY_DAY)
    exact = {number: item for number, item in matches.items() if item.rank == _WHOLE_NAME}
    best = min(((item.missing, item.extra) for item in exact.values()), default=None)
    numbers = sorted(number for number, item in exact.items() if (item.missing, item.extra) == best)
    places = (catalogue.place_of(catalogue.regions[number]) for number in numbers)
    return list({place.id: place for place in places}.values())


def _of_problem(code: str, look_up: Callable[[], object]) -> Fault:
    """The fault of a look-up that fails, with the first of the candidates that its problem names."""
    try:
        look_up()
    except Problem as problem:
        near = problem.faults[0].allowed
        return Fault(code, problem.detail, str(near[0]) if near else None)
    raise AssertionError("what is looked up here is unknown")


def _few(items: list[str]) -> str:
    """Some texts as a list in a sentence, the first few of them."""
    if not items:
        return "none"
    more = len(items) - _NAMED
    return f"{', '.join(items[:_NAMED])}{f' and {more:,} more' if more > 0 else ''}"


def indicator_of(work: Work, number: object) -> Indicator | None:
    """The indicator of a number; None where it could not be read."""
    return work.catalogue.indicators[number] if isinstance(number, int) else None
