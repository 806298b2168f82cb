"""Holt's damped trend by statsmodels: the only module that imports it. It comes with the extra `forecast`.

Imported by the command that projects and never by a web worker: it takes seconds and hundreds of megabytes.
"""

from __future__ import annotations

import warnings
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import statsmodels
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from threadpoolctl import threadpool_limits

from api.analysis.projection import Ahead, NoFit
from api.analysis.ranks import Floats

ENGINE = f"statsmodels {statsmodels.__version__}"
_PARAMETERS = 3
"""What is estimated by the library: smoothing of level and trend, and damping."""
_FIRST = 10
"""How many points the first level and trend are taken from, by least squares.

Estimated with the rest, they fit ten points too well: the errors of the back-tests were larger, and it took thrice as
long.
"""
_MOST_STEPS = 1_000


def one_thread() -> AbstractContextManager[Any]:
    """Keeps linear algebra to one thread: with more, those of a search over three numbers wait for one another.

    Measured on two busy processors: a tenth of the time.
    """
    limits: AbstractContextManager[Any] = threadpool_limits(limits=1)
    return limits


def damped_trend(values: Floats, steps: int) -> Ahead:
    """ETS(A,Ad,N) (Hyndman et al., 2008): maximum likelihood, the error's variance over n - 3 degrees of freedom.

    Raises NoFit where the likelihood has no maximum that can be found, or nothing varies.
    """
    first, spread = float(values[0]), float(np.ptp(values))
    if spread == 0:
        raise NoFit("all values up to an origin are the same")
    # One size for all, so that the search goes alike whatever the unit.
    sized = (values - first) / spread
    begun = sized[:_FIRST]
    level, trend = np.polynomial.polynomial.polyfit(np.arange(1, len(begun) + 1), begun, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            model = ETSModel(
                sized,
                error="add",
                trend="add",
                damped_trend=True,
                initialization_method="known",
                initial_level=level,
                initial_trend=trend,
            )
            fit = model.fit(maxiter=_MOST_STEPS, disp=False)
        except ConvergenceWarning:
            raise NoFit("the search for the best parameters did not end") from None
    if not fit.mle_retvals["converged"]:
        raise NoFit("the search for the best parameters did not end")
    return _ahead(fit, first, spread, steps)


def _ahead(fit: Any, first: float, spread: float, steps: int) -> Ahead:
    """What a fit says of the next steps, in the size that the values had."""
    named = dict(zip(fit.model.param_names, (float(number) for number in fit.params), strict=True))
    level, trend, damping = (named[name] for name in ("smoothing_level", "smoothing_trend", "damping_trend"))
    freedom = int(fit.nobs) - _PARAMETERS
    variance = float(np.sum(np.asarray(fit.resid) ** 2)) / freedom
    # The means are the library's; the variances those of the book (table 6.1), over the degrees of freedom left.
    weights = level + trend * np.cumsum(damping ** np.arange(1, steps))
    grown = 1 + np.concatenate(([0.0], np.cumsum(weights**2)))
    following = float(np.asarray(fit.slope)[-1]) * damping * spread
    said = {"level": level, "trend": trend, "damping": damping, "next-change": following}
    return Ahead(first + spread * np.asarray(fit.forecast(steps)), spread * np.sqrt(variance * grown), freedom, said)
