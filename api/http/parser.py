"""Reads a query string strictly: what is unknown, repeated, too long or unreadable is refused, never ignored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn
from unicodedata import category
from urllib.parse import unquote_to_bytes

import marshmallow as ma
from flask import Request, current_app
from webargs.flaskparser import FlaskParser

from api.errors import Fault, Problem, invalid, nearest
from api.settings import Settings


class StrictQueryParser(FlaskParser):
    """The parser behind every `arguments` decorator of the project."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
    }

    def load_querystring(self, req: Request, schema: ma.Schema) -> dict[str, str]:
        """The query as plain text values, each parameter at most once."""
        settings: Settings = current_app.extensions["settings"]
        try:
            unquote_to_bytes(req.query_string).decode()
        except UnicodeDecodeError:
            raise invalid("query", "The query is not UTF-8. Encode it as UTF-8 before percent-encoding.") from None
        faults = [
            fault
            for name, values in req.args.lists()
            for fault in _faults(name, values, longest=settings.max_parameter_length)
        ]
        if faults:
            slug = "address-too-long" if any(item.code == "too-long" for item in faults) else "invalid-parameter"
            raise Problem(slug, " ".join(item.message for item in faults), faults=tuple(faults))
        return req.args.to_dict()

    def handle_error(self, error: ma.ValidationError, req: Request, schema: ma.Schema, **_: Any) -> NoReturn:
        """Turn marshmallow's messages into a problem that names each parameter."""
        messages = error.messages_dict.get("query", {})
        known = {field.data_key or name for name, field in schema.fields.items()}
        faults = tuple(
            _unknown(name, known) if name not in known else _invalid(name, text)
            for name, texts in messages.items()
            for text in _flat(texts)
        )
        raise Problem("invalid-parameter", " ".join(item.message for item in faults), faults=faults)


def _faults(name: str, values: list[str], *, longest: int) -> list[Fault]:
    path = f"query/{name[:80]}"
    if any(category(character) == "Cc" for text in (name, *values) for character in text):
        return [Fault("control-character", path, f"{path} holds a control character. Take it out.")]
    if len(values) > 1:
        message = f"{path} is given {len(values)} times. Give it once, with its values separated by commas."
        return [Fault("repeated-parameter", path, message)]
    if len(values[0]) > longest:
        message = (
            f"{path} has {len(values[0]):,} characters; {longest:,} are possible. Ask for fewer values at a time, or "
            "for a whole level or parent in place of single regions."
        )
        return [Fault("too-long", path, message)]
    return []


def _unknown(name: str, parameters: Iterable[str]) -> Fault:
    known = sorted(parameters)
    if name == "format":
        message = "The address names a format by its suffix, or there is one only: leave format out."
        return Fault("unknown-parameter", "query/format", message, tuple(known))
    near = nearest(name, known, count=1)
    if near:
        hint = f"Did you mean {near[0]}?"
    else:
        hint = f"Known here: {', '.join(known)}." if known else "This operation takes no parameters."
    return Fault(
        "unknown-parameter", f"query/{name}", f"There is no parameter {name!r} here. {hint}", near or tuple(known)
    )


def _invalid(name: str, text: str) -> Fault:
    return Fault("invalid-value", f"query/{name}", f"{name}: {text}")


def _flat(messages: Any) -> list[str]:
    if isinstance(messages, dict):
        return [text for inner in messages.values() for text in _flat(inner)]
    return [str(item) for item in messages] if isinstance(messages, list) else [str(messages)]
