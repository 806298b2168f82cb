"""Fields of bodies: as strict as those of questions. A number is no text and no boolean, and nothing is ignored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, ClassVar

import marshmallow as ma

from api import json_text
from api.analysis.scale import LARGEST
from api.errors import MOST_FAULTS, Fault, Problem, first, invalid_definition, nearest, part, standing_in, under
from api.limits import limit_of
from api.schemas.index.pruned import pruned

_NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f/]{1,100}")
NAME_PATTERN = r"^[^\u0000-\u001f\u007f-\u009f/]+$"
_NAMES = {"pattern": NAME_PATTERN, "minLength": 1, "maxLength": 100}


class Body(ma.Schema):
    """A part of a body. What it does not know it refuses; loads into the frozen value that `into` names."""

    into: ClassVar[type]

    class Meta:
        unknown = ma.RAISE

    @ma.post_load
    def _frozen(self, data: dict[str, Any], **_: Any) -> Any:
        return self.into(**{name: tuple(item) if isinstance(item, list) else item for name, item in data.items()})


def said(description: str, example: Any = None) -> dict[str, Any]:
    """What is documented of a field."""
    return {"description": description, **({} if example is None else {"examples": [example]})}


class Number(ma.fields.Float):
    """A number, finite and within the range that is computed with."""

    def __init__(self, *, least: float = -LARGEST, most: float = LARGEST, **kwargs: Any) -> None:
        self.least, self.most = least, most
        kwargs["metadata"] = {"minimum": least, "maximum": most, **kwargs.get("metadata", {})}
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ma.ValidationError(f"{shown(value)} is no number. Write it in digits, without quotes.")
        if not self.least <= value <= self.most:
            raise ma.ValidationError(f"{shown(value)} is not in the range from {self.least:g} to {self.most:g}.")
        return float(value)


class Whole(ma.fields.Integer):
    """A whole number, up to one that is given, or to the limit of a name."""

    def __init__(self, *, least: int, most: int | str, **kwargs: Any) -> None:
        self.least, self._most = least, most
        super().__init__(**kwargs)

    @property
    def most(self) -> int:
        """The greatest that is taken."""
        return limit_of(self._most) if isinstance(self._most, str) else self._most

    def under_limits(self) -> dict[str, Any]:
        """What is documented of its range."""
        return {"minimum": self.least, "maximum": self.most}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not whole:
            raise ma.ValidationError(f"{shown(value)} is no whole number. Write it in digits, without quotes.")
        if not self.least <= value <= self.most:
            raise ma.ValidationError(f"{shown(value)} is not in the range from {self.least:,} to {self.most:,}.")
        return int(value)


class Flag(ma.fields.Boolean):
    """true or false."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ma.ValidationError(f"{shown(value)} is neither true nor false.")
        return value


class Name(ma.fields.String):
    """An identifier of the caller's own: 1 to 100 characters, no control character and no slash among them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={**_NAMES, **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            raise ma.ValidationError(
                f"{shown(value)} is no identifier: a text of 1 to 100 characters, without control characters and /."
            )
        return value


class PowerOfTwo(Whole):
    """A whole number of which the powers of two are documented: another one is refused with the definition."""

    def under_limits(self) -> dict[str, Any]:
        """What is documented of its range."""
        return {**super().under_limits(), "enum": [2**place for place in range(1, self.most.bit_length())]}


class UpTo(ma.validate.Length):
    """A length up to the limit of a name."""

    def __init__(self, limit: str, *, least: int | None = None, error: str) -> None:
        super().__init__(min=least, error=error)
        self.limit = limit

    def __call__(self, value: Any) -> Any:
        """The value, where it is no longer than the limit that is enforced."""
        return ma.validate.Length(min=self.min, max=limit_of(self.limit), error=self.error)(value)


class Several(ma.fields.List[Any]):
    """A list whose length is looked at before its items are read, and that is read up to a number of faults."""

    def under_limits(self) -> dict[str, Any]:
        """What is documented of its length."""
        return _most(self, "maxItems")

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        _measure(self, value)
        found, faults = [], {}
        for place, item in enumerate(value):
            try:
                found.append(self.inner.deserialize(item, **kwargs))
            except ma.ValidationError as error:
                faults[place] = error.messages
                if len(faults) >= MOST_FAULTS:
                    break
        if faults:
            raise ma.ValidationError(faults)
        return found


class ByName(ma.fields.Dict):
    """An object with names of the caller's own, whose size is looked at before its values are read."""

    def under_limits(self) -> dict[str, Any]:
        """What is documented of its size and its names."""
        return {**_most(self, "maxProperties"), "propertyNames": _NAMES}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, dict):
            _measure(self, value)
        return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]


def _most(field: ma.fields.Field[Any], word: str) -> dict[str, Any]:
    """The limit of a length under the word that JSON Schema has for it."""
    limits = [check.limit for check in field.validators if isinstance(check, UpTo)]
    return {word: limit_of(limits[0])} if limits else {}


def _measure(field: ma.fields.Field[Any], value: Any) -> None:
    for check in field.validators:
        if isinstance(check, ma.validate.Length):
            check(value)


class Column(Several):
    """A number for each region, null where there is none."""

    def __init__(self, *, least: float = -LARGEST, **kwargs: Any) -> None:
        length = UpTo("max_calculation_regions", least=1, error="This is no list of {min} to {max} numbers.")
        super().__init__(Number(allow_none=True, least=least), validate=length, **kwargs)


def shown(value: Any) -> str:
    """A value as it stands in a message: short."""
    text = f"the text {value[:40]!r}" if isinstance(value, str) else repr(value)[:40] if _is_plain(value) else "this"
    return text[0].upper() + text[1:]


def _is_plain(value: Any) -> bool:
    # An integer of thousands of digits would take its time to write, and Python refuses to.
    return value is None or isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < 10**40)


def one_of(names: Any, **kwargs: Any) -> ma.fields.String:
    """One of some words."""
    return Word(tuple(names), **kwargs)


class Word(ma.fields.String):
    """One of some words, in any case; the nearest of them is named where it is none."""

    def __init__(self, words: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words
        self.metadata = {"enum": list(words), **self.metadata}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        word: str = spelt(value, self.words)
        if word not in self.words:
            raise ma.ValidationError(unknown_word(value, self.words))
        return word


def spelt(value: Any, words: Iterable[str]) -> Any:
    """The one spelling of a word that is written in any case; the value as it is where it is none of the words."""
    folded = value.casefold() if isinstance(value, str) else None
    return next((word for word in words if word.casefold() == folded), value)


def unknown_word(value: Any, words: tuple[str, ...]) -> str:
    """What is said where a word is none of those there are."""
    near = nearest(value[:100], list(words), count=1) if isinstance(value, str) else ()
    hint = f"Did you mean {near[0]}?" if near else f"It is one of {', '.join(words)}."
    return f"{shown(value)} is not known here. {hint}"


def read(schema: Body, body: Any, *, place: str, known: Sequence[Fault] = ()) -> Any:
    """What a body asks for that stands at a place of the request. Problem `invalid-definition` with all its faults.

    `known` are faults that were found in making it, and are told with the others.
    """
    with standing_in(place):
        try:
            asked = schema.load(body)
            if known:
                asked = _going_on(asked, known)
        except ma.ValidationError as error:
            faults = first(chain(known, faults_of(error.messages, "", schema)))
            asked = _rest(schema, body, error.messages, faults)
        except Problem as error:
            raise invalid_definition([*known, *error.faults]) from None
        return replace(asked, text=json_text.canonical(body), place=place)


def _going_on(asked: Any, faults: Sequence[Fault]) -> Any:
    """What is asked with the faults that it goes on with. Problem `invalid-definition` where it cannot."""
    if not hasattr(asked, "faults"):
        raise invalid_definition(faults)
    return replace(asked, faults=tuple(faults))


def _rest(schema: Body, body: Any, messages: Any, faults: list[Fault]) -> Any:
    """What a body asks for but for its faults, which it goes on with: those of the rest are told together with them.

    Problem `invalid-definition` where the rest cannot be looked at.
    """
    left = pruned(body, messages, schema) if hasattr(schema.into, "faults") else None
    if left is None:
        raise invalid_definition(faults)
    try:
        return _going_on(schema.load(left), faults)
    except (ma.ValidationError, Problem):
        raise invalid_definition(faults) from None


def faults_of(messages: Any, path: str, within: Any) -> Iterator[Fault]:
    """The faults at and under a place; `within` is the schema or field of it, None where there is none."""
    if isinstance(messages, str):
        yield Fault("invalid-value", path, messages)
    elif isinstance(messages, list):
        for item in messages:
            yield from faults_of(item, path, within)
    elif isinstance(messages, Mapping):
        for name, inner in _in_order(messages, within):
            if name == "_schema":
                yield from faults_of(inner, path, within)
            elif isinstance(within, ma.fields.Dict):
                for messages_ in inner.values():
                    yield from faults_of(messages_, under(path, part(name)), within.value_field)
            elif isinstance(within, ma.Schema) and name not in within.fields:
                known = tuple(within.fields)
                yield Fault("unknown-key", under(path, part(name)), unknown_word(name, known), known)
            else:
                yield from faults_of(inner, under(path, part(name)), _inside(within, name))


def _in_order(messages: Mapping[Any, Any], within: Any) -> list[tuple[Any, Any]]:
    """The messages of the parts of an object: those of unknown keys last, which marshmallow has in no order."""
    if not isinstance(within, ma.Schema):
        return list(messages.items())
    known = [(name, inner) for name, inner in messages.items() if name in within.fields or name == "_schema"]
    return known + sorted((item for item in messages.items() if item not in known), key=lambda item: str(item[0]))


def _inside(within: Any, name: Any) -> Any:
    field = within.fields[name] if isinstance(within, ma.Schema) else within
    if isinstance(field, ma.fields.List) and isinstance(name, int):
        field = field.inner
    return field.schema if isinstance(field, ma.fields.Nested) else field
