"""Prediction intervals as wide as forecasts of the same indicator were wrong: calibrated over all of its series.

A model of ten points does not know how far it may err, and one series has too few forecasts to tell. So the errors of
all series of an indicator are put together, by the number of steps ahead: each forecast made from the values up to its
origin alone, by the model that had been best until then, and its error in the standard errors that the model gave.

What happens in a year happens to all places at once, so that thousands of errors of ten years tell no more than ten
years do: each period counts alike, and the interval is Student's t with a degree of freedom less than there are periods
(a normal spread of periods around nought, whose size is estimated from so many of them). It is tried on values that are
held out, the latest ones of every series, with the whole procedure repeated on what comes before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from api.analysis.projectable import FEWEST
from api.analysis.projection import LEVELS, NAIVE, ORIGINS, BackTest, quantile
from api.analysis.ranks import Floats

HELD = 3
"""How many of the latest values are held out, at the most, to try the intervals."""
_FEWEST_PERIODS = 3
"""Periods that the size of errors is estimated from."""
_EXTREME = 0.99
"""Errors beyond this quantile of a period count as that: else a model that gives hardly any would outweigh all."""

Pool = Mapping[int, Mapping[str, list[float]]]
"""Errors by the number of steps ahead (from 0) and the period that was forecast."""


@dataclass(frozen=True, slots=True)
class Tried:
    """Forecasts of one series from rolling origins, each by the model that had been best until then.

    `scores` are their absolute errors over the standard errors given, (origins, steps), NaN where nothing is known yet;
    `starts` the number of values before each origin; `periods` those of all values of the series.
    """

    starts: tuple[int, ...]
    scores: Floats
    periods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """How many values were held out, and the share of them that lay within the intervals of each level."""

    values: int
    shares: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Calibration:
    """How many standard errors the intervals of each level reach, (steps,), and what that rests on."""

    factors: Mapping[int, Floats]
    series: int
    periods: int
    held_out: HeldOut | None


def tried(trials: Mapping[str, BackTest], periods: Sequence[str]) -> Tried:
    """The forecasts of a series, out of those of every candidate."""
    starts = trials[NAIVE].starts
    scores = np.array([trials[_best_until(trials, start)].standard[row] for row, start in enumerate(starts)])
    return Tried(starts=starts, scores=scores, periods=tuple(periods))


def _best_until(trials: Mapping[str, BackTest], origin: int) -> str:
    """The model with the smallest error of all forecasts whose value was known at an origin; else the naive one."""
    starts = np.array(trials[NAIVE].starts)[:, None]
    ahead = np.arange(trials[NAIVE].errors.shape[1])[None, :]
    known = (starts + ahead < origin) & (starts >= origin - ORIGINS)
    if not known.any():
        return NAIVE
    return min(trials, key=lambda name: float(f"{np.mean(trials[name].errors[known]):.12g}"))


def calibrate(every: Sequence[Tried], steps: int) -> Calibration:
    """How wide the intervals of an indicator are to be, from the forecasts of all its series."""
    pool = _pool(every, held=0)
    return Calibration(
        factors={level: _factors(pool, level, steps) for level in LEVELS},
        series=len(every),
        periods=len(pool.get(0, {})),
        held_out=_held_out(every, steps),
    )


def _pool(every: Sequence[Tried], *, held: int) -> Pool:
    """The errors of all forecasts of values that come before those held out."""
    found: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for item in every:
        until = len(item.periods) - held
        for start, scores in zip(item.starts, item.scores, strict=True):
            if not until - ORIGINS <= start < until:
                continue
            for step, score in enumerate(scores[: until - start]):
                if np.isfinite(score):
                    found[step][item.periods[start + step]].append(float(score))
    return found


def _factors(pool: Pool, level: int, steps: int) -> Floats:
    """How many standard errors an interval reaches at each step: never fewer than at the step before."""
    factors = np.zeros(steps)
    for step in range(steps):
        periods = pool.get(step, {})
        if len(periods) >= _FEWEST_PERIODS:
            squares = [np.mean(np.minimum(errors, np.quantile(errors, _EXTREME)) ** 2) for errors in periods.values()]
            factors[step] = quantile(len(periods) - 1, level) * np.sqrt(np.mean(squares))
    return np.maximum.accumulate(factors)


def _held_out(every: Sequence[Tried], steps: int) -> HeldOut | None:
    """The intervals tried on the last value, the last two and the last three of every series that is long enough."""
    values, inside = 0, dict.fromkeys(LEVELS, 0)
    for held in range(1, HELD + 1):
        pool = _pool(every, held=held)
        factors = {level: _factors(pool, level, steps) for level in LEVELS}
        known = factors[LEVELS[0]] > 0
        for item in every:
            origin = len(item.periods) - held
            if origin < FEWEST or origin not in item.starts:
                continue
            scores = item.scores[item.starts.index(origin)]
            told = ~np.isnan(scores) & known[: len(scores)]
            values += int(told.sum())
            for level in LEVELS:
                inside[level] += int(np.sum(scores[told] <= factors[level][: len(scores)][told]))
    return HeldOut(values, {level: inside[level] / values for level in LEVELS}) if values else None
