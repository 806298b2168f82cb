"""Methods: as the list of them describes each, and as a body names one with its parameters."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.analysis.method import Choice, Method, Parameter
from api.analysis.methods import BY_KIND, KINDS, METHODS
from api.analysis.methods import choice as by_name
from api.errors import MOST_FAULTS
from api.schemas.base import Item, envelope, many, text
from api.schemas.index.bodies import Flag, Name, Number, Whole, shown, spelt, unknown_word


class ParameterItem(Item):
    """A parameter of a method."""

    name = text("Name.", "low")
    description = text("What it is.")
    kind = text("`number`, `integer`, `boolean`, or `region` (the identifier of one).", "number")
    default = ma.fields.Raw(
        allow_none=True, metadata={"description": "Its value where none is given; null: one must be.", "examples": [0]}
    )


class MethodItem(Item):
    """A method of the index laboratory."""

    kind = text(f"The step it is for: one of {', '.join(KINDS)}.", "normalisation")
    name = text("What a definition calls it.", "min-max")
    title = text("Title.", "Between the last and the first region")
    formula = text("How it is computed.", "low + (high - low) (x - min) / (max - min)")
    reference = text("Where it is from.")
    parameters = many(ParameterItem, "Its parameters.")
    of_indicators = ma.fields.List(
        ma.fields.String(),
        metadata={"description": "What each indicator must give for it.", "examples": [["lower", "upper"]]},
    )


MethodList = envelope("MethodList", many(MethodItem, "Every method, by step."))


class MethodField(ma.fields.Field[Any]):
    """A method by its name alone, or as an object with parameters. Loads into a choice."""

    def __init__(self, kind: str, description: str, **kwargs: Any) -> None:
        self.kind = kind
        schema = schema_of(kind)
        if kwargs.get("allow_none"):
            schema["anyOf"].append({"type": "null"})
        super().__init__(metadata={"description": description, **schema}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Choice:
        return read(self.kind, value)


class MeansField(ma.fields.Field[Any]):
    """A mean for all levels, or a list of one for each. Loads into a tuple of choices."""

    def __init__(self, description: str, **kwargs: Any) -> None:
        one = schema_of("aggregation")
        several = {"type": "array", "items": one, "minItems": 1, "maxItems": 20}
        super().__init__(metadata={"description": description, "anyOf": [*one["anyOf"], several]}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[Choice, ...]:
        if not isinstance(value, list):
            return (read("aggregation", value),)
        if not 1 <= len(value) <= 20:
            raise ma.ValidationError("Give one mean for all levels, or one for each level from the lowest up.")
        found, faults = [], {}
        for place, item in enumerate(value):
            try:
                found.append(read("aggregation", item))
            except ma.ValidationError as error:
                faults[place] = error.messages
        if faults:
            raise ma.ValidationError(faults)
        return tuple(found)


def read(kind: str, value: Any) -> Choice:
    """The method that a body names. Raises marshmallow's error with the place of what is wrong."""
    known = BY_KIND[kind]
    if isinstance(value, dict):
        name, given = value.get("method"), {key: item for key, item in value.items() if key != "method"}
        if "method" not in value:
            raise ma.ValidationError({"method": [f"Name the method: one of {', '.join(known)}."]})
    else:
        name, given = value, {}
    name = spelt(name, known)
    if not isinstance(name, str) or name not in known:
        message = unknown_word(name, tuple(known))
        raise ma.ValidationError({"method": [message]} if isinstance(value, dict) else message)
    return by_name(kind, name, **_parameters(known[name], given))


def _parameters(method: Method, given: dict[str, Any]) -> dict[str, Any]:
    parameters = {item.name: item for item in method.parameters}
    found: dict[str, Any] = {}
    faults: dict[str, list[Any]] = {}
    for name, value in given.items():
        if len(faults) >= MOST_FAULTS:
            break
        if name not in parameters:
            own = f"It has {', '.join(parameters)}." if parameters else "It has none."
            faults[name] = [f"{shown(name)} is no parameter of {method.name}. {own}"]
            continue
        try:
            found[name] = _field(parameters[name]).deserialize(value)
        except ma.ValidationError as error:
            faults[name] = list(error.messages)
    faults |= {
        item.name: [f"{method.name} needs {item.name}: {item.description}"]
        for item in method.parameters
        if item.default is None and item.name not in given
    }
    if not faults and {"low", "high"} <= parameters.keys():
        low, high = (found.get(name, parameters[name].default) for name in ("low", "high"))
        if not low < high:
            faults["high"] = [f"It is {high:g} and must be above low, which is {low:g}."]
    if faults:
        raise ma.ValidationError(faults)
    return found


def _field(item: Parameter) -> ma.fields.Field[Any]:
    if item.kind == "boolean":
        return Flag()
    if item.kind == "region":
        return Name()
    if item.kind == "integer":
        return Whole(least=int(item.least), most=int(item.most))
    return Number(least=item.least, most=item.most)


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of a choice: from the table, like everything that is said of methods."""
    names = list(BY_KIND[kind])
    plain = [item.name for item in METHODS if item.kind == kind and all(p.default is not None for p in item.parameters)]
    properties: dict[str, Any] = {}
    for method in BY_KIND[kind].values():
        for item in method.parameters:
            of = {"number": "number", "integer": "integer", "boolean": "boolean", "region": "string"}[item.kind]
            said = properties.setdefault(item.name, {"type": of, "description": f"{item.description} Of:"})
            said["description"] = said["description"].removesuffix(".") + f" `{method.name}`."
            if of in {"number", "integer"}:
                said |= {"minimum": item.least, "maximum": item.most}
    word = {"type": "string", "enum": plain}
    named = {"type": "string", "enum": names, "description": "The name of the method."}
    whole = {
        "type": "object",
        "properties": {"method": named, **properties},
        "required": ["method"],
        "additionalProperties": False,
    }
    return {"anyOf": [word, whole]}
