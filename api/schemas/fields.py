"""Fields of questions: strict readers of text, each with what it tells a caller who gets it wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import marshmallow as ma
from webargs.fields import DelimitedList

from api import periods, synonyms
from api.limits import enforced, limit_of

# What the OpenAPI document says of texts. No code checks these: what does not match is unknown, or refused anyway.
IDENTIFIER = "^[A-Za-z0-9_-]+$"
WEIGHT = "^[A-Za-z0-9_-]+:[0-9]{1,6}([.][0-9]{1,6})?$"
_TITLE = r"^[A-Za-z0-9][^,\u0000-\u001f\u007f-\u009f]*$"
PLAIN = r"^[^\u0000-\u001f\u007f-\u009f]*$"
MOST = 999_999_999  # The greatest whole number: no more digits are read.


class Whole(ma.fields.Integer):
    """A whole number written in digits and nothing else, but for the `.0` of languages that count in fractions."""

    def canonical(self, text: str) -> str:
        """The digits alone."""
        return re.sub(r"(?<=[0-9])\.0+\Z", "", text.strip())

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        text = self.canonical(str(value))
        if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
            raise ma.ValidationError(f"{text[:40]!r} is no whole number. Write it in digits, such as 100.")
        return int(text)


FLAGS = {
    **dict.fromkeys(("true", "1", "t", "yes", "y", "on"), "true"),
    **dict.fromkeys(("false", "0", "f", "no", "n", "off"), "false"),
}
"""How languages, forms and people spell the two, in any case."""


class Flag(ma.fields.Boolean):
    """`true` or `false` as any language spells it: `True` (Python), `TRUE` (R, Excel), `1` (PHP, Perl), `on` (HTML)."""

    def __init__(self, *, metadata: dict[str, Any], **kwargs: Any) -> None:
        said = {**metadata, "description": f"{metadata['description']} In any case, also as `1` and `0`."}
        super().__init__(truthy={"true"}, falsy={"false"}, metadata=said, **kwargs)
        self.error_messages["invalid"] = "Write true or false."

    def canonical(self, text: str) -> str:
        """The one spelling of it; a text that is none of them as it is."""
        return FLAGS.get(text.strip().casefold(), text)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(self.canonical(str(value)), attr, data, **kwargs)


class Keyword(ma.fields.String):
    """One of a few words, in any case."""

    def __init__(self, words: Iterable[str], *, error: str, **kwargs: Any) -> None:
        """`error` is said of another word: `{input}` stands for it, `{choices}` for the words there are."""
        self.words = tuple(words)
        super().__init__(validate=ma.validate.OneOf(self.words, error=error), **kwargs)
        self._spelt = {word.casefold(): word for word in self.words}

    def canonical(self, text: str) -> str:
        """The one spelling of it; a text that is none of the words as it is."""
        return self._spelt.get(text.strip().casefold(), text)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return self.canonical(str(value))


class FormatName(Keyword):
    """The name of a format; one of another service is refused with the name here."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        name = self.canonical(str(value))
        meant = synonyms.FORMATS.get(synonyms.fold(name))
        if name not in self.words and meant in self.words:
            raise ma.ValidationError(f"{name[:40]!r} is not a format served here. Did you mean {meant}?")
        return name


class Period(ma.fields.String):
    """A period in any accepted spelling, see `api.periods`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return periods.parse(str(value))
        except ValueError as error:
            raise ma.ValidationError(str(error)) from error


class Day(ma.fields.String):
    """A day as `2024-06-30`, or the word `any`."""

    def canonical(self, text: str) -> str:
        """The word in one spelling."""
        return "any" if text.strip().casefold() == "any" else text

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = self.canonical(str(value))
        try:
            if text == "any" or (len(text) == 10 and date.fromisoformat(text)):
                return text
        except ValueError:
            pass
        raise ma.ValidationError(f"{text[:40]!r} is not a day. Write it as 2024-06-30, or any.")


class Release(ma.fields.String):
    """The number of a release, or `latest` (None)."""

    def canonical(self, text: str) -> str:
        """The word in one spelling."""
        return "latest" if text.strip().casefold() == "latest" else text

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = self.canonical(str(value))
        if text == "latest":
            return None
        if not re.fullmatch(r"[1-9][0-9]{0,8}", text, re.ASCII):
            raise ma.ValidationError(f"{text[:40]!r} is not a release. Write its number, or latest. See /v1/releases.")
        return int(text)


class Moment(ma.fields.String):
    """A day (to its end) or a moment of this service's publication time, as `2026-01-31T12:00:00Z`."""

    def canonical(self, text: str) -> str:
        """The letters between and after the digits as ISO 8601 has them."""
        return text.upper()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = self.canonical(str(value))
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


_OTHER_LIST = re.compile(r"\[.*\]|\{.*\}|\(.*\)|[\w:-]+([;|+][\w:-]+)+", re.ASCII)
"""Lists in JSON, in brackets, or with other signs between the values (SDMX: `+`)."""


class Texts(DelimitedList):
    """Values separated by commas, or one by one: sorted and without repeats, so that equal questions are equal."""

    def __init__(self, inner: ma.fields.Field[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(inner or ma.fields.String(), **kwargs)

    def under_limits(self) -> dict[str, Any]:
        """What is documented of its length."""
        return {"minItems": 1, "maxItems": enforced().max_list_values}

    def canonical(self, text: str) -> str:
        """The list with each value in its one spelling, where it has one."""
        spell = getattr(self.inner, "canonical", None)
        return ",".join(map(spell, text.split(","))) if spell else text

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        parts = [part.strip() for part in str(value).split(",")]
        titled = self.inner.metadata.get("pattern") == _TITLE  # which may hold any sign
        if not titled and _OTHER_LIST.fullmatch(str(value).strip()):
            written = ",".join(re.findall(r"[\w:-]+", str(value)))
            raise ma.ValidationError(f"A list is written with commas and nothing else: {written[:200]}.")
        if "" in parts:
            raise ma.ValidationError(
                "A value is empty. Write values separated by single commas, or leave the parameter out."
            )
        most = enforced().max_list_values
        if len(parts) > most:
            raise ma.ValidationError(
                f"{len(parts)} values are asked for, {most} are possible. Ask for fewer at a time."
            )
        read = [self.inner.deserialize(part, attr, data, **kwargs) for part in dict.fromkeys(parts)]
        return tuple(sorted(read, key=repr))


class Count(Whole):
    """How many: one at least."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        number = super()._deserialize(value, attr, data, **kwargs)
        if number < 1:
            raise ma.ValidationError(f"{number} is too few. Write 1 or more.")
        return number


class Limit(Whole):
    """The `limit` parameter of a list of items, or of observations."""

    def __init__(self, *, of: str, what: str, default: str | None = None) -> None:
        """`of` and `default` name the limits of a page: `max_items`, and `default_items` if nothing else is named."""
        self._most, self._default, self._what = f"max_{of}", f"default_{default or of}", what
        super().__init__(metadata={})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        number, most = super()._deserialize(value, attr, data, **kwargs), limit_of(self._most)
        if not 1 <= number <= most:
            raise ma.ValidationError(
                f"A page holds 1 to {most:,} {self._what}; {number:,} is not in that range. "
                "Tables without limit hold everything."
            )
        return number

    def under_limits(self) -> dict[str, Any]:
        """What is documented of it."""
        default, most = limit_of(self._default), limit_of(self._most)
        return {
            "minimum": 1,
            "maximum": most,
            "description": f"How many {self._what} a page holds at the most. Without it: {default:,}.",
            "example": min(default, 100),
        }


def count_of(description: str, example: int) -> Count:
    """A parameter that is a number of things, one at least."""
    return Count(metadata={"description": description, "example": example, "minimum": 1, "maximum": MOST})


def cursor() -> ma.fields.String:
    """The `cursor` parameter of a list."""
    description = "Where the page begins: taken from `links.next` of the page before, never made up."
    return ma.fields.String(metadata={"description": description, "format": "cursor", "pattern": IDENTIFIER})


def search(what: str, example: str) -> ma.fields.String:
    """The `q` parameter of a list."""
    return ma.fields.String(
        validate=ma.validate.Length(min=1, max=200, error="A search text has 1 to 200 characters."),
        metadata={
            "description": f"A text to search in {what}; case and punctuation do not count.",
            "pattern": PLAIN,
            "example": example,
        },
    )


def identifiers(description: str, example: str) -> Texts:
    """A list of identifiers, separated by commas."""
    return _texts(description, example, pattern=IDENTIFIER)


def identifier(description: str, example: str) -> ma.fields.String:
    """One identifier."""
    one = ma.validate.Regexp(r"[^,]+\Z", error="One identifier is possible here, not a list.")
    said = {"description": description, "pattern": IDENTIFIER, "example": example}
    return ma.fields.String(validate=one, metadata=said)


def titles(description: str, example: str) -> Texts:
    """A list of titles without commas, separated by commas."""
    return _texts(description, example, pattern=_TITLE)


def _texts(description: str, example: str, *, pattern: str) -> Texts:
    return Texts(
        ma.fields.String(metadata={"pattern": pattern}),
        metadata={"description": f"{description} {SEVERAL}", "example": [example]},
    )


def period(description: str, example: str) -> Period:
    """A period bound."""
    return Period(metadata={"description": f"{description} {PERIOD_SPELLINGS}", "example": example, "format": "period"})


PERIOD_SPELLINGS = (
    "ISO 8601: `2024`, `2024-Q1`, `2024-01`, `2024-01-15`, `2023-04-01/P1Y`; the usual spellings `2023/24`, `202324`, "
    "`FY2023/24`, `2024-S1`, `2024M01`, `Apr 2021-Mar 2022` and `2024-01-01/2024-12-31` are understood."
)
SEVERAL = "Several: separated by commas, or the parameter repeated."
"""How lists are written."""
