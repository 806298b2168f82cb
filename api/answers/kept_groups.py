"""Comparison groups of a release, kept in memory: all regions of a level are compared in the same ones.

The figures of a release never change, so that what is made from them alone can be kept for as long as the process runs.
The region that is asked about is no part of what is kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from api.answers.comparison.benchmarks import ITL1, Benchmark, uk_median, united_kingdom
from api.answers.comparison.group import Group, Subject, group_of
from api.answers.comparison.standing import Basis, Standing, basis_of, standings

_T = TypeVar("_T")

MOST = 256
"""How many things are kept for a database; the one not used for the longest time goes first. The largest, a group of
all local authorities, takes about 100 kB."""

_Memory = OrderedDict[tuple[Any, ...], Any]
_MEMORIES: WeakKeyDictionary[Any, _Memory] = WeakKeyDictionary()
_LOCK = Lock()


def group(subject: Subject, level: str) -> Group:
    """The comparison group of a level, see `comparison.group`."""
    return _kept(subject, ("group", level), lambda: group_of(subject, level))


def placed(subject: Subject, level: str) -> tuple[Basis, dict[int, Standing]]:
    """What is known of the error of a group's values, and where each of its regions stands."""

    def make() -> tuple[Basis, dict[int, Standing]]:
        found = group(subject, level)
        basis = basis_of(found)
        return basis, standings(found, basis)

    return _kept(subject, ("placed", level), make)


def of_the_uk(subject: Subject) -> tuple[Benchmark, Benchmark]:
    """The benchmarks `uk-median` and `uk`."""
    return _kept(subject, ("uk",), lambda: (uk_median(subject, group(subject, ITL1)), united_kingdom(subject)))


def _kept(subject: Subject, name: tuple[str, ...], make: Callable[[], _T]) -> _T:
    """What was made before under a name for the same indicator, period and release; else it is made now.

    Two threads that ask at once may both make it: they make the same.
    """
    divided = None if subject.denominator is None else subject.denominator.id
    key = (subject.reading.release, subject.indicator.id, subject.period, divided, *name)
    with _LOCK:
        memory = _MEMORIES.setdefault(subject.reading.database, OrderedDict())
        if key in memory:
            memory.move_to_end(key)
            found: _T = memory[key]
            return found
    made = make()
    with _LOCK:
        memory[key] = made
        while len(memory) > MOST:
            memory.popitem(last=False)
    return made
