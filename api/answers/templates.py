"""Tables to fill in: the places of a level, an example of a period, and room for the figures of an indicator."""

from __future__ import annotations

from collections import Counter

from api import errors
from api.answers import absence, provenance
from api.answers.reading import Reading
from api.catalogue import Catalogue, CoveredPeriod, Indicator, Level, Region
from api.columns import TEMPLATE
from api.durations import INSTANT
from api.filters import TemplateFilter
from api.models.geography import DISTRICT
from api.periods import YEAR_STARTS, SplitYear
from api.rows import Answer, Rows

_SPLIT = {"04-01", "08-01", "09-01"}
"""Where years begin that people write as 2024/25."""


def table(reading: Reading, asked: TemplateFilter, indicator: Indicator) -> Answer:
    """The table for an indicator: a row for each place, with the latest period as an example, and no values.

    Problem `unknown-id` for a level or a parent that there is not.
    """
    catalogue = reading.catalogue
    level = _level(catalogue, indicator) if asked.level is None else catalogue.level(asked.level)
    places = _places(catalogue, level, asked.parent)
    period, empty = example_of(catalogue, indicator, level.id), (None,) * (len(TEMPLATE) - 3)
    rows = [(item.code, item.name, period, *empty) for item in places]
    shown = rows if reading.sample is None else rows[: reading.sample]
    why = {} if rows else _none(level, asked.parent, indicator)
    return Answer(
        Rows(TEMPLATE, shown),
        meta={**provenance.meta_of_figures(reading, [indicator]), "returned": len(shown), **why},
        indicators={indicator.slug: indicator},
        total=lambda: len(rows),
    )


def example_of(catalogue: Catalogue, indicator: Indicator, level: str) -> str:
    """A period of an indicator as a file writes it: its latest at a level, else one of its kind."""
    covered = [item for item in indicator.coverage if item.level == level] or list(indicator.coverage)
    if not covered:
        return _usual(indicator, int(catalogue.release.published_at[:4]) - 1)
    latest = max(covered, key=lambda item: (item.start, item.period))
    if latest.duration == INSTANT:
        return latest.start
    if latest.duration == "P1Y" and latest.start[5:] in _SPLIT:
        return _split(catalogue, indicator, latest) or latest.period
    return latest.period


def _split(catalogue: Catalogue, indicator: Indicator, latest: CoveredPeriod) -> str | None:
    """A year into the next as people write it; None where it would be read as one that begins on another day."""
    year = SplitYear(int(latest.start[:4]))
    try:
        read = catalogue.resolve_period(year, [indicator])
    except errors.Problem:
        return None
    return year.label if read.label == latest.period else None


def _usual(indicator: Indicator, year: int) -> str:
    """A period of an indicator that has no figures yet, of a year that has ended or before it."""
    if indicator.year_kind == INSTANT:
        return f"{year}-12-31"
    if indicator.year_kind == "month" or indicator.frequency == "monthly":
        return f"{year}-12"
    if indicator.year_kind in YEAR_STARTS:
        return SplitYear(year - 1).label
    return {"quarterly": f"{year}-Q4", "half-yearly": f"{year}-S2"}.get(indicator.frequency, str(year))


def _level(catalogue: Catalogue, indicator: Indicator) -> Level:
    """The level that an indicator has most values at; local authorities where it has none yet."""
    values: Counter[str] = Counter()
    for item in indicator.coverage:
        values[item.level] += item.regions
    if values:
        return catalogue.levels[values.most_common(1)[0][0]]
    return catalogue.level_as(DISTRICT) or next(iter(catalogue.levels.values()))


def _places(catalogue: Catalogue, level: Level, parent: str | None) -> list[Region]:
    """The places of a level that there are on the day of the release, by code."""
    places = catalogue.listed([level.id], catalogue.release.published_at[:10])
    if parent is None:
        return list(places)
    below = catalogue.regions_below(catalogue.region(parent, field="parent"))
    return [item for item in places if item.id in below]


def _none(level: Level, parent: str | None, indicator: Indicator) -> absence.Explanation:
    within = "" if parent is None else f" within {parent}"
    return absence.because(
        "no-match",
        f"There is no place of the level {level.id}{within}. Name another level, or leave `parent` out.",
        f"/v1/indicators/{indicator.slug}/template",
    )
