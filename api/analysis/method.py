"""What a method of the index laboratory is: its description, its parameters, and a choice of it with their values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

HANDBOOK = "OECD and JRC, Handbook on Constructing Composite Indicators (2008)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter of a method: its name in the API, kind (`number`, `integer`, `boolean`, `region`), and bounds."""

    name: str
    description: str
    kind: str = "number"
    default: Any = None
    """None: it must be given."""
    least: float = -1e6
    most: float = 1e6
    argument: str = ""
    """What the function calls it, where that is something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method: its kind and name in the API, formula, source, function and parameters.

    `takes` are arguments of the function that come with the data (`groups`, `earlier`, `sizes`), `of_indicators` those
    that each indicator gives, under the name in the API.
    """

    kind: str
    name: str
    title: str
    formula: str
    reference: str
    function: Callable[..., Any]
    parameters: tuple[Parameter, ...] = ()
    takes: tuple[str, ...] = ()
    of_indicators: tuple[tuple[str, str], ...] = ()
    positive: bool = False
    """Whether it is of positive values alone."""
    own_weights: bool = False
    """Whether each region has weights of its own, so that those of the parts say little of a score."""
    in_pairs: bool = False
    """Whether each region is held against each other one, so that its cost grows with the square of their number."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A method with the values of its parameters, in the order of the table."""

    method: Method
    parameters: tuple[tuple[str, Any], ...] = ()

    def __call__(self, *given: Any, **named: Any) -> Any:
        """What the method makes of some values; `named` are parameters whose value is another than it is called by."""
        arguments = {item.name: item.argument or item.name for item in self.method.parameters}
        return self.method.function(*given, **{arguments[name]: value for name, value in self.parameters} | named)

    @property
    def takes_logarithms(self) -> bool:
        """Whether it takes those of the indicators that are marked so."""
        return "logarithm" in dict(self.method.of_indicators)

    @property
    def positive(self) -> bool:
        """Whether it is of positive values alone: a power mean is not where it is the arithmetic one.

        Where each part makes up some share of a score, a part of nought leaves nothing of it.
        """
        given = dict(self.parameters)
        return (self.method.positive and given.get("power") != 1) or given.get("least_share", 0.0) > 0

    def written(self) -> dict[str, Any]:
        """The choice as the API writes it, every parameter filled in."""
        return {"method": self.method.name, **dict(self.parameters)}
