"""Projections as mathematics: on series whose projection is known, and recomputed another way."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from api.analysis.projectable import Base, Point, Refusal, base_of
from api.analysis.projection import (
    NAIVE,
    NoFit,
    Scale,
    back_test,
    bounds,
    drift,
    naive,
    project,
    scale_of,
)

DRIFT = {"drift": drift}


def series(values, *, start=2005, statuses=None, months=12, skip=()):
    """Points from a year on; None is a missing value, and a skipped place is not there at all."""
    statuses = statuses or {}
    points = []
    for place, value in enumerate(values):
        year, month = divmod(start * 12 + place * months, 12)
        day = f"{year}-{month + 1:02d}-01"
        point = Point(day[:7], day, "P1Y", value, statuses.get(place, "O" if value is None else "A"))
        points.extend([] if place in skip else [point])
    return points


GROWING = [float(10 + place**1.5) for place in range(14)]


def test_ten_even_values_are_enough_and_provisional_ones_count():
    base = base_of(series(GROWING[:10], statuses={9: "P"}))
    assert isinstance(base, Base)
    assert (len(base.points), base.months, base.horizon, base.since_break) == (10, 12, 3, False)


def test_no_more_than_a_third_is_projected():
    assert base_of(series(GROWING[:11], months=6)).horizon == 3
    assert base_of(series(GROWING[:12], months=6)).horizon == 4


@pytest.mark.parametrize(
    ("points", "reason", "said"),
    [
        (series(GROWING[:9]), "too-few-points", "There are 9 values: a projection needs 10."),
        (series([1.0]), "too-few-points", "There are 1 value: a projection needs 10."),
        (series(GROWING, statuses={5: "B"}), "series-break", "breaks at 2010-01, and there are 9 values since"),
        (series(GROWING[:9], statuses={5: "B"}), "too-few-points", "There are 4 values since the break"),
        (series(GROWING, skip={6}), "uneven", "nothing between 2010-01 and 2012-01, 24 months apart"),
        (series([*GROWING[:6], None, *GROWING[7:]]), "uneven", "no value to go by for 2011-01"),
        (series(GROWING, statuses={4: "D"}), "uneven", "no value to go by for 2009-01"),
        (series(GROWING, months=1), "seasonal", "every month"),
        (series(GROWING, months=3), "seasonal", "every 3 months"),
        (series([5.0] * 12), "no-variation", "all"),
    ],
)
def test_a_series_is_refused_with_a_reason(points, reason, said):
    refusal = base_of(points)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason
    assert said.casefold() in refusal.detail.casefold()


def test_points_before_a_break_are_left_out():
    base = base_of(series(GROWING, statuses={4: "B"}))
    assert (len(base.points), base.points[0].start, base.since_break) == (10, "2009-01-01", True)


def test_missing_values_at_the_ends_are_no_holes():
    base = base_of(series([None, *GROWING[:11], None]))
    assert (base.points[0].start, base.points[-1].start) == ("2006-01-01", "2016-01-01")


def test_a_straight_line_goes_on_along_itself():
    values = np.array([3.0 * place - 10 for place in range(14)])
    found = project(values, scale_of(values, unit="points", decimals=0), DRIFT, horizon=3)
    assert found.model == "drift"
    assert found.scale.back(found.ahead.mean) == pytest.approx([32, 35, 38])
    # The last value errs by 3, 6 and 9 from seven origins, six of them two periods and five three periods ahead.
    assert found.tests[NAIVE].error == pytest.approx((7 * 3 + 6 * 6 + 5 * 9) / 18)
    assert found.ratio("drift") == pytest.approx(0, abs=1e-12)


def test_a_series_that_grows_by_a_rate_goes_on_by_it():
    values = 100 * 1.05 ** np.arange(12)
    found = project(values, scale_of(values, unit="£", decimals=0), DRIFT, horizon=3)
    assert found.scale.name == "log"
    assert found.scale.back(found.ahead.mean) == pytest.approx(values[-1] * 1.05 ** np.arange(1, 4))


def test_the_last_value_is_served_where_nothing_is_better():
    up_and_down = np.array([50.0, 54, 49, 55, 48, 53, 51, 47, 54, 49, 52, 50])
    found = project(up_and_down, Scale("level"), {"steep": lambda v, s: drift(v + 9 * np.arange(len(v)), s)}, horizon=3)
    assert found.model == NAIVE
    assert list(found.ahead.mean) == [50, 50, 50]
    assert found.ratio("steep") > 1


def test_a_model_without_a_fit_is_no_candidate():
    def never(values, steps):
        raise NoFit("it does not fit")

    found = project(np.array(GROWING), Scale("level"), {"never": never, "drift": drift}, horizon=3)
    assert found.model == "drift"
    assert found.unfit == {"never": "it does not fit"}
    assert "never" not in found.tests


def test_scales():
    assert scale_of(np.array([0.0, 100.0]), unit="% of premises", decimals=1) == Scale("logit", margin=0.05)
    assert scale_of(np.array([-1.0, 4.0]), unit="% of change", decimals=1).name == "level"
    assert scale_of(np.array([1.0, 4.0]), unit="jobs", decimals=0).name == "log"
    assert scale_of(np.array([0.0, 4.0]), unit="jobs", decimals=0) == Scale("level", floor=0.0)
    assert scale_of(np.array([-2.0, 4.0]), unit="£", decimals=0).floor == -np.inf
    # Half the last published digit off: 100 % of something rounded to 0.1 may be 99.95 %.
    assert Scale("logit", margin=0.05).to(np.array([100.0]))[0] == pytest.approx(math.log(99.95 / 0.05))


@given(st.lists(st.integers(0, 1000).map(lambda tenths: tenths / 10), min_size=10, max_size=30))
def test_percentages_never_leave_0_to_100(values):
    values = np.array(values)
    found = project(values, scale_of(values, unit="% of area", decimals=1), DRIFT, horizon=3)
    value = found.scale.back(found.ahead.mean)
    (low_80, high_80), (low_95, high_95) = (bounds(found.ahead, found.scale, np.full(3, far)) for far in (1.3, 2.0))
    for below, above in ((0, low_95), (low_95, low_80), (low_80, value), (value, high_80), (high_80, high_95)):
        assert np.all(below <= above + 1e-9)
    assert np.all(high_95 <= 100)


@given(st.lists(st.integers(1, 10**6).map(float), min_size=10, max_size=30))
def test_amounts_never_fall_below_0(values):
    values = np.array(values)
    found = project(values, scale_of(values, unit="£", decimals=0), DRIFT, horizon=3)
    assert np.all(bounds(found.ahead, found.scale, np.full(3, 2.0))[0] >= 0)


def test_a_back_test_recomputed():
    """Errors, standard errors and coverage of the drift on a log scale, by hand."""
    values = [12.0, 13, 15, 14, 17, 16, 19, 22, 20, 24, 23, 29]
    errors, told, inside, inside_wide = [], [], 0, 0
    cells = []
    for start in range(7, 12):
        logs = [math.log(value) for value in values[:start]]
        changes = [later - earlier for earlier, later in pairwise(logs)]
        mean = sum(changes) / len(changes)
        spread = math.sqrt(sum((change - mean) ** 2 for change in changes) / (len(changes) - 1))
        for ahead, actual in enumerate(values[start : start + 3], 1):
            error = spread * math.sqrt(ahead * (1 + ahead / len(changes)))
            errors.append(abs(math.exp(logs[-1] + ahead * mean) - actual))
            told.append(abs(math.log(actual) - logs[-1] - ahead * mean) / error)
            cells.append((told[-1], stats.t.ppf(0.9, len(changes) - 1)))
    inside = sum(number <= quantile for number, quantile in cells)
    inside_wide = sum(number <= 1.5 for number in told)
    test = back_test(drift, np.array(values), Scale("log"), horizon=3)
    assert len(errors) == 12 == np.sum(~np.isnan(test.errors))
    assert test.error == pytest.approx(sum(errors) / 12)
    assert test.coverage(80) == pytest.approx(inside / 12)
    assert test.coverage_within(np.full(3, 1.5)) == pytest.approx(inside_wide / 12)


def test_a_back_test_sees_nothing_of_the_future():
    values = np.array(GROWING)
    other = values.copy()
    other[-1] *= 5
    one, two = (back_test(drift, item, Scale("level"), horizon=3).errors for item in (values, other))
    assert np.array_equal(one[:-3], two[:-3])  # from origins of which the last value is four periods away
    assert one[-1, 0] != two[-1, 0]


def test_intervals_hold_what_they_say_of_random_walks():
    """Four in five of the 80 % intervals of many random walks, before they are widened."""
    draws = np.random.default_rng(4).normal(size=(400, 23)).cumsum(axis=1)
    held = [
        abs(walk[-1] - ahead.mean[2]) <= stats.t.ppf(0.9, ahead.freedom) * ahead.error[2]
        for walk in draws
        for ahead in (naive(walk[:20], 3),)
    ]
    assert np.mean(held) == pytest.approx(0.8, abs=0.06)
