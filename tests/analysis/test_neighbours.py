"""Nearest neighbours: what must hold whatever the figures are, and a case worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from api.analysis.neighbours import contributions, distances, nearest, on_scale, standardise

_values = st.integers(-1000, 1000).map(lambda value: value / 8)
_weights = st.integers(0, 64).map(lambda value: value / 8)


@st.composite
def tables(draw):
    """Values of some regions in some indicators, and a weight for each indicator, not all zero."""
    regions, indicators = draw(st.integers(3, 9)), draw(st.integers(1, 5))
    values = draw(arrays(float, (regions, indicators), elements=_values))
    weights = draw(arrays(float, indicators, elements=_weights).filter(lambda found: found.any()))
    return values, weights


def all_distances(values, weights):
    scores = standardise(values).values
    return np.array([distances(scores, row, weights) for row in scores])


NORMAL = 1.3489795003921634


def test_a_case_by_hand():
    values = np.array([[1.0, 10.0], [2.0, 10.0], [3.0, 40.0]])
    scaled = standardise(values)
    assert scaled.medians.tolist() == [2.0, 10.0]
    # Quartiles 1.5 and 2.5, 10 and 25.
    assert scaled.deviations == pytest.approx([1 / NORMAL, 15 / NORMAL])
    assert on_scale(scaled, values[0]) == pytest.approx(scaled.values[0])
    assert on_scale(scaled, np.array([3.0, 25.0])) == pytest.approx([NORMAL, NORMAL])
    assert on_scale(scaled, np.array([99.0, -99.0])) == pytest.approx([3.0, -3.0])
    found = distances(scaled.values, scaled.values[0], np.array([3.0, 1.0]))
    # Weights of three quarters and a quarter: sqrt(3/4 * 4 + 1/4 * 4), in deviations.
    assert found == pytest.approx([0.0, np.sqrt(0.75) * NORMAL, 2 * NORMAL])
    shares = contributions(scaled.values, scaled.values[0], np.array([3.0, 1.0]))
    assert shares == pytest.approx(np.array([[0.0, 0.0], [1.0, 0.0], [0.75, 0.25]]))
    assert nearest(np.where(found == 0, np.nan, found), 5) == [1, 2]


def test_one_place_does_not_set_the_scale():
    values = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [1e6]])
    scaled = standardise(values)
    assert scaled.deviations == pytest.approx([2.5 / NORMAL])
    assert scaled.values[:, 0].max() == 3.0
    same = standardise(np.array([[0.0], [0.0], [0.0], [0.0], [8.0]]))
    assert same.deviations == pytest.approx([np.sqrt(12.8)]), "half of them are the same"


@given(tables())
def test_a_place_is_at_no_distance_from_itself_and_as_far_from_another_as_that_is_from_it(table):
    found = all_distances(*table)
    assert (np.diag(found) == 0).all()
    assert found == pytest.approx(found.T)
    assert (found >= 0).all()


@given(tables(), st.sampled_from([1e-6, 0.5, 3.0, 1e6]))
def test_weights_scaled_by_any_factor_change_nothing(table, factor):
    values, weights = table
    assert all_distances(values, weights * factor) == pytest.approx(all_distances(values, weights))


@given(tables(), st.sampled_from([-512.0, 0.25, 4096.0]), st.sampled_from([0.5, 1.0, 64.0]))
def test_an_indicator_may_be_shifted_and_scaled(table, shift, factor):
    """Degrees Fahrenheit tell the same as degrees Celsius."""
    values, weights = table
    moved = values.copy()
    moved[:, 0] = moved[:, 0] * factor + shift
    assert all_distances(moved, weights) == pytest.approx(all_distances(values, weights), abs=1e-9)


@given(tables())
def test_contributions_are_shares_of_the_squared_distance(table):
    values, weights = table
    scores = standardise(values).values
    found = distances(scores, scores[0], weights)
    shares = contributions(scores, scores[0], weights)
    assert (shares >= 0).all()
    assert shares.sum(axis=1) == pytest.approx(np.where(found > 0, 1.0, 0.0))
    assert (shares[:, weights == 0] == 0).all()


@given(tables())
def test_a_distance_obeys_the_triangle(table):
    found = all_distances(*table)
    assert (found[:, None, :] <= found[:, :, None] + found[None, :, :] + 1e-9).all()


def test_what_is_the_same_everywhere_tells_nothing():
    values = np.array([[0.1 + 0.2, 1.0], [0.3, 2.0], [0.3, 4.0]])
    scaled = standardise(values)
    assert scaled.deviations[0] == 0
    assert scaled.values[:, 0].tolist() == [0.0, 0.0, 0.0]


def test_a_missing_value_is_no_neighbour_and_does_not_move_the_others():
    values = np.array([[1.0], [2.0], [np.nan], [4.0]])
    scaled = standardise(values)
    assert scaled.means == pytest.approx(7 / 3)
    found = distances(scaled.values, scaled.values[0], np.array([1.0]))
    assert np.isnan(found[2])
    assert nearest(found, 9) == [0, 1, 3]
    assert nearest(found, 2) == [0, 1]


def test_equals_stand_in_the_order_of_their_rows():
    assert nearest(np.array([0.5, 0.1 + 0.2, 0.3, 0.2]), 4) == [3, 1, 2, 0]
