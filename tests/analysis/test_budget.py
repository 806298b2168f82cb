"""What a calculation may take: what is solved once, what is not begun, and what is said where it is not."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.optimize

from api.analysis import extremes, reliability, uncertainty
from api.analysis.budget import Budget
from api.analysis.composite import Framework, Part
from api.analysis.definition import Definition, Inputs, Measure, Sensitivity, Uncertainty
from api.analysis.laboratory import compute
from api.analysis.methods import choice
from api.analysis.robustness import influence, robustness

MIN_MAX, Z_SCORE = choice("normalisation", "min-max"), choice("normalisation", "z-score")
RANGES = tuple(choice("normalisation", "min-max", low=low, high=100.0 * (low + 1)) for low in range(5))
MEAN = (choice("aggregation", "arithmetic"),)
NAN = float("nan")


class Left(Exception):  # noqa: N818
    """Nobody waits any more."""


@pytest.fixture
def solved(monkeypatch):
    """The programmes that are solved while the test runs, by their options."""
    found, milp = [], scipy.optimize.milp

    def counted(*given, **named):
        found.append(dict(named["options"]))
        return milp(*given, **named)

    monkeypatch.setattr(scipy.optimize, "milp", counted)
    return found


def index(regions=8, indicators=4, *, values=None, draws=1, normalisations=(MIN_MAX,), aggregations=(MEAN,), **more):
    """An index of one level with what may be chosen otherwise, and that choice."""
    if values is None:
        values = np.random.default_rng(5).random((regions, indicators))
    framework = Framework(
        tuple(Part(code=f"i{place}", parent="top") for place in range(values.shape[1])),
        (Part(code="top", parent=None),),
    )
    asked = Uncertainty(
        draws=draws, band=0.9, normalisations=tuple(normalisations), aggregations=tuple(aggregations), **more
    )
    measures = tuple(Measure() for _ in framework.indicators)
    definition = Definition(framework=framework, measures=measures, uncertainty=asked)
    names = tuple(f"r{place}" for place in range(len(values)))
    return compute(definition, Inputs(regions=names, values=values)), asked


def test_choices_that_come_to_the_same_are_solved_once(solved):
    computed, asked = index()
    once = robustness(computed, asked)
    count = len(solved)
    assert count > 4 and once.reason is None
    # Ten times the same; on other scales; with another name; by another mean that is the same one.
    power = (choice("aggregation", "generalised", power=1.0),)
    best = choice("normalisation", "distance-to-best")
    for more in (
        {"normalisations": [MIN_MAX] * 10},
        {"normalisations": [*RANGES, best]},
        {"aggregations": [MEAN] * 5 + [power] * 5},
        {"aggregations": [MEAN] * 5 + [power] * 5, "top_only": True},
    ):
        solved.clear()
        again = robustness(*index(**more))
        assert len(solved) <= count, more
        assert again.best.tolist() == once.best.tolist() and again.worst.tolist() == once.worst.tolist()
    solved.clear()
    other = robustness(*index(normalisations=[MIN_MAX, choice("normalisation", "rank")]))
    assert len(solved) > count and (other.best <= once.best).all()


def test_equal_regions_are_solved_once(solved):
    values = np.random.default_rng(5).random((6, 4))
    robustness(*index(values=values))
    count = len(solved)
    solved.clear()
    found = robustness(*index(values=np.vstack([values, values, values])))
    assert 0 < len(solved) <= count
    assert found.best[:6].tolist() == found.best[6:12].tolist() == found.best[12:].tolist()


def test_what_would_take_too_long_is_not_begun(solved):
    computed, asked = index()
    for few, most in (({"layout": 10}, "up to 10 are"), ({"steps": 100}, "up to 100 are")):
        budget = Budget(**few, cells=0)
        found = robustness(computed, asked, budget)
        assert "would take too long" in found.reason and most in found.reason and not solved
        assert found.best.tolist() == np.min(found.spread.ranks, axis=0).tolist()
        assert found.worst.tolist() == np.max(found.spread.ranks, axis=0).tolist()
        assert not budget.cut_short


def test_steps_are_counted_after_what_draws_have_shown():
    values = np.random.default_rng(5).random((8, 4))
    band = extremes.Band(4, ((4, (0, 1, 2, 3)),), np.append(np.full(4, 0.5), 1.0), np.append(np.full(4, 1.5), 1.0))
    nothing = np.full(8, NAN)
    programmes = extremes.Programmes.of(values, band)
    found = programmes.solved((nothing, nothing), Budget())
    known = found.best, found.worst
    before, after = programmes.steps((nothing, nothing)), programmes.steps(known)
    assert 0 <= after < before
    again = programmes.solved(known, Budget())
    assert again.best.tolist() == found.best.tolist() and again.worst.tolist() == found.worst.tolist()
    assert np.isnan(again.best_at).all()


def test_every_programme_has_a_limit_of_nodes_and_of_time(solved):
    robustness(*index(), Budget(seconds=30, nodes=400))
    assert len(solved) > 4
    assert all(1 <= options["node_limit"] <= 400 and options["time_limit"] > 0 for options in solved)
    # They count down together.
    assert solved[-1]["node_limit"] < solved[0]["node_limit"]


def test_out_of_nodes_gives_the_range_over_the_draws_and_the_same_again(solved):
    computed, asked = index(20, 5, draws=3)
    answers = []
    for _ in range(2):
        budget = Budget(nodes=2, cells=0)
        found = robustness(computed, asked, budget)
        assert "max_rank_nodes" in found.reason and not budget.cut_short
        answers.append((len(solved), found.best.tolist()))
        solved.clear()
    assert answers[0] == answers[1] and 0 < answers[0][0] < 10
    assert answers[0][1] == np.min(found.spread.ranks, axis=0).tolist()


def test_out_of_time_says_so_and_is_noted(solved):
    budget = Budget(seconds=0)
    found = robustness(*index(), budget)
    assert "longer than the 0 seconds of processor" in found.reason
    assert budget.cut_short and not solved
    assert found.best.tolist() == np.min(found.spread.ranks, axis=0).tolist()


def test_the_solver_ends_by_itself_where_its_time_is_up(monkeypatch):
    monkeypatch.setattr(Budget, "wall", property(lambda _: 0.0))
    budget = Budget(seconds=100)
    found = robustness(*index(), budget)
    assert budget.cut_short and "seconds of processor" in found.reason


def leaving(after: int):
    """A caller that leaves after being looked for a number of times."""
    calls = []

    def check() -> None:
        calls.append(1)
        if len(calls) > after:
            raise Left

    return check, calls


@pytest.mark.parametrize("after", [0, 1, 2, 5])
def test_what_nobody_waits_for_ends(after, solved):
    check, calls = leaving(after)
    with pytest.raises(Left):
        robustness(*index(draws=50), Budget(check=check))
    assert len(calls) == after + 1 and len(solved) <= after


def test_draws_and_effects_look_up_between_batches(monkeypatch):
    computed, asked = index(draws=200, normalisations=[MIN_MAX, Z_SCORE], extremes=False)
    for rows, least in ((10**9, 1), (500, 20)):
        monkeypatch.setattr(uncertainty, "_CELLS", rows)
        check, calls = leaving(10**6)
        robustness(computed, asked, Budget(check=check))
        influence(computed, asked, Sensitivity(samples=64), Budget(check=check))
        assert len(calls) >= least
    check, calls = leaving(3)
    with pytest.raises(Left):
        influence(computed, asked, Sensitivity(samples=64), Budget(check=check))


def test_correlations_look_up_between_indicators():
    check, calls = leaving(4)
    with pytest.raises(Left):
        reliability.correlations(np.random.default_rng(1).random((5, 20)), check=check)
    assert len(calls) == 5


def pairwise(values):
    """Pearson's correlation of every pair, one by one: what `correlations` must come to."""
    count = values.shape[1]
    found = np.full((count, count), NAN)
    for one in range(count):
        for other in range(count):
            both = ~np.isnan(values[:, one]) & ~np.isnan(values[:, other])
            left, right = values[both, one], values[both, other]
            if both.sum() >= 3 and np.ptp(left) > 0 and np.ptp(right) > 0:
                found[one, other] = np.corrcoef(left, right)[0, 1]
    return found


@pytest.mark.parametrize("size", [1.0, 1e-150, 1e25])
@pytest.mark.parametrize("missing", [0.0, 0.2, 0.6])
def test_correlations_are_those_of_every_pair(missing, size):
    random = np.random.default_rng(7)
    values = np.where(random.random((9, 12)) < missing, NAN, random.integers(0, 4, (9, 12)) + 10.0)
    found, _ = reliability.correlations(values * size)
    expected = pairwise(values)
    assert np.isnan(expected).any() == (missing > 0.5) or missing == 0.2
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
