"""Axes: round numbers around the values, and where a value stands."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from api.charts.chart import Axis
from api.charts.scales import Scale, labels_of, ticks, ticks_of

values = st.floats(-1e12, 1e12, allow_nan=False).map(lambda value: round(value, 3))


@given(values, values, st.integers(3, 9))
def test_numbers_on_an_axis_lie_around_all_values(one, other, most):
    lower, upper = sorted((one, other))
    found = ticks(lower, upper, most)
    slack = 1e-9 * max(abs(lower), abs(upper), 1)
    assert found[0] <= lower + slack and found[-1] >= upper - slack
    assert 2 <= len(found) <= most + 1
    steps = {round(after - before, 6) for before, after in itertools.pairwise(found)}
    assert max(steps) - min(steps) <= 1e-6 * max(steps)


def test_numbers_are_round():
    assert ticks(71.1, 79.9, 6) == [70, 72, 74, 76, 78, 80]
    assert ticks(0.0, 1.0, 6) == [0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert ticks(5.0, 5.0, 6)[0] <= 5.0 <= ticks(5.0, 5.0, 6)[-1]


def test_an_axis_keeps_to_its_bounds():
    assert ticks_of(Axis(lower=0.0, upper=100.0), [40.0, 97.0], 6)[-1] == 100


def test_labels_have_one_number_of_decimals_and_the_signs_of_their_unit():
    assert labels_of(Axis(after="%"), [67.5, 70.0]) == ["67.5%", "70.0%"]
    assert labels_of(Axis(before="£"), [0.0, 2000.0]) == ["£0", "£2,000"]
    assert labels_of(Axis(before="£"), [-1e6, 2.5e6]) == ["\u2212£1.0m", "£2.5m"]
    assert labels_of(Axis(), [0.0, 4e9]) == ["0bn", "4bn"]


def test_a_scale_is_straight():
    scale = Scale(10.0, 20.0, 100.0, 300.0)
    assert [scale(10), scale(15), scale(20)] == [100, 200, 300]
