"""Whether the parts of an index make a tree: everything that is wrong with it, where it stands in the definition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from api.answers.index.asked import AskedAggregate, AskedIndicator
from api.errors import Fault, first, nearest

TOP = "index"
"""What the top is called where no aggregate is named."""
Indicators = Sequence[AskedIndicator]
Aggregates = Sequence[AskedAggregate]


def faults_of_tree(indicators: Indicators, aggregates: Aggregates) -> list[Fault]:
    """Repeated identifiers and unknown parents first; where there are none, what else keeps it from being a tree."""
    faults = first(chain(_repeated(indicators, aggregates), _unknown_parents(indicators, aggregates)))
    return faults or [*_circles(aggregates), *_tops(indicators, aggregates), *_weightless(indicators, aggregates)]


def _placed(indicators: Indicators, aggregates: Aggregates) -> Iterator[tuple[str, AskedIndicator | AskedAggregate]]:
    for place, indicator in enumerate(indicators):
        yield f"indicators/{place}", indicator
    for place, aggregate in enumerate(aggregates):
        yield f"aggregates/{place}", aggregate


def _repeated(indicators: Indicators, aggregates: Aggregates) -> Iterator[Fault]:
    seen = set() if aggregates else {TOP}
    for path, item in _placed(indicators, aggregates):
        if item.id in seen:
            message = f"{item.id} is named more than once, or is what the top is called. Call it something else."
            yield Fault("repeated-id", f"{path}/id", message)
        seen.add(item.id)


def _unknown_parents(indicators: Indicators, aggregates: Aggregates) -> Iterator[Fault]:
    known = [item.id for item in aggregates]
    for path, item in _placed(indicators, aggregates):
        if item.parent is not None and item.parent not in known:
            near = nearest(item.parent, known, count=1)
            hint = f"Did you mean {near[0]}?" if near else f"Aggregates are: {', '.join(known[:10]) or 'none'}."
            message = f"{item.id} belongs to {item.parent!r}, which is no aggregate. {hint}"
            yield Fault("unknown-parent", f"{path}/parent", message, near or tuple(known[:10]))


def _circles(aggregates: Aggregates) -> Iterator[Fault]:
    parents: dict[str | None, str | None] = {item.id: item.parent for item in aggregates}
    sound: set[str | None] = {None}
    for place, item in enumerate(aggregates):
        way: list[str | None] = []
        name: str | None = item.id
        while name not in sound and name not in way:
            way.append(name)
            name = parents[name]
        if name in way:
            circle = " belongs to ".join(map(str, (*way[way.index(name) :], name)))
            message = f"{circle}: a circle. Give one of them another parent, or none."
            yield Fault("circle", f"aggregates/{place}/parent", message)
        sound |= set(way)


def _tops(indicators: Indicators, aggregates: Aggregates) -> Iterator[Fault]:
    if not aggregates:
        return
    known = tuple(item.id for item in aggregates)
    for place, item in enumerate(indicators):
        if item.parent is None:
            message = f"{item.id} belongs to no aggregate. Name its parent."
            yield Fault("no-parent", f"indicators/{place}/parent", message, known[:10])
    tops = [(place, item.id) for place, item in enumerate(aggregates) if item.parent is None]
    for place, name in tops[1:]:
        message = f"An index has one top, and {tops[0][1]} is one without a parent as well. Name the parent of {name}."
        yield Fault("several-tops", f"aggregates/{place}/parent", message)


def _weightless(indicators: Indicators, aggregates: Aggregates) -> Iterator[Fault]:
    items: list[AskedIndicator | AskedAggregate] = [*indicators, *aggregates]
    parts = Counter(item.parent for item in items)
    weighing = Counter(item.parent for item in items if item.weight > 0)
    if not aggregates and not weighing:
        yield Fault("weightless", "indicators", "All weights are zero. Give one of them more.")
    for place, item in enumerate(aggregates):
        path, name = f"aggregates/{place}", item.id
        if not parts[name]:
            yield Fault("no-parts", path, f"{name} has no parts. Leave it out, or let something belong to it.")
        elif not weighing[name]:
            yield Fault("weightless", path, f"The weights of all parts of {name} are zero. Give one of them more.")
