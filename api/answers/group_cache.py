"""Comparison groups of a release, and the ranks in them, cached: all regions of a level are compared in the same ones.

The figures of a release never change, so that what is made of them alone can be cached. The region that is asked about
is no part of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from api.answers.comparison.benchmarks import NO_MAIN, Benchmark, uk_median, united_kingdom
from api.answers.comparison.counts import counts_of
from api.answers.comparison.group import Group, Subject, group_of
from api.answers.comparison.rank_intervals import Basis, RankInterval, basis_of, marginal, rank_intervals
from api.models.geography import MAIN

_T = TypeVar("_T")
_FIGURE, _RANK, _OWN, _BESIDE = 400, 300, 200, 3_000
"""Bytes that a region takes in a group, its rank interval, its own ranks, and each entry beside: a fifth more than
measured."""


def group(subject: Subject, level: str) -> Group:
    """The comparison group of a level, see `comparison.group`."""
    return _cached(subject, ("group", level), lambda: group_of(subject, level), size=lambda made: _FIGURE * _all(made))


def ranks(subject: Subject, found: Group) -> tuple[Basis, dict[int, RankInterval]]:
    """What is known of the error of the values of a level's group, and the rank interval of each region by its number.

    The best come first, see `rank_intervals`.
    """

    def make() -> tuple[Basis, dict[int, RankInterval]]:
        counts = counts_of(subject, found)
        basis = basis_of(found, counts)
        return basis, rank_intervals(found, basis, counts)

    return _cached(subject, ("ranks", found.level), make, size=lambda made: _RANK * len(made[1]))


def marginal_ranks(subject: Subject, found: Group) -> dict[int, tuple[int, int]]:
    """The best and the worst rank of each region looked at by itself, by its number; see `rank_intervals.marginal`.

    Apart from the others, since a profile, which is about all indicators, does without.
    """
    basis, _ = ranks(subject, found)
    return _cached(subject, ("own", found.level), lambda: marginal(found, basis), size=lambda made: _OWN * len(made))


def of_the_uk(subject: Subject) -> tuple[Benchmark, Benchmark]:
    """The benchmarks `uk-median` and `uk`."""
    main = subject.catalogue.level_as(MAIN)
    return _cached(
        subject,
        ("uk",),
        lambda: (NO_MAIN if main is None else uk_median(subject, group(subject, main.id)), united_kingdom(subject)),
        size=lambda _: 0,
    )


def _all(made: Group) -> int:
    return len(made.figures) + len(made.missing) + len(made.left_out)


def _cached(subject: Subject, name: tuple[str, ...], make: Callable[[], _T], *, size: Callable[[_T], int]) -> _T:
    """What was made before under a name for the same indicator, period and release; else it is made now.

    `size` is how many bytes it takes, those of every entry apart.

    Two threads that ask at once may both make it: they make the same.
    """
    divided = None if subject.denominator is None else subject.denominator.id
    catalogue, cache = subject.reading.catalogue, subject.reading.caches.groups
    key = (catalogue.origin, catalogue.release.id, subject.indicator.id, subject.period, divided, *name)
    found: _T | None = cache.get(key)
    if found is not None:
        return found
    made = make()
    cache.put(key, made, _BESIDE + size(made))
    return made
