"""The figures of this service that a definition names: regions by level or code, indicators by identifier, periods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from api import periods
from api.answers.comparison.rates import NOT_COMPARABLE, scale_of
from api.answers.index.asked import AskedIndex, AskedIndicator
from api.answers.index.calculation import Figures
from api.answers.index.placed import Wanted, place
from api.answers.index.standards import Standards
from api.answers.reading import Reading
from api.answers.unpublished import NOT_YET, unpublished
from api.catalogue import Catalogue, Indicator, Region
from api.errors import MOST_FAULTS, Fault, Problem, invalid_definition
from api.models.geography import GROUPING


@dataclass(frozen=True, kw_only=True)
class Named:
    """What a definition names, and what of it there is not."""

    regions: list[Region]
    level: str | None
    wanted: list[Wanted]
    faults: list[Fault]


def named(reading: Reading, asked: AskedIndex) -> Named:
    """The regions and indicators that a definition names; where there are faults, those that are known."""
    faults: list[Fault] = []
    regions, level = _regions(reading, asked.regions, faults)
    found = [
        _wanted(reading.catalogue, item, f"indicators/{number}", faults) for number, item in enumerate(asked.indicators)
    ]
    return Named(regions=regions, level=level, wanted=[item for item in found if item is not None], faults=faults)


def figures(
    connection: Connection, reading: Reading, asked: AskedIndex, whole: AskedIndex | None = None
) -> tuple[Sequence[AskedIndicator], Figures]:
    """The indicators, with what they leave to the catalogue, and their figures. Problem `invalid-definition`.

    `whole` is the index that they are a part of, where others of its indicators came with the question.
    """
    catalogue = reading.catalogue
    names = named(reading, asked)
    if names.faults:
        raise invalid_definition(names.faults)
    regions, level, wanted = names.regions, names.level, names.wanted
    earlier = "earlier" in asked.imputation.method.takes
    errors = asked.uncertainty is not None and asked.uncertainty.data_error
    placed = place(connection, reading, regions, wanted, level=level, earlier=earlier, errors=errors)
    standards = Standards(connection, reading, regions, level)
    described = placed.described(catalogue)
    few = list(_too_few(described, len(regions)))
    based = list(standards.based(asked.indicators, wanted, few))
    if few:
        raise invalid_definition(few)
    indicators = [
        replace(
            item,
            id=group.indicator.slug,
            direction=_direction(item, group.indicator),
            denominator=None if group.denominator is None else group.denominator.slug,
            period=group.period,
        )
        for item, group in zip(based, placed.groups, strict=True)
    ]
    sizes, sized_by = standards.sizes(whole or asked)
    inputs = replace(placed.inputs(catalogue), sizes=sizes)
    return indicators, Figures(
        inputs=replace(inputs, errors=inputs.errors and inputs.errors.scaled([item.scale for item in indicators])),
        names=tuple(region.name for region in regions),
        described=tuple(described),
        regions=asked.regions,
        sized_by=sized_by,
        sources=tuple(sorted({catalogue.source_files[item].source for item in placed.files()})),
    )


def _too_few(described: list[dict[str, Any]], regions: int) -> Iterator[Fault]:
    """Indicators that tell no region from another, having a value for one or none."""
    for number, item in enumerate(described):
        if item["n"] + len(item["earlier"]) < 2:
            when = f" for {item['period']}" if item["period"] else ""
            message = (
                f"{item['indicator']} has a comparable value{when} for {item['n']} of these {regions} regions, and an "
                "index compares two at least. Leave it out, or choose another period or other regions."
            )
            yield Fault("too-few-values", f"indicators/{number}/id", message)


def _regions(reading: Reading, given: Any, faults: list[Fault]) -> tuple[list[Region], str | None]:
    path, catalogue = "regions", reading.catalogue
    if isinstance(given, dict):
        level = _known(lambda: catalogue.level(given["level"], field=f"{path}/level").id, faults)
        if level and catalogue.levels[level].role == GROUPING:
            message = "The regions of this level overlap, so that nothing is compared among them. Name another level."
            faults.append(Fault("overlapping", f"{path}/level", message))
        day = catalogue.release.published_at[:10]
        found = [catalogue.regions[item] for item in sorted(catalogue.regions_at(level or ""))]
        present = [region for region in found if region.valid_on(day)]
        most = reading.settings.limits.max_calculation_regions
        if len(present) > most:
            message = (
                f"{len(present):,} regions are of this level, and a calculation has up to {most:,}. Name some by code."
            )
            faults.append(Fault("too-many-regions", f"{path}/level", message))
        if level and len(present) < 2:
            message = f"{len(present)} region is of this level, and an index compares two at least."
            faults.append(Fault("too-few-regions", f"{path}/level", message))
        return present, level
    named_: list[tuple[int, Region]] = []
    for number, code in enumerate(given):
        if len(faults) >= MOST_FAULTS:  # what is meant by a code is searched, which takes its time
            break
        region = _known(lambda code=code, number=number: catalogue.region(code, field=f"{path}/{number}"), faults)
        if region is not None:
            named_.append((number, region))
    faults.extend(_twice(catalogue, named_, path))
    return [region for _, region in named_], None


def _twice(catalogue: Catalogue, regions: Iterable[tuple[int, Region]], path: str) -> Iterator[Fault]:
    """The same place named twice, under one code or two; or a place within another, or in the stead of one."""
    seen: dict[int, Region] = {}
    for number, region in regions:
        same = next((seen[code] for code in catalogue.same_place(region) if code in seen), None)
        if same is not None:
            message = f"{region.code} is the same place as {same.code}. Name it once."
            yield Fault("repeated-id", f"{path}/{number}", message)
        else:
            overlapping = next((other for other in seen.values() if _overlap(region, other)), None)
            if overlapping is not None:
                message = f"{region.label} and {overlapping.label} overlap, and would count twice. Name one of them."
                yield Fault("overlapping", f"{path}/{number}", message)
        seen[region.id] = region


def _overlap(one: Region, other: Region) -> bool:
    """Whether one place lies in another, or came before or after it."""
    around_one = {*one.parents, *(item.region for item in (*one.predecessors, *one.successors))}
    return other.id in around_one or one.id in other.parents


def _direction(item: AskedIndicator, indicator: Indicator) -> int | None:
    """Which direction is better: as the definition says it, else as the catalogue does."""
    if item.polarity is not None or item.direction is not None:
        return item.direction
    return -1 if indicator.polarity == "lower-is-better" else 1


def _wanted(catalogue: Catalogue, item: AskedIndicator, path: str, faults: list[Fault]) -> Wanted | None:
    indicator = _known(lambda: catalogue.indicator(item.id, field=f"{path}/id"), faults)
    if indicator is None:
        return None
    pending = unpublished(catalogue, [indicator])
    if pending is not None:
        faults.append(Fault(NOT_YET, f"{path}/id", f"{pending} Leave it out, or ask at a release that has it."))
        return None
    denominator = None
    if item.denominator is not None:
        denominator = _known(lambda: catalogue.indicator(item.denominator, field=f"{path}/denominator"), faults)
        if denominator is not None and denominator.measure == "rate":
            message = f"{denominator.slug} is a rate and no size to divide by. Name a count or an amount."
            faults.append(Fault("rate-as-denominator", f"{path}/denominator", message))
        if indicator.measure == "rate":
            message = f"{indicator.slug} is a rate and is compared as it stands. Leave its denominator out."
            faults.append(Fault("denominator-of-a-rate", f"{path}/denominator", message))
    elif scale_of(catalogue, indicator) is None:
        message = f"{NOT_COMPARABLE}. {indicator.slug} declares no denominator: name an indicator to divide it by."
        faults.append(Fault("not-comparable", f"{path}/denominator", f"{message[0].upper()}{message[1:]}"))
    period = None if item.period is None else _period(catalogue, item.period, indicator, f"{path}/period", faults)
    base = None
    if item.base_period is not None:
        base = _period(catalogue, item.base_period, indicator, f"{path}/base_period", faults)
    return Wanted(indicator=indicator, period=period, denominator=denominator, base=base)


def _period(catalogue: Catalogue, text: str, indicator: Indicator, path: str, faults: list[Fault]) -> str | None:
    try:
        period = catalogue.resolve_period(periods.parse(text), [indicator], field=path)
    except Problem as found:
        faults.extend(found.faults)
        return None
    except ValueError as error:
        faults.append(Fault("invalid-value", path, str(error)))
        return None
    known = list(dict.fromkeys(covered.period for covered in indicator.coverage))
    if period.label not in known:
        message = f"{indicator.slug} has no figures for {period.label}. Its periods: {', '.join(known[-10:])}."
        faults.append(Fault("unknown-period", path, message, tuple(known[-10:])))
    return period.label


def _known(find: Any, faults: list[Fault]) -> Any:
    """What is looked up; where there is none, what is said of it is a fault of the body."""
    try:
        return find()
    except Problem as found:
        faults.extend(found.faults)
        return None
