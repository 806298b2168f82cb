"""The benefit of the doubt: each region scored with the weights that favour it most.

Melyn and Moesen (1991); Cherchye, Moesen, Rogge and Van Puyenbroeck (2007). It is data envelopment analysis with one
input that is the same for all; as R's Compind, `ci_bod`, and with shares bound as in Cherchye et al. (2008).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from api.analysis.aggregation import MOST_CELLS
from api.analysis.errors import Impossible
from api.analysis.ranks import Floats


def benefit_of_the_doubt(values: Floats, weights: Floats, *, least_share: float = 0.0) -> Floats:
    """The best score of each region under its own weights, 1 the best there is: (regions, parts) to (regions,).

    The score of a region is the most that a sum of its parts can come to with weights of zero or more under which no
    region comes to more than 1. Each part makes up `least_share` of the region's own sum at least. `weights` say which
    parts take part: those that weigh nothing do not. Raises `Impossible` where values are missing, or below zero.
    """
    values = np.asarray(values, dtype=float)
    if max(values.ndim, np.ndim(weights)) > 2:
        raise Impossible("With weights of its own for each region nothing is drawn of weights. Choose another mean.")
    taken = np.flatnonzero(np.broadcast_to(weights, values.shape)[0] > 0)
    _refuse(values, taken)
    known = values[:, taken] / np.maximum(values[:, taken].max(axis=0), _LEAST)
    if least_share * len(taken) > 1:
        raise Impossible(f"{len(taken)} parts cannot each make up {least_share:g} of a score. Lower `least_share`.")
    return np.array([_best(known, region, least_share) for region in range(len(known))])


_LEAST = 1e-300
"""What is divided by where a part is zero everywhere."""


def _refuse(values: Floats, taken: NDArray[np.intp]) -> None:
    chosen = values[:, taken]
    known = "The benefit of the doubt needs every value; some are missing. Fill them in with an imputation."
    above = "The benefit of the doubt is of values of zero or more; less stands in some cells."
    for wrong, message in ((np.isnan(chosen), known), (chosen < 0, above)):
        if wrong.any():
            cells = tuple((int(row), int(taken[column])) for row, column in np.argwhere(wrong)[:MOST_CELLS])
            raise Impossible(message, cells=cells)


def _best(values: Floats, region: int, least_share: float) -> float:
    from scipy.optimize import linprog  # noqa: PLC0415  (not before an index is asked for)

    own = values[region]
    if not own.any():
        return 0.0
    bounds_of_shares = least_share * own[None, :] - np.diag(own)
    rows = np.vstack([values, bounds_of_shares]) if least_share else values
    most = np.concatenate([np.ones(len(values)), np.zeros(len(own))]) if least_share else np.ones(len(values))
    found = linprog(-own, A_ub=rows, b_ub=most, bounds=(0, None))
    if not found.success:
        raise Impossible(f"The best weights of a region could not be found: {found.message}", cells=((region, -1),))
    return float(min(max(-found.fun, 0.0), 1.0))
