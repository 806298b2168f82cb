"""What choices make of an edition of a published index: a definition, as a body of one's own would say it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlencode

from sqlalchemy import Connection

from api import json_text
from api.analysis.definition import Means
from api.analysis.method import Choice
from api.analysis.methods import choice, on_positive
from api.answers.index import calculations, served
from api.answers.index.asked import (
    AS_PUBLISHED,
    AskedAggregate,
    AskedChoices,
    AskedIndex,
    AskedIndicator,
    AskedUncertainty,
)
from api.answers.index.calculation import Calculation
from api.answers.index.definitions import assembled, faults_in, faults_of_definition
from api.answers.index.editions import Edition, Use, edition_of, version_of
from api.answers.index.trees import faults_of_tree
from api.answers.reading import Reading
from api.catalogue import Index
from api.errors import Fault, Problem, invalid_definition, nearest, part, standing_in, told_with
from api.filters import EditionFilter
from api.rows import Answer

TOP = "index"
"""What the top of a published index is called."""
_OF_AN_INDICATOR = re.compile(r"indicators/(\d+)/(\w+)")
_CHOSEN_AS = {"lower": "goalposts", "upper": "goalposts", "denominator": "denominators"}
"""Under which choice a part of an indicator stands."""


def calculate(reading: Reading, asked: AskedChoices, index: Index) -> Answer:
    """A published index with some choices made otherwise. Problems `invalid-definition`, `impossible-calculation`."""
    with standing_in(asked.place):
        with told_with(asked.faults), reading.database.connect() as connection:
            both = _calculations(connection, reading, index, asked)
        return calculations.calculate(reading, *both)


def _calculations(
    connection: Connection, reading: Reading, index: Index, asked: AskedChoices
) -> tuple[Calculation, Calculation | None]:
    """The calculation, and the one that it is held against. Problem `invalid-definition` with the faults of both."""
    try:
        edition = edition_of(connection, reading, version_of(index, asked.method_version), asked.edition)
    except Problem as problem:
        raise invalid_definition(problem.faults) from None
    faults: list[Fault] = []
    found, other = None, None
    try:
        found = of_edition(connection, reading, edition, asked)
    except Problem as problem:
        faults += faults_in(problem)
    if asked.against is not None:
        try:
            with standing_in("against"):
                other = _other(connection, reading, index, edition, asked.against)
        except Problem as problem:
            faults += faults_in(problem)
    if found is None or faults:
        raise invalid_definition(faults)
    return found, other


def _other(
    connection: Connection, reading: Reading, index: Index, edition: Edition, against: AskedChoices
) -> Calculation:
    """What the calculation is held against: of the same edition, and of the same version unless another is named."""
    if against.edition not in {None, edition.year}:
        where = f"/v1/indices/{index.id}/scores?since="
        message = f"Editions hold different indicators. {where} compares them by what both hold alike."
        raise invalid_definition([Fault("other-edition", "edition", message, (edition.year,))])
    try:
        version = version_of(index, against.method_version or int(edition.index.method_version))
    except Problem as problem:
        raise invalid_definition(problem.faults) from None
    then = edition_of(connection, reading, version, edition.year)
    return of_edition(connection, reading, then, replace(against, include=("uncertainty",)))


def published(reading: Reading, asked: EditionFilter, index: Index) -> Calculation | Edition:
    """An edition as it is published; where it has too few components for that, what there is of it."""
    with reading.database.connect() as connection:
        edition = edition_of(connection, reading, version_of(index, asked.method_version), asked.edition)
        index = edition.index
        if len({use.component for use in edition.used}) < index.least_components:
            return edition
        return of_edition(connection, reading, edition, AskedChoices())


def of_edition(connection: Connection, reading: Reading, edition: Edition, asked: AskedChoices) -> Calculation:
    """An edition with some choices made otherwise. Problem `invalid-definition`."""
    # What a choice is about that the index does not have changes nothing: all the rest is looked at too.
    unknown = list(_unknown(edition, asked))
    if without := list(_without_goalposts(edition, asked)):
        raise invalid_definition([*unknown, *without])
    with told_with(unknown):
        return _of_known(connection, reading, edition, asked)


def _of_known(connection: Connection, reading: Reading, edition: Edition, asked: AskedChoices) -> Calculation:
    index = edition.index
    definition = _definition(edition, asked)
    # Edition and version are named: without them the same choices would be of others under another release.
    named = {"edition": edition.year, "method_version": int(index.method_version)}
    choices = json_text.canonical({**json.loads(asked.text), **named})
    about = {
        "index": index.id,
        "edition": edition.year,
        "method_version": index.method_version,
        "notes": list(index.notes),
        "components": edition.components(reading),
        "components_measured": edition.coverage[0],
        "components_count": len(index.components),
        "components_coverage": edition.coverage[1],
    }
    address = f"/v1/indices/{index.id}/calculations?{urlencode({'choices': choices})}"
    with _said_of_choices(definition.indicators), told_with(faults_of_definition(definition)):
        indicators, figures = served.figures(connection, reading, definition)
        whole = replace(definition, indicators=indicators)
        return assembled(whole, figures, reading.settings.limits, address=address, about=about)


@contextmanager
def _said_of_choices(indicators: Sequence[AskedIndicator]) -> Iterator[None]:
    """Have what is wrong with an indicator said of the choice that made it so: the caller wrote no indicators."""

    def moved(fault: Fault) -> Fault:
        found = _OF_AN_INDICATOR.match(fault.path)
        if found is None:
            return fault
        slug, name = part(indicators[int(found[1])].id), found[2]
        return replace(fault, path=f"{_CHOSEN_AS.get(name, 'without')}/{slug}")

    try:
        yield
    except Problem as found:
        if found.type.slug != "invalid-definition":
            raise
        raise invalid_definition([moved(fault) for fault in found.faults]) from None


def _definition(edition: Edition, asked: AskedChoices) -> AskedIndex:
    """The definition that the choices make of an edition. Problem `invalid-definition`."""
    index = edition.index
    indicators, aggregates = _tree(edition, asked)
    aggregation = asked.aggregation or (choice("aggregation", index.aggregation),)
    treatment = asked.treatment or _treatment(index.treatment, indicators)
    uncertainty = asked.uncertainty
    if uncertainty is AS_PUBLISHED:
        own = any(mean.method.own_weights for mean in aggregation)
        uncertainty = None if own else _drawn(index, indicators, aggregation, asked)
    if not any(item.takes_logarithms for item in (treatment, *((uncertainty and uncertainty.treatment) or ()))):
        indicators = [replace(item, logarithm=False) for item in indicators]
    return AskedIndex(
        title=index.title,
        regions={"level": index.level},
        indicators=indicators,
        aggregates=aggregates,
        imputation=asked.imputation or choice("imputation", index.imputation),
        treatment=treatment,
        normalisation=asked.normalisation or _scale(index.normalisation, aggregation),
        aggregation=aggregation,
        rank_decimals=asked.rank_decimals,
        minimum_coverage=asked.minimum_coverage,
        uncertainty=uncertainty,
        sensitivity=asked.sensitivity,
        include=asked.include,
    )


def _tree(edition: Edition, asked: AskedChoices) -> tuple[list[AskedIndicator], list[AskedAggregate]]:
    """The indicators and the aggregates that are left. Problem `invalid-definition` where they are too few."""
    index = edition.index
    left_out = set(asked.without)
    used = [use for use in edition.used if not left_out & {use.component, use.indicator.slug}]
    measured = {use.component for use in used}
    if len(measured) < index.least_components:
        message = (
            f"An index is made of {index.least_components} components at least. Edition {edition.year} is left with "
            f"figures of: {', '.join(sorted(measured)) or 'none'}."
        )
        raise invalid_definition([Fault("too-few-components", "", message)])
    aggregates = [
        AskedAggregate(id=TOP),
        *(
            AskedAggregate(id=item.component, parent=TOP, weight=asked.weights.get(item.component, item.weight))
            for item in index.components
            if item.component in measured
        ),
    ]
    indicators = [_indicator(use, asked) for use in used]
    if weightless := faults_of_tree(indicators, aggregates):
        raise invalid_definition([replace(fault, path="weights") for fault in weightless])
    return indicators, aggregates


def _indicator(use: Use, asked: AskedChoices) -> AskedIndicator:
    """An indicator with its weight, its period and its goalposts, which do not hold for another denominator."""
    slug = use.indicator.slug
    lower, upper = (None, None) if slug in asked.denominators else use.given.goalposts
    if goalposts := asked.goalposts.get(slug):
        lower, upper = goalposts.lower, goalposts.upper
    return AskedIndicator(
        id=slug,
        parent=use.component,
        weight=asked.weights.get(slug, use.given.weight),
        period=use.group.period if use.group else None,
        denominator=asked.denominators.get(slug),
        lower=lower,
        upper=upper,
        logarithm=use.given.logarithm and slug not in asked.denominators,
    )


def _scale(name: str, aggregation: Means) -> Choice:
    """A normalisation on a scale that an aggregation can do with."""
    found = choice("normalisation", name)
    return on_positive(found) if any(mean.positive for mean in aggregation) else found


def _treatment(name: str, indicators: Sequence[AskedIndicator]) -> Choice:
    """A treatment of an index: without an indicator to take the logarithm of, none."""
    found = choice("treatment", name)
    marked = any(item.logarithm for item in indicators)
    return found if marked or not found.takes_logarithms else choice("treatment", "none")


def _drawn(
    index: Index, indicators: Sequence[AskedIndicator], aggregation: Means, asked: AskedChoices
) -> AskedUncertainty:
    """What is drawn where nothing is said of it: as the index has it, and a method that was chosen is kept.

    Without goalposts, where some indicator has none.
    """
    drawn = index.uncertainty
    complete = all(item.lower is not None for item in indicators)
    names = [name for name in drawn.normalisation if complete or name != "goalposts"]
    means: list[Means] = []
    if asked.aggregation is None:
        means = [(choice("aggregation", name),) for name in drawn.aggregation]
    several = tuple(mean for one in (means or [aggregation]) for mean in one)
    treatments = list(dict.fromkeys(_treatment(name, indicators) for name in drawn.treatment))
    if asked.treatment is not None:
        treatments = []
    return AskedUncertainty(
        weights=drawn.weights,
        normalisation=[_scale(name, several) for name in names],
        aggregation=means or None,
        treatment=treatments or None,
        leave_one_out=drawn.leave_one_out,
        data_error=drawn.data_error,
        goalposts=drawn.goalposts if "goalposts" in names else 0.0,
    )


def _unknown(edition: Edition, asked: AskedChoices) -> Iterator[Fault]:
    """Choices about something that the index does not have."""
    own = [use.indicator.slug for use in edition.uses]
    parts = [item.component for item in edition.index.components]
    for kind, known in (("weights", own + parts), ("without", own + parts), ("goalposts", own), ("denominators", own)):
        for place, name in enumerate(getattr(asked, kind)):
            if name not in known:
                path = f"{kind}/{place if kind == 'without' else part(name)}"
                near = nearest(name, known, count=1)
                hint = f"Did you mean {near[0]}?" if near else f"Its parts are {', '.join(known)}."
                message = f"{edition.index.id} has no part {name!r}. {hint}"
                yield Fault("unknown-part", path, message, near or tuple(known))


def _without_goalposts(edition: Edition, asked: AskedChoices) -> Iterator[Fault]:
    """Denominators that the published goalposts do not hold for."""
    if asked.normalisation is not None or edition.index.normalisation != "goalposts":
        return
    for name in asked.denominators:
        if name not in asked.goalposts:
            message = f"The goalposts of {name} do not hold for this denominator. Give others in goalposts, or choose "
            yield Fault("goalposts", f"denominators/{part(name)}", f"{message}another normalisation.")
