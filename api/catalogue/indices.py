"""Indices as data: which indicators make up which component, by which method. Their mathematics is in `analysis`.

A change of any of it is a new version of the method, with a number of its own: scores of one version compare over time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

NORMALISATIONS = ("goalposts", "min-max", "z-score")
"""The methods by which a published index may be normalised."""


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


def index_of(content: dict[str, Any]) -> Index:
    """An index from its definition as it is stored, and as it stands in a file. ValueError where it cannot be one.

    KeyError and TypeError where a part is missing, or none that an index has.
    """
    given = dict(content)
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
