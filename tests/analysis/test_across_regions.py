"""Aggregations in which a score depends on the other regions, against printed examples and another way to compute."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from api.analysis.composite import Framework, Part, scores
from api.analysis.errors import Impossible
from api.analysis.outranking import copeland
from api.analysis.own_weights import benefit_of_the_doubt

NAN = float("nan")
CAPITALS = ["Memphis", "Nashville", "Chattanooga", "Knoxville"]
PREFERRED = {42: [0, 1, 2, 3], 26: [1, 2, 3, 0], 15: [2, 3, 1, 0], 17: [3, 2, 1, 0]}
"""The vote on Tennessee's capital, the usual example of Condorcet methods: the order of each share of the voters."""
BRANCHES = np.array([[1, 5], [2, 7], [3, 4], [4, 3], [4, 6], [5, 5], [6, 2]], dtype=float)
"""One input and two outputs: Cooper, Seiford and Tone, Data Envelopment Analysis (2007), table 1.4, branches A to G."""


def test_copeland_of_a_vote():
    """Nashville beats three, Chattanooga two, Knoxville one, Memphis nobody."""
    values = np.array([[-order.index(city) for order in PREFERRED.values()] for city in range(4)], dtype=float)
    won = copeland(values, np.array([list(PREFERRED)], dtype=float))
    assert dict(zip(CAPITALS, won, strict=True)) == {"Nashville": 3, "Chattanooga": 1, "Knoxville": -1, "Memphis": -3}


def test_copeland_shares_what_is_equal_and_leaves_out_what_is_missing():
    even = np.array([[1.0, 1.0]])
    assert copeland(np.array([[1.0, 0.0], [0.0, 1.0]]), even).tolist() == [0, 0]
    assert copeland(np.array([[2.0, NAN], [1.0, 9.0], [NAN, NAN]]), even)[:2].tolist() == [1, -1]
    assert np.isnan(copeland(np.array([[1.0, 2.0], [NAN, NAN]]), even)[1])
    # 0.1 and 0.2 against 0.3: half of the weight each, whatever their sums are as floats.
    thirds = np.array([[0.1, 0.2, 0.3]])
    assert copeland(np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), thirds).tolist() == [0, 0]


@given(arrays(float, (5, 4), elements=st.floats(0, 10, width=16)), st.permutations(range(5)))
@settings(max_examples=50)
def test_copeland_does_not_depend_on_the_order_and_sums_to_nothing(values, order):
    weights = np.array([[0.4, 0.3, 0.2, 0.1]])
    found = copeland(values, weights)
    assert found.sum() == 0
    assert copeland(values[order], weights).tolist() == found[order].tolist()
    many = copeland(np.stack([values, values[order]]), weights[None])
    assert many.tolist() == [found.tolist(), found[order].tolist()]


def test_the_benefit_of_the_doubt_of_a_textbook():
    found = dict(zip("ABCDEFG", benefit_of_the_doubt(BRANCHES, np.ones((1, 2))), strict=True))
    assert {name for name, score in found.items() if score == pytest.approx(1)} == set("BEFG")
    assert found["A"] == pytest.approx(0.714, abs=5e-4) and found["D"] == pytest.approx(0.75)


def dual(values, region):
    """How far all outputs of a region could grow together among mixtures of the others: the score is the inverse."""
    count, parts = values.shape
    grown = np.hstack([np.array([values[region]]).T, -values.T])
    found = linprog(
        np.append(-1.0, np.zeros(count)),
        A_ub=np.vstack([grown, np.append(0.0, np.ones(count))]),
        b_ub=np.append(np.zeros(parts), 1.0),
        bounds=(0, None),
    )
    return 1 / -found.fun


@given(arrays(float, (6, 3), elements=st.floats(0.1, 100)))
@settings(max_examples=30, deadline=None)
def test_the_benefit_of_the_doubt_is_that_of_the_dual_programme(values):
    found = benefit_of_the_doubt(values, np.ones((1, 3)))
    assert found == pytest.approx([dual(values, region) for region in range(6)], rel=1e-6)
    assert found.max() == pytest.approx(1)


def test_shares_keep_a_region_from_living_on_one_part():
    values = np.array([[1.0, 0.1], [0.1, 1.0], [0.6, 0.6]])
    free = benefit_of_the_doubt(values, np.ones((1, 2)))
    bound = benefit_of_the_doubt(values, np.ones((1, 2)), least_share=0.4)
    assert free[:2].tolist() == pytest.approx([1, 1]) and (bound <= free + 1e-9).all() and bound[0] < 0.5
    with pytest.raises(Impossible, match="cannot each make up"):
        benefit_of_the_doubt(values, np.ones((1, 2)), least_share=0.6)
    # What weighs nothing takes no part.
    assert benefit_of_the_doubt(values, np.array([[1.0, 0.0]])).tolist() == pytest.approx([1, 0.1, 0.6])


def test_they_are_means_of_a_level():
    framework = Framework(
        (Part(code="a", parent="top"), Part(code="b", parent="top")), (Part(code="top", parent=None),)
    )
    values = np.array([[3.0, 3.0], [2.0, 2.0], [1.0, 1.0]])
    assert scores(framework, values, means=copeland)[:, 2].tolist() == [2, 0, -2]
    assert scores(framework, values, means=benefit_of_the_doubt)[:, 2] == pytest.approx([1, 2 / 3, 1 / 3])
