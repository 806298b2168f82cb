"""Which choice a result depends on: Sobol's first-order and total effects by variance.

Sampled as Saltelli (2002) does. First-order effects are estimated as by Saltelli et al. (2010), total ones as by Jansen
(1999).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from api.analysis.ranks import Floats

_OUTPUTS = 64
"""Outputs whose effects are worked out at a time."""
RESAMPLES = 500
"""How often the points are drawn again, with replacement, for the intervals."""


@dataclass(frozen=True)
class Effects:
    """Share of the variance of each output that each input explains alone, and with all that it takes part in.

    Arrays are (inputs, outputs), and (2, inputs, outputs) of the intervals: between the 2.5th and the 97.5th percentile
    of the estimates from points drawn again (bootstrap; Archer, Saltelli and Sobol, 1997). `evaluations` is how often
    the model was computed.
    """

    first: Floats
    total: Floats
    first_95: Floats
    total_95: Floats
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
    again = np.random.default_rng([seed, 2]).multinomial(samples, np.full(samples, 1 / samples), size=RESAMPLES)
    once = np.vstack([np.ones(samples), again]) / samples
    effects = np.empty((2, len(once), len(inputs), outputs))
    for start in range(0, outputs, _OUTPUTS):
        some = slice(start, start + _OUTPUTS)
        effects[..., some] = _effects(np.stack([item[:, some] for item in found]), once)
    (first, *firsts), (total, *totals) = effects
    return Effects(first, total, _interval(firsts), _interval(totals), samples * (len(inputs) + 2))


def _outputs(model: Callable[[Floats], Floats], points: Floats) -> Floats:
    """What the model makes of some points: (points, outputs), where it has one output too."""
    return np.asarray(model(points), dtype=float).reshape(len(points), -1)


def _effects(found: Floats, points: Floats) -> Floats:
    """First-order and total effects (2, samples, inputs, outputs), each sample weighing the points in its own way.

    `found` is what the model made of the points and of each mix (2 + inputs, points, outputs), `points` the weights of
    the points in each sample (samples, points), which sum to one.
    """
    # About one centre: a large mean would drown what varies about it.
    found = found - found[:2].mean(axis=(0, 1))
    of_one, of_other = found[0], found[1]
    variance = points @ (of_one**2 + of_other**2) / 2 - (points @ (of_one + of_other) / 2) ** 2
    effects = np.empty((2, len(points), len(found) - 2, found.shape[2]))
    with np.errstate(invalid="ignore", divide="ignore"):
        for place, of_mixed in enumerate(found[2:]):
            # What an input without effect leaves as it was adds nothing, whatever the other inputs did.
            effects[0, :, place] = points @ (of_other * (of_mixed - of_one)) / variance
            effects[1, :, place] = 0.5 * (points @ (of_one - of_mixed) ** 2) / variance
    # Of an output that never varies there is no share of a variance, whatever rounding leaves of it.
    still = np.ptp(found[:2], axis=(0, 1)) == 0
    return np.where(still, np.nan, effects)


def _interval(effects: Sequence[Floats]) -> Floats:
    """Where 95 % of the estimates lie, (2, inputs, outputs); NaN where some sample had none."""
    return np.asarray(np.percentile(np.stack(effects), [2.5, 97.5], axis=0))
