"""What choices make of an edition of a published index: a definition, as a body of one's own would say it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import marshmallow as ma

from api.answers.index.calculations import Calculation
from api.answers.index.editions import Edition, Use, edition_of
from api.answers.reading import Reading
from api.catalogue import Index
from api.catalogue.indices import NORMALISATIONS
from api.errors import Fault, Problem, nearest
from api.filters import CalculationFilter, EditionFilter
from api.schemas.index import served
from api.schemas.index.bodies import cut, problem, problem_of
from api.schemas.index.by_address import standing_in
from api.schemas.index.calculations import UncertaintyBody
from api.schemas.index.choices import DRAWN, ChoicesBody
from api.schemas.index.definitions import assembled
from api.schemas.index.json_text import canonical
from api.schemas.index.methods import read
from api.schemas.index.trees import faults_of_tree

TOP = "index"
"""What the top of a published index is called."""
_SCHEMA = ChoicesBody()
_OF_AN_INDICATOR = re.compile(r"body/indicators/(\d+)/(\w+)")
_CHOSEN_AS = {"lower": "goalposts", "upper": "goalposts", "denominator": "denominators"}
"""Under which choice a part of an indicator stands."""


def calculation(body: Any, reading: Reading, index: str | Index) -> Calculation:
    """A published index with some choices made otherwise. Problems `unknown-id` and `invalid-definition`."""
    found = index if isinstance(index, Index) else reading.catalogue.index(index, path="path/index")
    try:
        chosen = _SCHEMA.load(body)
    except ma.ValidationError as error:
        raise problem_of(error.messages, _SCHEMA) from None
    with standing_in("body"), reading.database.connect() as connection:
        edition = edition_of(connection, reading, found, chosen["edition"])
    given = _given(edition, chosen)
    # The edition is named: without it the same choices would be of another one under another release.
    query = urlencode({"choices": canonical({**body, "edition": edition.year})})
    about = {
        "index": found.id,
        "edition": edition.year,
        "method_version": found.method_version,
        "notes": list(found.notes),
        "components": edition.components(reading),
    }
    with _said_of_choices(given["indicators"]):
        figures = served.figures(given, reading)
        return assembled(given, figures, address=f"/v1/indices/{found.id}/calculations?{query}", about=about)


def by_address(asked: CalculationFilter, reading: Reading, index: Index) -> Calculation:
    """The same, of choices that stand in the query."""
    with standing_in("query/choices"):
        return calculation(json.loads(asked.definition), reading, index)


def published(asked: EditionFilter, reading: Reading, index: Index) -> Calculation | Edition:
    """An edition as it is published; where it has too few components for that, what there is of it."""
    with reading.database.connect() as connection:
        edition = edition_of(connection, reading, index, asked.edition)
    if len({use.component for use in edition.used}) < index.least_components:
        return edition
    return calculation({"edition": edition.year}, reading, index)


@contextmanager
def _said_of_choices(indicators: list[dict[str, Any]]) -> Iterator[None]:
    """Have what is wrong with an indicator said of the choice that made it so: the caller wrote no indicators."""

    def moved(fault: Fault) -> Fault:
        found = _OF_AN_INDICATOR.match(fault.path)
        if found is None:
            return fault
        slug, part = cut(indicators[int(found[1])]["id"]), found[2]
        return replace(fault, path=f"body/{_CHOSEN_AS.get(part, 'without')}/{slug}")

    try:
        yield
    except Problem as found:
        if found.type.slug != "invalid-definition":
            raise
        raise problem([moved(fault) for fault in found.faults]) from None


def _given(edition: Edition, chosen: dict[str, Any]) -> dict[str, Any]:
    """The definition that the choices make of an edition."""
    index = edition.index
    indicators, aggregates = _tree(edition, chosen)
    kinds = ("imputation", "treatment", "normalisation")
    methods = {kind: chosen.get(kind) or read(kind, getattr(index, kind)) for kind in kinds}
    drawn = chosen["uncertainty"] if "uncertainty" in chosen else UncertaintyBody().load(_drawn(indicators))
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


def _tree(edition: Edition, chosen: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The indicators and the aggregates that are left. Problem `invalid-definition` where they are too few."""
    if faults := [*_unknown(edition, chosen), *_without_goalposts(edition, chosen)]:
        raise problem(faults)
    index, weights = edition.index, chosen["weights"]
    left_out = set(chosen["without"])
    used = [use for use in edition.used if not left_out & {use.component, use.indicator.slug}]
    measured = {use.component for use in used}
    if len(measured) < index.least_components:
        message = (
            f"An index is made of {index.least_components} components at least. Edition {edition.year} is left with "
            f"figures of: {', '.join(sorted(measured)) or 'none'}."
        )
        raise problem([Fault("too-few-components", "body", message)])
    aggregates = [
        {"id": TOP, "parent": None, "weight": 1.0},
        *(
            {"id": part.component, "parent": TOP, "weight": weights.get(part.component, part.weight)}
            for part in index.components
            if part.component in measured
        ),
    ]
    indicators = [_indicator(use, chosen) for use in used]
    if weightless := faults_of_tree(indicators, aggregates):
        raise problem([replace(fault, path="body/weights") for fault in weightless])
    return indicators, aggregates


def _indicator(use: Use, chosen: dict[str, Any]) -> dict[str, Any]:
    """An indicator with its weight, its period and its goalposts, which do not hold for another denominator."""
    slug = use.indicator.slug
    lower, upper = (None, None) if slug in chosen["denominators"] else use.given.goalposts
    return {
        "id": slug,
        "parent": use.component,
        "weight": chosen["weights"].get(slug, use.given.weight),
        "period": use.group.period if use.group else None,
        "denominator": chosen["denominators"].get(slug),
        "scale": 1.0,
        "target": None,
        **chosen["goalposts"].get(slug, {"lower": lower, "upper": upper}),
    }


def _drawn(indicators: list[dict[str, Any]]) -> dict[str, Any]:
    """What is drawn where nothing is said of it: without goalposts, where some indicator has none."""
    if all(item["lower"] is not None for item in indicators):
        return DRAWN
    return {**DRAWN, "normalisation": [name for name in NORMALISATIONS if name != "goalposts"]}


def _unknown(edition: Edition, chosen: dict[str, Any]) -> Iterator[Fault]:
    """Choices about something that the index does not have."""
    own = [use.indicator.slug for use in edition.uses]
    parts = [part.component for part in edition.index.components]
    for kind, known in (("weights", own + parts), ("without", own + parts), ("goalposts", own), ("denominators", own)):
        for place, name in enumerate(chosen[kind]):
            if name not in known:
                path = f"body/{kind}/{place if kind == 'without' else cut(name)}"
                near = nearest(name, known, count=1)
                hint = f"Did you mean {near[0]}?" if near else f"Its parts are {', '.join(known)}."
                message = f"{edition.index.id} has no part {name!r}. {hint}"
                yield Fault("unknown-part", path, message, near or tuple(known))


def _without_goalposts(edition: Edition, chosen: dict[str, Any]) -> Iterator[Fault]:
    """Denominators that the published goalposts do not hold for."""
    if chosen.get("normalisation") is not None or edition.index.normalisation != "goalposts":
        return
    for name in chosen["denominators"]:
        if name not in chosen["goalposts"]:
            message = f"The goalposts of {name} do not hold for this denominator. Give others in goalposts, or choose "
            yield Fault("goalposts", f"body/denominators/{cut(name)}", f"{message}another normalisation.")
