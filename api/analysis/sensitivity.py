"""Which choice a result depends on: Sobol's first-order and total effects by variance.

Sampled as Saltelli (2002) does. First-order effects are estimated as by Janon et al. (2014), from pairs of points that
share one input, total ones as by Jansen (1999).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from api.analysis.ranks import Floats

_OUTPUTS = 64
"""Outputs whose effects are worked out at a time."""


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
    found = [_outputs(model, one), _outputs(model, other)]
    for places in inputs:
        # One after the other: all the points together would be many times as large.
        mix = one.copy()
        mix[:, list(places)] = other[:, list(places)]
        found.append(_outputs(model, mix))
    outputs = found[0].shape[1]
    first, total = np.empty((2, len(inputs), outputs))
    for start in range(0, outputs, _OUTPUTS):
        some = slice(start, start + _OUTPUTS)
        first[:, some], total[:, some] = _effects(np.stack([item[:, some] for item in found]))
    return Effects(first, total, samples * (len(inputs) + 2))


def _outputs(model: Callable[[Floats], Floats], points: Floats) -> Floats:
    """What the model makes of some points: (points, outputs), where it has one output too."""
    return np.asarray(model(points), dtype=float).reshape(len(points), -1)


def _effects(found: Floats) -> tuple[Floats, Floats]:
    """First-order and total effects (inputs, outputs) from what the model made of the points and of each mix."""
    of_one, of_other, of_mixed = found[0], found[1], found[2:]
    variance = np.var(found[:2].reshape(-1, found.shape[2]), axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        # About their mean: a large one would drown what varies about it.
        mean = (of_other + of_mixed).mean(axis=1, keepdims=True) / 2
        one_, two = of_other - mean, of_mixed - mean
        first = np.mean(one_ * two, axis=1) / np.mean((one_**2 + two**2) / 2, axis=1)
        total = 0.5 * np.mean((of_one - of_mixed) ** 2, axis=1) / variance
    return first, total
