"""Data by SDMX's own questions: a key, filters of components, periods. They come to a question about observations."""

from __future__ import annotations

import re
from dataclasses import replace

from api import errors, sdmx
from api.answers.observations import list_observations
from api.answers.reading import Reading
from api.answers.sdmx.terms import ANY, is_version
from api.answers.selection import resolve
from api.filters import ObservationFilter, SdmxDataFilter
from api.periods import Period, SplitYear, parse
from api.queries.observations import periods_of
from api.rows import Answer

_DIMENSIONS = ("FREQ", "REF_AREA", "INDICATOR")
_NEVER = "0001"
"""A period that nothing is of."""
Key = dict[str, tuple[str, ...]]
"""The values asked for of dimensions; one that is left open is not there."""


def list_data(reading: Reading, asked: SdmxDataFilter, path: dict[str, str]) -> Answer:
    """The observations of a key in SDMX's order (FREQ.REF_AREA.INDICATOR), narrowed by components and periods."""
    _check_flow(path)
    key = _key(path.get("key", "*"))
    areas = _both(key.get("REF_AREA"), asked.ref_area)
    indicators = _both(key.get("INDICATOR"), asked.indicator)
    frequencies = _both(key.get("FREQ"), asked.freq)
    first, last = _bounds(asked.time_period)
    question = ObservationFilter(
        indicator=indicators,
        region=areas,
        status=asked.obs_status,
        period_from=asked.start_period or first,
        period_to=asked.end_period or last,
    )
    if frequencies is not None:
        question = _of_frequencies(reading, question, frozenset(frequencies))
    return list_observations(reading, question)


def _check_flow(path: dict[str, str]) -> None:
    """Problem `unknown-id` where another flow or structure is asked for than ours."""
    parts = path["flow"].split(",") if "flow" in path else [path.get(name, "*") for name in ("agency", "resource")]
    version = path.get("version", "~")
    if "flow" in path:
        parts, version = (["*", *parts], version) if len(parts) == 1 else (parts[:2], (*parts, "~")[2])
    agency, resource = parts
    ours = {sdmx.STRUCTURE} if path.get("context") == "datastructure" else {sdmx.FLOW}
    named = agency in {*ANY, sdmx.AGENCY} and resource in {*ANY, *ours} and is_version(version, sdmx.VERSION)
    if not named or path.get("context", "dataflow") not in {"dataflow", "datastructure", "*"}:
        there = f"{sdmx.AGENCY}/{sdmx.FLOW}/{sdmx.VERSION}"
        asked = path.get("flow") or f"{agency}/{resource}/{version}"
        raise errors.unknown_id(
            "dataflow", asked, field="path/resource", candidates=(there,), where="/v1/sdmx/structure/dataflow"
        )


def _key(text: str) -> Key:
    """The values of a key, or of several keys that differ in one dimension. Problem `invalid-parameter` otherwise."""
    if text in ANY:
        return {}
    keys = [_one_key(part) for part in text.split(",")]
    differ = [name for name in _DIMENSIONS if len({key.get(name) for key in keys}) > 1]
    if len(differ) > 1:
        message = f"The keys in {text!r} differ in {' and in '.join(differ)}. Ask for them one at a time."
        raise errors.invalid("path/key", message, code="bad-key")
    if not differ:
        return keys[0]
    values = [key.get(differ[0]) for key in keys]
    joined = {name: its for name, its in keys[0].items() if name != differ[0]}
    return joined if None in values else {**joined, differ[0]: tuple(one for its in values for one in its or ())}


def _one_key(text: str) -> Key:
    parts = text.split(".")
    if len(parts) > len(_DIMENSIONS):
        message = (
            f"The key {text!r} has {len(parts)} parts, and the dataflow has {len(_DIMENSIONS)} dimensions beside "
            f"TIME_PERIOD: write {'.'.join(_DIMENSIONS)}, such as A.E12000005.gva-per-hour, with * where all are meant."
        )
        raise errors.invalid("path/key", message, code="bad-key")
    return {
        name: tuple(part.split("+")) for name, part in zip(_DIMENSIONS, parts, strict=False) if part not in {"", "*"}
    }


def _both(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """The values that the key and the filter of a component have in common."""
    if one is None or other is None:
        return one or other
    common = tuple(value for value in one if value in other)
    if not common:
        message = f"The key asks for {', '.join(one)} and the filter for {', '.join(other)}: nothing can be both."
        raise errors.invalid("path/key", message, code="bad-key")
    return common


def _bounds(text: str | None) -> tuple[Period | SplitYear | None, Period | SplitYear | None]:
    """The first and the last period of a filter such as `ge:2020+le:2022`, or of one period."""
    bounds: dict[str, Period | SplitYear] = {}
    for part in re.split(r"[+ ]", text) if text else ():
        operator, mark, period = part.partition(":")
        if not mark:
            operator, period = "eq", part
        if operator not in {"eq", "ge", "le"}:
            message = f"c[TIME_PERIOD] takes ge: and le: (joined by +) or one period; {part!r} is neither."
            raise errors.invalid("c[TIME_PERIOD]", message)
        try:
            bounds[operator] = parse(period)
        except ValueError as error:
            raise errors.invalid("c[TIME_PERIOD]", str(error)) from None
    equal = bounds.get("eq")
    return equal or bounds.get("ge"), equal or bounds.get("le")


def _of_frequencies(reading: Reading, question: ObservationFilter, wanted: frozenset[str]) -> ObservationFilter:
    """The question about the periods of some frequencies alone: how long a period is stands in its label."""
    selection = resolve(reading, question).selection
    with reading.database.connect() as connection:
        labels = [label for _, label in periods_of(connection, selection)]
    kept = [label for label in labels if sdmx.frequency_of(label) in wanted]
    if len(kept) == len(labels):
        return question
    return replace(question, period=tuple(parse(label) for label in kept or [_NEVER]))
