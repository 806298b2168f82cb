"""Confidence sets of ranks: against what the method's authors print, an own plain computation, and simulated worlds."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, studentized_range

from api.analysis.rank_sets import Estimates
from api.analysis.ranks import ranks
from tests.analysis.pisa_2018 import MATHEMATICS

COUNTRIES = list(MATHEMATICS)
SCORES, ERRORS = (np.array(side) for side in zip(*MATHEMATICS.values(), strict=True))


def estimates(values, errors, **kwargs):
    return Estimates(np.array(values, dtype=float), np.array(errors, float), np.array(errors, float), **kwargs)


def pisa(**kwargs):
    return estimates(SCORES, ERRORS, **kwargs)


def sets(found):
    return dict(zip(COUNTRIES, zip(*(side.tolist() for side in found), strict=True), strict=True))


# What is printed in "Inference for Ranks", the vignette of the authors' R package csranks 1.2.2, of the same figures.
TOP_FIVE = {
    *("Belgium", "Canada", "Denmark", "Estonia", "Finland", "Japan", "Korea", "Netherlands", "Poland", "Slovenia"),
    *("Sweden", "Switzerland"),
}


@pytest.mark.parametrize(("level", "wanted"), [(0.95, TOP_FIVE), (0.90, TOP_FIVE - {"Sweden"})])
def test_who_may_be_among_the_five_best_in_pisa(level, wanted):
    among = pisa(level=level).among_best(5)
    assert {name for name, may in zip(COUNTRIES, among, strict=True) if may} == wanted


def test_the_marginal_set_of_the_united_kingdom_in_pisa():
    assert sets(pisa().marginal())["United Kingdom"] == (8, 23)


def test_the_simultaneous_sets_in_pisa_part_who_the_authors_say():
    found = sets(pisa().simultaneous())
    last = {"Chile", "Mexico", "Colombia"}
    assert min(found[name][0] for name in last) > max(found[name][1] for name in COUNTRIES if name not in last)
    # "Their confidence sets both contain rank 7", and at 75 % no longer overlap.
    assert (found["Korea"][1], found["Germany"][0]) == (7, 7)
    surer = sets(pisa(level=0.75).simultaneous())
    assert surer["Korea"][1] < surer["Germany"][0]


def plainly(values, errors, level, region=None, draws=40_000):
    """The sets by loops over pairs, with draws of another generator: of all at once, or of one region."""
    count = len(values)
    noise = np.random.RandomState(7).normal(size=(draws, count)) * errors
    pairs = [pair for pair in itertools.permutations(range(count), 2) if region is None or region in pair]
    spread = {(one, other): np.hypot(errors[one], errors[other]) for one, other in pairs}
    left, told = list(pairs), set()
    while left:
        largest = np.max([(noise[:, one] - noise[:, other]) / spread[one, other] for one, other in left], axis=0)
        critical = np.quantile(largest, level)
        found = {(one, other) for one, other in left if (values[one] - values[other]) / spread[one, other] > critical}
        if not found:
            break
        told |= found
        left = [pair for pair in left if pair not in found]
    above = [sum(other == place for _, other in told) for place in range(count)]
    below = [sum(one == place for one, _ in told) for place in range(count)]
    return [(up + 1, count - down) for up, down in zip(above, below, strict=True)]


@pytest.mark.parametrize("seed", range(12))
def test_the_sets_are_what_loops_over_pairs_give(seed):
    random = np.random.default_rng(seed)
    values, errors = random.normal(0, 4, 7), random.uniform(0.3, 2, 7)
    found = estimates(values, errors)
    # Other draws have other quantiles: by three of their standard errors at the most.
    inner, outer = 0.9465, 0.9535
    for regions, (best, worst) in ((None, found.simultaneous()), (range(7), found.marginal())):
        if regions is None:
            narrow, wide = plainly(values, errors, inner), plainly(values, errors, outer)
        else:
            narrow, wide = (
                [plainly(values, errors, level, region)[region] for region in regions] for level in (inner, outer)
            )
        for place in range(7):
            assert wide[place][0] <= best[place] <= narrow[place][0]
            assert narrow[place][1] <= worst[place] <= wide[place][1]


def test_critical_values_are_those_of_the_studentised_range():
    """Of all pairs with one error, the largest difference in its standard errors is the range over the root of two."""
    critical = studentized_range.ppf(0.95, 10, np.inf)
    for gap, told in ((critical * 0.99, 0), (critical * 1.01, 1)):
        # One is above the last by so much; the others lie between and can be told from neither.
        values = np.array([gap, *[gap / 2] * 8, 0.0])
        assert estimates(values, np.ones(10)).told_above.sum() == told


@pytest.mark.parametrize(("gap", "told"), [(1.0, False), (2.0, True)])
def test_two_regions_are_told_apart_by_the_sides_that_face_each_other(gap, told):
    point = norm.ppf(0.975)
    error = np.hypot(0.5, 0.5)
    values, below, above = np.array([gap * point * error * 0.75, 0.0]), np.array([0.5, 9.0]), np.array([9.0, 0.5])
    # The errors that face away are large, and do not matter.
    assert bool(Estimates(values, below, above).told_above[0, 1]) is told


def test_what_is_known_exactly_has_its_rank_and_equals_share_it():
    best, worst = estimates([5.0, 3.0, 3.0, 1.0], np.zeros(4)).simultaneous()
    assert (best.tolist(), worst.tolist()) == ([1, 2, 2, 4], [1, 3, 3, 4])


def test_what_has_no_error_may_be_anywhere_and_others_beside_it():
    found = estimates([9.0, 5.0, 1.0], [0.1, np.inf, 0.1])
    for best, worst in (found.simultaneous(), found.marginal()):
        assert (best.tolist(), worst.tolist()) == ([1, 1, 2], [2, 3, 3])


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 8)), min_size=2, max_size=8),
    st.sampled_from([0.5, 0.8, 0.95]),
)
def test_sets_hold_the_rank_widen_with_certainty_and_all_at_once_is_wider_than_one(given_, level):
    values, errors = (np.array(side, dtype=float) for side in zip(*given_, strict=True))
    found, surer = estimates(values, errors, level=level), estimates(values, errors, level=0.99)
    order = ranks(values)
    for side in ("simultaneous", "marginal"):
        (best, worst), (wider_best, wider_worst) = getattr(found, side)(), getattr(surer, side)()
        assert (best <= order).all() and (order <= worst).all()
        assert (wider_best <= best).all() and (worst <= wider_worst).all()
    best, worst = found.simultaneous()
    own_best, own_worst = found.marginal()
    assert (best <= own_best).all() and (own_worst <= worst).all()


@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 4)), min_size=2, max_size=7))
def test_the_other_way_up_the_sets_are_mirrored(given_):
    values, errors = (np.array(side, dtype=float) for side in zip(*given_, strict=True))
    best, worst = estimates(values, errors).simultaneous()
    first, last = estimates(-values, errors).simultaneous()
    count = len(values)
    near = sum(abs(first - (count + 1 - worst))) + sum(abs(last - (count + 1 - best)))
    # The draws are not symmetric: a pair at the very edge may fall on either side.
    assert near <= 2


def test_sets_hold_in_simulated_worlds():
    """400 worlds here, 10,000 in `python -m bench.rank_coverage`: three standard errors below 95 % are allowed."""
    random, worlds = np.random.default_rng(3), 400
    truth, errors = random.normal(0, 2, 8), random.uniform(0.5, 1.5, 8)
    order, alone, together = ranks(truth), np.zeros(8), 0
    for _ in range(worlds):
        found = estimates(truth + random.normal(size=8) * errors, errors)
        (best, worst), (own_best, own_worst) = found.simultaneous(), found.marginal()
        together += bool(((best <= order) & (order <= worst)).all())
        alone += (own_best <= order) & (order <= own_worst)
    fewest = worlds * 0.95 - 3 * np.sqrt(worlds * 0.95 * 0.05)
    assert together >= fewest
    assert (alone >= fewest).all()


def test_the_work_can_be_ended():
    def check():
        raise TimeoutError

    with pytest.raises(TimeoutError):
        estimates([1.0, 2.0, 3.0], np.ones(3), check=check).simultaneous()
    with pytest.raises(TimeoutError):
        estimates([1.0, 2.0, 3.0], np.ones(3), check=check).marginal()
