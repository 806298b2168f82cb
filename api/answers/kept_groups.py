"""Comparison groups of a release, kept in memory: all regions of a level are compared in the same ones.

The figures of a release never change, so that what is made from them alone can be kept, as far as there is room.
The region that is asked about is no part of what is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from api.answers.comparison.benchmarks import ITL1, Benchmark, uk_median, united_kingdom
from api.answers.comparison.group import Group, Subject, group_of
from api.answers.comparison.standing import Basis, Standing, basis_of, standings
from api.room import Room

_T = TypeVar("_T")
_Key = tuple[Any, ...]
_ROOMS: WeakKeyDictionary[Any, Room[_Key, Any]] = WeakKeyDictionary()
_FIGURE, _BESIDE = 700, 3_000
"""Bytes that a region of a group takes, with its standing, and what each thing kept takes beside: generously."""


def group(subject: Subject, level: str) -> Group:
    """The comparison group of a level, see `comparison.group`."""
    return _kept(subject, ("group", level), lambda: group_of(subject, level), regions=_all)


def placed(subject: Subject, level: str) -> tuple[Basis, dict[int, Standing]]:
    """What is known of the error of a group's values, and where each of its regions stands."""

    def make() -> tuple[Basis, dict[int, Standing]]:
        found = group(subject, level)
        basis = basis_of(found)
        return basis, standings(found, basis)

    return _kept(subject, ("placed", level), make, regions=lambda made: len(made[1]))


def of_the_uk(subject: Subject) -> tuple[Benchmark, Benchmark]:
    """The benchmarks `uk-median` and `uk`."""
    return _kept(
        subject,
        ("uk",),
        lambda: (uk_median(subject, group(subject, ITL1)), united_kingdom(subject)),
        regions=lambda _: 1,
    )


def _all(made: Group) -> int:
    return len(made.figures) + len(made.missing) + len(made.left_out)


def _kept(subject: Subject, name: tuple[str, ...], make: Callable[[], _T], *, regions: Callable[[_T], int]) -> _T:
    """What was made before under a name for the same indicator, period and release; else it is made now.

    Two threads that ask at once may both make it: they make the same.
    """
    divided = None if subject.denominator is None else subject.denominator.id
    catalogue = subject.reading.catalogue
    key = (catalogue.origin, catalogue.release.id, subject.indicator.id, subject.period, divided, *name)
    room = _ROOMS.get(subject.reading.database)
    if room is None:
        room = _ROOMS.setdefault(subject.reading.database, Room(subject.reading.settings.kept_groups_bytes))
    (found,) = room.get((key,))
    if found is not None:
        kept: _T = found
        return kept
    made = make()
    room.put(key, made, _BESIDE + _FIGURE * regions(made))
    return made
