"""Rankings: the regions of a level by their values, with what the error of the values lets be said of the order."""

from __future__ import annotations

from typing import Any

from api.answers import absence, kept_groups, provenance
from api.answers.comparison.benchmarks import described, own_median
from api.answers.comparison.group import Group, Subject, covered, shown
from api.answers.comparison.standing import Basis, Standing
from api.answers.reading import Reading
from api.answers.selection import resolve
from api.catalogue import Indicator
from api.columns import RANKING
from api.filters import ObservationFilter, RankingFilter
from api.rows import Answer, Rows

_USUAL = ("itl1", "combined-authority", "local-authority", "country")
"""The levels that are ranked where none is named: the first of these with enough figures."""
_ENOUGH = 5


def rank(reading: Reading, asked: RankingFilter, indicator: Indicator) -> Answer:
    """The ranking of an indicator. Problem `unknown-id` for a level; without figures, the reason why."""
    catalogue = reading.catalogue
    level = _usual_level(indicator) if asked.level is None else catalogue.level(asked.level, path="query/level").id
    period = asked.period and catalogue.resolve_period(asked.period, [indicator], path="query/period")
    found = covered(indicator, level, period.label if period else None)
    meta = provenance.meta_of_figures(reading, [indicator])
    if found is None:
        question = ObservationFilter(
            indicator=(indicator.slug,), level=(level,), period=(asked.period,) if asked.period else None
        )
        with reading.database.connect() as connection:
            why = absence.explain(connection, reading, question, resolve(reading, question), path=absence.OBSERVATIONS)
        return Answer(Rows(RANKING, []) if reading.table else None, meta={**meta, "returned": 0, **why})
    with reading.database.connect() as connection:
        subject = Subject(connection=connection, reading=reading, indicator=indicator, period=found.period)
        group = kept_groups.group(subject, level)
        basis, placed = kept_groups.placed(subject, level)
        median = own_median(subject, group)
    lines = _lines(group, placed, basis)
    files = {figure.source_file for figure in group.figures.values()}
    if files:
        meta = provenance.meta(reading, sorted({catalogue.source_files[item].source for item in files}))
    if group.reason is not None:
        meta |= absence.because("not-comparable", f"{indicator.title}: {group.reason}.", None)
    if reading.table:
        rows = [tuple(line[column.name] for column in RANKING) for line in lines[: reading.sample]]
        return Answer(
            Rows(RANKING, rows),
            meta={**meta, "returned": len(rows)},
            indicators={indicator.slug: indicator},
            total=lambda: len(lines),
        )
    data = {
        "indicator": indicator.slug,
        "indicator_title": indicator.title,
        "definition": indicator.description,
        "polarity": indicator.polarity,
        "collection": indicator.collection,
        **_scale(group),
        "regions": lines,
        "basis": basis.described(),
        "median": None if median.value is None else {**described(median, _decimals(group)), "difference": None},
        "group": group.described(),
    }
    return Answer(data, meta={**meta, "returned": len(lines)})


def _usual_level(indicator: Indicator) -> str:
    """The level that is ranked where none is named."""
    newest = {level: covered(indicator, level) for level in indicator.levels}
    enough = [level for level in _USUAL if (found := newest.get(level)) and found.regions >= _ENOUGH]
    return (*enough, *(level for level in _USUAL if level in newest), *indicator.levels, _USUAL[0])[0]


def _scale(group: Group) -> dict[str, Any]:
    if group.scale is None:
        unit, decimals = group.indicator.unit, group.indicator.decimals
        return {"unit": unit, "decimals": decimals, "denominator": None, "formula": None}
    return group.scale.described(group.indicator)


def _decimals(group: Group) -> int:
    return group.indicator.decimals if group.scale is None else group.scale.decimals


def _lines(group: Group, placed: dict[int, Standing], basis: Basis) -> list[dict[str, Any]]:
    """A line for each region, the best first; nothing where the group cannot be compared."""
    lines = [_line(group, region, standing, basis) for region, standing in placed.items()]
    return sorted(lines, key=lambda line: (line["rank"], line["region"]))


def _line(group: Group, region: int, standing: Standing, basis: Basis) -> dict[str, Any]:
    figure = group.figures[region]
    divisor = figure.divisor
    return {
        "region": figure.region.code,
        "region_name": figure.region.name,
        "value": shown(figure.value, _decimals(group)),
        "unit": _scale(group)["unit"],
        "published_value": shown(figure.published, group.indicator.decimals),
        "published_unit": group.indicator.unit,
        "period": group.period,
        "status": figure.status,
        "denominator_year": None if divisor is None else str(divisor.year),
        "rank": standing.rank,
        "n": standing.n,
        "rank_lower": standing.best,
        "rank_upper": standing.worst,
        "rank_basis": basis.name,
        "tier": standing.tier,
        "quantile": standing.quantile,
    }
