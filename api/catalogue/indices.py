"""Indices as data: which indicators make up which component, by which method. Their mathematics is in `analysis`.

A change of any of it is a new version of the method, with a number of its own: scores of one version compare over time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

NORMALISATIONS = ("goalposts", "min-max", "z-score")
"""The methods by which a published index may be normalised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexIndicator:
    """An indicator of an index: its weight within its component, and the values that count as 0 and as 100.

    Its `logarithm` is taken before, where each step up is a ratio, and `digital` says whether it measures something
    digital, rather than the ground that this grows on.
    """

    indicator: str
    weight: float
    goalposts: tuple[float, float]
    logarithm: bool = False
    digital: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexComponent:
    """A component of an index; without indicators it is not measured."""

    component: str
    weight: float
    indicators: tuple[IndexIndicator, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexUncertainty:
    """What could have been chosen otherwise of an index, as its ranges take it in."""

    weights: float = 0.25
    normalisation: tuple[str, ...] = NORMALISATIONS
    treatment: tuple[str, ...] = ()
    aggregation: tuple[str, ...] = ()
    leave_one_out: bool = False
    data_error: bool = False
    goalposts: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexAnswer:
    """An objection to an index, and what its method answers."""

    objection: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A version of an index: of the regions of a level, from indicators by component, by a method.

    `most_years_old` is how old a figure may be, `least_share` for what share of the regions an indicator needs one,
    and `least_components` of how many components an index is made at least. `outcomes` are indicators that it is held
    against and that take no part in it. `earlier` are the versions before, the newest first.
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
    uncertainty: IndexUncertainty = IndexUncertainty()
    answers: tuple[IndexAnswer, ...] = ()
    outcomes: tuple[str, ...] = ()
    earlier: tuple[Index, ...] = ()

    @property
    def versions(self) -> tuple[Index, ...]:
        """All versions, this one first."""
        return (self, *self.earlier)


def index_of(content: dict[str, Any]) -> Index:
    """A version of an index from its definition as it is stored, and as it stands in a file.

    ValueError where it cannot be one. KeyError and TypeError where a part is missing, or none that an index has.
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
    drawn: dict[str, Any] = {
        name: tuple(part) if isinstance(part, list) else part for name, part in given.pop("uncertainty", {}).items()
    }
    answers = tuple(IndexAnswer(**item) for item in given.pop("answers", ()))
    lists = {"notes": tuple(given["notes"]), "outcomes": tuple(given.get("outcomes", ()))}
    return Index(**{**given, **lists}, components=components, uncertainty=IndexUncertainty(**drawn), answers=answers)


def row_of(given: dict[str, Any]) -> dict[str, Any]:
    """A version of an index as a row of the table of them: under a key of its own, each version but the first.

    ValueError, KeyError and TypeError where it cannot be an index.
    """
    index = index_of(given)
    if index.method_version == "1":
        return {"id": index.id, "content": {name: part for name, part in given.items() if name != "id"}}
    return {"id": f"{index.id}.{index.method_version}", "content": dict(given)}


def newest(found: Iterable[Index]) -> list[Index]:
    """The newest version of each index with those before it, in the order of their first versions."""
    versions: dict[str, list[Index]] = {}
    for item in found:
        versions.setdefault(item.id, []).append(item)
    ordered = [sorted(own, key=lambda item: int(item.method_version), reverse=True) for own in versions.values()]
    return [replace(last, earlier=tuple(before)) for last, *before in ordered]
