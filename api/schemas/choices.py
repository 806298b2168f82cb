"""What a caller chooses otherwise of an index that is published: weights, goalposts, denominators, methods."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import marshmallow as ma

from api import indices
from api.answers.calculations import Calculation
from api.answers.editions import Edition, edition_of
from api.answers.reading import Reading
from api.catalogue import Catalogue
from api.errors import Fault, nearest
from api.indices import Index
from api.schemas import served
from api.schemas.bodies import Body, Name, Number, Whole, Word, cut, problem, problem_of
from api.schemas.calculations import LIMITS, PARTS, SensitivityBody, UncertaintyBody
from api.schemas.definitions import assembled
from api.schemas.json_text import canonical
from api.schemas.methods import MeansField, MethodField, read
from api.schemas.trees import faults_of_tree

TOP = "index"
"""What the top of a published index is called."""
NORMALISATIONS = ("goalposts", "min-max", "z-score")
DRAWN: dict[str, Any] = {"draws": 1_000, "seed": 1, "weights": 0.25, "normalisation": list(NORMALISATIONS)}
"""What may be chosen otherwise where the caller says nothing of it."""


def _said(description: str, example: Any = None) -> dict[str, Any]:
    return {"description": description, **({} if example is None else {"examples": [example]})}


def _by_name(field: ma.fields.Field[Any], description: str, example: Any) -> ma.fields.Dict:
    most = LIMITS.max_calculation_parts
    length = ma.validate.Length(max=most, error=f"Up to {most} are possible here.")
    said = {**_said(description, example), "maxProperties": most}
    return ma.fields.Dict(keys=Name(), values=field, load_default=dict, validate=length, metadata=said)


class GoalpostsBody(Body):
    """The values that count as 0 and as 100."""

    lower = Number(required=True, metadata=_said("What counts as 0, or as 100 where less is better.", 60))
    upper = Number(required=True, metadata=_said("What counts as 100, or as 0 where less is better.", 100))


class ChoicesBody(Body):
    """What is chosen otherwise. `{}` is the index as it is published."""

    edition = Whole(
        least=1900, most=9999, allow_none=True, load_default=None, metadata=_said("The edition; the latest.", 2026)
    )
    weights = _by_name(
        Number(least=0, most=1e9),
        "Weights of components and indicators among their like, in place of the published ones.",
        {"digital-skills": 2, "gigabit-availability": 0.5},
    )
    without = ma.fields.List(
        Name(),
        load_default=list,
        validate=ma.validate.Length(max=LIMITS.max_calculation_parts, error="Up to {max} are possible here."),
        metadata=_said("Components and indicators that are left out.", ["trade-support"]),
    )
    goalposts = _by_name(
        ma.fields.Nested(GoalpostsBody),
        "Goalposts of indicators, in place of the published ones.",
        {"gigabit-availability": {"lower": 50, "upper": 100}},
    )
    denominators = _by_name(
        Name(),
        "What counts and amounts are divided by, in place of what they declare. Goalposts must be given for them, or "
        "another normalisation.",
        {"total-exports": "active-businesses"},
    )
    imputation = MethodField("imputation", "How missing values are filled in.")
    minimum_coverage = Number(
        least=0,
        most=1,
        load_default=0.0,
        metadata=_said("The share of the weight that a region needs values for.", 0.6),
    )
    treatment = MethodField("treatment", "How outliers are treated.")
    normalisation = MethodField("normalisation", "How indicators come to one scale.")
    aggregation = MeansField("How parts are joined: one mean for all levels, or one for each from the lowest up.")
    uncertainty = ma.fields.Nested(
        UncertaintyBody,
        allow_none=True,
        metadata=_said("What may be chosen otherwise; without it weights within a quarter and three normalisations."),
    )
    sensitivity = ma.fields.Nested(
        SensitivityBody, load_default=None, allow_none=True, metadata=_said("Which of the choices matters most.")
    )
    include = ma.fields.List(
        Word(PARTS),
        validate=ma.validate.Length(max=len(PARTS)),
        metadata=_said("Which parts the answer holds beside scores and ranks; without it all but `draws`."),
    )


_SCHEMA = ChoicesBody()


def calculation(body: Any, reading: Reading, index: str | Index) -> Calculation:
    """A published index with some choices made otherwise. Problems `unknown-id` and `invalid-definition`."""
    found = index if isinstance(index, Index) else indices.find(index, path="path/index")
    try:
        chosen = _SCHEMA.load(body)
    except ma.ValidationError as error:
        raise problem_of(error.messages, _SCHEMA) from None
    with reading.database.connect() as connection:
        edition = edition_of(connection, reading, found, chosen["edition"])
    given = _given(edition, chosen, reading.catalogue)
    figures = served.figures(given, reading)
    # The edition is named: without it the same choices would be of another one under another release.
    query = urlencode({"choices": canonical({**body, "edition": edition.year})})
    about = {
        "index": found.id,
        "edition": edition.year,
        "method_version": found.method_version,
        "notes": list(found.notes),
        "components": edition.components(reading.catalogue),
    }
    return assembled(given, figures, address=f"/v1/indices/{found.id}/calculations?{query}", about=about)


def _given(edition: Edition, chosen: dict[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """The definition that the choices make of an edition, as a body of one's own would say it."""
    index = edition.index
    _refuse(edition, chosen, catalogue)
    left_out, weights = set(chosen["without"]), chosen["weights"]
    used = [use for use in edition.used if not left_out & {use.component, use.indicator.slug}]
    measured = {use.component for use in used}
    if len(measured) < index.least_components:
        some = ", ".join(sorted(measured)) or "none"
        message = (
            f"An index is made of {index.least_components} components at least. Edition {edition.year} is left with "
            f"figures of: {some}."
        )
        raise problem([Fault("too-few-components", "body", message)])
    indicators = [
        {
            "id": use.indicator.slug,
            "parent": use.component,
            "weight": weights.get(use.indicator.slug, use.given.weight),
            "period": use.group.period if use.group else None,
            "denominator": chosen["denominators"].get(use.indicator.slug),
            "scale": 1.0,
            "target": None,
            **_posts(chosen, use.indicator.slug, use.given.goalposts),
        }
        for use in used
    ]
    components = [
        {"id": part.component, "parent": TOP, "weight": weights.get(part.component, part.weight)}
        for part in index.components
        if part.component in measured
    ]
    kinds = ("imputation", "treatment", "normalisation")
    methods = {kind: chosen.get(kind) or read(kind, getattr(index, kind)) for kind in kinds}
    drawn = chosen["uncertainty"] if "uncertainty" in chosen else UncertaintyBody().load(_drawn(indicators))
    aggregates = [{"id": TOP, "parent": None, "weight": 1.0}, *components]
    if weightless := faults_of_tree(indicators, aggregates):
        raise problem([replace(fault, path="body/weights") for fault in weightless])
    return {
        "title": index.title,
        "regions": {"level": index.level},
        "indicators": indicators,
        "aggregates": aggregates,
        **methods,
        "aggregation": chosen.get("aggregation") or (read("aggregation", index.aggregation),),
        "minimum_coverage": chosen["minimum_coverage"],
        "uncertainty": drawn,
        "sensitivity": chosen["sensitivity"],
        **({"include": chosen["include"]} if "include" in chosen else {}),
    }


def _drawn(indicators: list[dict[str, Any]]) -> dict[str, Any]:
    """What is drawn where nothing is said of it: without goalposts, where some indicator has none."""
    if all(item["lower"] is not None for item in indicators):
        return DRAWN
    return {**DRAWN, "normalisation": [name for name in NORMALISATIONS if name != "goalposts"]}


def _posts(chosen: dict[str, Any], slug: str, published: tuple[float, float]) -> dict[str, float | None]:
    """The goalposts of an indicator; the published ones do not hold for another denominator."""
    if slug in chosen["goalposts"]:
        return dict(chosen["goalposts"][slug])
    if slug in chosen["denominators"]:
        return {"lower": None, "upper": None}
    return {"lower": published[0], "upper": published[1]}


def _refuse(edition: Edition, chosen: dict[str, Any], catalogue: Catalogue) -> None:
    """Problem `invalid-definition` where a choice is about something that the edition does not have."""
    year = int(catalogue.release.published_at[:4])
    faults = []
    if edition.year > year:
        message = f"The latest edition at this release is that of {year}."
        faults.append(Fault("unknown-edition", "body/edition", message, (year,)))
    own = [use.indicator.slug for use in edition.uses]
    parts = [part.component for part in edition.index.components]
    for kind, known in (("weights", own + parts), ("without", own + parts), ("goalposts", own), ("denominators", own)):
        for place, name in enumerate(chosen[kind]):
            if name not in known:
                path = f"body/{kind}/{place if kind == 'without' else cut(name)}"
                near = nearest(name, known, count=1)
                hint = f"Did you mean {near[0]}?" if near else f"Its parts are {', '.join(known)}."
                message = f"{edition.index.id} has no part {name!r}. {hint}"
                faults.append(Fault("unknown-part", path, message, near or tuple(known)))
    if chosen.get("normalisation") is None and edition.index.normalisation == "goalposts":
        for name in chosen["denominators"]:
            if name in own and name not in chosen["goalposts"]:
                message = f"The goalposts of {name} do not hold for this denominator. Give others in goalposts, or "
                message += "choose another normalisation."
                faults.append(Fault("goalposts", f"body/denominators/{cut(name)}", message))
    if faults:
        raise problem(faults)
