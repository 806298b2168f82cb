"""What all schemas share: questions that refuse what they do not know, and the envelope of every answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import marshmallow as ma

from api import errors
from api.columns import Column
from api.filters import Asked, At, Nothing
from api.schemas import fields

NAMED = "; the first so many (`max_named` at `/v1/config`)"
"""What is said of lists beside the figures: they name so many regions at the most."""


class Question(ma.Schema):
    """A query string. Loads into the frozen filter named by `filter_type`."""

    filter_type: ClassVar[type] = Nothing

    release = fields.Release(
        metadata={
            "description": "Answer from this release, for ever the same: its number. Without it, or with `latest`: the "
            "current release, which `Content-Location` then names.",
            "anyOf": [{"type": "string", "pattern": "^[1-9][0-9]{0,8}$"}, {"const": "latest"}],
            "example": "4",
        }
    )
    as_of = fields.Moment(
        metadata={
            "description": "Answer as this service did at the end of a day, or at a moment (UTC).",
            "anyOf": [{"format": "date"}, {"format": "date-time"}],
            "example": "2026-01-13",
        }
    )

    draft = fields.identifier(
        "For partners: answer as this draft will have it, with your key in `Authorization`. Cached nowhere.",
        "kX3v9QpLr2TzWb1c",
    )

    class Meta:
        unknown = ma.RAISE

    @ma.post_load(pass_original=True)
    def _make(self, data: dict[str, Any], original: dict[str, str], **_: Any) -> Asked:
        if "release" in data and "as_of" in data:
            message = "Give release or as_of, not both: each says which release to read."
            raise errors.invalid("query/as_of", message, code="release-and-as-of")
        at = At(release=data.pop("release", None), as_of=data.pop("as_of", None))
        how = {name: data.pop(name) for name in ("format", "explain", "bom", "draft") if name in data}
        return Asked(question=self.filter_type(**data), at=at, given=dict(original), **how)


class NoParameters(Question):
    """The question of an operation without parameters."""

    class Meta:
        unknown = ma.RAISE
        exclude = ("release", "as_of", "draft")


def with_format(query: type[Question], names: tuple[str, ...]) -> type[Question]:
    """The same question, with the `format` to answer it in."""
    chosen = fields.FormatName(
        names,
        error="{input!r} is not a format served here. Those are {choices}.",
        metadata={
            "description": "The format of the answer. Without it: the one that `Accept` asks for, else the first.",
            "example": names[0],
        },
    )
    return type(query.__name__, (explained(query),), {"format": chosen})


def explained(query: type[Question]) -> type[Question]:
    """The same question, with `explain` to hear what the answer would be."""
    explain = fields.Flag(
        metadata={
            "description": "Instead of the answer, how many rows and about how many bytes it would have, and which "
            "limit applies. `HEAD` says the same in the headers `Explain-Rows`, `Explain-Bytes` and `Explain-Limit`.",
            "example": True,
        }
    )
    return type(query.__name__, (query,), {"explain": explain})


def with_mark(query: type[Question]) -> type[Question]:
    """The same question, with `bom` to have CSV marked as UTF-8."""
    bom = fields.Flag(
        metadata={
            "description": "CSV with a byte order mark in front, by which Excel knows that it is UTF-8. Other formats "
            "have none: a workbook (XLSX) needs none.",
            "example": False,
        }
    )
    return type(query.__name__, (query,), {"bom": bom})


class AtRelease(Question):
    """The question of an operation that is only asked of a release."""


class Item(ma.Schema):
    """A part of an answer: every key is always there."""

    class Meta:
        # Not part of the contract that there are no further keys: later versions may add some.
        unknown = ma.EXCLUDE

    def on_bind_field(self, field_name: str, field_obj: ma.fields.Field[Any]) -> None:
        """Keys of answers are always present; what may be missing is null."""
        super().on_bind_field(field_name, field_obj)
        field_obj.required = field_obj.metadata.get("optional") is not True


def text(description: str, example: Any = None, *, optional: bool = False, **kwargs: Any) -> ma.fields.String:
    """A text in an answer."""
    return ma.fields.String(metadata=_metadata(description, example, optional), **kwargs)


def whole(description: str, example: Any = None, *, optional: bool = False, **kwargs: Any) -> ma.fields.Integer:
    """A whole number in an answer."""
    return ma.fields.Integer(metadata=_metadata(description, example, optional), **kwargs)


def number(description: str, example: Any = None, **kwargs: Any) -> ma.fields.Float:
    """A number in an answer."""
    return ma.fields.Float(metadata=_metadata(description, example, optional=False), **kwargs)


def flag(description: str, example: Any = None, **kwargs: Any) -> ma.fields.Boolean:
    """True or false in an answer."""
    return ma.fields.Boolean(metadata=_metadata(description, example, optional=False), **kwargs)


def texts(description: str, example: Any = None, *, optional: bool = False, **kwargs: Any) -> ma.fields.List[Any]:
    """A list of texts in an answer."""
    return ma.fields.List(ma.fields.String(), metadata=_metadata(description, example, optional), **kwargs)


def one(schema: type[ma.Schema], description: str, *, optional: bool = False, **kwargs: Any) -> ma.fields.Nested:
    """An object in an answer."""
    return ma.fields.Nested(schema, metadata=_metadata(description, None, optional), **kwargs)


def many(schema: type[ma.Schema], description: str, *, optional: bool = False) -> ma.fields.List[Any]:
    """A list of objects in an answer."""
    return ma.fields.List(ma.fields.Nested(schema), metadata=_metadata(description, None, optional))


def row_of(name: str, columns: Iterable[Column]) -> type[ma.Schema]:
    """The schema of a line of a table, from its columns."""
    made: dict[str, Any] = {"string": text, "number": number, "integer": whole}
    parts = {
        item.name: made[item.kind](item.description, item.example, **({"allow_none": True} if item.optional else {}))
        for item in columns
    }
    return Item.from_dict(parts, name=name)


def _metadata(description: str, example: Any, optional: bool) -> dict[str, Any]:  # noqa: FBT001
    examples = None if example is None else [example]
    known = {"description": description, "examples": examples, "optional": optional or None}
    return {name: value for name, value in known.items() if value is not None}


class SourceReference(Item):
    """A source in short."""

    id = text("Identifier.", "ofcom-connected-nations")
    title = text("Title of the data set.", "Connected Nations")
    publisher = text("Who published it.", "Ofcom")
    url = text("Where it is published.")


class LeftOut(Item):
    """A region that is left out, since others replaced it or it is no more."""

    region = text("Code of the region.", "E07000029")
    region_name = text("Name of the region.", "Copeland")
    reason = text("`succeeded`, or `ended` where nothing that came after it has figures.", "succeeded")
    detail = text("The same in a sentence.", "E06000063 (Cumberland) came after it and has a figure.")
    successors = texts("Codes of the regions that came after it and have figures.", ["E06000063"])
    indicators = texts("The indicators that it is left out of; only where several are asked for.", optional=True)


class Meta(Item):
    """What there is to know about an answer: release, provenance, and why it is empty where it is."""

    release = whole("The release of this service that the answer was read at.", 4)
    published_at = text("When that release was published (ISO 8601, UTC).", "2026-06-26T00:00:00Z")
    reconstructed = flag("Whether it was laid out afterwards, with no figure published after its day.", True)  # noqa: FBT003
    source = many(SourceReference, "The sources of the figures.")
    licence = text("The licence, or licences, of the figures.", "Open Government Licence v3.0")
    attribution = text("The attribution that the licence asks for.")
    citation = text("How to cite this answer.")
    draft = text("The draft that was read, where it was one: nothing of it is published.", optional=True)
    returned = whole("How many items or observations this page holds.", 5, optional=True)
    valid_on = text("The day for which regions are listed, or `any`.", "2026-06-26", optional=True)
    left_out = many(
        LeftOut,
        "Regions that others replaced, left out of a cross-section; `valid_on=any` brings them back. The first "
        "so many (`max_left_out` at `/v1/config`).",
        optional=True,
    )
    left_out_count = whole("How many are left out in all.", 19, optional=True)
    reason = text("Why there is nothing; only in an empty answer.", "outside-period", optional=True)
    detail = text("The same in a sentence.", optional=True)
    nearest = text("The nearest question that has an answer.", optional=True, allow_none=True)


class Links(Item):
    """Where to go from here."""

    self = text("This question, spelt one way.", "/v1/levels")
    next = text("The next page; null on the last one.", allow_none=True)
    series = text("The series that this is about.", optional=True)
    projection = text("The projection of this series, or why it has none.", optional=True)


def envelope(name: str, data: ma.fields.Field[Any], *, meta: type[Meta] = Meta) -> type[ma.Schema]:
    """The schema `{data, meta, links}` of an answer, named for the OpenAPI document."""
    parts = {
        "data": data,
        "meta": one(meta, "Release, provenance, and why the answer is empty where it is."),
        "links": one(Links, "Where to go from here."),
    }
    return Item.from_dict(parts, name=name)
