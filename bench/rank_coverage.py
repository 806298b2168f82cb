"""How often confidence sets of ranks hold the true ranks: `python -m bench.rank_coverage [--worlds 10000]`.

In each world the estimates are drawn anew around the same truth. Shown are the shares of worlds in which the sets of
all regions hold together, in which the set of a region by itself holds (the least of all regions), and in which all of
the three best are among those that may be; and how wide the sets are beside those of the same method as the R package
csranks has it: a thousand draws, made anew each time, and the plain quantile of them.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

import numpy as np

from api.analysis import rank_sets
from api.analysis.rank_sets import Estimates
from api.analysis.ranks import Floats, ranks

_BEST = 3
_WORK = 1_000_000
"""Draws times pairs of regions for each world: 10,000 draws for ten regions."""


def truths() -> Iterator[tuple[str, Floats, Floats]]:
    """Worlds by name: the true values, and the standard errors of their estimates."""
    random = np.random.default_rng(11)
    yield "12 regions, far apart", np.arange(12.0) * 2, np.ones(12)
    yield "12 regions, close together", np.arange(12.0) / 2, np.ones(12)
    yield "12 regions, all equal", np.zeros(12), np.ones(12)
    yield "12 regions, unequal errors", random.normal(0, 2, 12), random.uniform(0.2, 3, 12)
    yield "5 regions, one far above", np.array([9.0, 0, 0, 0, 0]), np.ones(5)
    yield "24 regions, in three clusters", np.repeat([0.0, 3.0, 6.0], 8), random.uniform(0.5, 1.5, 24)


def held(found: tuple[Floats, Floats], order: Floats) -> np.ndarray:
    """Which true ranks the sets hold."""
    return np.asarray((found[0] <= order) & (order <= found[1]))


def width(found: tuple[Floats, Floats]) -> float:
    """How many ranks a set holds beyond one, on average."""
    return float((found[1] - found[0]).mean())


def as_csranks_does(values: Floats, errors: Floats, seed: int) -> tuple[float, float]:
    """The mean widths of sets by a thousand draws of their own and the plain quantile: all at once, and by itself."""
    ours = rank_sets._quantile, rank_sets._DRAWS, rank_sets._SEED  # noqa: SLF001
    rank_sets._quantile = lambda largest, level: float(np.quantile(largest, level))  # noqa: SLF001
    rank_sets._DRAWS, rank_sets._SEED = (1_000, 1_000), seed  # noqa: SLF001
    try:
        found = Estimates(values, errors, errors)
        return width(found.simultaneous()), width(found.marginal())
    finally:
        rank_sets._quantile, rank_sets._DRAWS, rank_sets._SEED = ours  # noqa: SLF001


def main() -> None:
    """Simulate the worlds, and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=10_000)
    worlds = parser.parse_args().worlds
    print(f"{'':32}{'together':>9}{'alone':>8}{'best 3':>8}   width, ours / csranks: together        alone")
    for name, truth, errors in truths():
        random, begun = np.random.default_rng(5), time.monotonic()
        order = ranks(truth)
        together, alone, best = 0, np.zeros(len(truth)), 0
        widths = np.zeros(4)
        for world in range(worlds):
            values = truth + random.normal(size=len(truth)) * errors
            found = Estimates(values, errors, errors, work=_WORK)
            all_, own = found.simultaneous(), found.marginal()
            together += bool(held(all_, order).all())
            alone += held(own, order)
            best += bool(found.among_best(_BEST)[order <= _BEST].all())
            if world % 20 == 0:
                widths += [width(all_), width(own), *as_csranks_does(values, errors, world)]
        ours_all, ours_own, theirs_all, theirs_own = widths / len(range(0, worlds, 20))
        print(
            f"{name:32}{together / worlds:9.2%}{(alone / worlds).min():8.2%}{best / worlds:8.2%}"
            f"{ours_all:28.2f} / {theirs_all:.2f}{ours_own:8.2f} / {theirs_own:.2f}   {time.monotonic() - begun:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
