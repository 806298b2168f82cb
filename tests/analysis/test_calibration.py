"""How far prediction intervals reach: by hand, and held against simulated worlds with shocks that all places share."""

from statistics import fmean

import numpy as np
import pytest
from scipy import stats

from api.analysis.calibration import HELD, Tried, calibrate, tried
from api.analysis.projection import NAIVE, Scale, bounds, drift, naive, project

LEVEL = Scale("level")
YEARS = [str(year) for year in range(2000, 2040)]


def series_of(scores, *, length, periods=None):
    """Forecasts from the latest origins of a series, one row of scores for each."""
    scores = np.array(scores, dtype=float)
    starts = tuple(range(length - len(scores), length))
    return Tried(starts=starts, scores=scores, periods=tuple(periods or YEARS[:length]))


def test_the_width_is_students_t_of_the_periods_each_of_which_counts_alike():
    # Two series: the second has forecasts of the last two periods alone.
    one = series_of([[1.0], [2.0], [3.0], [0.5]], length=12)
    two = series_of([[4.0], [1.5]], length=12)
    squares = [1.0, 4.0, fmean([9.0, 16.0]), fmean([0.25, 2.25])]
    found = calibrate([one, two], 1)
    for level in (80, 95):
        wanted = stats.t.ppf(0.5 + level / 200, 3) * np.sqrt(fmean(squares))
        # Errors beyond the 99th percentile of a period count as that: of two, a little less than the larger one.
        assert found.factors[level][0] == pytest.approx(wanted, rel=0.01)
    assert (found.series, found.periods) == (2, 4)


def test_periods_are_those_of_the_calendar():
    """Series that end in other years share the years in which they were forecast, and not their places."""
    one = series_of([[1.0], [1.0], [5.0]], length=12)
    two = series_of([[1.0], [5.0], [1.0]], length=13)  # the five is of the same year
    assert calibrate([one, two], 1).periods == 4
    squares = [1.0, fmean([1.0, 1.0]), 25.0, 1.0]
    wanted = stats.t.ppf(0.975, 3) * np.sqrt(fmean(squares))
    assert calibrate([one, two], 1).factors[95][0] == pytest.approx(wanted, rel=0.01)


def test_a_step_with_few_forecasts_is_no_narrower_than_the_one_before():
    nothing = np.nan
    found = calibrate([series_of([[1, 2, 9], [1, 2, nothing], [1, nothing, nothing]], length=12)], 3)
    factors = found.factors[80]
    assert factors[0] > 0
    assert factors[1] == factors[2] == factors[0]  # two forecasts, and one


def test_a_forecast_is_that_of_the_model_that_had_been_best_until_then():
    values = np.array([10.0, 11, 12, 13, 14, 15, 16, 17, 18, 5, 6, 4, 5, 6])
    found = project(values, LEVEL, {"drift": drift}, horizon=2, earlier=HELD)
    trial = tried(found.trials, YEARS[:14])
    for row, start in enumerate(trial.starts):
        known = {
            name: [
                test.errors[at, ahead]
                for at, begun in enumerate(test.starts)
                for ahead in range(2)
                if begun + ahead < start and begun >= start - 10
            ]
            for name, test in found.trials.items()
        }
        best = min(known, key=lambda name: fmean(known[name])) if known[NAIVE] else NAIVE
        assert np.array_equal(trial.scores[row], found.trials[best].standard[row], equal_nan=True)
    assert trial.starts[0] == 7


def test_nothing_of_the_future_is_in_a_forecast():
    values = np.array([3.0, 4, 6, 5, 7, 9, 8, 10, 12, 11, 13, 15, 14, 16])
    other = values.copy()
    other[-1] = 99.0
    one, two = (
        tried(project(item, LEVEL, {"drift": drift}, horizon=2, earlier=HELD).trials, YEARS[:14])
        for item in (values, other)
    )
    assert np.array_equal(one.scores[:-2], two.scores[:-2], equal_nan=True)
    assert one.scores[-1, 0] != two.scores[-1, 0]


def test_values_held_out_are_tried_with_all_that_came_before_alone():
    random = np.random.default_rng(8)
    every = [series_of(np.abs(random.normal(size=(13, 1))), length=20) for _ in range(5)]
    inside = {80: 0, 95: 0}
    for held in (1, 2, 3):
        until = 20 - held
        for level, count in inside.items():
            errors = {
                start: [item.scores[item.starts.index(start), 0] for item in every]
                for start in range(max(7, until - 10), until)
            }
            squares = [np.mean(np.minimum(of, np.quantile(of, 0.99)) ** 2) for of in errors.values()]
            factor = stats.t.ppf(0.5 + level / 200, len(errors) - 1) * np.sqrt(np.mean(squares))
            told = [item.scores[item.starts.index(until), 0] <= factor for item in every]
            inside[level] = count + sum(told)
    found = calibrate(every, 1).held_out
    assert found.values == 15
    assert found.shares == {level: pytest.approx(count / 15) for level, count in inside.items()}


def test_short_series_have_nothing_to_hold_out():
    assert calibrate([series_of([[1.0], [2.0], [1.0]], length=10)], 1).held_out is None


def test_intervals_hold_what_they_say_though_all_places_share_their_shocks():
    """Sixty worlds of forty places, whose years are good or bad for all at once: the next three years of each."""
    random = np.random.default_rng(12)
    held = {80: [], 95: []}
    for _ in range(60):
        shared = random.normal(0, 1, size=24)
        walks = (shared + random.normal(0, 0.5, size=(40, 24))).cumsum(axis=1)
        found = [project(walk[:21], LEVEL, {}, horizon=3, earlier=HELD) for walk in walks]
        calibration = calibrate([tried(item.trials, YEARS[:21]) for item in found], 3)
        for level, told in held.items():
            for walk, item in zip(walks, found, strict=True):
                low, high = bounds(item.ahead, LEVEL, calibration.factors[level])
                told.extend((low <= walk[21:]) & (walk[21:] <= high))
    assert 0.75 <= np.mean(held[80]) <= 0.87
    assert 0.92 <= np.mean(held[95]) <= 0.985


def test_one_model_alone_reaches_as_far_as_students_t_says_of_its_own_errors():
    ahead = naive(np.array([1.0, 2, 4, 3, 5]), 2)
    low, high = bounds(ahead, LEVEL, np.array([2.0, 3.0]))
    assert np.allclose(high - ahead.mean, np.array([2.0, 3.0]) * ahead.error)
    assert np.allclose(ahead.mean - low, high - ahead.mean)
