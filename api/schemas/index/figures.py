"""Whether the figures of an index fit its definition: lists as long as there are regions, under known names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from api.errors import Fault, nearest
from api.schemas.index.bodies import cut

_PATH = "body/data"


def faults_of_figures(given: dict[str, Any]) -> Iterator[Fault]:
    """What does not fit."""
    data, known = given["data"], [item["id"] for item in given["indicators"]]
    regions = [item["id"] for item in data["regions"]]
    yield from _repeated(regions)
    for name in dict.fromkeys(known):
        if name not in data["values"]:
            message = f"There are no values of {name}. Give a number or null for each region."
            yield Fault("missing-values", f"{_PATH}/values", message, (name,))
    for kind in ("values", "earlier"):
        for name in data.get(kind, {}):
            if name not in known:
                yield unknown(name, known, f"{_PATH}/{kind}/{cut(name)}", what="indicator")
    for kind in ("values", "earlier", "denominators"):
        for name, column in data.get(kind, {}).items():
            yield from _wrong_length(column, regions, f"{_PATH}/{kind}/{cut(name)}")
    yield from _faults_of_groups(data)
    yield from _faults_of_indicators(given["indicators"], list(data.get("denominators", {})))


def unknown(name: str, known: list[str], path: str, *, what: str) -> Fault:
    """The fault of a name that is not defined in the body."""
    near = nearest(name, known, count=1)
    hint = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(known[:10]) or 'none'}."
    return Fault(f"unknown-{what}", path, f"There is no {what} {name!r} here. {hint}", near or tuple(known[:10]))


def _repeated(regions: Sequence[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, name in enumerate(regions):
        if name in seen:
            yield Fault("repeated-id", f"{_PATH}/regions/{place}", f"{name} is named more than once. Name it once.")
        seen.add(name)


def _wrong_length(column: Sequence[Any], regions: Sequence[str], path: str) -> Iterator[Fault]:
    if len(column) != len(regions):
        count = f"{len(column)} for {len(regions)} regions"
        yield Fault("wrong-length", path, f"The list is too long or too short: {count}. Give one for each, or null.")


def _faults_of_groups(data: dict[str, Any]) -> Iterator[Fault]:
    if "groups" in data:
        yield from _wrong_length(data["groups"], data["regions"], f"{_PATH}/groups")
    grouped = [item["group"] is not None for item in data["regions"]]
    if any(grouped) and (not all(grouped) or "groups" in data):
        place = grouped.index("groups" in data)
        message = "Give each region its group, or none of them; or a list of groups in place of it."
        yield Fault("groups", f"{_PATH}/regions/{place}/group", message)


def _faults_of_indicators(indicators: list[dict[str, Any]], denominators: list[str]) -> Iterator[Fault]:
    for place, item in enumerate(indicators):
        path = f"body/indicators/{place}"
        if item["denominator"] is not None and item["denominator"] not in denominators:
            yield unknown(item["denominator"], denominators, f"{path}/denominator", what="denominator")
        if "polarity" in item and "direction" in item:
            message = "Give polarity or direction, not both: they say the same."
            yield Fault("polarity-and-direction", f"{path}/direction", message)
        if item.get("direction") == 0:
            yield Fault("invalid-value", f"{path}/direction", "A direction is 1 or -1.", (1, -1))
