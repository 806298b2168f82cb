"""The best and the worst rank of hundreds of regions: proved, reached by weights that are named, and bounded if not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from api.analysis import boxes
from api.analysis.budget import Budget
from api.analysis.composite import Framework, Part, scores, top_scores
from api.analysis.definition import Definition, Inputs, Measure, Uncertainty
from api.analysis.extremes import rank_extremes
from api.analysis.laboratory import compute
from api.analysis.methods import choice
from api.analysis.ranks import ranks
from api.analysis.robustness import robustness

MIN_MAX, Z_SCORE = choice("normalisation", "min-max"), choice("normalisation", "z-score")
MEAN = (choice("aggregation", "arithmetic"),)
NOTHING = (np.full(361, np.nan), np.full(361, np.nan))


def figures(regions, parts, seed=1):
    """Made-up figures of places that are alike in some measure, as those of districts are."""
    rng = np.random.default_rng(seed)
    return np.exp(0.7 * rng.normal(size=(regions, 1)) + 0.7 * rng.normal(size=(regions, parts)))


def index(values, groups=0, **asked):
    """An index of one level, or of so many groups, and what may be chosen otherwise."""
    parts = values.shape[1]
    framework = Framework(
        tuple(Part(code=f"i{place}", parent=f"g{place % groups}" if groups else "top") for place in range(parts)),
        (*(Part(code=f"g{place}", parent="top") for place in range(groups)), Part(code="top", parent=None)),
    )
    given = {"draws": 200, "band": 0.25, "normalisations": (MIN_MAX,), "aggregations": (MEAN,), **asked}
    uncertainty = Uncertainty(**given)
    definition = Definition(
        framework=framework, measures=tuple(Measure() for _ in framework.indicators), uncertainty=uncertainty
    )
    return compute(
        definition, Inputs(regions=tuple(f"r{row}" for row in range(len(values))), values=values)
    ), uncertainty


@given(arrays(float, (7, 4), elements=st.floats(0, 100)), st.floats(0.05, 0.9))
@settings(max_examples=40, deadline=None)
def test_boxes_come_to_what_programmes_come_to(values, band):
    lower, upper = np.full(4, 1 - band), np.full(4, 1 + band)
    best, worst = rank_extremes(values, lower, upper)
    nothing = (np.full(7, np.nan), np.full(7, np.nan))
    found = boxes.search(values, lower, upper, nothing, boxes.Work(cells=3_000_000))
    # A tie that one proportion of weights alone gives is found by programmes, and within the bounds of boxes.
    assert (found.best_bound <= best).all() and (best <= found.best).all()
    assert (found.worst_bound >= worst).all() and (worst >= found.worst).all()
    proved = found.best_bound == found.best
    assert found.best[proved].tolist() == best[proved].tolist()


def test_361_regions_are_proved_and_no_draw_goes_beyond():
    values = figures(361, 5)
    lower, upper = np.full(5, 0.75), np.full(5, 1.25)
    found = boxes.search(values, lower, upper, NOTHING, boxes.Work(cells=400_000_000))
    assert found.best.tolist() == found.best_bound.tolist() and found.worst.tolist() == found.worst_bound.tolist()
    weights = np.random.default_rng(5).uniform(0.75, 1.25, (3_000, 5))
    drawn = ranks(weights @ values.T)
    assert (found.best <= drawn.min(axis=0)).all() and (drawn.max(axis=0) <= found.worst).all()
    assert (found.best < drawn.min(axis=0)).any() and (drawn.max(axis=0) < found.worst).any()
    for region in range(0, 361, 20):
        for rank, at in ((found.best, found.best_at), (found.worst, found.worst_at)):
            assert ((lower - 1e-12 <= at[region]) & (at[region] <= upper + 1e-12)).all()
            assert ranks(values @ at[region])[region] == rank[region]
    ahead = found.above
    assert (drawn[:, :, None] < drawn[:, None, :]).all(axis=0)[ahead].all()
    assert not (ahead & ahead.T).any() and 0 < ahead.sum() < 361 * 360 / 2


def test_where_the_cells_run_out_bounds_say_how_far_it_could_go():
    values = figures(361, 8)
    lower, upper = np.full(8, 0.75), np.full(8, 1.25)
    work = boxes.Work(cells=2_000_000)
    few = boxes.search(values, lower, upper, NOTHING, work)
    assert work.cells < 1_000_000
    more = boxes.search(values, lower, upper, NOTHING, boxes.Work(cells=60_000_000))
    assert (few.best_bound <= more.best_bound).all() and (more.best_bound <= more.best).all()
    assert (few.worst_bound >= more.worst_bound).all() and (more.worst_bound >= more.worst).all()
    assert (few.best_bound < few.best).any() and (more.best <= few.best).all()


def test_a_whole_calculation_says_what_reaches_each_rank():
    computed, asked = index(figures(120, 4), normalisations=(MIN_MAX, Z_SCORE), leave_one_out=True)
    found = robustness(computed, asked).extremes
    assert found.reason is None and found.best.tolist() == found.best_bound.tolist()
    framework = computed.framework
    tables = {item: item(computed.treated, framework.directions) for item in asked.normalisations}
    for region in range(120):
        for rank, reached in ((found.best, found.best_at[region]), (found.worst, found.worst_at[region])):
            again = top_scores(framework, tables[reached.normalisation], weights=reached.shares)
            assert ranks(again[None])[0, region] == rank[region]
            if reached.left_out is not None:
                assert reached.shares[reached.left_out] == 0


@pytest.mark.parametrize("top_only", [False, True])
def test_programmes_through_a_tree_say_what_reaches_each_rank(top_only):
    computed, asked = index(figures(12, 6), groups=3, top_only=top_only, band=0.6, draws=5)
    found = robustness(computed, asked).extremes
    assert found.reason is None
    for region in range(12):
        for rank, reached in ((found.best, found.best_at[region]), (found.worst, found.worst_at[region])):
            again = scores(computed.framework, computed.normalised, weights=reached.shares)[:, -1]
            assert ranks(again)[region] == rank[region]
    drawn = replace(asked, draws=4_000, seed=9)
    many = robustness(computed, drawn, Budget(layout=0, cells=0)).spread.ranks
    assert (many[:, :, None] < many[:, None, :]).all(axis=0)[found.above].all()


def test_top_weights_alone_are_searched_for_many_regions_of_a_tree():
    computed, asked = index(figures(200, 9), groups=3, top_only=True)
    found = robustness(computed, asked).extremes
    assert found.reason is None and found.above is not None
    through = robustness(*index(figures(200, 9), groups=3)).extremes
    assert "`weights_at` top-level" in through.reason and through.best_bound is None


def test_moved_figures_are_reached_by_no_weights_alone():
    values = figures(12, 3)
    asked = Uncertainty(draws=20, normalisations=(choice("normalisation", "goalposts"),), aggregations=(MEAN,))
    framework = index(values)[0].framework
    definition = Definition(
        framework=framework,
        measures=tuple(Measure(lower=0, upper=9) for _ in framework.indicators),
        normalisation=choice("normalisation", "goalposts"),
    )
    computed = compute(definition, Inputs(regions=tuple("abcdefghijkl"), values=values))
    found = robustness(computed, replace(asked, goalposts=0.2)).extremes
    assert set(found.best_at) == {None} and "as they are" in found.reason and found.above is None


@pytest.mark.parametrize("regions", [30, 120])
def test_who_is_ahead_in_everything_is_ahead_whatever_the_weights(regions):
    """Also where any weight may be nought, as long as not all are."""
    values = figures(regions, 3)
    computed, asked = index(values, band=1.0, draws=20)
    found = robustness(computed, asked).extremes
    ahead = (values[:, None, :] > values[None, :, :]).all(axis=2)
    assert found.above.tolist() == ahead.tolist() and ahead.any()


@pytest.mark.parametrize(("groups", "top_only"), [(0, False), (3, False), (3, True)])
def test_no_weights_at_all_are_no_choice(groups, top_only):
    """Where each may be nought, all of them may not: every region would tie."""
    values = np.repeat(np.arange(1.0, 9.0)[:, None], 6, axis=1)
    computed, asked = index(values, groups, band=1.0, top_only=top_only, draws=5)
    found = robustness(computed, asked).extremes
    assert found.reason is None
    assert found.best.tolist() == found.worst.tolist() == list(range(8, 0, -1))


def test_a_rank_that_a_tie_alone_gives_is_reached_by_plain_weights():
    """Halving boxes comes near a tie for ever; weights of few digits stand on it."""
    values = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.6, 0.3], [0.3, 0.6]])
    nothing = (np.full(5, np.nan), np.full(5, np.nan))
    found = boxes.search(values, np.full(2, 0.5), np.full(2, 1.5), nothing, boxes.Work(cells=100_000))
    for region in range(5):
        for rank, at in ((found.best, found.best_at), (found.worst, found.worst_at)):
            assert ranks(values @ at[region])[region] == rank[region]
    assert found.best[2] == 1  # between the first two, where both weigh alike
