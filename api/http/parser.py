"""Reads a query string strictly: what is unknown, given twice, too long or unreadable is refused, never ignored.

A list may be given with commas or one by one: `a=1,2` and `a=1&a=2` are one question from here on.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NoReturn
from unicodedata import category
from urllib.parse import unquote_to_bytes

import marshmallow as ma
from flask import Request, current_app
from webargs.flaskparser import FlaskParser

from api.errors import MOST_FAULTS, Fault, Problem, invalid, summary
from api.http import elsewhere, misnamed
from api.http.misnamed import Fields
from api.schemas.fields import Texts
from api.settings import Settings

_KEPT = 500
"""Schemas that are kept, each of some parameters of an operation."""
_FEW = 2
"""Fewer parameters than any operation has are proposed for one that is misnamed."""


def of_given(schema: ma.Schema, req: Request) -> ma.Schema:
    """A schema of no more parameters than are given, and those that must be: most questions give a few out of twenty.

    The schema itself where a parameter is given that it does not know.
    """
    names = frozenset(req.args)
    return _of(schema, names) if names <= _names(schema) else schema


@lru_cache(maxsize=_KEPT)
def _names(schema: ma.Schema) -> frozenset[str]:
    return frozenset(field.data_key or name for name, field in schema.fields.items())


@lru_cache(maxsize=_KEPT)
def _of(schema: ma.Schema, names: frozenset[str]) -> ma.Schema:
    wanted = [name for name, field in schema.fields.items() if field.required or (field.data_key or name) in names]
    return type(schema)(only=wanted)


class StrictQueryParser(FlaskParser):
    """The parser behind every `arguments` decorator of the project."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
    }

    def load_querystring(self, req: Request, schema: ma.Schema) -> dict[str, str]:
        """The query as a text for each parameter: lists with commas, keywords in their one spelling.

        Problem `invalid-parameter` or `address-too-long`, which names everything that is wrong at once.
        """
        settings: Settings = current_app.extensions["settings"]
        try:
            unquote_to_bytes(req.query_string).decode()
        except UnicodeDecodeError:
            raise invalid("query", "The query is not UTF-8. Encode it as UTF-8 before percent-encoding.") from None
        known = {field.data_key or name: field for name, field in schema.fields.items()}
        given = dict(req.args.lists())
        texts = {name: _text(known[name], given[name]) for name in given if name in known}
        faults = _unknown(given, known)
        faults += [
            fault
            for name, text in texts.items()
            for fault in _faults(name, known[name], given[name], text, longest=settings.limits.max_parameter_length)
        ]
        if faults:
            told = _besides(faults, schema.validate(texts), texts)
            _refuse(faults + _invalid(told, known, texts))
        return texts

    def handle_error(self, error: ma.ValidationError, req: Request, schema: ma.Schema, **_: Any) -> NoReturn:
        """Turn marshmallow's messages into a problem that names each parameter."""
        known = {field.data_key or name: field for name, field in schema.fields.items()}
        _refuse(_invalid(error.messages_dict.get("query", {}), known, req.args))


def _besides(faults: list[Fault], messages: dict[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """The messages that say more than the faults do: not of what is faulty already, nor missed as it is misnamed."""
    faulty = {fault.path.removeprefix("query/") for fault in faults}
    meant = {str(text).partition("=")[0] for fault in faults if len(fault.allowed) <= _FEW for text in fault.allowed}
    return {name: told for name, told in messages.items() if name not in (faulty if name in given else meant)}


def _refuse(faults: list[Fault]) -> NoReturn:
    slug = "address-too-long" if any(item.code == "too-long" for item in faults) else "invalid-parameter"
    raise Problem(slug, summary(faults), faults=tuple(faults[:MOST_FAULTS]))


def _text(field: ma.fields.Field[Any], values: list[str]) -> str:
    text = ",".join(values) if isinstance(field, Texts) else values[0]
    spell = getattr(field, "canonical", None)
    return spell(text) if spell else text


def _unknown(given: misnamed.Given, known: Fields) -> list[Fault]:
    """What is wrong with the names: `format` is told of by what the operation is served as."""
    rest = {
        name: values
        for name, values in given.items()
        if name in known or not elsewhere.is_format(name, values[0], known)
    }
    unclean = [name for name in rest if name not in known and _has_control(name)]
    faults = [_control(name) for name in unclean]
    faults += [elsewhere.unserved(name, given[name][0]) for name in given if name not in rest]
    return faults + misnamed.faults({name: rest[name] for name in rest if name not in unclean}, known)


def _faults(name: str, field: ma.fields.Field[Any], values: list[str], text: str, *, longest: int) -> list[Fault]:
    path = f"query/{name}"
    if any(map(_has_control, values)):
        return [_control(name)]
    if len(values) > 1 and not isinstance(field, Texts):
        message = f"{path} is given {len(values)} times, and takes one value. Give it once."
        once = tuple(misnamed.parameter(name, [value]) for value in dict.fromkeys(values))
        return [Fault("repeated-parameter", path, message, once)]
    if len(text) > longest:
        message = (
            f"{path} has {len(text):,} characters; {longest:,} are possible. Ask for fewer values at a time, or "
            "for a whole level or parent in place of single regions."
        )
        return [Fault("too-long", path, message)]
    return []


def _has_control(text: str) -> bool:
    return not text.isprintable() and any(category(character) == "Cc" for character in text)


def _control(name: str) -> Fault:
    path = f"query/{name[:80]}"
    return Fault("control-character", path, f"{path} holds a control character. Take it out.")


def _invalid(messages: Mapping[str, Any], known: Fields, given: Mapping[str, str]) -> list[Fault]:
    faults = [
        Fault("invalid-value", f"query/{name}", f"{name}: {text}", _words(known[name]))
        for name, texts in messages.items()
        for text in _flat(texts)
    ]
    return faults + (elsewhere.not_among("query/format", given["format"]) if "format" in messages else [])


def _words(field: ma.fields.Field[Any]) -> tuple[str, ...]:
    """The words that a parameter may have, where they are few."""
    return getattr(getattr(field, "inner", field), "words", ())


def _flat(messages: Any) -> list[str]:
    if isinstance(messages, dict):
        return [text for inner in messages.values() for text in _flat(inner)]
    return [str(item) for item in messages] if isinstance(messages, list) else [str(messages)]
