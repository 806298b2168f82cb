"""From a definition that is well formed to an index that is one, with its figures: checked as far as can be before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from api.analysis.composite import Framework, Part
from api.analysis.definition import Definition, Inputs, Measure, Uncertainty
from api.answers.index import calculations, sent, served
from api.answers.index.asked import LEVELS, AskedIndex, AskedIndicator, AskedUncertainty
from api.answers.index.calculation import Calculation, Figures
from api.answers.index.trees import TOP, faults_of_tree
from api.answers.reading import Reading
from api.errors import Fault, first, invalid_definition, standing_in
from api.limits import Limits
from api.rows import Answer


def calculate(reading: Reading, asked: AskedIndex) -> Answer:
    """The index that a caller defines. Problems `invalid-definition`, `impossible-calculation`."""
    with standing_in(asked.place):
        return calculations.calculate(reading, _calculation(reading, asked))


def _calculation(reading: Reading, asked: AskedIndex) -> Calculation:
    trees = faults_of_tree(asked.indicators, asked.aggregates)
    if asked.data is not None:
        if faults := first(chain(trees, sent.faults_of_figures(asked.data, asked.indicators))):
            raise invalid_definition(faults)
        figures = Figures(
            inputs=sent.inputs(asked.data, asked.indicators), names=tuple(item.name for item in asked.data.regions)
        )
        return assembled(asked, figures, reading.settings.limits)
    if trees:
        raise invalid_definition(trees)
    with reading.database.connect() as connection:
        indicators, figures = served.figures(connection, reading, asked)
    address = f"/v1/calculations?{urlencode({'definition': asked.text})}"
    return assembled(replace(asked, indicators=indicators), figures, reading.settings.limits, address=address)


def assembled(asked: AskedIndex, figures: Figures, limits: Limits, **more: Any) -> Calculation:
    """The calculation of a definition and its figures. Problem `invalid-definition`."""
    tree = _tree(asked)
    definition = _definition(asked, tree)
    faults = [
        *_faults_of_methods(asked, definition, figures.inputs),
        *_faults_of_size(asked, definition, figures.inputs, limits),
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
        measures=tuple(
            Measure(
                **{name: getattr(item, name) for name in ("period", "denominator", "scale", "target", "lower", "upper")}
            )
            for item in asked.indicators
        ),
        imputation=asked.imputation,
        minimum_coverage=asked.minimum_coverage,
        treatment=asked.treatment,
        normalisation=asked.normalisation,
        aggregation=asked.aggregation,
        uncertainty=None if asked.uncertainty is None else _uncertainty(asked, asked.uncertainty),
        sensitivity=asked.sensitivity,
    )


def _uncertainty(asked: AskedIndex, drawn: AskedUncertainty) -> Uncertainty:
    return Uncertainty(
        draws=drawn.draws,
        seed=drawn.seed,
        band=drawn.weights,
        top_only=drawn.weights_at == LEVELS[1],
        normalisations=tuple(drawn.normalisation or (asked.normalisation,)),
        aggregations=tuple(drawn.aggregation or (asked.aggregation,)),
        leave_one_out=drawn.leave_one_out,
        top=drawn.top,
        extremes=drawn.extremes,
    )


def _faults_of_methods(asked: AskedIndex, definition: Definition, inputs: Inputs) -> Iterator[Fault]:
    drawn = asked.uncertainty
    chosen = [("normalisation", asked.normalisation)]
    means = [("aggregation", asked.aggregation)]
    if drawn is not None:
        chosen += [(f"uncertainty/normalisation/{place}", item) for place, item in enumerate(drawn.normalisation or ())]
        means += [(f"uncertainty/aggregation/{place}", item) for place, item in enumerate(drawn.aggregation or ())]
        if drawn.leave_one_out and sum(weight > 0 for weight in definition.framework.effective_weights()) < 3:
            message = "An index of one indicator has nothing left without it."
            yield Fault("leave-one-out", "uncertainty/leave_one_out", message)
    yield from _faults_of_needs(asked.indicators, {need for _, item in chosen for need, _ in item.method.of_indicators})
    for path, item in chosen:
        reference = dict(item.parameters).get("reference")
        if reference is not None and reference not in inputs.regions:
            yield sent.unknown(reference, list(inputs.regions), f"{path}/reference", what="region")
    levels = definition.framework.levels
    for path, several in means:
        if len(several) not in {1, levels}:
            message = f"There are {len(several)} means for {levels} levels. Give one for all, or one for each."
            yield Fault("levels", path, message)
    if asked.data is not None and "earlier" in asked.imputation.method.takes and inputs.earlier is None:
        message = "The earlier values that latest-earlier fills in are missing: give them in data.earlier."
        yield Fault("missing-values", "data/earlier", message)


def _faults_of_needs(indicators: Sequence[AskedIndicator], needs: Iterable[str]) -> Iterator[Fault]:
    for place, item in enumerate(indicators):
        for need in sorted(needs):
            if getattr(item, need) is None:
                message = f"The normalisation needs a {need} of {item.id}. Give it."
                yield Fault("missing-value", f"indicators/{place}/{need}", message)
        if "upper" in needs and item.lower is not None and item.upper is not None and not item.lower < item.upper:
            message = f"The upper post of {item.id} is {item.upper:g} and must be above the lower, {item.lower:g}."
            yield Fault("posts", f"indicators/{place}/upper", message)


def _faults_of_size(asked: AskedIndex, definition: Definition, inputs: Inputs, limits: Limits) -> Iterator[Fault]:
    drawn, effects = definition.uncertainty, definition.sensitivity
    if effects is not None:
        if drawn is None:
            message = "Sensitivity is to choices. Say in uncertainty which may be made otherwise."
            yield Fault("no-choices", "sensitivity", message)
        elif not (
            drawn.band > 0 or drawn.leave_one_out or len(drawn.normalisations) > 1 or len(drawn.aggregations) > 1
        ):
            message = "Nothing in uncertainty may be chosen otherwise, so that nothing has an effect. Name a choice."
            yield Fault("no-choices", "sensitivity", message)
        if effects.samples & (effects.samples - 1):
            yield Fault("invalid-value", "sensitivity/samples", "The number of samples is a power of two, such as 256.")
    work, most = definition.work(len(inputs.regions)), limits.max_calculation_work
    if work > most:
        message = (
            f"Draws and samples come to {work:,} numbers with these regions and parts, and a calculation has up to "
            f"{most:,}. Ask for fewer draws or samples, or for fewer regions at a time."
        )
        yield Fault("too-much-work", "uncertainty", message)
    ranks = (drawn.draws if drawn else 0) * len(inputs.regions)
    if "draws" in asked.include and ranks > limits.max_draws_shown:
        shown = f"{limits.max_draws_shown:,}"
        message = f"The single draws are {ranks:,} ranks, and an answer shows up to {shown}. Ask for fewer."
        yield Fault("too-many-draws", "include", message)
