"""The figures that came with a definition: whether they fit it, and as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from api.analysis.definition import TO_95, DataError, Inputs
from api.analysis.ranks import Floats
from api.answers.index.asked import AskedFigures, AskedIndicator, Columns
from api.errors import Fault, nearest, part


def faults_of_figures(
    data: AskedFigures, indicators: Sequence[AskedIndicator], known: Sequence[str] | None = None
) -> Iterator[Fault]:
    """What does not fit: lists that are not as long as there are regions, names that are not known.

    `indicators` are those that the figures are to be of, `known` all that the definition names.
    """
    own, regions = [item.id for item in indicators], [item.id for item in data.regions]
    known = own if known is None else known
    lists: dict[str, Columns] = {
        "values": data.values,
        "earlier": data.earlier or {},
        "standard_errors": data.standard_errors or {},
    }
    yield from _repeated(regions)
    for name in dict.fromkeys(own):
        if name not in data.values:
            message = f"There are no values of {name}. Give a number or null for each region."
            yield Fault("missing-values", "data/values", message, (name,))
    for kind, columns in lists.items():
        for name in columns:
            if name not in known:
                yield unknown(name, list(known), f"data/{kind}/{part(name)}", what="indicator")
            elif name not in own:
                message = f"{name} has no values here: what belongs to them is that of this service. Leave it out."
                yield Fault("not-own", f"data/{kind}/{part(name)}", message)
    for kind, columns in (*lists.items(), ("denominators", data.denominators)):
        for name, column in columns.items():
            yield from _wrong_length(column, regions, f"data/{kind}/{part(name)}")
    if data.sizes is not None:
        yield from _wrong_length(data.sizes, regions, "data/sizes")
    yield from _faults_of_groups(data)
    yield from _faults_of_indicators(indicators, list(data.denominators))


def inputs(data: AskedFigures, indicators: Sequence[AskedIndicator]) -> Inputs:
    """The figures as arrays."""
    names, count = [item.id for item in indicators], len(data.regions)
    groups: Sequence[str | None] = data.groups or [item.group for item in data.regions]
    known = [group for group in groups if group is not None]
    return Inputs(
        regions=tuple(item.id for item in data.regions),
        values=_columns(data.values, names, count),
        groups=tuple(known) if len(known) == len(groups) else None,
        denominators={name: np.array(column, dtype=float) for name, column in data.denominators.items()},
        earlier=None if data.earlier is None else _columns(data.earlier, names, count),
        sizes=None if data.sizes is None else np.array(data.sizes, dtype=float),
        errors=None if data.standard_errors is None else _errors(data, indicators),
    )


def _errors(data: AskedFigures, indicators: Sequence[AskedIndicator]) -> DataError:
    """The errors of the figures as they are compared: divided by their denominators, and scaled."""
    bounds = TO_95 * _columns(data.standard_errors or {}, [item.id for item in indicators], len(data.regions))
    for column, item in enumerate(indicators):
        if item.denominator is not None:
            divisor = np.array(data.denominators[item.denominator], dtype=float)
            bounds[:, column] /= np.where(divisor > 0, divisor, np.nan)
    found = DataError(below=bounds, above=bounds, normal=np.ones(len(indicators), dtype=bool))
    return found.scaled([item.scale for item in indicators])


def unknown(name: str, known: list[str], path: str, *, what: str) -> Fault:
    """The fault of a name that is not defined in the body."""
    near = nearest(name, known, count=1)
    hint = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(known[:10]) or 'none'}."
    return Fault(f"unknown-{what}", path, f"There is no {what} {name!r} here. {hint}", near or tuple(known[:10]))


def _columns(lists: Columns, names: Sequence[str], count: int) -> Floats:
    nothing: list[float | None] = [None] * count
    return np.array([lists.get(name, nothing) for name in names], dtype=float).T


def _repeated(regions: Sequence[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, name in enumerate(regions):
        if name in seen:
            yield Fault("repeated-id", f"data/regions/{place}", f"{name} is named more than once. Name it once.")
        seen.add(name)


def _wrong_length(column: Sequence[Any], regions: Sequence[Any], path: str) -> Iterator[Fault]:
    if len(column) != len(regions):
        count = f"{len(column)} for {len(regions)} regions"
        yield Fault("wrong-length", path, f"The list is too long or too short: {count}. Give one for each, or null.")


def _faults_of_groups(data: AskedFigures) -> Iterator[Fault]:
    listed = data.groups is not None
    if data.groups is not None:
        yield from _wrong_length(data.groups, data.regions, "data/groups")
    grouped = [item.group is not None for item in data.regions]
    if any(grouped) and (not all(grouped) or listed):
        message = "Give each region its group, or none of them; or a list of groups in place of it."
        yield Fault("groups", f"data/regions/{grouped.index(listed)}/group", message)


def _faults_of_indicators(indicators: Sequence[AskedIndicator], denominators: list[str]) -> Iterator[Fault]:
    for place, item in enumerate(indicators):
        path = f"indicators/{place}"
        if item.denominator is not None and item.denominator not in denominators:
            yield unknown(item.denominator, denominators, f"{path}/denominator", what="denominator")
        if item.polarity is not None and item.direction is not None:
            message = "Give polarity or direction, not both: they say the same."
            yield Fault("polarity-and-direction", f"{path}/direction", message)
        if item.base_period is not None:
            message = "A base period is one of figures of this service. Give base_mean and base_deviation in its place."
            yield Fault("base-period", f"{path}/base_period", message)
        if item.direction == 0:
            yield Fault("invalid-value", f"{path}/direction", "A direction is 1 or -1.", (1, -1))
