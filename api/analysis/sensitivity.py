"""Which choice a result depends on: Sobol's first-order and total effects by variance.

Sampled as Saltelli (2002) does. First-order effects are estimated as by Janon et al. (2014), from pairs of points that
share one input, total ones as by Jansen (1999).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from api.analysis.ranks import Floats


@dataclass(frozen=True)
class Effects:
    """Share of the variance of each output that each input explains alone, and with all that it takes part in.

    Arrays are (inputs, outputs); `evaluations` is how often the model was computed.
    """

    first: Floats
    total: Floats
    evaluations: int


def sobol(
    model: Callable[[Floats], Floats], dimensions: int, *, samples: int, seed: int, groups: Sequence[Sequence[int]] = ()
) -> Effects:
    """The effects of inputs on a model, which takes points of the unit cube (points, dimensions) to (points, outputs).

    `groups` are the dimensions that make up each input; without them every dimension is one. `samples` is a power of
    two, so that the points fill the cube evenly.
    """
    from scipy.stats import qmc  # noqa: PLC0415  (half a second to import, for those who ask for it)

    inputs = list(groups) or [[place] for place in range(dimensions)]
    points = qmc.Sobol(2 * dimensions, scramble=True, rng=seed).random(samples)
    one, other = points[:, :dimensions], points[:, dimensions:]
    mixed = []
    for places in inputs:
        mix = one.copy()
        mix[:, list(places)] = other[:, list(places)]
        mixed.append(mix)
    found = np.asarray(model(np.concatenate([one, other, *mixed])), dtype=float)
    found = found.reshape(len(inputs) + 2, samples, -1)
    of_one, of_other, of_mixed = found[0], found[1], found[2:]
    variance = np.var(found[:2].reshape(2 * samples, -1), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        # About their mean: a large one would drown what varies about it.
        mean = (of_other + of_mixed).mean(axis=1, keepdims=True) / 2
        one_, two = of_other - mean, of_mixed - mean
        first = np.mean(one_ * two, axis=1) / np.mean((one_**2 + two**2) / 2, axis=1)
        total = 0.5 * np.mean((of_one - of_mixed) ** 2, axis=1) / variance
    return Effects(first, total, samples * (len(inputs) + 2))
