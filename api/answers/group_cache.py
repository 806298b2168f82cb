"""Comparison groups of a release, and the ranks in them, cached: all regions of a level are compared in the same ones.

The figures of a release never change, so that what is made of them alone can be cached. The region that is asked about
is no part of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from api.answers.comparison.benchmarks import ITL1, Benchmark, uk_median, united_kingdom
from api.answers.comparison.group import Group, Subject, group_of
from api.answers.comparison.rank_intervals import Basis, RankInterval, basis_of, rank_intervals

_T = TypeVar("_T")
_FIGURE, _BESIDE = 700, 3_000
"""Bytes that a region of a group takes, with its rank interval, and what each entry takes beside: generously."""


def group(subject: Subject, level: str) -> Group:
    """The comparison group of a level, see `comparison.group`."""
    return _cached(subject, ("group", level), lambda: group_of(subject, level), regions=_all)


def ranks(subject: Subject, level: str) -> tuple[Basis, dict[int, RankInterval]]:
    """What is known of the error of a group's values, and the rank interval of each of its regions by its number."""

    def make() -> tuple[Basis, dict[int, RankInterval]]:
        found = group(subject, level)
        basis = basis_of(found)
        return basis, rank_intervals(found, basis)

    return _cached(subject, ("ranks", level), make, regions=lambda made: len(made[1]))


def of_the_uk(subject: Subject) -> tuple[Benchmark, Benchmark]:
    """The benchmarks `uk-median` and `uk`."""
    return _cached(
        subject,
        ("uk",),
        lambda: (uk_median(subject, group(subject, ITL1)), united_kingdom(subject)),
        regions=lambda _: 1,
    )


def _all(made: Group) -> int:
    return len(made.figures) + len(made.missing) + len(made.left_out)


def _cached(subject: Subject, name: tuple[str, ...], make: Callable[[], _T], *, regions: Callable[[_T], int]) -> _T:
    """What was made before under a name for the same indicator, period and release; else it is made now.

    Two threads that ask at once may both make it: they make the same.
    """
    divided = None if subject.denominator is None else subject.denominator.id
    catalogue, cache = subject.reading.catalogue, subject.reading.caches.groups
    key = (catalogue.origin, catalogue.release.id, subject.indicator.id, subject.period, divided, *name)
    found: _T | None = cache.get(key)
    if found is not None:
        return found
    made = make()
    cache.put(key, made, _BESIDE + _FIGURE * regions(made))
    return made
