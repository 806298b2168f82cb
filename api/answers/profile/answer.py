"""The answer to `/v1/regions/{code}/profile`."""

from __future__ import annotations

from typing import Any

from api import errors
from api.answers import absence, provenance
from api.answers.profile.entry import Entry, entry_of
from api.answers.profile.place import Place, read_place
from api.answers.profile.strengths import CONTEXT, OUTCOME, strengths_and_gaps
from api.answers.reading import Reading
from api.catalogue import Catalogue, Component, Region
from api.filters import ProfileFilter
from api.rows import SOURCE_FILE, Answer


def one_profile(reading: Reading, asked: ProfileFilter, region: Region) -> Answer:
    """All that is measured of a place, by component, with comparators, ranks, short series, strengths and gaps."""
    catalogue = reading.catalogue
    region = catalogue.place_of(region)
    level = own_level_named(catalogue, asked.level, region)
    components = _components(catalogue, asked.component)
    wanted = {item.id for item in components}
    indicators = [item for item in catalogue.indicators.values() if item.component in wanted]
    with reading.database.connect() as connection:
        place = read_place(connection, reading, region, indicators, level=level, points=asked.points)
        entries = [entry_of(place, item) for item in indicators]
    data = {
        "region": _brief(region),
        "other_codes": [item.code for item in place.other_codes()],
        "same_area": None if place.area is None else _brief(place.area),
        "level": level,
        "components": [_component(item, entries) for item in components],
        **strengths_and_gaps(entries),
    }
    why = {} if any(item.group for item in entries) else _nothing(place, components, entries)
    return Answer(data, meta={**provenance.meta(reading, _sources(reading, place, entries)), **why})


def _brief(region: Region) -> dict[str, Any]:
    return {"code": region.code, "name": region.name, "label": region.label, "levels": list(region.levels)}


def own_level_named(catalogue: Catalogue, asked: str | None, region: Region) -> str | None:
    """The level of a region that was named. Problem where there is none of this name, or the region is not of it."""
    if asked is None:
        return None
    level = catalogue.level(asked)
    if level.id not in region.levels:
        levels = " and ".join(region.levels)
        message = f"{region.label} is not of the level {level.id}, but of {levels}. Leave level out, or name its own."
        raise errors.invalid("level", message, code="not-of-level", allowed=region.levels)
    return level.id


def _components(catalogue: Catalogue, asked: tuple[str, ...] | None) -> list[Component]:
    """The components asked for, in the order of the catalogue."""
    wanted = asked and {catalogue.component(item).id for item in asked}
    return [item for item in catalogue.components.values() if not wanted or item.id in wanted]


def _component(component: Component, entries: list[Entry]) -> dict[str, Any]:
    roles = {OUTCOME: "outcome", CONTEXT: "context"}
    return {
        "id": component.id,
        "title": component.title,
        "role": roles.get(component.id, "component"),
        "measured": component.measured,
        "reason": component.reason,
        "indicators": [item.said for item in entries if item.indicator.component == component.id],
    }


def _sources(reading: Reading, place: Place, entries: list[Entry]) -> list[str]:
    """The sources of all figures in the answer, denominators among them."""
    rows = (row for item in entries for row in place.measured(item.indicator).rows(item.indicator))
    files = {row[SOURCE_FILE] for row in rows}.union(*(item.source_files for item in entries))
    found = {reading.catalogue.source_files[number].source for number in files}
    scales = [item.group.scale for item in entries if item.group and item.group.scale]
    found.update(source for scale in scales if scale.denominator for source in scale.denominator.sources)
    return sorted(found)


def _nothing(place: Place, components: list[Component], entries: list[Entry]) -> dict[str, Any]:
    """Why a profile has no value at all."""
    unmeasured = [f"{item.title}: {item.reason}" for item in components if not item.measured]
    if len(unmeasured) == len(components):
        return absence.because("not-measured", " ".join(unmeasured), "/v1/components")
    detail = f"None of these indicators has a value for {place.region.label}; each says why."
    reasons = {item.said["reason"] for item in entries}
    reason = reasons.pop() if len(reasons) == 1 else "geography-not-covered"
    return absence.because(reason, detail, f"/v1/regions/{place.region.code}")
