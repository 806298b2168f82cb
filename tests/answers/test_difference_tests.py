"""Tests of differences: against scipy, by hand, and by simulation."""

from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from api.answers.comparison.difference_tests import FIXED, KNOWN, Bounded, difference_test, exactly

Z = norm.ppf(0.975)


def value(of, error, up=None):
    return Bounded(value=of, lower=of - Z * error, upper=of + Z * (error if up is None else up))


def compared(one, other):
    return difference_test(one, other, method=FIXED, assumption=KNOWN)


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0.1, 9), st.floats(0.1, 9))
def test_of_symmetric_bounds_it_is_the_usual_z_test(one, other, error, beside):
    found = compared(value(one, error), value(other, beside))
    spread = np.hypot(error, beside)
    assert found.statistic == pytest.approx((one - other) / spread, abs=1e-9)
    assert found.p == pytest.approx(2 * norm.sf(abs(one - other) / spread), rel=1e-6, abs=1e-12)
    assert (found.lower, found.upper) == pytest.approx((one - other - Z * spread, one - other + Z * spread), abs=1e-9)
    assert found.significant == (found.p < 0.05)


BOUNDED = st.builds(value, st.floats(-9, 9), st.floats(0.1, 9), st.floats(0.1, 9))


@given(BOUNDED, BOUNDED)
def test_it_says_the_same_as_its_interval_and_the_other_way_round(first, second):
    found, turned = compared(first, second), compared(second, first)
    assert found.significant == (not found.lower <= 0 <= found.upper) or abs(abs(found.statistic) - Z) < 1e-6
    assert (turned.statistic, turned.p) == pytest.approx((-found.statistic, found.p))


def test_the_sides_that_face_each_other_count():
    # 4 above 0: its lower side and the other's upper one are near, the rest far.
    assert compared(value(4, 0.5, up=9), value(0, 9, up=0.5)).significant
    assert not compared(value(4, 9, up=0.5), value(0, 0.5, up=9)).significant


def test_what_is_known_exactly():
    found = compared(exactly(3.0), exactly(2.0))
    assert (found.statistic, found.p, found.described(1)["statistic"]) == (inf, 0.0, None)
    equal = compared(exactly(3.0), exactly(3.0))
    assert (equal.statistic, equal.p, equal.significant) == (0.0, 1.0, False)
    assert compared(value(3.0, 1.0), exactly(0.0)).statistic == pytest.approx(3.0)


def test_one_in_twenty_equals_is_told_apart():
    random = np.random.default_rng(2)
    drawn = random.normal(size=(4_000, 2)) * [1.0, 2.0] + 5
    share = np.mean([compared(value(one, 1.0), value(other, 2.0)).significant for one, other in drawn])
    assert 0.038 < share < 0.062
