"""Fields of questions: strict readers of text, each with what it tells a caller who gets it wrong."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import marshmallow as ma
from webargs.fields import DelimitedList

from api import periods
from api.filters import HISTORIES
from api.settings import Settings

_DEFAULTS = Settings()
# What the OpenAPI document says of texts. No code checks these: what does not match is unknown, or refused anyway.
IDENTIFIER = "^[A-Za-z0-9_-]+$"
WEIGHT = "^[A-Za-z0-9_-]+:[0-9]{1,6}([.][0-9]{1,6})?$"
_TITLE = r"^[A-Za-z0-9][^,\u0000-\u001f\u007f-\u009f]*$"
_PLAIN = r"^[^\u0000-\u001f\u007f-\u009f]*$"


class Whole(ma.fields.Integer):
    """A whole number written in digits and nothing else."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", str(value), re.ASCII):
            raise ma.ValidationError(f"{str(value)[:40]!r} is no whole number. Write it in digits, such as 100.")
        return int(value)


class Flag(ma.fields.Boolean):
    """`true` or `false`, and no other spelling."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(truthy={"true"}, falsy={"false"}, **kwargs)
        self.error_messages["invalid"] = "Write true or false."


class Period(ma.fields.String):
    """A period in any accepted spelling, see `api.periods`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return periods.parse(str(value))
        except ValueError as error:
            raise ma.ValidationError(str(error)) from error


class Day(ma.fields.String):
    """A day as `2024-06-30`, or the word `any`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = str(value)
        try:
            if text == "any" or (len(text) == 10 and date.fromisoformat(text)):
                return text
        except ValueError:
            pass
        raise ma.ValidationError(f"{text[:40]!r} is not a day. Write it as 2024-06-30, or any.")


class Release(ma.fields.String):
    """The number of a release, or `latest` (None)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = str(value)
        if text == "latest":
            return None
        if not re.fullmatch(r"[1-9][0-9]{0,8}", text, re.ASCII):
            raise ma.ValidationError(f"{text[:40]!r} is not a release. Write its number, or latest. See /v1/releases.")
        return int(text)


class Moment(ma.fields.String):
    """A day (to its end) or a moment of this service's publication time, as `2026-01-31T12:00:00Z`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = str(value)
        try:
            if len(text) == len("2026-01-31"):
                return f"{date.fromisoformat(text).isoformat()}T23:59:59Z"
            moment = datetime.fromisoformat(text)
            return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        except (ValueError, OverflowError):
            raise ma.ValidationError(
                f"{text[:40]!r} is no moment. Write a day as 2026-01-31, or a moment as 2026-01-31T12:00:00Z."
            ) from None


class Weight(ma.fields.String):
    """A weight of something named, as `gigabit-availability:2`: the name, and a number from 0 on in plain digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        found = re.fullmatch(WEIGHT, str(value), re.ASCII)
        if found is None:
            raise ma.ValidationError(
                f"{str(value)[:60]!r} is no weight. Write an indicator and a number from 0 on, such as "
                "gigabit-availability:2 or gigabit-availability:0.5."
            )
        name, _, weight = str(value).partition(":")
        return name, float(weight)


class Texts(DelimitedList):
    """Values separated by commas: sorted and without repeats, so that equal questions are equal."""

    def __init__(self, inner: ma.fields.Field[Any] | None = None, **kwargs: Any) -> None:
        kwargs["metadata"] = {"minItems": 1, "maxItems": _DEFAULTS.max_list_values, **kwargs.get("metadata", {})}
        super().__init__(inner or ma.fields.String(), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        parts = [part.strip() for part in str(value).split(",")]
        if "" in parts:
            raise ma.ValidationError(
                "A value is empty. Write values separated by single commas, or leave the parameter out."
            )
        if len(parts) > _DEFAULTS.max_list_values:
            raise ma.ValidationError(
                f"{len(parts)} values are asked for, {_DEFAULTS.max_list_values} are possible. Ask for fewer at a time."
            )
        read = [self.inner.deserialize(part, attr, data, **kwargs) for part in dict.fromkeys(parts)]
        return tuple(sorted(read, key=repr))


def limit(*, default: int, most: int, what: str) -> Whole:
    """The `limit` parameter of a list."""
    return Whole(
        validate=ma.validate.Range(
            min=1,
            max=most,
            error=f"A page holds 1 to {most:,} {what}; {{input:,}} is not in that range. "
            "Tables without limit hold everything.",
        ),
        metadata={
            "description": f"How many {what} a page holds at the most. Without it: {default:,}.",
            "example": min(default, 100),
        },
    )


def cursor() -> ma.fields.String:
    """The `cursor` parameter of a list."""
    return ma.fields.String(
        metadata={
            "description": "Where the page begins: taken from `links.next` of the page before, never made up.",
            "format": "cursor",
            "pattern": IDENTIFIER,
        }
    )


def history() -> ma.fields.String:
    """The `history` parameter of what holds figures."""
    return ma.fields.String(
        validate=ma.validate.OneOf(HISTORIES, error="Write linked or own."),
        metadata={
            "description": "`linked` (the default): a place that was recoded one to one is one place, whichever of its "
            "codes is asked for; every observation tells the code that it is published under. Of a period that two "
            "codes have, the newer one's is taken. `own`: what is published under a code itself.",
            "example": "linked",
        },
    )


def search(what: str, example: str) -> ma.fields.String:
    """The `q` parameter of a list."""
    return ma.fields.String(
        validate=ma.validate.Length(min=1, max=200, error="A search text has 1 to 200 characters."),
        metadata={
            "description": f"A text to search in {what}; case and punctuation do not count.",
            "pattern": _PLAIN,
            "example": example,
        },
    )


def identifiers(description: str, example: str) -> Texts:
    """A list of identifiers, separated by commas."""
    return _texts(description, example, pattern=IDENTIFIER)


def identifier(description: str, example: str) -> ma.fields.String:
    """One identifier."""
    one = ma.validate.Regexp(r"[^,]+\Z", error="One identifier is possible here, not a list.")
    return ma.fields.String(
        validate=one, metadata={"description": description, "pattern": IDENTIFIER, "example": example}
    )


def titles(description: str, example: str) -> Texts:
    """A list of titles without commas, separated by commas."""
    return _texts(description, example, pattern=_TITLE)


def _texts(description: str, example: str, *, pattern: str) -> Texts:
    return Texts(
        ma.fields.String(metadata={"pattern": pattern}),
        metadata={"description": f"{description} Several: separated by commas.", "example": [example]},
    )


def period(description: str, example: str) -> Period:
    """A period bound."""
    return Period(metadata={"description": f"{description} {PERIOD_SPELLINGS}", "example": example, "format": "period"})


PERIOD_SPELLINGS = (
    "ISO 8601: `2024`, `2024-Q1`, `2024-01`, `2024-01-15`, `2023-04-01/P1Y`; the usual spellings `2023/24` and "
    "`Apr 2021-Mar 2022` are understood."
)
