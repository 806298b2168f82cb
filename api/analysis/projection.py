"""Projections of a series: scales, the models of our own, the back-test that chooses, and intervals.

Values are 1-D, oldest first, evenly spaced. A model sees them on a scale on which errors may be added up, and answers
with the mean and standard error of each step ahead; all else (intervals, errors, the choice) is found here, alike for
every model. How far intervals reach is told by all series of an indicator, see `calibration`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from api.analysis.ranks import Floats

LEVELS = (80, 95)
"""The intervals, in percent."""
SHORTEST = 7
"""Points that the first forecast of a back-test is made from."""
ORIGINS = 10
"""How many origins a back-test has at the most: the latest ones."""
NAIVE = "naive"


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a model says of the next steps, on its scale: means and standard errors (steps,), degrees of freedom."""

    mean: Floats
    error: Floats
    freedom: int
    parameters: Mapping[str, float] = field(default_factory=dict)


class NoFit(ValueError):  # noqa: N818  (a model has none; the others go on)
    """A model that could not be fitted to these values; the message says why."""


Model = Callable[[Floats, int], Ahead]
"""Values (n,) and a number of steps -> what lies ahead. Raises NoFit."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale that values are modelled on. `margin` is how far off 0 and 100 percentages are kept."""

    name: str
    margin: float = 0.0
    floor: float = -np.inf

    def to(self, values: Floats) -> Floats:
        """Values on the scale."""
        if self.name == "logit":
            kept = np.clip(values, self.margin, 100 - self.margin)
            return np.asarray(np.log(kept / (100 - kept)))
        return np.log(values) if self.name == "log" else np.asarray(values, dtype=float)

    def back(self, scaled: Floats) -> Floats:
        """Values in their own unit: of a mean on the scale, the median."""
        if self.name == "logit":
            return 100 / (1 + np.exp(-np.clip(scaled, -700, 700)))
        if self.name == "log":
            return np.exp(np.clip(scaled, -700, 700))
        return np.maximum(scaled, self.floor)


def scale_of(values: Floats, *, unit: str, decimals: int) -> Scale:
    """The scale for values in a unit: logit for percentages, log where all are above 0, else the values themselves.

    On the logit scale nothing leaves 0 to 100. There 0 and 100 themselves have no place: such values count as half the
    last published digit off. On the log scale errors grow with the size, as those of amounts and counts do.
    """
    if unit.startswith("%") and values.min() >= 0 and values.max() <= 100:
        return Scale("logit", margin=0.5 * 10.0**-decimals)
    if values.min() > 0:
        return Scale("log")
    return Scale("level", floor=0.0 if values.min() >= 0 else -np.inf)


def naive(values: Floats, steps: int) -> Ahead:
    """The last value goes on; errors add up as those of a random walk (Hyndman and Athanasopoulos, FPP3, 5.2, 5.5)."""
    changes = np.diff(values)
    spread = np.sqrt(np.mean(changes**2))
    return Ahead(np.full(steps, values[-1]), spread * np.sqrt(np.arange(1, steps + 1)), len(changes))


def drift(values: Floats, steps: int) -> Ahead:
    """The last value goes on with the mean change so far; its own error is in the standard errors (FPP3, 5.2, 5.5)."""
    changes = np.diff(values)
    mean, ahead = changes.mean(), np.arange(1, steps + 1)
    spread = np.sqrt(np.sum((changes - mean) ** 2) / (len(changes) - 1))
    errors = spread * np.sqrt(ahead * (1 + ahead / len(changes)))
    return Ahead(values[-1] + mean * ahead, errors, len(changes) - 1, {"mean-change": float(mean)})


def bounds(ahead: Ahead, scale: Scale, factors: Floats) -> tuple[Floats, Floats]:
    """The interval of so many standard errors at each step, in the unit of the values; see `calibration`."""
    half = factors[: len(ahead.error)] * ahead.error
    return scale.back(ahead.mean - half), scale.back(ahead.mean + half)


def quantile(freedom: int, level: int) -> float:
    """How many standard errors an interval of a level (percent) reaches, by Student's t."""
    from scipy.special import stdtrit  # noqa: PLC0415  (not before something is projected)

    return float(stdtrit(freedom, 0.5 + level / 200))


@dataclass(frozen=True, slots=True)
class BackTest:
    """What a model's forecasts from earlier points came to, (origins, steps), NaN where the value is not known yet."""

    starts: tuple[int, ...]
    """How many values there were at each origin."""
    errors: Floats
    """Absolute errors, in the unit of the values."""
    standard: Floats
    """The same on the scale, over the standard error that the model gave."""
    freedoms: tuple[int, ...]
    """Degrees of freedom at each origin."""

    @property
    def error(self) -> float:
        """The mean absolute error of all forecasts."""
        return float(np.nanmean(self.errors))

    def coverage(self, level: int) -> float:
        """The share of the values that lay within the model's own intervals of a level (percent)."""
        half = np.array([[quantile(freedom, level)] for freedom in self.freedoms])
        return self._inside(half)

    def coverage_within(self, factors: Floats) -> float:
        """The share of the values that lay within so many standard errors at each step."""
        return self._inside(factors[None, : self.standard.shape[1]])

    def _inside(self, half: Floats) -> float:
        known = ~np.isnan(self.standard)
        return float(np.sum((self.standard <= half) & known) / np.sum(known))

    def latest(self, origins: int) -> BackTest:
        """The forecasts from the latest origins alone."""
        return BackTest(
            starts=self.starts[-origins:],
            errors=self.errors[-origins:],
            standard=self.standard[-origins:],
            freedoms=self.freedoms[-origins:],
        )


def back_test(model: Model, values: Floats, scale: Scale, *, horizon: int, origins: int = ORIGINS) -> BackTest:
    """Forecasts of a model from rolling origins (Tashman, 2000), each made from the values up to there alone.

    Raises NoFit where the model has no fit at one of them.
    """
    starts = range(max(SHORTEST, len(values) - origins), len(values))
    errors, standard = np.full((2, len(starts), horizon), np.nan)
    freedoms = []
    for row, start in enumerate(starts):
        actual = values[start : start + horizon]
        ahead = model(scale.to(values[:start]), len(actual))
        freedoms.append(ahead.freedom)
        errors[row, : len(actual)] = np.abs(scale.back(ahead.mean) - actual)
        off = np.abs(scale.to(actual) - ahead.mean)
        exact = np.where(off > 0, np.inf, 0.0)
        standard[row, : len(actual)] = np.divide(off, ahead.error, out=exact, where=ahead.error > 0)
    return BackTest(tuple(starts), errors, standard, tuple(freedoms))


@dataclass(frozen=True, slots=True)
class Projected:
    """A series projected: by which model, what lies ahead, and the back-test of each candidate, or why it has none.

    `trials` go back further than the back-tests, for `calibration` to try on values that are held out.
    """

    model: str
    ahead: Ahead
    scale: Scale
    tests: Mapping[str, BackTest]
    trials: Mapping[str, BackTest]
    unfit: Mapping[str, str]

    def ratio(self, model: str) -> float | None:
        """A candidate's mean absolute error over that of the naive forecast; None where that made no error."""
        naive_error = self.tests[NAIVE].error
        return self.tests[model].error / naive_error if naive_error > 0 else None


def project(values: Floats, scale: Scale, models: Mapping[str, Model], *, horizon: int, earlier: int = 0) -> Projected:
    """Project a series by the candidate that a back-test says is best, by the last value where none is better.

    Forecasts are tried from so many `earlier` origins as well.
    """
    origins = ORIGINS + earlier
    trials, unfit = {NAIVE: back_test(naive, values, scale, horizon=horizon, origins=origins)}, {}
    scaled = scale.to(values)
    found = {NAIVE: naive(scaled, horizon)}
    for name, model in models.items():
        try:
            found[name] = model(scaled, horizon)
            trials[name] = back_test(model, values, scale, horizon=horizon, origins=origins)
        except NoFit as error:
            found.pop(name, None)
            unfit[name] = str(error)
    tests = {name: trial.latest(ORIGINS) for name, trial in trials.items()}
    # Twelve digits, so that what is equal but for rounding is a tie, which the naive forecast wins.
    best = min(tests, key=lambda name: float(f"{tests[name].error:.12g}"))
    return Projected(model=best, ahead=found[best], scale=scale, tests=tests, trials=trials, unfit=unfit)
