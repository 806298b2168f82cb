"""What may be chosen otherwise: figures within their errors, goalposts, treatments, weights by level."""

import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from api.analysis import normalisation, treatment
from api.analysis.composite import Framework, Part
from api.analysis.definition import TO_95, DataError, Definition, Inputs, Measure, Sensitivity, Uncertainty
from api.analysis.errors import Impossible
from api.analysis.laboratory import compute
from api.analysis.methods import choice, on_positive
from api.analysis.robustness import influence, robustness
from api.analysis.sensitivity import sobol

MIN_MAX, Z_SCORE, GOALPOSTS = (choice("normalisation", name) for name in ("min-max", "z-score", "goalposts"))
MEAN = (choice("aggregation", "arithmetic"),)
FIXED = Uncertainty(draws=4_000, seed=3, band=0.0, normalisations=(GOALPOSTS,), aggregations=(MEAN,))


def index(values, asked=FIXED, *, errors=None, measure=None, groups=0, **more):
    """An index of one level, or of so many groups, computed."""
    values = np.array(values, dtype=float)
    parents = [f"g{place % groups}" if groups else "top" for place in range(values.shape[1])]
    framework = Framework(
        tuple(Part(code=f"i{place}", parent=parent) for place, parent in enumerate(parents)),
        (*(Part(code=f"g{place}", parent="top") for place in range(groups)), Part(code="top", parent=None)),
    )
    measures = tuple(measure or Measure(lower=0.0, upper=10.0) for _ in framework.indicators)
    given = {"normalisation": GOALPOSTS, "uncertainty": asked, **more}
    definition = Definition(framework=framework, measures=measures, **given)
    return compute(
        definition, Inputs(regions=tuple(f"r{row}" for row in range(len(values))), values=values, errors=errors)
    )


def error_of(size, *, normal=True):
    size = np.array(size, dtype=float)
    return DataError(below=size, above=size, normal=np.full(size.shape[1], normal))


def test_figures_are_drawn_from_within_their_errors():
    """Two estimates 1 apart with standard errors of 1 are the other way round in Phi(-1 / sqrt 2) of all worlds."""
    asked = replace(FIXED, data_error=True)
    found = robustness(index([[5], [6]], asked, errors=error_of([[TO_95], [TO_95]])), asked)
    expected = NormalDist().cdf(-1 / np.sqrt(2))
    assert np.mean(found.spread.ranks[:, 0] == 1) == pytest.approx(expected, abs=0.02)
    assert found.reason is not None and "as they are" in found.reason
    # Within half a digit of each other by rounding: even chances, triangular when two are drawn.
    asked = replace(asked, seed=5)
    rounded = robustness(index([[5.0], [5.5]], asked, errors=error_of([[0.5], [0.5]], normal=False)), asked)
    assert np.mean(rounded.spread.ranks[:, 0] == 1) == pytest.approx(0.125, abs=0.02)


def test_what_is_not_known_to_err_stays_as_it_is():
    errors = error_of([[np.nan], [np.nan], [3.0]])
    assert errors.known.tolist() == [True]
    asked = replace(FIXED, data_error=True)
    drawn = errors.drawn(np.random.default_rng(1))
    assert drawn[:2].tolist() == [[0], [0]] and drawn[2, 0] != 0
    skew = DataError(below=np.array([[1.0]]), above=np.array([[4.0]]), normal=np.array([True]))
    many = np.array([skew.drawn(np.random.default_rng(seed))[0, 0] for seed in range(4_000)])
    # Each side reaches to its own bound at two and a half per cent.
    assert np.percentile(many, [2.5, 97.5]) == pytest.approx([-1, 4], abs=0.3)
    ranks = robustness(index([[1], [2], [1.5]], asked, errors=errors), asked).spread.ranks
    assert (ranks[:, 0] > ranks[:, 1]).all()


def test_goalposts_are_moved_by_a_share_of_what_lies_between():
    asked = replace(FIXED, goalposts=0.1, draws=500)
    # Beyond the upper post both count as on it; once it is moved they may be told apart.
    found = robustness(index([[9.2], [9.8]], asked), asked)
    equal = np.mean(found.spread.ranks[:, 1] == found.spread.ranks[:, 0])
    # Equal where the post is under 9.2: a fifth of 9 to 11 lies there.
    assert equal == pytest.approx(0.1, abs=0.04)
    none = robustness(index([[9.2], [9.8]], replace(asked, goalposts=0.0)), replace(asked, goalposts=0.0))
    assert not (none.spread.ranks[:, 1] == none.spread.ranks[:, 0]).any()


def test_treatments_are_drawn_and_solved_exactly():
    values = np.random.default_rng(2).lognormal(sigma=2, size=(12, 5))
    treatments = (choice("treatment", "none"), choice("treatment", "winsorise-then-log"))
    asked = Uncertainty(
        draws=400, band=0.3, normalisations=(MIN_MAX, Z_SCORE), aggregations=(MEAN,), treatments=treatments
    )
    computed = index(values, asked, normalisation=MIN_MAX, treatment=treatments[1])
    found = robustness(computed, asked)
    assert found.reason is None and "treatment" in asked.varied
    assert (found.best <= np.nanmin(found.spread.ranks, axis=0)).all()
    alone = [robustness(computed, replace(asked, treatments=(item,))) for item in treatments]
    assert found.best.tolist() == np.minimum(*(item.best for item in alone)).tolist()
    assert found.worst.tolist() == np.maximum(*(item.worst for item in alone)).tolist()
    effects = influence(computed, asked, Sensitivity(samples=64))
    assert set(effects.inputs) == {"weights", "normalisation", "treatment"}


def test_weights_are_drawn_level_by_level():
    values = np.random.default_rng(4).random((9, 6)) * 10
    asked = replace(FIXED, band=(0.0, 0.5), draws=300)
    by_level = robustness(index(values, asked, groups=3), asked)
    top = replace(FIXED, band=0.5, top_only=True, draws=300)
    same = robustness(index(values, top, groups=3), top)
    assert by_level.spread.ranks.tolist() == same.spread.ranks.tolist()
    assert by_level.best.tolist() == same.best.tolist() and asked.varied == ("weights-level-2",)
    both = replace(FIXED, band=(0.4, 0.5), draws=50)
    effects = influence(index(values, both, groups=3), both, Sensitivity(samples=64))
    assert effects.inputs == ("weights-level-1", "weights-level-2")


def test_scores_may_be_rounded_before_they_are_ranked():
    values = [[7.04], [7.01], [6.0]]
    assert index(values).ranks.tolist() == [1, 2, 3]
    rounded = index(values, rank_decimals=0)
    assert rounded.ranks.tolist() == [1, 1, 3]
    assert robustness(rounded, FIXED).spread.ranks[0].tolist() == [1, 1, 3]


def test_the_income_of_a_development_index_is_in_logarithms():
    """Human Development Report, technical note 1: (ln x - ln 100) / (ln 75,000 - ln 100)."""
    logs = choice("treatment", "logarithms")
    measure = Measure(lower=100.0, upper=75_000.0, logarithm=True)
    to_one = choice("normalisation", "goalposts", low=0.0, high=1.0)
    found = index([[19_974], [100]], None, measure=measure, treatment=logs, normalisation=to_one)
    assert found.normalised[0, 0] == pytest.approx(math.log(199.74) / math.log(750))
    assert found.normalised[1, 0] == 0
    with pytest.raises(Impossible, match="A logarithm"):
        index([[0], [100]], None, measure=measure, treatment=logs)


def test_goalposts_do_not_hold_for_logarithms_from_the_least_value():
    """They would be held against values of another scale, and everything would lie on one of them."""
    values = np.exp(np.arange(12.0) ** 1.5)[:, None]
    with pytest.raises(Impossible, match="took logarithms"):
        index(
            values,
            None,
            treatment=choice("treatment", "winsorise-then-log", points=0),
            measure=Measure(lower=0, upper=1e9),
        )


def test_each_indicator_may_have_a_scale_of_its_own():
    values = np.array([[1.0, 10.0], [2.0, 30.0], [4.0, 20.0]])
    own = Measure(lower=0.0, upper=10.0, normalisation=choice("normalisation", "rank"))
    framework = Framework((Part(code="a", parent="t"), Part(code="b", parent="t")), (Part(code="t", parent=None),))
    definition = Definition(framework=framework, measures=(own, Measure()), normalisation=MIN_MAX)
    found = compute(definition, Inputs(regions=("x", "y", "z"), values=values))
    assert found.normalised.tolist() == [[1, 0], [2, 100], [3, 50]]
    # What cannot be scaled is named by its own number, not by that among those of its method.
    flat = Inputs(regions=("x", "y", "z"), values=np.column_stack([values[:, 0], np.ones(3)]))
    with pytest.raises(Impossible) as error:
        compute(definition, flat)
    assert error.value.places == ((None, "b"),)


def test_standard_deviations_of_people_and_of_a_base():
    column, sizes = np.array([[2.0], [4.0], [9.0], [np.nan]]), np.array([1.0, 2.0, 1.0, 50.0])
    up = np.ones(1)
    found = normalisation.weighted_z_score(column, up, sizes=sizes, mean=100, deviation=10)
    # Each person's value: 2, 4, 4, 9.
    people = np.array([2.0, 4.0, 4.0, 9.0])
    assert found[:3, 0] == pytest.approx(100 + 10 * (column[:3, 0] - people.mean()) / people.std())
    assert np.isnan(found[3, 0])
    down = normalisation.weighted_z_score(column, -up, sizes=sizes, mean=100, deviation=10)
    assert down[:3, 0] == pytest.approx(200 - found[:3, 0])
    base = {"means": np.array([4.0]), "deviations": np.array([2.0])}
    assert normalisation.base_z_score(column, up, **base)[:3, 0].tolist() == [90, 100, 125]
    assert normalisation.base_z_score(column, -up, **base)[:3, 0].tolist() == [110, 100, 75]


def test_scales_that_begin_above_zero():
    assert dict(on_positive(MIN_MAX).parameters) == {"low": 1.0, "high": 100.0}
    assert dict(on_positive(Z_SCORE).parameters) == {"mean": 100.0, "sd": 10.0}
    own = choice("normalisation", "min-max", low=2.0, high=5.0)
    assert on_positive(own) == own
    assert treatment.logarithms(np.array([[1.0, 2.0]]), chosen=np.array([False, True])).logged == (False, True)


def test_intervals_of_effects_hold_what_is_known_and_narrow():
    """The Ishigami function (Ishigami and Homma, 1990), a = 7 and b = 0.1, whose effects are known."""

    def ishigami(points):
        x = (2 * points - 1) * np.pi
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    first, total = np.array([0.3139, 0.4424, 0.0]), np.array([0.5576, 0.4424, 0.2437])
    few, many = (sobol(ishigami, 3, samples=2**power, seed=1) for power in (8, 12))
    for found in (few, many):
        assert (found.first_95[0] <= found.first).all() and (found.first <= found.first_95[1]).all()
        for known, ends in ((first, found.first_95[..., 0]), (total, found.total_95[..., 0])):
            assert ((ends[0] - 0.005 <= known) & (known <= ends[1] + 0.005)).all()
    widths = [np.ptp(found.total_95, axis=0).mean() for found in (few, many)]
    assert 3 < widths[0] / widths[1] < 5  # sixteen times the points: a quarter of the width


def test_an_input_without_effect_has_none_whatever_the_others_do():
    """Few points leave noise in an estimate that every input would share: here it falls out."""

    def model(points):
        return 10 * points[:, 0] ** 2 + 5 * points[:, 1] + 1e-6 * points[:, 2]

    for seed in range(5):
        found = sobol(model, 3, samples=64, seed=seed)
        assert abs(found.first[2, 0]) < 1e-5 and (np.abs(found.first_95[:, 2, 0]) < 1e-5).all()


def test_a_base_is_not_of_logarithms():
    measure = Measure(base_mean=100.0, base_deviation=10.0, logarithm=True)
    base, logs = choice("normalisation", "base-z-score"), choice("treatment", "logarithms")
    with pytest.raises(Impossible, match="base period"):
        index([[90], [120]], None, measure=measure, normalisation=base, treatment=logs)


def test_halves_are_rounded_away_from_nought():
    assert index([[1.5], [2.5], [2.4]], None, rank_decimals=0, measure=Measure(lower=0, upper=100)).ranks.tolist() == [
        2, 1, 2,
    ]  # fmt: skip
