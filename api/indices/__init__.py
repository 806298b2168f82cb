"""The indices that this project publishes, as data: a file each, read once. Their mathematics is in `analysis`.

A file says which indicators make up which component, with weights and goalposts. A change of any of it is a new version
of the method, with a number of its own: scores of one version compare over time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from api import errors


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexIndicator:
    """An indicator of an index: its weight within its component, and the values that count as 0 and as 100."""

    indicator: str
    weight: float
    goalposts: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexComponent:
    """A component of an index; without indicators it is not measured."""

    component: str
    weight: float
    indicators: tuple[IndexIndicator, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index: of the regions of a level, from indicators by component, by a method.

    `most_years_old` is how old a figure may be, `least_share` for what share of the regions an indicator needs one,
    and `least_components` of how many components an index is made at least.
    """

    id: str
    title: str
    description: str
    level: str
    method_version: str
    normalisation: str
    treatment: str
    imputation: str
    aggregation: str
    most_years_old: int
    least_share: float
    least_components: int
    notes: tuple[str, ...]
    components: tuple[IndexComponent, ...]


def find(name: str, *, path: str) -> Index:
    """The index of an identifier. Problem `unknown-id` where there is none."""
    found = INDICES.get(name.strip().casefold())
    if found is None:
        candidates = errors.nearest(name, list(INDICES)) or tuple(INDICES)
        raise errors.unknown_id("index", name, path=path, candidates=candidates, where="/v1/indices")
    return found


def _read(text: str) -> Index:
    given = json.loads(text)
    if not given["method_version"].isdecimal():
        # Tables have it in a column of whole numbers: of 1.10 and 1.1 readers would make the same.
        raise ValueError(f"method_version of {given['id']} is not a whole number")
    components = tuple(
        IndexComponent(
            component=part["component"],
            weight=part["weight"],
            indicators=tuple(
                IndexIndicator(**{**item, "goalposts": tuple(item["goalposts"])}) for item in part["indicators"]
            ),
        )
        for part in given.pop("components")
    )
    return Index(**{**given, "notes": tuple(given["notes"])}, components=components)


def _all() -> Mapping[str, Index]:
    found = [_read(item.read_text("utf-8")) for item in files(__name__).iterdir() if item.name.endswith(".json")]
    # The regions of the whole country first.
    return {item.id: item for item in sorted(found, key=lambda item: (item.level != "itl1", item.id))}


INDICES = _all()
"""Every index by its identifier."""
