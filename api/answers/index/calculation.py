"""What is to be calculated: an index and its figures, whoever asked for it and wherever the figures came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.analysis.definition import Definition, Inputs


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The figures of a calculation and the names of its regions; of this service, what they are and their sources."""

    inputs: Inputs
    names: tuple[str | None, ...]
    described: tuple[dict[str, Any], ...] | None = None
    """What the figures of each indicator are; None where they came with the question."""
    own: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """The indicators whose figures came with the question, each with the row of every region that it has one for."""
    sized_by: dict[str, Any] | None = None
    """What regions of this service are weighed by, where a normalisation weighs them."""
    sources: tuple[str, ...] = ()
    regions: Any = None
    """The regions of this service as they were named."""


@dataclass(frozen=True, kw_only=True)
class Calculation:
    """What is to be calculated: an index, its figures, and which parts the answer is to hold.

    `weights` are those of the tree's parts as they were given. `address` is where the same can be asked for with GET,
    the release apart; None where that is not possible. `about` is what else there is to say of the index.
    """

    title: str | None
    definition: Definition
    weights: tuple[float, ...]
    figures: Figures
    include: tuple[str, ...]
    address: str | None = None
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def inputs(self) -> Inputs:
        """The figures as arrays."""
        return self.figures.inputs
