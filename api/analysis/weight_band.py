"""Weights between two bounds, through a tree: the shares that leaves may have, and how far sums of these can go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from api.analysis.composite import Framework
from api.analysis.ranks import Floats


@dataclass(frozen=True)
class Band:
    """Weights between two bounds, through a tree.

    `steps` are the numbers of each aggregate and of its parts, the top last; `lower` and `upper` are (parts,).
    """

    leaves: int
    steps: tuple[tuple[int, tuple[int, ...]], ...]
    lower: Floats
    upper: Floats

    @classmethod
    def of(cls, framework: Framework, lower: Floats, upper: Floats) -> Band:
        """The band of an index's weights. What has no part that weighs anything weighs nothing itself."""
        lower, upper = lower.copy(), upper.copy()
        for place, parts, _ in framework.steps:
            if not (upper[list(parts)] > 0).any():
                lower[place] = upper[place] = 0.0
        steps = tuple((place, parts) for place, parts, _ in framework.steps)
        return cls(len(framework.indicators), steps, lower, upper)

    @cached_property
    def shares(self) -> tuple[Floats, Floats, Floats]:
        """What shares keep to: rows over leaves and a factor for each step, and the least and most of each row.

        The shares of the top's parts are their weights, so that the top's own factor is one.
        """
        count = len(self.steps) - 1
        under = np.vstack([np.eye(self.leaves), np.zeros((count + 1, self.leaves))])
        rows: list[Floats] = []
        least: list[float] = []
        most: list[float] = []
        for number, (place, parts) in enumerate(self.steps):
            factor = np.eye(count + 1)[number, :count]
            size = self.upper[list(parts)].max() or 1.0
            for part in parts:
                low, high = self.lower[part] / size, self.upper[part] / size
                if number == count:
                    rows, least, most = [*rows, np.concatenate([under[part], factor])], [*least, low], [*most, high]
                    continue
                rows += [np.concatenate([under[part], -high * factor]), np.concatenate([under[part], -low * factor])]
                least, most = [*least, -np.inf, 0.0], [*most, 0.0, np.inf]
            under[place] = under[list(parts)].sum(axis=0)
        # No weights at all are none. In proportion, any others reach weights of which one is at its largest.
        tops = [part for part in self.steps[-1][1] if self.upper[part] > 0]
        size = self.upper[list(self.steps[-1][1])].max() or 1.0
        whole = sum((under[part] * (size / self.upper[part]) for part in tops), np.zeros(self.leaves))
        rows, least, most = [*rows, np.concatenate([whole, np.zeros(count)])], [*least, 1.0], [*most, np.inf]
        return np.array(rows), np.array(least), np.array(most)

    def furthest(self, differences: Floats) -> Floats:
        """The most that the sum at the top can come to for leaves as given, (cases, leaves)."""
        found = np.zeros((len(differences), len(self.lower)))
        found[:, : self.leaves] = differences
        for place, parts in self.steps[:-1]:
            chosen = list(parts)
            found[:, place] = _most(found[:, chosen], self.lower[chosen], self.upper[chosen])
        chosen = list(self.steps[-1][1])
        values, size = found[:, chosen], self.upper[chosen].max() or 1.0
        return np.asarray(np.maximum(values * self.lower[chosen], values * self.upper[chosen]).sum(axis=1) / size)


def _most(values: Floats, lower: Floats, upper: Floats) -> Floats:
    """The largest weighted mean of each row: the largest values weigh as much as they may, the others as little."""
    order = np.argsort(-values, axis=1, kind="stable")
    ordered, low, high = np.take_along_axis(values, order, axis=1), lower[order], upper[order]
    more = high - low
    sums = (low * ordered).sum(axis=1, keepdims=True) + np.cumsum(more * ordered, axis=1)
    wholes = low.sum(axis=1, keepdims=True) + np.cumsum(more, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(wholes > 0, sums / wholes, -np.inf)
    best: Floats = means.max(axis=1)
    return np.where(np.isfinite(best), best, 0.0)
