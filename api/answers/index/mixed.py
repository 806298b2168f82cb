"""Figures of the caller's own beside those of this service: some indicators came with the question, others are here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from sqlalchemy import Connection

from api.analysis.definition import DataError, Inputs
from api.analysis.ranks import Floats
from api.answers.index import sent, served
from api.answers.index.asked import AskedFigures, AskedIndex, AskedIndicator
from api.answers.index.calculation import Figures
from api.answers.reading import Reading
from api.catalogue import Catalogue
from api.errors import Fault, Problem, first, invalid_definition


def figures(
    connection: Connection, reading: Reading, asked: AskedIndex, data: AskedFigures
) -> tuple[Sequence[AskedIndicator], Figures]:
    """The indicators, and the figures of both kinds for the regions that are named. Problem `invalid-definition`.

    An indicator with values in `data` is the caller's own, whatever it is called; regions of `data` are found by code.
    """
    own = [item for item in asked.indicators if item.id in data.values]
    others = [item for item in asked.indicators if item.id not in data.values]
    places = [[number for number, item in enumerate(asked.indicators) if item in some] for some in (own, others)]
    if faults := first(_faults(asked, data, own, others)):
        raise invalid_definition([_placed(fault, places[0]) for fault in faults])
    try:
        indicators, found = served.figures(connection, reading, replace(asked, indicators=others, data=None), asked)
    except Problem as problem:
        if problem.type.slug != "invalid-definition":
            raise
        raise invalid_definition([_placed(fault, places[1]) for fault in problem.faults]) from None
    rows = _rows(reading.catalogue, data, found.inputs.regions)
    both = _Both(asked.indicators, found.inputs, sent.inputs(data, own), rows, {item.id for item in own})
    known = {item.id: now for item, now in zip(others, indicators, strict=True)}
    return [known.get(item.id, item) for item in asked.indicators], replace(
        found,
        inputs=both.inputs(),
        sized_by=found.sized_by if data.sizes is None else None,
        own={item.id: rows for item in own},
    )


def _placed(fault: Fault, places: Sequence[int]) -> Fault:
    """A fault of some of the indicators, at its place among all of them."""
    of_one = _OF_AN_INDICATOR.fullmatch(fault.path)
    return fault if of_one is None else replace(fault, path=f"indicators/{places[int(of_one[1])]}{of_one[2]}")


_OF_AN_INDICATOR = re.compile(r"indicators/(\d+)(.*)")


def _faults(
    asked: AskedIndex, data: AskedFigures, own: Sequence[AskedIndicator], others: Sequence[AskedIndicator]
) -> Iterator[Fault]:
    yield from sent.faults_of_figures(data, own, known=[item.id for item in asked.indicators])
    if not others:
        message = "All indicators have values in `data`. Leave `regions` out, or name an indicator of this service too."
        yield Fault("figures", "regions", message)
    if data.groups is not None or any(item.group is not None for item in data.regions):
        message = "Regions of this service have groups of their own, the regions around them. Leave yours out."
        yield Fault("groups", "data/groups", message)


def _rows(catalogue: Catalogue, data: AskedFigures, regions: Sequence[str]) -> dict[str, int]:
    """By code of a region, which row of the data is its own. Problem `invalid-definition` where one is none of them."""
    faults: list[Fault] = []
    found: dict[str, int] = {}
    places = {catalogue.place_of(catalogue.region(code)).id: code for code in regions}
    for number, item in enumerate(data.regions):
        path = f"data/regions/{number}"
        try:
            place = catalogue.place_of(catalogue.region(item.id, field=path)).id
        except Problem as problem:
            faults.extend(problem.faults)
            continue
        if place not in places:
            message = f"{item.id} is none of the regions that are asked for. Leave it out, or name it in regions too."
            faults.append(Fault("unknown-region", path, message))
        elif places[place] in found:
            faults.append(Fault("repeated-id", path, f"{item.id} is named more than once. Name it once."))
        else:
            found[places[place]] = number
    if faults:
        raise invalid_definition(first(faults))
    return found


class _Both:
    """Lays figures of both kinds out, (regions, indicators): rows as this service has them, columns as defined."""

    def __init__(
        self,
        indicators: Sequence[AskedIndicator],
        served_: Inputs,
        sent_: Inputs,
        rows: Mapping[str, int],
        own: set[str],
    ) -> None:
        self._served, self._sent = served_, sent_
        self._rows = np.array([rows.get(code, -1) for code in served_.regions])
        self._own = np.array([item.id in own for item in indicators])
        self._indicators = indicators

    def inputs(self) -> Inputs:
        """Both as one. What one kind lacks is missing in its columns."""
        here, came = self._served, self._sent
        earlier = None
        if here.earlier is not None or came.earlier is not None:
            earlier = self._joined(here.earlier, came.earlier)
        return replace(
            here,
            values=self._joined(here.values, came.values),
            divisors=self._joined(here.divisors, self._divisors()),
            earlier=earlier,
            errors=self._errors(),
            sizes=here.sizes if came.sizes is None else self._spread(came.sizes),
        )

    def _joined(self, here: Floats | None, came: Floats | None) -> Floats:
        found = np.full((len(self._rows), len(self._own)), np.nan)
        if here is not None:
            found[:, ~self._own] = here
        if came is not None:
            found[:, self._own] = self._spread(came)
        return found

    def _spread(self, came: Floats) -> Floats:
        """Rows of the data in the order of the regions; NaN for those that it has none of."""
        found = np.full((len(self._rows), *came.shape[1:]), np.nan)
        found[self._rows >= 0] = came[self._rows[self._rows >= 0]]
        return found

    def _divisors(self) -> Floats:
        """What the caller's own values are divided by, (rows of the data, own indicators)."""
        ones = np.ones(len(self._sent.regions))
        own = [item for item, is_own in zip(self._indicators, self._own, strict=True) if is_own]
        columns = [ones if item.denominator is None else self._sent.denominators[item.denominator] for item in own]
        return np.column_stack(columns)

    def _errors(self) -> DataError | None:
        here, came = self._served.errors, self._sent.errors
        if here is None and came is None:
            return None
        normal = np.ones(len(self._own), dtype=bool)
        if here is not None:
            normal[~self._own] = here.normal
        below, above = (
            self._joined(None if here is None else getattr(here, side), None if came is None else getattr(came, side))
            for side in ("below", "above")
        )
        return DataError(below=below, above=above, normal=normal)
