"""From a body that is well formed to an index that is one, with its figures: checked as far as can be beforehand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any
from urllib.parse import urlencode

import marshmallow as ma
import numpy as np

from api.analysis.composite import Framework, Part
from api.analysis.definition import Definition, Inputs, Means, Measure, Sensitivity, Uncertainty
from api.analysis.methods import Choice, choice
from api.analysis.ranks import Floats
from api.answers.index.calculations import Calculation, Figures
from api.answers.reading import Reading
from api.errors import Fault, first
from api.filters import CalculationFilter
from api.schemas.index import served
from api.schemas.index.bodies import problem, problem_of
from api.schemas.index.by_address import standing_in
from api.schemas.index.calculations import LEVELS, LIMITS, PARTS, CalculationBody
from api.schemas.index.figures import faults_of_figures, unknown
from api.schemas.index.json_text import canonical
from api.schemas.index.trees import TOP, faults_of_tree

_SCHEMA = CalculationBody()


def calculation(body: Any, reading: Reading) -> Calculation:
    """The calculation that a body asks for. Problem `invalid-definition` with everything that is wrong in it."""
    try:
        given = _SCHEMA.load(body)
    except ma.ValidationError as error:
        raise problem_of(error.messages, _SCHEMA) from None
    if ("data" in given) == (given["regions"] is not None):
        message = "Send figures of your own in `data`, or name regions of this service in `regions`: one of the two."
        raise problem([Fault("figures", "body", message)])
    if "data" in given:
        return assembled(given, _inline(given))
    if faults := faults_of_tree(given["indicators"], given["aggregates"]):
        raise problem(faults)
    query = urlencode({"definition": canonical(body)})
    return assembled(given, served.figures(given, reading), address=f"/v1/calculations?{query}")


def by_address(asked: CalculationFilter, reading: Reading) -> Calculation:
    """The calculation that a definition in the query asks for: figures of one's own have no address."""
    body = json.loads(asked.definition)
    with standing_in("query/definition"):
        if isinstance(body, dict) and "data" in body:
            message = "Figures of your own have no address: send them with POST. Name regions of this service here."
            raise problem([Fault("figures", "body/data", message)])
        return calculation(body, reading)


def assembled(given: dict[str, Any], figures: Figures, **more: Any) -> Calculation:
    """The calculation of a definition and its figures. Problem `invalid-definition`."""
    tree = _tree(given)
    definition = _definition(given, tree)
    checks = (_faults_of_methods, _faults_of_size)
    if faults := [fault for check in checks for fault in check(given, definition, figures.inputs)]:
        raise problem(faults)
    return Calculation(
        title=given["title"],
        definition=definition,
        weights=tuple(part.weight for part in tree.parts),
        figures=figures,
        include=tuple(given.get("include", (name for name in PARTS if name != "draws"))),
        **more,
    )


def _inline(given: dict[str, Any]) -> Figures:
    """The figures that came with the definition."""
    if faults := first(chain(faults_of_tree(given["indicators"], given["aggregates"]), faults_of_figures(given))):
        raise problem(faults)
    return Figures(inputs=_inputs(given), names=tuple(item["name"] for item in given["data"]["regions"]))


def _tree(given: dict[str, Any]) -> Framework:
    aggregates = given["aggregates"] or [{"id": TOP, "parent": None, "weight": 1.0}]
    top = None if given["aggregates"] else TOP
    return Framework(
        tuple(
            Part(code=item["id"], parent=item["parent"] or top, weight=item["weight"], direction=_direction(item) or 1)
            for item in given["indicators"]
        ),
        tuple(Part(code=item["id"], parent=item["parent"], weight=item["weight"]) for item in aggregates),
    )


def _direction(item: dict[str, Any]) -> int:
    said = {"higher-is-better": 1, "lower-is-better": -1}.get(item.get("polarity", ""), 0)
    return item.get("direction") or said or 1


def _definition(given: dict[str, Any], tree: Framework) -> Definition:
    normalisation: Choice = given.get("normalisation") or choice("normalisation", "min-max")
    aggregation: Means = given.get("aggregation") or (choice("aggregation", "arithmetic"),)
    drawn, effects = given["uncertainty"], given["sensitivity"]
    uncertainty = drawn and Uncertainty(
        draws=drawn["draws"],
        seed=drawn["seed"],
        band=drawn["weights"],
        top_only=drawn["weights_at"] == LEVELS[1],
        normalisations=tuple(drawn.get("normalisation", (normalisation,))),
        aggregations=tuple(drawn.get("aggregation", (aggregation,))),
        leave_one_out=drawn["leave_one_out"],
        top=drawn["top"],
        extremes=drawn["extremes"],
    )
    return Definition(
        framework=tree.evened(),
        measures=tuple(
            Measure(**{name: item[name] for name in ("period", "denominator", "scale", "target", "lower", "upper")})
            for item in given["indicators"]
        ),
        imputation=given.get("imputation") or choice("imputation", "none"),
        minimum_coverage=given["minimum_coverage"],
        treatment=given.get("treatment") or choice("treatment", "none"),
        normalisation=normalisation,
        aggregation=aggregation,
        uncertainty=uncertainty,
        sensitivity=effects and Sensitivity(**effects),
    )


def _inputs(given: dict[str, Any]) -> Inputs:
    data, count = given["data"], len(given["data"]["regions"])
    names = [item["id"] for item in given["indicators"]]
    groups = data.get("groups") or [item["group"] for item in data["regions"]]
    return Inputs(
        regions=tuple(item["id"] for item in data["regions"]),
        values=_columns(data["values"], names, count),
        groups=tuple(groups) if all(group is not None for group in groups) else None,
        denominators={name: np.array(column, dtype=float) for name, column in data.get("denominators", {}).items()},
        earlier=_columns(data["earlier"], names, count) if "earlier" in data else None,
    )


def _columns(lists: dict[str, list[float | None]], names: Sequence[str], count: int) -> Floats:
    nothing: list[float | None] = [None] * count
    return np.array([lists.get(name, nothing) for name in names], dtype=float).T


def _faults_of_methods(given: dict[str, Any], definition: Definition, inputs: Inputs) -> Iterator[Fault]:
    drawn = definition.uncertainty
    chosen = [("body/normalisation", definition.normalisation)]
    means = [("body/aggregation", definition.aggregation)]
    if drawn is not None:
        named = enumerate(given["uncertainty"].get("normalisation", ()))
        chosen += [(f"body/uncertainty/normalisation/{place}", item) for place, item in named]
        drawn_means = enumerate(given["uncertainty"].get("aggregation", ()))
        means += [(f"body/uncertainty/aggregation/{place}", item) for place, item in drawn_means]
        if drawn.leave_one_out and sum(weight > 0 for weight in definition.framework.effective_weights()) < 3:
            message = "An index of one indicator has nothing left without it."
            yield Fault("leave-one-out", "body/uncertainty/leave_one_out", message)
    needs = {need for _, item in chosen for need, _ in item.method.of_indicators}
    yield from _faults_of_needs(given["indicators"], needs)
    for path, item in chosen:
        reference = dict(item.parameters).get("reference")
        if reference is not None and reference not in inputs.regions:
            yield unknown(reference, list(inputs.regions), f"{path}/reference", what="region")
    levels = definition.framework.levels
    for path, several in means:
        if len(several) not in {1, levels}:
            message = f"There are {len(several)} means for {levels} levels. Give one for all, or one for each."
            yield Fault("levels", path, message)
    if "data" in given and "earlier" in definition.imputation.method.takes and inputs.earlier is None:
        message = "The earlier values that latest-earlier fills in are missing: give them in data.earlier."
        yield Fault("missing-values", "body/data/earlier", message)


def _faults_of_needs(indicators: list[dict[str, Any]], needs: Iterable[str]) -> Iterator[Fault]:
    for place, item in enumerate(indicators):
        for need in sorted(needs):
            if item[need] is None:
                message = f"The normalisation needs a {need} of {item['id']}. Give it."
                yield Fault("missing-value", f"body/indicators/{place}/{need}", message)
        posts = item["lower"], item["upper"]
        if "upper" in needs and None not in posts and not posts[0] < posts[1]:
            message = f"The upper post of {item['id']} is {posts[1]:g} and must be above the lower, {posts[0]:g}."
            yield Fault("posts", f"body/indicators/{place}/upper", message)


def _faults_of_size(given: dict[str, Any], definition: Definition, inputs: Inputs) -> Iterator[Fault]:
    drawn, effects = definition.uncertainty, definition.sensitivity
    if effects is not None:
        path = "body/sensitivity"
        if drawn is None:
            message = "Sensitivity is to choices. Say in uncertainty which may be made otherwise."
            yield Fault("no-choices", path, message)
        elif not (
            drawn.band > 0 or drawn.leave_one_out or len(drawn.normalisations) > 1 or len(drawn.aggregations) > 1
        ):
            message = "Nothing in uncertainty may be chosen otherwise, so that nothing has an effect. Name a choice."
            yield Fault("no-choices", path, message)
        if effects.samples & (effects.samples - 1):
            yield Fault("invalid-value", f"{path}/samples", "The number of samples is a power of two, such as 256.")
    work, most = definition.work(len(inputs.regions)), LIMITS.max_calculation_work
    if work > most:
        message = (
            f"Draws and samples come to {work:,} numbers with these regions and parts, and a calculation has up to "
            f"{most:,}. Ask for fewer draws or samples, or for fewer regions at a time."
        )
        yield Fault("too-much-work", "body/uncertainty", message)
    ranks = (drawn.draws if drawn else 0) * len(inputs.regions)
    if "draws" in given.get("include", ()) and ranks > LIMITS.max_draws_shown:
        shown = f"{LIMITS.max_draws_shown:,}"
        message = f"The single draws are {ranks:,} ranks, and an answer shows up to {shown}. Ask for fewer."
        yield Fault("too-many-draws", "body/include", message)
