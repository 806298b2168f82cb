"""Comparison groups of a release, and the ranks in them, cached: all regions of a level are compared in the same ones.

The figures of a release never change, so that what is made of them alone can be cached. The region that is asked about
is no part of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from api.answers.comparison.benchmarks import NO_MAIN, Benchmark, uk_median, united_kingdom
from api.answers.comparison.chance import chance_of
from api.answers.comparison.changes import changes_of, errors_of_changes
from api.answers.comparison.counts import counts_of
from api.answers.comparison.error_bounds import NOTHING_COMPARED, Basis, Errors, errors_of
from api.answers.comparison.group import Group, Subject, group_of
from api.answers.comparison.rank_intervals import RankInterval, marginal, rank_intervals
from api.filters import BASES, RANKED_BY
from api.models.geography import MAIN

_T = TypeVar("_T")
PUBLISHED = BASES[0]
_FIGURE, _RANK, _OWN, _BESIDE = 400, 300, 200, 3_000
"""Bytes that a region takes in a group, its rank interval, its own ranks, and each entry beside: a fifth more than
measured."""


def group(subject: Subject, level: str) -> Group:
    """The comparison group of a level, see `comparison.group`."""
    return _cached(subject, ("group", level), lambda: group_of(subject, level), size=lambda made: _FIGURE * _all(made))


def ranks(subject: Subject, found: Group, basis: str = PUBLISHED) -> tuple[Basis, dict[int, RankInterval]]:
    """What is known of the error of the values of a level's group, and the rank interval of each region by its number.

    The best come first, see `rank_intervals`; `basis` is one of `filters.BASES`.
    """
    errors, intervals = _ranked(subject, found, basis)
    return errors.basis, intervals


def marginal_ranks(subject: Subject, found: Group, basis: str = PUBLISHED) -> dict[int, tuple[int, int]]:
    """The best and the worst rank of each region looked at by itself, by its number; see `rank_intervals.marginal`.

    Apart from the others, since a profile, which is about all indicators, does without.
    """
    errors, _ = _ranked(subject, found, basis)
    name = ("own", found.level, basis)
    return _cached(subject, name, lambda: marginal(found, errors), size=lambda made: _OWN * len(made))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A group with the ranks in it: all at once, and each region's own.

    Of a change `since` is the earlier period and `before` the values in it, with so many decimals.
    """

    group: Group
    basis: Basis
    intervals: dict[int, RankInterval]
    own: dict[int, tuple[int, int]]
    by: str = RANKED_BY[0]
    since: str | None = None
    before: dict[int, float] = field(default_factory=dict)
    decimals: int = 0


def ranked(subject: Subject, level: str, basis: str) -> Ranked:
    """A level by its values."""
    found = group(subject, level)
    basis_, intervals = ranks(subject, found, basis)
    return Ranked(group=found, basis=basis_, intervals=intervals, own=marginal_ranks(subject, found, basis))


def unchanged(subject: Subject, level: str, reason: str, *, relative: bool) -> Ranked:
    """A level whose change cannot be told, and why."""
    nothing = replace(group(subject, level), figures={}, reason=reason)
    return Ranked(group=nothing, basis=NOTHING_COMPARED, intervals={}, own={}, by=RANKED_BY[2 if relative else 1])


def ranked_changes(subject: Subject, level: str, basis: str, since: str, *, relative: bool) -> Ranked:
    """A level by what became of its values since an earlier period."""
    by = RANKED_BY[2 if relative else 1]

    def make() -> Ranked:
        before = replace(subject, period=since)
        later, earlier = group(subject, level), group(before, level)
        made = changes_of(subject, later, earlier, relative=relative)
        if made.group.reason is not None:
            return Ranked(group=made.group, basis=NOTHING_COMPARED, intervals={}, own={}, by=by, since=since)
        errors = errors_of_changes(made, _ranked(subject, later, basis)[0], _ranked(before, earlier, basis)[0])
        return Ranked(
            group=made.group,
            basis=errors.basis,
            intervals=rank_intervals(made.group, errors),
            own=marginal(made.group, errors),
            by=by,
            since=since,
            before={region: earlier.figures[region].value for region in made.group.figures},
            decimals=earlier.decimals,
        )

    name = ("changes", level, since, str(relative), basis)
    return _cached(subject, name, make, size=lambda made: (_FIGURE + _RANK + _OWN) * _all(made.group))


def _ranked(subject: Subject, found: Group, basis: str) -> tuple[Errors, dict[int, RankInterval]]:
    def make() -> tuple[Errors, dict[int, RankInterval]]:
        counts = counts_of(subject, found)
        errors = errors_of(found, counts) if basis == PUBLISHED else chance_of(found, counts)
        return errors, rank_intervals(found, errors)

    return _cached(subject, ("ranks", found.level, basis), make, size=lambda made: _RANK * len(made[1]))


def of_the_uk(subject: Subject) -> tuple[Benchmark, Benchmark]:
    """The benchmarks `uk-median` and `uk`."""
    main = subject.catalogue.level_as(MAIN)

    def _both(wide: Group) -> tuple[Benchmark, Benchmark]:
        return uk_median(subject, wide), united_kingdom(subject, wide)

    return _cached(
        subject,
        ("uk",),
        lambda: (NO_MAIN, united_kingdom(subject)) if main is None else _both(group(subject, main.id)),
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
