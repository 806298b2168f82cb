"""Each method by itself, where the answer is known."""

from functools import partial

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from api.analysis import aggregation, imputation, normalisation, reliability, treatment
from api.analysis.composite import Framework, Part, covered, scores
from api.analysis.errors import Impossible
from api.analysis.extremes import Band, band_extremes, rank_extremes
from api.analysis.ranks import ranks, rounded
from api.analysis.sensitivity import sobol
from api.analysis.uncertainty import Choices, points_of
from api.analysis.uncertainty import spread as spread_of

UP = np.ones(1)
NAN = float("nan")


def tree(indicators=6, groups=2, **weights):
    return Framework(
        tuple(
            Part(code=f"i{place}", parent=f"g{place % groups}", weight=weights.get(f"i{place}", 1.0))
            for place in range(indicators)
        ),
        (*(Part(code=f"g{place}", parent="top") for place in range(groups)), Part(code="top", parent=None)),
    )


def spread(framework, choices, *, draws, seed):
    """The ranks over so many draws."""
    return spread_of(framework, choices, points_of(framework, choices, draws=draws, seed=seed))


def table(regions=8, indicators=6, seed=1):
    return np.random.default_rng(seed).random((regions, indicators)) + 0.1


def test_equals_share_the_best_rank_and_what_is_missing_has_none():
    found = ranks(np.array([5.1, 7.0, 5.1000000000000005, NAN, 1.0]))
    np.testing.assert_array_equal(found, [2, 1, 2, NAN, 4])
    np.testing.assert_array_equal(ranks(np.array([[1.0, 2.0], [3.0, 2.0]])), [[2, 1], [1, 2]])


@given(arrays(float, (6, 5), elements=st.sampled_from([1.0, 1 + 3e-12, 1 + 4e-11, 2.0, -1.0, 0.0, NAN])))
@example(np.array([[1.0, 1 + 3e-12, 5.0], [1.0, 2.0, 3.0]]))
def test_many_rows_are_ranked_as_each_by_itself(scores):
    """By a plain sort where no two are close, and by rounding where some are."""
    np.testing.assert_array_equal(ranks(scores), [ranks(row) for row in scores])


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300))
def test_rounding_is_to_significant_digits(value):
    assert rounded(np.array([value]))[0] == pytest.approx(float(f"{value:.11e}"), rel=1e-14, abs=1e-320)


def test_normalisations_of_a_known_column():
    column = np.array([[2.0], [4.0], [6.0], [10.0]])
    assert normalisation.min_max(column, UP).ravel().tolist() == [0, 25, 50, 100]
    assert normalisation.min_max(column, -UP).ravel().tolist() == [100, 75, 50, 0]
    assert normalisation.z_score(column, UP).std(ddof=1) == pytest.approx(1)
    assert normalisation.rank(column, UP).ravel().tolist() == [1, 2, 3, 4]
    assert normalisation.percentile_rank(column, -UP).ravel() == pytest.approx([1, 2 / 3, 1 / 3, 0])
    assert normalisation.none(column, -UP).ravel().tolist() == [-2, -4, -6, -10]
    assert normalisation.borda(column, -UP).ravel().tolist() == [3, 2, 1, 0]
    assert normalisation.borda(np.array([[3.0], [3.0], [1.0], [NAN]]), UP).ravel()[:3].tolist() == [1, 1, 0]
    assert normalisation.distance_to_best(column, UP).ravel().tolist() == [0, 0.25, 0.5, 1]
    assert normalisation.distance_to_target(column, UP, targets=np.array([6.0])).ravel().tolist() == [0, 0.5, 1, 2]
    capped = normalisation.distance_to_target(column, UP, targets=np.array([6.0]), capped=True)
    assert capped.ravel().tolist() == [0, 0.5, 1, 1]
    rescaled = normalisation.distance_to_target(column, UP, targets=np.array([6.0]), low=1.0, high=101.0)
    assert rescaled.ravel().tolist() == [1, 51, 101, 201]
    between = {"lower": np.array([4.0]), "upper": np.array([8.0]), "capped": False}
    assert normalisation.goalposts(column, UP, **between).ravel().tolist() == [-50, 0, 50, 150]
    assert normalisation.goalposts(column, -UP, **between).ravel().tolist() == [150, 100, 50, -50]
    assert normalisation.distance_to_reference(column, UP, reference=2).ravel().tolist() == [0, 0.5, 1, 2]
    posts = {"lower": np.array([4.0]), "upper": np.array([8.0])}
    assert normalisation.goalposts(column, UP, **posts).ravel().tolist() == [0, 0, 50, 100]
    assert normalisation.goalposts(column, -UP, **posts).ravel().tolist() == [100, 100, 50, 0]


def test_an_indicator_that_is_alike_everywhere_is_refused():
    with pytest.raises(Impossible, match="same value everywhere") as refused:
        normalisation.min_max(np.array([[1.0, 2.0], [1.0, 3.0]]), np.ones(2))
    assert refused.value.cells == ((-1, 0),)


def test_means_of_known_values():
    values, weights = np.array([1.0, 4.0]), np.array([1.0, 3.0])
    assert aggregation.arithmetic(values, weights) == pytest.approx(3.25)
    assert aggregation.geometric(values, weights) == pytest.approx(4**0.75)
    assert aggregation.harmonic(values, weights) == pytest.approx(4 / 1.75)
    for power, mean in ((1, 3.25), (-1, 4 / 1.75), (0, 4**0.75), (2, ((1 + 3 * 16) / 4) ** 0.5)):
        assert aggregation.generalised(values, weights, power=power) == pytest.approx(mean)
    assert aggregation.arithmetic(np.array([NAN, 4.0]), weights) == 4
    assert np.isnan(aggregation.arithmetic(np.array([NAN, NAN]), weights))


@pytest.mark.parametrize("mean", [aggregation.geometric, aggregation.harmonic])
def test_means_of_zero_or_less_are_refused_with_their_cells(mean):
    with pytest.raises(Impossible, match="positive values alone") as refused:
        mean(np.array([[1.0, 2.0], [3.0, 0.0], [-1.0, 2.0]]), np.ones(2))
    assert refused.value.cells == ((1, 1), (2, 0))


def test_what_is_missing_is_filled_in():
    values = np.array([[1.0], [3.0], [NAN], [10.0], [NAN]])
    assert imputation.group_mean(values, ["a", "a", "a", "b", "b"]).ravel().tolist() == [1, 3, 2, 10, 10]
    assert imputation.group_median(values).ravel().tolist() == [1, 3, 3, 10, 3]
    with pytest.raises(Impossible, match="no value") as refused:
        imputation.group_mean(values, ["a", "a", "b", "a", "b"])
    assert refused.value.cells == ((2, 0), (4, 0))


def test_outliers_are_brought_in_or_logged():
    mild = np.array([*range(1, 20), 200.0])[:, None]
    treated = treatment.winsorised_or_logged(mild)
    assert treated.winsorised == (1,) and treated.values.max() == 19
    low = treatment.winsorised_or_logged(-mild)
    assert low.values.min() == -19
    wild = np.concatenate([np.linspace(1, 2, 200), 10.0 ** np.arange(1, 9)])[:, None]
    logged = treatment.winsorised_or_logged(wild)
    assert logged.logged == (True,)
    assert logged.values.ravel() == pytest.approx(treatment.shifted_log(wild.ravel()))
    assert treatment.none(wild).values is not None and treatment.none(wild).winsorised == (0,)


@pytest.mark.parametrize(
    ("indicators", "aggregates", "said"),
    [
        ([("i", "a")], [("a", None), ("b", "c"), ("c", "b")], "in a circle"),
        ([("i", "x")], [("a", None)], "which is no aggregate"),
        ([("i", "a")], [("a", None), ("b", None)], "one part at its top"),
        ([("i", "a")], [("a", None), ("b", "a")], "b has no parts"),
        ([("i", "a"), ("i", "a")], [("a", None)], "more than once"),
    ],
)
def test_what_is_no_tree_is_refused(indicators, aggregates, said):
    with pytest.raises(Impossible, match=said):
        Framework(
            tuple(Part(code=code, parent=parent) for code, parent in indicators),
            tuple(Part(code=code, parent=parent) for code, parent in aggregates),
        )


@pytest.mark.parametrize(("weight", "said"), [(0.0, "are zero"), (-1.0, "zero or more"), (NAN, "zero or more")])
def test_weights_that_weigh_nothing_are_refused(weight, said):
    with pytest.raises(Impossible, match=said):
        tree(2, 1, i0=weight, i1=weight)


@given(arrays(float, (5, 6), elements=st.floats(0.1, 100)), st.floats(0.01, 100))
def test_weights_scaled_by_any_factor_change_nothing(values, factor):
    framework = tree()
    one = scores(framework, values)
    scaled = scores(framework, values, weights=framework.weights * factor)
    np.testing.assert_allclose(one, scaled, rtol=1e-12)


@given(arrays(float, 6, elements=st.floats(0.1, 100)), st.integers(0, 5))
@settings(max_examples=50)
def test_who_is_dominated_never_ranks_higher_and_equals_tie(values, better_in):
    better = values.copy()
    better[better_in] += 1
    normalised = np.array([values, better, values])
    for mean in (aggregation.arithmetic, aggregation.geometric, aggregation.harmonic):
        choices = Choices(normalised=[normalised], means=[mean], band=0.9, leave_one_out=True)
        found = spread(tree(), choices, draws=50, seed=7).ranks
        assert (found[:, 1] <= found[:, 0]).all()
        assert (found[:, 0] == found[:, 2]).all()


def test_how_much_of_the_weight_is_covered():
    values = np.array([[1.0, 1, 1, 1, 1, 1], [NAN, 1, 1, 1, 1, 1], [NAN] * 6])
    assert covered(tree(), values) == pytest.approx([1, 5 / 6, 0])


def test_draws_are_repeatable_and_do_not_depend_on_batches(monkeypatch):
    choices = Choices(normalised=[table()], band=0.25, leave_one_out=True)
    one = spread(tree(), choices, draws=200, seed=3)
    monkeypatch.setattr("api.analysis.uncertainty._CELLS", 500)
    again = spread(tree(), choices, draws=200, seed=3)
    np.testing.assert_array_equal(one.ranks, again.ranks)
    other = spread(tree(), choices, draws=200, seed=4)
    assert not np.array_equal(one.ranks, other.ranks)
    assert (one.low <= one.median).all() and (one.median <= one.high).all()
    assert one.top(8) == pytest.approx(np.ones(8)) and one.top(1).sum() >= 1


@given(arrays(float, (7, 4), elements=st.floats(0, 100, width=16)), st.floats(0.05, 0.9))
@settings(max_examples=30, deadline=None)
def test_exact_extremes_hold_every_drawn_rank(values, band):
    lower, upper = np.full(4, 1 - band), np.full(4, 1 + band)
    best, worst = rank_extremes(values, lower, upper)
    weights = lower + (upper - lower) * np.random.default_rng(5).random((2_000, 4))
    drawn = ranks(weights @ values.T)
    assert (best <= drawn.min(axis=0)).all() and (drawn.max(axis=0) <= worst).all()
    # To know drawn ranks beforehand spares programmes, and changes nothing that is found.
    steps = ((4, (0, 1, 2, 3)),)
    known = Band(4, steps, np.append(lower, 1.0), np.append(upper, 1.0))
    again = band_extremes(values, known, (drawn.min(axis=0), drawn.max(axis=0)))
    assert again[0].tolist() == best.tolist() and again[1].tolist() == worst.tolist()


def test_exact_extremes_reach_what_draws_come_near():
    values = np.array([[1.0, 0.0], [0.0, 1.0], [0.4, 0.4]])
    best, worst = rank_extremes(values, np.array([0.5, 0.5]), np.array([1.5, 1.5]))
    # The third is behind one of the others whatever the weights, and behind both where they are about equal.
    assert best.tolist() == [1, 1, 2] and worst.tolist() == [3, 3, 3]
    alike = rank_extremes(np.ones((3, 2)), np.zeros(2), np.ones(2))
    assert alike[0].tolist() == alike[1].tolist() == [1, 1, 1]
    with pytest.raises(Impossible, match="up to 50"):
        rank_extremes(np.ones((51, 2)), np.zeros(2), np.ones(2))


def test_effects_do_not_depend_on_where_an_output_lies():
    """Ranks lie about 28 and vary by 2: an estimator about zero would see nothing but the 28."""

    def model(points):
        return np.column_stack([1e4 * offset + points[:, 0] + 0.1 * points[:, 1] for offset in (0, 1)])

    found = sobol(model, 2, samples=64, seed=1)
    np.testing.assert_allclose(found.first[:, 0], found.first[:, 1], atol=1e-6)
    np.testing.assert_allclose(found.first[:, 1], [1 / 1.01, 0.01 / 1.01], atol=0.02)
    np.testing.assert_allclose(found.total[:, 1], [1 / 1.01, 0.01 / 1.01], atol=0.02)


def test_effects_of_the_ishigami_function():
    """Known in closed form (Ishigami and Homma, 1990), with a = 7 and b = 0.1."""

    def ishigami(points):
        x = (2 * points - 1) * np.pi
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    found = sobol(ishigami, 3, samples=2**14, seed=1)
    assert found.first.ravel() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.01)
    assert found.total.ravel() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.01)
    assert found.evaluations == 2**14 * 5
    together = sobol(ishigami, 3, samples=2**14, seed=1, groups=[[0, 2], [1]])
    assert together.first.ravel() == pytest.approx([0.5576, 0.4424], abs=0.01)


def test_alpha_and_correlations():
    values = np.array([[1.0, 2.0, 1.0], [2.0, 4.0, 1.0], [3.0, 6.0, 1.0], [4.0, NAN, 1.0]])
    found, both = reliability.correlations(values)
    assert found[0, 1] == pytest.approx(1) and np.isnan(found[0, 2])
    assert both[0, 1] == 3 and both[0, 0] == 4
    alpha = reliability.cronbach_alpha(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]))
    assert alpha.value == pytest.approx(1) and alpha.regions == 3
    assert reliability.cronbach_alpha(values[:1]).value is None


@pytest.mark.parametrize(
    "mean",
    [
        aggregation.arithmetic,
        aggregation.geometric,
        aggregation.harmonic,
        partial(aggregation.generalised, power=0.5),
        partial(aggregation.generalised, power=-3.0),
        partial(aggregation.generalised, power=0.0),
    ],
)
@given(
    parts=st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=6),
    weights=st.lists(st.floats(0, 10), min_size=6, max_size=6).filter(lambda items: min(items[0:1]) > 0.01),
)
def test_a_mean_lies_among_its_parts(mean, parts, weights):
    """Not a digit beyond them, and a mean of equal parts is just that: 100 and 100 are no 100.00000000000004."""
    weighed = np.array([weights[: len(parts)]])
    counted = [part for part, weight in zip(parts, weighed[0], strict=True) if weight > 0]
    assert min(counted) <= mean(np.array([parts]), weighed)[0] <= max(counted)
    alike = np.full((1, len(parts)), parts[0])
    assert mean(alike, weighed)[0] == parts[0]


@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=9, unique_by=lambda item: round(item, 3)),
    low=st.floats(-10, 10),
    width=st.floats(0.1, 1000),
)
def test_a_scale_ends_where_it_says(values, low, width):
    column, up = np.array(values)[:, None], np.array([1.0])
    found = normalisation.min_max(column, up, low=low, high=low + width)
    assert low == found.min() < found.max() <= low + width
    posts = {"lower": np.array([min(values)]), "upper": np.array([max(values)])}
    found = normalisation.goalposts(column, up, **posts, low=low, high=low + width)
    assert low <= found.min() <= found.max() <= low + width
