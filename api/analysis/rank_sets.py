"""Confidence sets of ranks, for estimates with errors (Mogstad, Romano, Shaikh and Wilhelm, 2024).

Every pair of regions is tested: "this one is not above that one". The critical value is the quantile of the largest of
the test statistics that chance alone would give, taken from draws; what is rejected is left out and the quantile taken
again, until nothing more is rejected (stepwise, Romano and Wolf, 2005). A region's rank lies between one more than the
number of regions that are told to be above it, and all of them less those that are told to be below it.

Tested at once are either all pairs (`simultaneous`: the sets of all regions hold together) or the pairs of one region
(`marginal`: the set of that region holds). Assumed are independent, normally distributed errors. An error may differ by
side, as published bounds do: two regions are told apart by the lower error of the one above and the upper one of the
one below (MOVER: Zou and Donner, 2008), which for symmetric bounds is the standard error of the difference.

Inference for Ranks with Applications to Mobility across Neighbourhoods and Academic Achievement across Countries,
Review of Economic Studies 91(1), doi:10.1093/restud/rdad006.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray

from api.analysis.intervals import LEVEL
from api.analysis.ranks import Floats, rounded

MOST = 500
"""Regions that sets are computed for: what is to be done grows with their square."""
_DRAWS = (1_000, 100_000)
WORK = 150_000_000
"""Draws times pairs of regions, about half a second: few regions get more draws, many fewer."""
_SEED = 2024

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def _unchecked() -> None:
    """What ends nothing."""


@dataclass(frozen=True)
class Estimates:
    """Values of regions, the highest ranking first, and their standard errors downwards and upwards, each (regions,).

    An error that is not known is infinite: such a region may have any rank, and so may others be above or below it.
    `work` is about what draws times pairs of regions may come to. `check` is called between steps, and raises what is
    to end it.
    """

    values: Floats
    below: Floats
    above: Floats
    level: float = LEVEL
    work: int = WORK
    check: Callable[[], None] = _unchecked

    @property
    def draws(self) -> int:
        """How many draws the critical values rest on."""
        fewest, most = _DRAWS
        return int(np.clip(self.work // max(1, len(self.values)) ** 2, fewest, most))

    @cached_property
    def statistics(self) -> Floats:
        """How many standard errors each region (row) lies above each other one (column)."""
        values = rounded(self.values)
        gaps = values[:, None] - values[None, :]
        errors = np.hypot(self.below[:, None], self.above[None, :])
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where((gaps == 0) | np.isinf(errors), 0.0, gaps / errors)

    @cached_property
    def _known(self) -> Bools:
        return np.isfinite(self.below) & np.isfinite(self.above)

    @cached_property
    def _noise(self) -> NDArray[np.float32]:
        """Draws of the errors, (regions, draws): the same each time. What is not known has none, and is never told."""
        errors = np.where(self._known, (self.below + self.above) / 2, 0.0)
        drawn = np.random.default_rng(_SEED).standard_normal((len(errors), self.draws), dtype=np.float32)
        return drawn * errors[:, None].astype(np.float32)

    @cached_property
    def _scales(self) -> NDArray[np.float32]:
        """What a difference of two draws is multiplied by, to be in its standard errors."""
        errors = np.where(self._known, (self.below + self.above) / 2, 0.0)
        together = np.hypot(errors[:, None], errors[None, :])
        return np.where(together > 0, 1 / np.where(together > 0, together, 1.0), 0.0).astype(np.float32)

    @cached_property
    def _testable(self) -> Bools:
        """The pairs of regions that can be told apart at all."""
        found = self._known[:, None] & self._known[None, :]
        np.fill_diagonal(found, val=False)
        return found

    @cached_property
    def told_above(self) -> Bools:
        """Which region (row) is above which (column), where all that is said holds together at the level."""
        left = self._testable.copy()
        while left.any():
            told = left & (self.statistics > self._critical(left))
            if not told.any():
                break
            left &= ~told
        return self._testable & ~left

    def simultaneous(self) -> tuple[Ints, Ints]:
        """The best and the worst rank of each region, so that the sets of all of them hold together."""
        told = self.told_above
        return told.sum(axis=0) + 1, len(self.values) - told.sum(axis=1)

    def marginal(self) -> tuple[Ints, Ints]:
        """The best and the worst rank of each region, so that the set of each holds by itself."""
        count = len(self.values)
        best, worst = np.ones(count, dtype=np.int64), np.full(count, count, dtype=np.int64)
        for region in np.flatnonzero(self._testable.any(axis=1)):
            self.check()
            above, below = self._told_of(int(region))
            best[region] += above
            worst[region] -= below
        return best, worst

    def among_best(self, count: int) -> Bools:
        """The regions that may be among so many best: all that are among them, at the level."""
        return self.simultaneous()[0] <= count

    def among_worst(self, count: int) -> Bools:
        """The regions that may be among so many worst: all that are among them, at the level."""
        return self.simultaneous()[1] > len(self.values) - count

    def _told_of(self, region: int) -> tuple[int, int]:
        """How many regions are told to be above one, and how many below it, by the pairs that it is in alone."""
        noise = (self._noise[region] - self._noise) * self._scales[region][:, None]
        upwards, downwards = self._testable[region].copy(), self._testable[region].copy()
        beneath, over = self.statistics[region], self.statistics[:, region]
        while upwards.any() or downwards.any():
            largest = np.maximum(
                noise[upwards].max(axis=0, initial=-np.inf), -noise[downwards].min(axis=0, initial=np.inf)
            )
            critical = _quantile(largest, self.level)
            under, higher = upwards & (beneath > critical), downwards & (over > critical)
            if not under.any() and not higher.any():
                break
            upwards &= ~under
            downwards &= ~higher
        tested = int(self._testable[region].sum())
        return tested - int(downwards.sum()), tested - int(upwards.sum())

    def _critical(self, left: Bools) -> float:
        """What the largest statistic of the pairs that are left stays under, at the level, by chance alone."""
        largest = np.full(self.draws, -np.inf, dtype=np.float32)
        for region in range(len(left) - 1):
            self.check()
            after = slice(region + 1, None)
            noise = (self._noise[region] - self._noise[after]) * self._scales[region, after][:, None]
            # Each pair is drawn once, for both its directions.
            np.maximum(largest, noise[left[region, after]].max(axis=0, initial=-np.inf), out=largest)
            np.maximum(largest, -noise[left[after, region]].min(axis=0, initial=np.inf), out=largest)
        return _quantile(largest, self.level)


def _quantile(largest: NDArray[np.float32], level: float) -> float:
    """The critical value that draws give: with their own chance counted in, it is exceeded as rarely as it must be."""
    place = min(ceil((len(largest) + 1) * level), len(largest)) - 1
    return float(np.partition(largest, place)[place])
