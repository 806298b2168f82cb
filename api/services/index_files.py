"""Definitions of indices as an operator brings them: files in JSON, checked before anything is published."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import marshmallow as ma
from marshmallow.validate import Length, OneOf, Range, Regexp

from api.analysis.methods import BY_KIND
from api.catalogue.indices import NORMALISATIONS
from api.services.cells import SLUG

_SLUG = Regexp(rf"^{SLUG.pattern}\Z", error="is no identifier: small letters, digits and hyphens, 64 at most")
_TEXT = Length(min=1, max=10_000)
_KEY = 64
"""Characters of the key that a version is stored under."""


class _Number(ma.fields.Float):
    """A number that is written as one."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **named: Any) -> float:
        if isinstance(value, str | bool):
            raise self.make_error("invalid", input=value)
        return float(super()._deserialize(value, attr, data, **named))


def _number(least: float, most: float) -> _Number:
    return _Number(required=True, validate=Range(least, most))


class _Indicator(ma.Schema):
    indicator = ma.fields.String(required=True, validate=_SLUG)
    weight = _number(1e-6, 1e6)
    goalposts = ma.fields.List(_Number(), required=True, validate=Length(equal=2))
    logarithm = ma.fields.Boolean(truthy={True}, falsy={False})
    digital = ma.fields.Boolean(truthy={True}, falsy={False})

    @ma.validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if data["goalposts"][0] == data["goalposts"][1]:
            raise ma.ValidationError("the goalposts are the same", "goalposts")
        if data.get("logarithm") and min(data["goalposts"]) <= 0:
            raise ma.ValidationError("goalposts of a logarithm are above zero", "goalposts")


class _Component(ma.Schema):
    component = ma.fields.String(required=True, validate=_SLUG)
    weight = _number(1e-6, 1e6)
    indicators = ma.fields.List(ma.fields.Nested(_Indicator), required=True)


def _several(kind: str) -> ma.fields.List[Any]:
    known = NORMALISATIONS if kind == "normalisation" else list(BY_KIND[kind])
    return ma.fields.List(ma.fields.String(validate=OneOf(known)), validate=Length(min=1))


class _Uncertainty(ma.Schema):
    weights = _Number(validate=Range(0, 1))
    normalisation = _several("normalisation")
    treatment = _several("treatment")
    aggregation = _several("aggregation")
    leave_one_out = ma.fields.Boolean(truthy={True}, falsy={False})
    data_error = ma.fields.Boolean(truthy={True}, falsy={False})
    goalposts = _Number(validate=Range(0, 0.4))


class _Answer(ma.Schema):
    objection = ma.fields.String(required=True, validate=_TEXT)
    answer = ma.fields.String(required=True, validate=_TEXT)


class IndexFile(ma.Schema):
    """The definition of an index, as a file has it."""

    id = ma.fields.String(required=True, validate=_SLUG)
    title = ma.fields.String(required=True, validate=_TEXT)
    description = ma.fields.String(required=True, validate=_TEXT)
    level = ma.fields.String(required=True, validate=_SLUG)
    method_version = ma.fields.String(
        required=True, validate=Regexp(r"^[1-9][0-9]{0,5}\Z", error="is not a whole number, as a text")
    )
    normalisation = ma.fields.String(required=True, validate=OneOf(NORMALISATIONS))
    treatment = ma.fields.String(required=True, validate=OneOf(list(BY_KIND["treatment"])))
    imputation = ma.fields.String(required=True, validate=OneOf(list(BY_KIND["imputation"])))
    aggregation = ma.fields.String(required=True, validate=OneOf(list(BY_KIND["aggregation"])))
    most_years_old = ma.fields.Integer(required=True, strict=True, validate=Range(1, 100))
    least_share = _number(0, 1)
    least_components = ma.fields.Integer(required=True, strict=True, validate=Range(1, 100))
    notes = ma.fields.List(ma.fields.String(validate=_TEXT), required=True)
    components = ma.fields.List(ma.fields.Nested(_Component), required=True, validate=Length(min=1))
    uncertainty = ma.fields.Nested(_Uncertainty)
    answers = ma.fields.List(ma.fields.Nested(_Answer))
    outcomes = ma.fields.List(ma.fields.String(validate=_SLUG))
    first_release = ma.fields.Integer(strict=True, validate=Range(min=1))
    """Of a package alone: the release that it came with."""

    @ma.validates_schema
    def _once(self, data: dict[str, Any], **_: Any) -> None:
        named = [part["component"] for part in data["components"]]
        used = [item["indicator"] for part in data["components"] for item in part["indicators"]]
        for names, what in ((named, "component"), (used, "indicator")):
            if len(set(names)) < len(names):
                raise ma.ValidationError(f"a {what} stands twice", "components")
        if data["method_version"] != "1" and len(f"{data['id']}.{data['method_version']}") > _KEY:
            raise ma.ValidationError("is too long with its version", "id")
        marked = any(item.get("logarithm") for part in data["components"] for item in part["indicators"])
        if marked != (data["treatment"] == "logarithms"):
            raise ma.ValidationError(
                "is `logarithms` where an indicator has `logarithm`, and nowhere else", "treatment"
            )
        if not used:
            raise ma.ValidationError("there is no indicator in any of them", "components")


def read(path: Path) -> Any:
    """The definition in a file. ValueError with what is wrong with it."""
    try:
        given = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ValueError(f"it cannot be read ({error.strerror}).") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"this is no JSON ({error}).") from None
    wrong = IndexFile().validate(given)
    if wrong:
        raise ValueError(f"this is no definition of an index ({'; '.join(_told(wrong))}). See those in seed/indices.")
    given.pop("first_release", None)
    return given


def _told(wrong: Any, where: str = "") -> list[str]:
    """What is wrong, a sentence for each place."""
    if isinstance(wrong, dict):
        return [
            said
            for name, part in wrong.items()
            for said in _told(part, f"{where}.{name}".strip(".") if name != "_schema" else where)
        ]
    return [f"{where}: {' '.join(map(str, wrong))}".removesuffix(".")]
