"""From figures to one scale: outliers treated, and every indicator between the same ends (Handbook, steps 3 and 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.analysis import aggregation
from api.analysis.definition import Definition, Inputs
from api.analysis.errors import Impossible
from api.analysis.method import Choice
from api.analysis.ranks import Floats
from api.analysis.treatment import Treated

LARGEST = 1e30
"""The largest number that is computed with: the square of it is still far within the range of a float."""


def treat(chosen: Choice, definition: Definition, values: Floats) -> Treated:
    """Values with their outliers treated, by a method with what the indicators have to say to it."""
    named = {
        argument: np.array([getattr(item, name) for item in definition.measures])
        for name, argument in chosen.method.of_indicators
    }
    treated: Treated = chosen(values, **named)
    return treated


@dataclass(frozen=True)
class Scale:
    """What brings treated values to one scale: each indicator by its own method, or by that of all."""

    definition: Definition
    inputs: Inputs
    taken: NDArray[np.int64]

    def normalise(self, chosen: Choice, treated: Treated, shifts: Floats | None = None) -> Floats:
        """Values (regions, indicators) on one scale; `shifts` move the lower and upper posts, (2, indicators).

        They are shares of what lies between the two.
        """
        own = [item.normalisation or chosen for item in self.definition.measures]
        found = np.empty_like(treated.values)
        for method in dict.fromkeys(own):
            columns = [place for place, item in enumerate(own) if item == method]
            try:
                found[:, columns] = self._by(method, treated, columns, shifts)
            except Impossible as error:
                cells = tuple((region, columns[part] if part >= 0 else part) for region, part in error.cells)
                raise Impossible(str(error), cells=cells) from None
        return checked(found, "normalised")

    def _by(self, chosen: Choice, treated: Treated, columns: list[int], shifts: Floats | None) -> Floats:
        """The values of some indicators, by a method with what they or the regions have to say to it."""
        named: dict[str, Any] = self._of_indicators(chosen, treated, columns, shifts)
        reference = dict(chosen.parameters).get("reference")
        if reference is not None:
            regions = [self.inputs.regions[region] for region in self.taken]
            if reference not in regions:
                raise Impossible(f"The reference region {reference} is covered too little to be one. Choose another.")
            named["reference"] = regions.index(reference)
        if "sizes" in chosen.method.takes:
            sizes = self.inputs.sizes
            named["sizes"] = np.full(len(self.taken), np.nan) if sizes is None else sizes[self.taken]
        return np.asarray(chosen(treated.values[:, columns], self.definition.framework.directions[columns], **named))

    def _of_indicators(
        self, chosen: Choice, treated: Treated, columns: list[int], shifts: Floats | None
    ) -> dict[str, Floats]:
        measures = [self.definition.measures[column] for column in columns]
        names = dict(chosen.method.of_indicators)
        found = {
            argument: np.array([getattr(item, name) for item in measures], dtype=float)
            for name, argument in names.items()
        }
        logged = np.array([treated.logged[column] for column in columns])
        of_values = [argument for name, argument in names.items() if name in _OF_VALUES]
        if "base_mean" in names and logged.any():
            cells = tuple((-1, int(column)) for column in np.flatnonzero(logged))
            raise Impossible(_OF_A_BASE, cells=cells)
        if of_values and logged.any():
            if not treated.natural:
                cells = tuple((-1, int(column)) for column in np.flatnonzero(logged))
                raise Impossible(_SHIFTED, cells=cells)
            found |= {argument: _logged(found[argument], logged) for argument in of_values}
        if shifts is not None and "upper" in names:
            between = found["upper"] - found["lower"]
            found["lower"] = found["lower"] + shifts[0, columns] * between
            found["upper"] = found["upper"] + shifts[1, columns] * between
        return found


_OF_VALUES = ("target", "lower", "upper")
"""What is given of an indicator in its own unit."""
_OF_A_BASE = (
    "A base period is of values as they are, and the treatment took logarithms of an indicator. Choose another."
)
_SHIFTED = (
    "The treatment took logarithms of an indicator from its least value on, and what is given of it (its goalposts "
    "or target) is of values as they are. Choose another treatment, or a normalisation that needs nothing given."
)


def _logged(numbers: Floats, logged: NDArray[np.bool_]) -> Floats:
    """What is given of indicators whose values are logarithms, in logarithms as well."""
    wrong = np.flatnonzero((numbers <= 0) & logged)
    if wrong.size:
        cells = tuple((-1, int(column)) for column in wrong)
        raise Impossible("A target or a post of an indicator in logarithms is above zero.", cells=cells)
    return np.where(logged, np.log(np.where(logged, numbers, 1.0)), numbers)


def checked(values: Floats, stage: str) -> Floats:
    """Values of a stage, if all are within the range that is computed with."""
    wrong = np.argwhere(np.abs(values) > LARGEST)
    if wrong.size:
        cells = tuple((int(region), int(column)) for region, column in wrong[: aggregation.MOST_CELLS])
        raise Impossible(f"Some {stage} values are beyond {LARGEST:g}. Give the data in a larger unit.", cells=cells)
    return values
