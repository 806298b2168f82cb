"""From a definition that is well formed to an index that is one, with its figures: checked as far as can be before."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from api.analysis.composite import Framework, Part
from api.analysis.definition import Definition, Means, Measure, Uncertainty
from api.analysis.method import Choice
from api.analysis.methods import choice, on_positive
from api.answers.index import calculations, mixed, sent, served
from api.answers.index.asked import LEVELS, AskedIndex, AskedOther, AskedUncertainty
from api.answers.index.calculation import Calculation, Figures
from api.answers.index.faults import faults_of_inputs, faults_of_methods, faults_of_size
from api.answers.index.trees import TOP, faults_of_tree
from api.answers.reading import Reading
from api.errors import Fault, Problem, first, invalid_definition, nearest, part, standing_in, told_with
from api.limits import Limits
from api.rows import Answer


def calculate(reading: Reading, asked: AskedIndex) -> Answer:
    """The index that a caller defines. Problems `invalid-definition`, `impossible-calculation`."""
    with standing_in(asked.place):
        with told_with(asked.faults):
            both = _calculations(reading, asked)
        return calculations.calculate(reading, *both)


def _calculations(reading: Reading, asked: AskedIndex) -> tuple[Calculation, Calculation | None]:
    """The calculation, and the one that it is held against. Problem `invalid-definition` with the faults of both."""
    faults: list[Fault] = []
    found, other = None, None
    try:
        found = _one(reading, asked)
    except Problem as problem:
        faults += faults_in(problem)
    if asked.against is not None:
        known = {f"against/{fault.path}" for fault in faults}
        try:
            with standing_in("against"):
                other = _one(reading, _otherwise(asked, asked.against))
        except Problem as problem:
            # What is wrong with both is told once.
            faults += [fault for fault in faults_in(problem) if fault.path not in known]
    if found is None or faults:
        raise invalid_definition(faults)
    return found, other


def faults_in(problem: Problem) -> tuple[Fault, ...]:
    """The faults of a problem that is of a definition; any other is raised."""
    if problem.type.slug != "invalid-definition":
        raise problem
    return problem.faults


def _one(reading: Reading, asked: AskedIndex) -> Calculation:
    """The calculation of a definition. Problem `invalid-definition`."""
    if trees := faults_of_tree(asked.indicators, asked.aggregates):
        raise invalid_definition(first(chain(trees, _faults_of_figures(reading, asked))))
    with told_with(faults_of_definition(asked)):
        return _with_figures(reading, asked)


def _faults_of_figures(reading: Reading, asked: AskedIndex) -> Iterator[Fault]:
    """What is wrong with the figures that came, or with the names of those that are here."""
    if asked.data is None:
        yield from served.named(reading, asked).faults
    elif asked.regions is None:
        yield from sent.faults_of_figures(asked.data, asked.indicators)


def faults_of_definition(asked: AskedIndex) -> list[Fault]:
    """What methods need and do not have, as far as it can be told without figures. The parts are a tree."""
    return list(faults_of_methods(asked, _definition(asked, _tree(asked))))


def _with_figures(reading: Reading, asked: AskedIndex) -> Calculation:
    limits = reading.settings.limits
    if asked.data is not None and asked.regions is None:
        if faults := first(sent.faults_of_figures(asked.data, asked.indicators)):
            raise invalid_definition(faults)
        rows = {item.id: number for number, item in enumerate(asked.data.regions)}
        figures = Figures(
            inputs=sent.inputs(asked.data, asked.indicators),
            names=tuple(item.name for item in asked.data.regions),
            own={item.id: rows for item in asked.indicators},
        )
        return assembled(asked, figures, limits)
    with reading.database.connect() as connection:
        if asked.data is None:
            indicators, figures = served.figures(connection, reading, asked)
        else:
            indicators, figures = mixed.figures(connection, reading, asked, asked.data)
    # Two spellings of one indicator are one.
    if twice := faults_of_tree(indicators, asked.aggregates):
        raise invalid_definition(twice)
    address = None if asked.data is not None else f"/v1/calculations?{urlencode({'definition': asked.text})}"
    return assembled(replace(asked, indicators=indicators), figures, limits, address=address)


def _otherwise(asked: AskedIndex, other: AskedOther) -> AskedIndex:
    """The definition with what is otherwise in it. Problem `invalid-definition` with weights of parts that it lacks."""
    known = [item.id for item in asked.indicators] + [item.id for item in asked.aggregates]
    faults = [
        Fault("unknown-part", f"weights/{part(name)}", f"The index has no part {name!r}.", nearest(name, known))
        for name in other.weights
        if name not in known
    ]
    weighed = replace(
        asked,
        indicators=[replace(item, weight=other.weights.get(item.id, item.weight)) for item in asked.indicators],
        aggregates=[replace(item, weight=other.weights.get(item.id, item.weight)) for item in asked.aggregates],
    )
    faults += [replace(fault, path="weights") for fault in faults_of_tree(weighed.indicators, weighed.aggregates)]
    if faults:
        raise invalid_definition(faults)
    methods = ("imputation", "minimum_coverage", "treatment", "normalisation", "aggregation", "rank_decimals")
    named = {name: getattr(other, name) for name in (*methods, "uncertainty") if getattr(other, name) is not None}
    return replace(weighed, sensitivity=None, include=("uncertainty",), **named)


def assembled(asked: AskedIndex, figures: Figures, limits: Limits, **more: Any) -> Calculation:
    """The calculation of a definition and its figures. Problem `invalid-definition`."""
    tree = _tree(asked)
    definition = _definition(asked, tree)
    faults = [
        *faults_of_inputs(asked, definition, figures.inputs),
        *faults_of_size(asked, definition, figures.inputs, limits),
    ]
    if faults:
        raise invalid_definition(faults)
    return Calculation(
        title=asked.title,
        definition=definition,
        weights=tuple(part.weight for part in tree.parts),
        figures=figures,
        include=tuple(asked.include),
        **more,
    )


def _tree(asked: AskedIndex) -> Framework:
    top = None if asked.aggregates else TOP
    return Framework(
        tuple(
            Part(code=item.id, parent=item.parent or top, weight=item.weight, direction=item.sign)
            for item in asked.indicators
        ),
        tuple(Part(code=item.id, parent=item.parent, weight=item.weight) for item in asked.aggregates)
        or (Part(code=TOP, parent=None, weight=1.0),),
    )


def _definition(asked: AskedIndex, tree: Framework) -> Definition:
    return Definition(
        framework=tree.evened(),
        measures=tuple(Measure(**{name: getattr(item, name) for name in _OF_MEASURES}) for item in asked.indicators),
        imputation=asked.imputation,
        minimum_coverage=asked.minimum_coverage,
        treatment=asked.treatment,
        normalisation=_normalisation(asked, [asked.aggregation]),
        aggregation=asked.aggregation,
        uncertainty=None if asked.uncertainty is None else _uncertainty(asked, asked.uncertainty),
        sensitivity=asked.sensitivity,
        rank_decimals=asked.rank_decimals,
    )


_OF_MEASURES = tuple(item.name for item in dataclasses.fields(Measure))


def _normalisation(asked: AskedIndex, several: Sequence[Means]) -> Choice:
    """The normalisation that was named; else one on a scale that some aggregations can do with."""
    if asked.normalisation is not None:
        return asked.normalisation
    usual = choice("normalisation", "min-max")
    return on_positive(usual) if any(mean.positive for means in several for mean in means) else usual


def _uncertainty(asked: AskedIndex, drawn: AskedUncertainty) -> Uncertainty:
    aggregations = tuple(drawn.aggregation or (asked.aggregation,))
    return Uncertainty(
        draws=drawn.draws,
        seed=drawn.seed,
        band=drawn.weights,
        top_only=drawn.weights_at == LEVELS[1],
        normalisations=tuple(drawn.normalisation or (_normalisation(asked, aggregations),)),
        aggregations=aggregations,
        treatments=tuple(drawn.treatment or ()),
        leave_one_out=drawn.leave_one_out,
        data_error=drawn.data_error,
        goalposts=drawn.goalposts,
        top=drawn.top,
        extremes=drawn.extremes,
    )
