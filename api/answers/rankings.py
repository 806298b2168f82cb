"""Rankings: the regions of a level by their values, with what the error of the values lets be said of the order."""

from __future__ import annotations

from typing import Any

from api.answers import absence, group_cache, provenance, questions
from api.answers.comparison.benchmarks import described, own_median
from api.answers.comparison.group import Group, Subject, covered, shown
from api.answers.comparison.rank_intervals import Basis, RankInterval
from api.answers.reading import Reading
from api.answers.selection import resolve
from api.catalogue import Indicator
from api.columns import RANKING
from api.decimals import Fixed
from api.filters import ObservationFilter, RankingFilter
from api.rows import Answer, Rows
from api.spans import span_of

_USUAL = ("itl1", "combined-authority", "local-authority", "country")
"""The levels that are ranked where none is named: the first of these with enough figures."""
_ENOUGH = 5


def rank(reading: Reading, asked: RankingFilter, indicator: Indicator) -> Answer:
    """The ranking of an indicator. Problem `unknown-id` for a level; without figures, the reason why."""
    catalogue = reading.catalogue
    level = _usual_level(indicator) if asked.level is None else catalogue.level(asked.level).id
    period = asked.period and catalogue.resolve_period(asked.period, [indicator])
    label = period.label if period else None
    # Figures of its regions may be published under earlier codes of another level (NUTS 2 before ITL 2).
    levels = (level, *catalogue.earlier_levels(level))
    found = next((known for item in levels if (known := covered(indicator, item, label))), None)
    if found is None:
        return _nothing(reading, asked, indicator, level)
    with reading.database.connect() as connection:
        subject = Subject(connection=connection, reading=reading, indicator=indicator, period=found.period)
        group = group_cache.group(subject, level)
        basis, intervals = group_cache.ranks(subject, level)
        median = own_median(subject, group)
    lines = _lines(group, intervals, basis)
    files = provenance.meta_of_files(reading, group.files)
    meta = files if lines else {**provenance.meta_of_figures(reading, [indicator]), **_why_none(group)}
    if reading.table:
        labels = {figure.region.code: figure.region.label for figure in group.figures.values()}
        rows = [_row({**line, "level": level}, group, labels) for line in lines[: reading.sample]]
        of, meta = {indicator.slug: indicator}, {**meta, "returned": len(rows)}
        return Answer(Rows(RANKING, rows), meta=meta, indicators=of, total=lambda: len(lines))
    data = {
        "indicator": indicator.slug,
        "indicator_title": indicator.title,
        "definition": indicator.description,
        "polarity": indicator.polarity,
        "collection": indicator.collection,
        **_scale(group),
        "regions": lines,
        "basis": basis.described(),
        "median": None if median.value is None else {**described(median, group.decimals), "difference": None},
        "group": group.described(),
    }
    return Answer(data, meta={**meta, "returned": len(lines)})


def _nothing(reading: Reading, asked: RankingFilter, indicator: Indicator, level: str) -> Answer:
    """Why there is nothing to rank."""
    periods = (asked.period,) if asked.period else None
    question = ObservationFilter(indicator=(indicator.slug,), level=(level,), period=periods)
    with reading.database.connect() as connection:
        why = absence.explain(connection, reading, question, resolve(reading, question), path=questions.OBSERVATIONS)
    meta = {**provenance.meta_of_figures(reading, [indicator]), "returned": 0, **why}
    return Answer(Rows(RANKING, []) if reading.table else None, meta=meta)


def _why_none(group: Group) -> absence.Explanation:
    return absence.because("not-comparable", f"{group.indicator.title}: {group.reason}.", None)


def _usual_level(indicator: Indicator) -> str:
    """The level that is ranked where none is named."""
    newest = {level: covered(indicator, level) for level in indicator.levels}
    enough = [level for level in _USUAL if (found := newest.get(level)) and found.regions >= _ENOUGH]
    return (*enough, *(level for level in _USUAL if level in newest), *indicator.levels, _USUAL[0])[0]


def _scale(group: Group) -> dict[str, Any]:
    if group.scale is not None:
        return group.scale.described(group.indicator)
    return {"unit": group.unit, "decimals": group.decimals, "denominator": None, "formula": None}


def _lines(group: Group, intervals: dict[int, RankInterval], basis: Basis) -> list[dict[str, Any]]:
    """A line for each region, the best first; nothing where the group cannot be compared."""
    if group.reason is not None:
        return []
    lines = [_line(group, region, intervals.get(region), basis) for region in group.figures]
    return sorted(lines, key=lambda line: (line["rank"] or 0, line["region"]))


def _line(group: Group, region: int, interval: RankInterval | None, basis: Basis) -> dict[str, Any]:
    """A region's line; one that is alone has a value and no rank."""
    figure = group.figures[region]
    divisor = figure.divisor
    return {
        "region": figure.region.code,
        "region_name": figure.region.name,
        "value": shown(figure.value, group.decimals),
        "unit": group.unit,
        "published_value": shown(figure.published, group.indicator.decimals),
        "published_unit": group.indicator.unit,
        "period": group.period,
        "status": figure.status,
        "denominator_year": None if divisor is None else str(divisor.year),
        "rank": None if interval is None else interval.rank,
        "n": len(group.figures),
        "rank_lower": None if interval is None else interval.best,
        "rank_upper": None if interval is None else interval.worst,
        "rank_basis": basis.name,
        "tier": None if interval is None else interval.tier,
        "quantile": None if interval is None else interval.quantile,
        "published_region": figure.code,
    }


def _row(line: dict[str, Any], group: Group, labels: dict[str, str]) -> tuple[Any, ...]:
    """A region's line in a table; labels of regions by their codes."""
    span = span_of(line["period"])
    year = line["denominator_year"]
    cells = {
        **line,
        "region_label": labels[line["region"]],
        "period": span.period,
        "period_start": span.start,
        "period_end": span.end,
        "value": Fixed(line["value"], group.decimals),
        "published_value": Fixed(line["published_value"], group.indicator.decimals),
        "denominator_year": None if year is None else int(year),
    }
    return tuple(cells[column.name] for column in RANKING)
