"""Regions in a body: those of the caller's own, with figures, and those of this service, by level or code."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from api.answers.index.asked import AskedRegion
from api.limits import enforced
from api.schemas.index.bodies import Body, Name, shown


class RegionBody(Body):
    """A region of the caller's."""

    into = AskedRegion
    id = Name(required=True, metadata={"description": "Identifier.", "examples": ["E12000005"]})
    name = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.Length(max=200))
    group = Name(load_default=None, allow_none=True)


class RegionField(ma.fields.Field[Any]):
    """A region by its identifier alone, or as an object. Loads into what is asked."""

    def __init__(self, **kwargs: Any) -> None:
        name = Name().metadata
        word = {"type": "string", "description": "Identifier.", **name}
        properties = {
            "id": word,
            "name": {"type": ["string", "null"], "description": "Name.", "maxLength": 200},
            "group": {"type": ["string", "null"], "description": "The group that values are imputed from.", **name},
        }
        whole = {"type": "object", "properties": properties, "required": ["id"], "additionalProperties": False}
        super().__init__(metadata={"anyOf": [word, whole]}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> AskedRegion:
        if isinstance(value, str):
            return AskedRegion(id=Name().deserialize(value))
        if not isinstance(value, dict):
            raise ma.ValidationError(f"{shown(value)} is no region. Write its identifier, or an object with its id.")
        loaded: AskedRegion = RegionBody().load(value)
        return loaded


class RegionsField(ma.fields.Field[Any]):
    """The regions of the service: those of a level, as `{"level": "itl1"}`, or a list of codes."""

    def under_limits(self) -> dict[str, Any]:
        """What is documented of it."""
        most = enforced().max_calculation_regions
        name = {"type": "string", **Name().metadata}
        level = {"type": "object", "properties": {"level": name}, "required": ["level"], "additionalProperties": False}
        codes = {"type": "array", "items": name, "minItems": 2, "maxItems": most}
        description = (
            "The regions of this service, in place of `data` or beside it: those of a level, or a list of codes of any "
            "level."
        )
        said = {"description": description, "anyOf": [level, codes, {"type": "null"}]}
        return {**said, "examples": [{"level": "itl1"}]}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, dict) and value.keys() == {"level"}:
            return {"level": Name().deserialize(value["level"])}
        most = enforced().max_calculation_regions
        if isinstance(value, list) and 2 <= len(value) <= most:
            return [Name().deserialize(item) for item in value]
        raise ma.ValidationError(
            f'{shown(value)} does not name regions: write {{"level": "itl1"}}, or a list of 2 to {most} codes.'
        )
