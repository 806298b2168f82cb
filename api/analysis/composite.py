"""The tree of an index, and the scores that come up through it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from api.analysis import aggregation
from api.analysis.errors import Impossible
from api.analysis.ranks import Floats

Mean = Callable[[Floats, Floats], Floats]
"""A weighted mean along the last axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of an index: an indicator, or an aggregate of other parts. The top has no parent."""

    code: str
    parent: str | None
    weight: float = 1.0
    direction: int = 1
    """Of an indicator: +1 where more is better, -1 where less is."""


@dataclass(frozen=True)
class Framework:
    """An index as a tree. Raises `Impossible` where it is none."""

    indicators: tuple[Part, ...]
    aggregates: tuple[Part, ...]
    _position: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Number the parts, indicators first, and see that they make a tree."""
        parts = (*self.indicators, *self.aggregates)
        codes = [part.code for part in parts]
        repeated = sorted({code for code in codes if codes.count(code) > 1})
        if repeated:
            raise Impossible(f"{', '.join(repeated)} is named more than once.")
        object.__setattr__(self, "_position", {code: place for place, code in enumerate(codes)})
        known = {part.code for part in self.aggregates}
        for part in parts:
            if part.parent is not None and part.parent not in known:
                raise Impossible(f"{part.code} belongs to {part.parent}, which is no aggregate of this index.")
            if not (np.isfinite(part.weight) and part.weight >= 0):
                raise Impossible(f"The weight of {part.code} is {part.weight}; it must be zero or more.")
        tops = [part.code for part in self.aggregates if part.parent is None]
        if len(tops) != 1 or any(part.parent is None for part in self.indicators):
            raise Impossible("An index has one part at its top, which everything else belongs to.")
        _ = self.steps

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts, indicators first."""
        return (*self.indicators, *self.aggregates)

    @property
    def weights(self) -> Floats:
        """The weight of each part, as numbered."""
        return np.array([part.weight for part in self.parts])

    @property
    def directions(self) -> Floats:
        """The direction of each indicator."""
        return np.array([part.direction for part in self.indicators], dtype=float)

    @cached_property
    def children(self) -> dict[str, tuple[int, ...]]:
        """The numbers of the parts that each aggregate is made of."""
        return {
            item.code: tuple(place for place, part in enumerate(self.parts) if part.parent == item.code)
            for item in self.aggregates
        }

    @cached_property
    def steps(self) -> tuple[tuple[int, tuple[int, ...], int], ...]:
        """What to compute in which order: number of the aggregate, numbers of its parts, and its level (1: lowest)."""
        level = dict.fromkeys(range(len(self.indicators)), 0)
        waiting = [(self._position[code], parts) for code, parts in self.children.items()]
        steps: list[tuple[int, tuple[int, ...], int]] = []
        while waiting:
            ready = [(place, parts) for place, parts in waiting if all(part in level for part in parts)]
            if not ready:
                names = ", ".join(self.parts[place].code for place, _ in waiting)
                raise Impossible(f"{names} belong to each other in a circle.")
            for place, parts in ready:
                if not parts:
                    raise Impossible(f"{self.parts[place].code} has no parts.")
                if not any(self.parts[part].weight > 0 for part in parts):
                    raise Impossible(f"The weights of all parts of {self.parts[place].code} are zero.")
                level[place] = 1 + max(level[part] for part in parts)
                steps.append((place, parts, level[place]))
            waiting = [(place, parts) for place, parts in waiting if place not in level]
        return tuple(steps)

    @property
    def levels(self) -> int:
        """How many levels of means there are."""
        return self.steps[-1][2]

    @property
    def top(self) -> int:
        """The number of the part at the top."""
        return self.steps[-1][0]

    def evened(self) -> Framework:
        """The same with weights whose largest among siblings is 1: no scale of weights is too large or too small."""
        largest = {code: max(self.weights[list(parts)]) for code, parts in self.children.items()}
        evened = [
            replace(part, weight=float(part.weight / largest[part.parent]) if part.parent else 1.0)
            for part in self.parts
        ]
        return Framework(tuple(evened[: len(self.indicators)]), tuple(evened[len(self.indicators) :]))

    def effective_weights(self, given: Floats | None = None) -> Floats:
        """The share of each part in the top, its weight and those of all above it multiplied; they sum to 1 a level.

        `given` are other weights of the parts, (parts,). What has no part that weighs anything has no share.
        """
        known = self.weights if given is None else given
        shares = np.zeros(len(self.parts))
        shares[self.top] = 1.0
        for place, parts, _ in reversed(self.steps):
            weights = known[list(parts)]
            shares[list(parts)] = shares[place] * weights / (weights.sum() or 1.0)
        return shares


Means = Mean | Mapping[int, Mean] | Sequence[Mean]
"""One mean for all levels, or one for each level from 1 (the lowest) on."""


def scores(
    framework: Framework, normalised: Floats, *, weights: Floats | None = None, means: Means = aggregation.arithmetic
) -> Floats:
    """The score of each region in each part: (..., regions, parts), indicators first.

    `normalised` is (..., regions, indicators), `weights` (..., parts) where they differ from the framework's.
    """
    found = np.broadcast_arrays(*_columns(framework, normalised, weights=weights, means=means))
    return np.stack(found, axis=-1)


def top_scores(
    framework: Framework, normalised: Floats, *, weights: Floats | None = None, means: Means = aggregation.arithmetic
) -> Floats:
    """The score of each region at the top, (..., regions): what draws need, without the room for all the parts."""
    return _columns(framework, normalised, weights=weights, means=means)[framework.top]


def _columns(framework: Framework, normalised: Floats, *, weights: Floats | None, means: Means) -> list[Floats]:
    """The scores of each part, indicators first; each (..., regions), without the axes of draws where it has none."""
    given = framework.weights if weights is None else np.asarray(weights, dtype=float)
    count = len(framework.indicators)
    found: list[Floats] = [normalised[..., place] for place in range(count)]
    found += [normalised[..., 0]] * len(framework.aggregates)
    failed: dict[int, Impossible] = {}
    for place, parts, level in framework.steps:
        chosen = list(parts)
        if not failed.keys().isdisjoint(chosen):
            continue
        if max(chosen) < count:
            values = normalised[..., chosen]
        else:
            values = np.moveaxis(np.stack(np.broadcast_arrays(*[found[part] for part in chosen])), 0, -1)
        try:
            found[place] = mean_of(means, level)(values, given[..., None, chosen])
        except Impossible as error:
            cells = tuple((region, chosen[part]) for region, part in error.cells)
            failed[place] = Impossible(str(error), cells=cells)
    if failed:
        first = next(iter(failed.values()))
        raise Impossible(str(first), cells=tuple(cell for error in failed.values() for cell in error.cells))
    return found


def mean_of(means: Means, level: int) -> Mean:
    """The mean of a level."""
    if callable(means):
        return means
    return means[level] if isinstance(means, Mapping) else means[level - 1]


def covered(framework: Framework, values: Floats) -> Floats:
    """The share of the top's weight for which each region has a value, (..., regions)."""
    shares = framework.effective_weights()[: len(framework.indicators)]
    found: Floats = np.where(np.isnan(values), 0.0, shares).sum(axis=-1)
    # A sum of shares, which rounding alone could carry past the whole.
    return np.minimum(found, 1.0)
