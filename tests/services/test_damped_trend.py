"""The damped trend: what the library says, at our degrees of freedom, and what happens where it has no fit."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from api.analysis.projection import NoFit
from api.services import damped_trend as module
from api.services.damped_trend import damped_trend
from api.settings import ROOT

VALUES = np.array([4.0, 9, 7, 12, 11, 17, 13, 18, 22, 19, 20, 27, 24])


def test_means_and_variances_are_those_of_the_library():
    level, trend = np.polynomial.polynomial.polyfit(np.arange(1, 11), VALUES[:10], 1)
    model = ETSModel(
        pd.Series(VALUES), error="add", trend="add", damped_trend=True,
        initialization_method="known", initial_level=level, initial_trend=trend,
    )  # fmt: skip
    fit = model.fit(disp=False)
    predicted = fit.get_prediction(start=len(VALUES), end=len(VALUES) + 3)
    ahead = damped_trend(VALUES, 4)
    assert ahead.freedom == 10
    assert ahead.mean == pytest.approx(np.asarray(predicted.predicted_mean), rel=1e-3)
    assert ahead.error**2 == pytest.approx(np.asarray(predicted.forecast_variance) * 13 / 10, rel=1e-2)


def test_the_unit_makes_no_difference():
    one, other = damped_trend(VALUES, 3), damped_trend(VALUES * 1e6 + 7e6, 3)
    assert other.mean == pytest.approx(one.mean * 1e6 + 7e6)
    assert other.error == pytest.approx(one.error * 1e6)


def test_a_straight_line_goes_on_nearly_straight():
    """The damping is at most 0.98: a line bends by a fiftieth of its slope at the first step."""
    assert damped_trend(np.arange(12.0), 1).mean[0] == pytest.approx(12, abs=0.25)


def test_the_same_values_give_the_same_numbers():
    assert np.array_equal(damped_trend(VALUES, 3).mean, damped_trend(VALUES.copy(), 3).mean)


def test_what_does_not_vary_has_no_fit():
    with pytest.raises(NoFit, match="the same"):
        damped_trend(np.full(9, 3.0), 3)


def test_a_search_that_does_not_end_is_no_fit(monkeypatch):
    monkeypatch.setattr(module, "_MOST_STEPS", 1)
    with pytest.raises(NoFit, match="did not end"):
        damped_trend(VALUES, 3)


def test_web_workers_never_import_it():
    program = (
        "import sys; from api import create_app; create_app(); "
        "print(sorted({'statsmodels', 'pandas', 'threadpoolctl'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
