"""How far ranks can be told: from bounds, and from the last digit published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from api.analysis.intervals import published_step, rank_intervals, simultaneous, tiers
from api.analysis.ranks import ranks
from api.analysis.ranks import rounded as figures


def tiers_of(values, lower, upper):
    """The tiers that bounds give, of regions that all have some."""
    lower, upper = figures(lower), figures(upper)
    return tiers(values, np.isfinite(values), lambda head, region: bool(upper[region] <= lower[head]))


VALUES = st.lists(st.integers(0, 40), min_size=2, max_size=12)


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ([92.3, 94.9, 90.0, 88.1, 70.5], 0.1),
        ([50.0, 100.0, 250.0, 300.0, 450.0], 10.0),
        ([15.0, 20.0, 25.0, 30.0, 45.0], 5.0),
        ([12.0, 7.0, 9.0, 3.0, 8.0], 1.0),
        ([12.22879684418146, 7.1, 9.2, 3.0, 8.0], 0.0),
        ([10.0, 20.0], 0.1),
    ],
)
def test_the_step_of_published_values(values, step):
    assert published_step(values, decimals=1) == pytest.approx(step)


def test_bounds_for_all_at_once_are_bonferroni():
    values = np.array([10.0, 20.0, 30.0, 40.0])
    lower, upper = simultaneous(values, values - 1.96, values + 3.92)
    wider = norm.ppf(1 - 0.05 / 8) / norm.ppf(0.975)
    assert np.allclose(values - lower, 1.96 * wider)
    assert np.allclose(upper - values, 3.92 * wider)


def test_intervals_by_hand():
    values = np.array([10.0, 9.0, 5.0, 4.8])
    lower, upper = values - np.array([1, 1, 0.5, 0.5]), values + np.array([1, 1, 0.5, 0.5])
    best, worst = rank_intervals(values, lower, upper)
    assert best.tolist() == [1, 1, 3, 3]
    assert worst.tolist() == [2, 2, 4, 4]
    assert tiers_of(values, lower, upper) == [1, 1, 2, 2]


@given(VALUES, st.randoms())
def test_whatever_lies_behind_rounded_values_ranks_within_their_intervals(values, random):
    """The true ranks of numbers are within the intervals that are told from the rounded ones."""
    rounded = np.array(values) / 10
    true = np.array([value + random.uniform(-0.0499, 0.0499) for value in rounded])
    best, worst = rank_intervals(rounded, rounded - 0.05, rounded + 0.05)
    assert (best <= ranks(true)).all()
    assert (ranks(true) <= worst).all()
    assert (best <= ranks(rounded)).all()


@given(VALUES)
def test_rounding_alone_parts_all_that_are_not_equal(values):
    rounded = np.array(values) / 10
    best, worst = rank_intervals(rounded, rounded - 0.05, rounded + 0.05)
    equal = np.array([values.count(value) for value in values])
    assert (best == ranks(rounded)).all()
    assert (worst - best + 1 == equal).all()
    # As many tiers as different values.
    assert max(tiers_of(rounded, rounded - 0.05, rounded + 0.05)) == len(set(values))


BOUNDS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=12)


@given(BOUNDS)
def test_intervals_are_what_pairs_of_regions_tell(given):
    """One region is above another where its lower bound reaches the other's upper bound and its value is the higher."""
    values, below, above = (np.array(part, dtype=float) for part in zip(*given, strict=True))
    lower, upper = values - below, values + above
    higher = (lower[None, :] >= upper[:, None]) & (values[None, :] > values[:, None])
    best, worst = rank_intervals(values, lower, upper)
    assert best.tolist() == (higher.sum(axis=1) + 1).tolist()
    assert worst.tolist() == (len(given) - higher.sum(axis=0)).tolist()
