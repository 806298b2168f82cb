"""What is wrong with a definition whose parts and figures are known: methods that lack something, too much work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.analysis.definition import Definition, Inputs, Uncertainty
from api.analysis.method import Choice
from api.answers.index import sent
from api.answers.index.asked import AskedIndex, AskedIndicator
from api.errors import Fault
from api.limits import Limits


def faults_of_methods(asked: AskedIndex, definition: Definition) -> Iterator[Fault]:
    """What methods need of the definition and do not have, whatever the figures are."""
    treatments = [asked.treatment, *((asked.uncertainty and asked.uncertainty.treatment) or ())]
    of_all = [definition.normalisation, *((asked.uncertainty and asked.uncertainty.normalisation) or ())]
    yield from _faults_of_needs(asked.indicators, of_all)
    yield from _faults_of_logarithms(asked.indicators, treatments)
    yield from _faults_of_levels(asked, definition)
    if definition.uncertainty is not None:
        named = bool(asked.uncertainty and asked.uncertainty.aggregation)
        yield from _faults_of_draws(definition, definition.uncertainty, asked_means=named)
    yield from _faults_of_effects(definition)


def faults_of_inputs(asked: AskedIndex, definition: Definition, inputs: Inputs) -> Iterator[Fault]:
    """What methods need of the figures and do not have."""
    chosen = list(_normalisations(asked, definition))
    for path, item in chosen:
        reference = dict(item.parameters).get("reference")
        if reference is not None and reference not in inputs.regions:
            yield sent.unknown(reference, list(inputs.regions), f"{path}/reference", what="region")
    sized = next((path for path, item in chosen if "sizes" in item.method.takes), None)
    if sized is not None and inputs.sizes is None:
        message = "The sizes of the regions that this normalisation weighs by are missing: give them in data.sizes."
        yield Fault("missing-values", sized if asked.data is None else "data/sizes", message)
    drawn = definition.uncertainty
    if drawn is not None and drawn.data_error and (inputs.errors is None or not inputs.errors.known.any()):
        where = "give them in data.standard_errors" if asked.data is not None else "leave this out"
        message = f"The errors that figures are to be drawn from are not known of any of them: {where}."
        yield Fault("no-errors", "uncertainty/data_error", message)
    if "earlier" in asked.imputation.method.takes and inputs.earlier is None:
        message = "The earlier values that latest-earlier fills in are missing: give them in data.earlier."
        yield Fault("missing-values", "imputation" if asked.data is None else "data/earlier", message)


def _normalisations(asked: AskedIndex, definition: Definition) -> Iterator[tuple[str, Choice]]:
    """Every normalisation that is named, with its place."""
    yield "normalisation", definition.normalisation
    drawn = asked.uncertainty
    for place, item in enumerate((drawn and drawn.normalisation) or ()):
        yield f"uncertainty/normalisation/{place}", item
    for place, indicator in enumerate(asked.indicators):
        if indicator.normalisation is not None:
            yield f"indicators/{place}/normalisation", indicator.normalisation


def _faults_of_needs(indicators: Sequence[AskedIndicator], of_all: Sequence[Choice]) -> Iterator[Fault]:
    """What indicators are to give for their normalisation, and do not."""
    for place, item in enumerate(indicators):
        chosen = of_all if item.normalisation is None else [item.normalisation]
        needs = {need for method in chosen for need, _ in method.method.of_indicators}
        based = {"base_mean", "base_deviation"} if item.base_period is not None else set()
        for need in sorted(needs - based):
            if getattr(item, need) is None:
                message = f"The normalisation needs a {need} of {item.id}. Give it."
                yield Fault("missing-value", f"indicators/{place}/{need}", message)
        if "upper" in needs and item.lower is not None and item.upper is not None and not item.lower < item.upper:
            message = f"The upper post of {item.id} is {item.upper:g} and must be above the lower, {item.lower:g}."
            yield Fault("posts", f"indicators/{place}/upper", message)
        if "base_deviation" in needs and item.base_deviation is not None and not item.base_deviation > 0:
            message = f"The standard deviation of {item.id} in the base period is above zero."
            yield Fault("invalid-value", f"indicators/{place}/base_deviation", message)


def _faults_of_logarithms(indicators: Sequence[AskedIndicator], treatments: Sequence[Choice]) -> Iterator[Fault]:
    """Logarithms that are of no indicator, and indicators whose logarithm nothing takes."""
    takes = any(item.takes_logarithms for item in treatments)
    marked = [place for place, item in enumerate(indicators) if item.logarithm]
    if takes and not marked:
        message = "Logarithms are taken of the indicators with `logarithm`, and none has it. Mark some."
        yield Fault("no-logarithm", "treatment", message)
    for place in [] if takes else marked:
        message = f"Nothing takes the logarithm of {indicators[place].id}. Choose the treatment `logarithms`."
        yield Fault("no-logarithm", f"indicators/{place}/logarithm", message)


def _faults_of_levels(asked: AskedIndex, definition: Definition) -> Iterator[Fault]:
    """Lists of one thing for each level that are too long or too short."""
    levels, drawn = definition.framework.levels, asked.uncertainty
    means = [("aggregation", asked.aggregation)]
    means += [
        (f"uncertainty/aggregation/{place}", item) for place, item in enumerate((drawn and drawn.aggregation) or ())
    ]
    for path, several in means:
        if len(several) not in {1, levels}:
            message = f"There are {len(several)} means for {levels} levels. Give one for all, or one for each."
            yield Fault("levels", path, message)
    bands = 1 if drawn is None or isinstance(drawn.weights, float | int) else len(drawn.weights)
    if bands > 1 and bands != levels:
        message = f"There are {bands} bands for {levels} levels of weights. Give one for all, or one for each."
        yield Fault("levels", "uncertainty/weights", message)


def _faults_of_effects(definition: Definition) -> Iterator[Fault]:
    """Effects that are of no choice, or of a number of points that do not fill the space of them evenly."""
    drawn, effects = definition.uncertainty, definition.sensitivity
    if effects is None:
        return
    if drawn is None:
        message = "Sensitivity is to choices. Say in uncertainty which may be made otherwise."
        yield Fault("no-choices", "sensitivity", message)
    elif not drawn.varied:
        message = "Nothing in uncertainty may be chosen otherwise, so that nothing has an effect. Name a choice."
        yield Fault("no-choices", "sensitivity", message)
    if effects.samples & (effects.samples - 1):
        yield Fault("invalid-value", "sensitivity/samples", "The number of samples is a power of two, such as 256.")


def _faults_of_draws(definition: Definition, drawn: Uncertainty, *, asked_means: bool) -> Iterator[Fault]:
    """What is to be drawn, and cannot be."""
    framework = definition.framework
    weighing = framework.effective_weights()[: len(framework.indicators)] > 0
    if drawn.leave_one_out and weighing.sum() < 2:
        message = "An index of one indicator has nothing left without it."
        yield Fault("leave-one-out", "uncertainty/leave_one_out", message)
    for number, means in enumerate(drawn.aggregations):
        if any(mean.method.own_weights for mean in means):
            message = "Each region has weights of its own in it, so that nothing of them is drawn. Draw without it."
            yield Fault("own-weights", f"uncertainty/aggregation/{number}" if asked_means else "uncertainty", message)
    scaled = {item.method.name for item in drawn.normalisations}
    scaled |= {item.normalisation.method.name for item in definition.measures if item.normalisation is not None}
    if drawn.goalposts > 0 and "goalposts" not in scaled:
        message = "Goalposts are to be moved, and no normalisation has any. Choose goalposts, or leave this out."
        yield Fault("no-goalposts", "uncertainty/goalposts", message)


def faults_of_size(asked: AskedIndex, definition: Definition, inputs: Inputs, limits: Limits) -> Iterator[Fault]:
    """What would take too long, or come to nothing."""
    drawn = definition.uncertainty
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
