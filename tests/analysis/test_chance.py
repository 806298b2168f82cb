"""Limits of chance variation: against exact ones, and another implementation."""

import numpy as np
import pytest
from scipy.stats import chi2
from statsmodels.stats.proportion import proportion_confint

from api.analysis.chance import byar, wilson

COUNTS = np.array([1, 2, 5, 10, 65, 400, 23_390], dtype=float)


def test_byars_limits_are_close_to_the_exact_ones_of_a_poisson_count():
    lower, upper = byar(COUNTS)
    exact = chi2.ppf(0.025, 2 * COUNTS) / 2, chi2.ppf(0.975, 2 * COUNTS + 2) / 2
    assert lower[2:] == pytest.approx(exact[0][2:], rel=0.02)
    assert upper[2:] == pytest.approx(exact[1][2:], rel=0.02)
    # Of a few they are as close as a tenth of one.
    assert np.abs(lower - exact[0])[:2].max() < 0.1
    assert np.abs(upper - exact[1])[:2].max() < 0.1


def test_no_events_have_no_lower_limit():
    lower, upper = byar(np.array([0.0]))
    assert lower[0] == 0
    assert upper[0] == pytest.approx(-np.log(0.025), rel=0.03)


@pytest.mark.parametrize(("count", "total"), [(0, 10), (1, 10), (5, 10), (10, 10), (15, 20), (840, 3_335)])
def test_wilsons_limits_are_those_of_statsmodels(count, total):
    lower, upper = wilson(np.array([count]), np.array([total]))
    assert (lower[0], upper[0]) == pytest.approx(proportion_confint(count, total, method="wilson"), abs=1e-12)


@pytest.mark.parametrize(("count", "total"), [(3, 0), (5, 4), (-1, 4)])
def test_what_is_no_share_has_no_limits(count, total):
    assert [side.item() for side in wilson(np.array([count]), np.array([total]))] == [-np.inf, np.inf]
