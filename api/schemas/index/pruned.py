"""A body without what is wrong in it, so that the rest can be looked at too: all errors are told in one answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

_NEEDED = frozenset(
    {"id", "parent", "denominator", "data", "regions", "values", "estimates", "indicators", "aggregates"}
)
"""What the rest cannot be looked at without: to leave it out would make faults of what is none."""


def pruned(body: Any, messages: Any, schema: ma.Schema) -> Any:
    """The body without the parts that marshmallow has messages of; None where the rest says nothing without them."""
    if not isinstance(body, dict) or not isinstance(messages, Mapping):
        return None
    found = dict(body)
    for name, inner in messages.items():
        nested = _nested(schema, name)
        if name == "_schema":
            return None
        if name in schema.fields and nested is not None and isinstance(inner, Mapping):
            left = _inside(found.get(name), inner, nested)
            if left is None:
                return None
            found[name] = left
        elif name in _NEEDED or (name in schema.fields and name not in found):
            return None
        else:
            found.pop(name, None)
    return found


def _inside(value: Any, messages: Mapping[Any, Any], schema: ma.Schema) -> Any:
    """An object, or a list of objects, without what is wrong in it."""
    if isinstance(value, dict):
        return pruned(value, messages, schema)
    if not isinstance(value, list):
        return None
    left = list(value)
    for place, inner in messages.items():
        if not isinstance(place, int):
            return None
        left[place] = pruned(value[place], inner, schema)
        if left[place] is None:
            return None
    return left


def _nested(schema: ma.Schema, name: Any) -> ma.Schema | None:
    """The schema of what stands under a name, or of each item of the list there."""
    field = schema.fields.get(name)
    inner = getattr(field, "inner", field)
    return inner.schema if isinstance(inner, ma.fields.Nested) else None
