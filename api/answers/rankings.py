"""Rankings: the regions of a level by their values, with what the error of the values lets be said of the order."""

from __future__ import annotations

from typing import Any

from api.answers import absence, group_cache, provenance, questions
from api.answers.comparison.benchmarks import Benchmark, described, own_median
from api.answers.comparison.changes import NO_EARLIER, earlier_period
from api.answers.comparison.group import Figure, Group, Subject, covered, shown
from api.answers.comparison.rank_intervals import RankInterval
from api.answers.comparison.rates import SAMPLING
from api.answers.group_cache import Ranked
from api.answers.paging import page
from api.answers.reading import Reading
from api.answers.selection import resolve
from api.catalogue import Catalogue, Indicator
from api.columns import RANKING
from api.decimals import Fixed
from api.filters import RANKED_BY, ObservationFilter, RankingFilter
from api.rows import Answer, Rows
from api.spans import span_of

VALUE, CHANGE, RELATIVE = RANKED_BY
_NAMED = 20
_ENOUGH = 5
"""Regions with a figure that a level needs to be ranked unasked, where another has as many."""


def rank(reading: Reading, asked: RankingFilter, indicator: Indicator) -> Answer:
    """A page of the ranking of an indicator; ranks are over all of it. Without figures, the reason why.

    Problem `unknown-id` for a level.
    """
    catalogue = reading.catalogue
    level = _usual_level(catalogue, indicator) if asked.level is None else catalogue.level(asked.level).id
    period = asked.period and catalogue.resolve_period(asked.period, [indicator])
    label = period.label if period else None
    # Figures of its regions may be published under earlier codes of another level (NUTS 2 before ITL 2).
    levels = (level, *catalogue.earlier_levels(level))
    found = next((known for item in levels if (known := covered(indicator, item, label))), None)
    if found is None:
        return _nothing(reading, asked, indicator, level)
    with reading.database.connect() as connection:
        subject = Subject(connection=connection, reading=reading, indicator=indicator, period=found.period)
        ranked = _ranked(subject, asked, level)
        group, intervals = ranked.group, ranked.intervals
        median = own_median(subject, group)
    # The best first, see `rank_intervals`; nothing where the group cannot be compared.
    order = [] if group.reason is not None else list(intervals or group.figures)
    shown_, following, left = page(
        order,
        reading=reading,
        asked=asked,
        key=lambda region: _key(group, intervals, region),
        like=(int, str),
        ordered=True,
    )
    lines = [_line(ranked, region) for region in shown_]
    meta = {**_meta(reading, group, ranked=bool(order), beyond=not lines), "returned": len(lines)}
    if reading.table:
        data: Any = _table(ranked, lines)
    else:
        data = {**_ranking(reading, ranked, lines, median), **_among(reading, asked, group, intervals)}
    return Answer(
        data,
        meta=meta,
        next_cursor=following,
        paged="regions",
        indicators={indicator.slug: indicator},
        total=lambda: left,
    )


def _ranked(subject: Subject, asked: RankingFilter, level: str) -> Ranked:
    """The regions of a level by what is asked: their values, or the change of these."""
    if asked.by == VALUE and asked.since is None:
        return group_cache.ranked(subject, level, asked.basis)
    since, reason = _since(subject, asked, level)
    relative = asked.by == RELATIVE
    if since is None:
        return group_cache.unchanged(subject, level, reason, relative=relative)
    return group_cache.ranked_changes(subject, level, asked.basis, since, relative=relative)


def _since(subject: Subject, asked: RankingFilter, level: str) -> tuple[str | None, str]:
    """The earlier period of a change; or None, and why there is none that has figures."""
    indicator, catalogue = subject.indicator, subject.catalogue
    if asked.since is None:
        return earlier_period(indicator, level, subject.period), NO_EARLIER
    since = catalogue.resolve_period(asked.since, [indicator]).label
    of_level = [item for item in indicator.coverage if item.level in {level, *catalogue.earlier_levels(level)}]
    start = span_of(subject.period).start
    before = sorted({item.period for item in of_level if item.start < start})
    if since in before:
        return since, ""
    known = f"figures before {subject.period} are of {_listed(before)}" if before else "there are none before that"
    return None, f"no figures in {since} to tell a change since; {known}"


def _listed(periods: list[str]) -> str:
    """Periods as they stand in a sentence: the latest of them."""
    more = f" and {len(periods) - _NAMED} before" if len(periods) > _NAMED else ""
    return ", ".join(periods[-_NAMED:]) + more


def _ranking(reading: Reading, ranked: Ranked, lines: list[dict[str, Any]], median: Benchmark) -> dict[str, Any]:
    """A page of lines, with what is said of all that are ranked."""
    indicator, most = ranked.group.indicator, reading.settings.limits.max_named
    group, basis = ranked.group, ranked.basis
    told = None if median.value is None else {**described(median, group, most), "difference": None}
    return {
        "indicator": indicator.slug,
        "indicator_title": indicator.title,
        "definition": indicator.description,
        "polarity": indicator.polarity,
        "collection": indicator.collection,
        **_scale(group),
        "by": ranked.by,
        "since": ranked.since,
        "regions": lines,
        "basis": basis.described(),
        "median": told,
        "group": group.described(most),
    }


def _among(reading: Reading, asked: RankingFilter, group: Group, intervals: dict[int, RankInterval]) -> dict[str, Any]:
    """The regions that may be among the best, and those that may be among the worst, where that is asked for."""

    def told(count: int | None, *, first: bool) -> dict[str, Any] | None:
        if count is None:
            return None
        among = [
            group.figures[region].region.code
            for region, item in intervals.items()
            if item.best is not None and item.worst is not None
            if (item.best <= count if first else item.worst > item.n - count)
        ]
        if not among:
            return {"count": count, "regions": None, "n": None}
        return {"count": count, "regions": among[: reading.settings.limits.max_named], "n": len(among)}

    return {"among_best": told(asked.best, first=True), "among_worst": told(asked.worst, first=False)}


def _nothing(reading: Reading, asked: RankingFilter, indicator: Indicator, level: str) -> Answer:
    """Why there is nothing to rank."""
    periods = (asked.period,) if asked.period else None
    question = ObservationFilter(indicator=(indicator.slug,), level=(level,), period=periods)
    with reading.database.connect() as connection:
        why = absence.explain(connection, reading, question, resolve(reading, question), path=questions.OBSERVATIONS)
    meta = {**provenance.meta_of_figures(reading, [indicator]), "returned": 0, **why}
    return Answer(Rows(RANKING, []) if reading.table else None, meta=meta)


def _meta(reading: Reading, group: Group, *, ranked: bool, beyond: bool) -> dict[str, Any]:
    """The provenance of all that is ranked, whichever part of it a page holds; without a line, why there is none."""
    if not ranked:
        detail = f"{group.indicator.title}: {group.reason}."
        why = absence.because("not-comparable", detail, None)
        return {**provenance.meta_of_figures(reading, [group.indicator]), **why}
    why = absence.because("end-of-list", "There is nothing after this cursor.", None) if beyond else {}
    return {**provenance.meta_of_files(reading, group.files), **why}


def _key(group: Group, intervals: dict[int, RankInterval], region: int) -> tuple[int, str]:
    """What lines are ordered by; a region that is alone has no rank."""
    interval = intervals.get(region)
    return 0 if interval is None else interval.order, group.figures[region].region.code


def _usual_level(catalogue: Catalogue, indicator: Indicator) -> str:
    """The level that is ranked where none is named: the first in the order of ranking with enough figures."""
    ordered = [(item.rank_order, item.id) for item in catalogue.levels.values() if item.rank_order is not None]
    usual = [level for _, level in sorted(ordered)]
    newest = {level: covered(indicator, level) for level in indicator.levels}
    enough = [level for level in usual if (found := newest.get(level)) and found.regions >= _ENOUGH]
    return (*enough, *(level for level in usual if level in newest), *indicator.levels, *usual, *catalogue.levels)[0]


def _scale(group: Group) -> dict[str, Any]:
    if group.scale is not None:
        return group.scale.described(group.indicator)
    return {"unit": group.unit, "decimals": group.decimals, "denominator": None, "formula": None}


def _line(ranked: Ranked, region: int) -> dict[str, Any]:
    """A region's line; one that is alone has a value and no rank."""
    group, interval, own = ranked.group, ranked.intervals.get(region), ranked.own.get(region)
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
        "order": None if interval is None else interval.order,
        "n": len(group.figures),
        "rank_lower": None if interval is None else interval.best,
        "rank_upper": None if interval is None else interval.worst,
        "rank_basis": ranked.basis.name,
        "tier": None if interval is None else interval.tier,
        "quantile": None if interval is None else interval.quantile,
        "published_region": figure.code,
        "marginal_lower": None if own is None else own[0],
        "marginal_upper": None if own is None else own[1],
        "earlier_value": shown(ranked.before.get(region), ranked.decimals),
        "bounds": _bounds(figure, group) if ranked.by == VALUE else None,
    }


def _bounds(figure: Figure, group: Group) -> dict[str, Any] | None:
    """The 95 % limits of a value as it is compared, where they are published."""
    if figure.lower is None or figure.upper is None:
        return None
    lower, upper = (shown(value, group.decimals) for value in (figure.lower, figure.upper))
    return {"kind": SAMPLING, "lower": lower, "upper": upper}


def _table(ranked: Ranked, lines: list[dict[str, Any]]) -> Rows:
    """The same lines as a table."""
    group = ranked.group
    regions = {figure.region.code: figure.region for figure in group.figures.values()}
    more = [{"level": group.level, "region_label": regions[line["region"]].label} for line in lines]
    return Rows(RANKING, [_row({**line, **own}, ranked) for line, own in zip(lines, more, strict=True)])


def _row(line: dict[str, Any], ranked: Ranked) -> tuple[Any, ...]:
    """A region's line in a table."""
    group = ranked.group
    span = span_of(line["period"])
    year, earlier = line["denominator_year"], line["earlier_value"]
    cells = {
        **line,
        "period": span.period,
        "period_start": span.start,
        "period_end": span.end,
        "value": Fixed(line["value"], group.decimals),
        "published_value": Fixed(line["published_value"], group.indicator.decimals),
        "earlier_value": None if earlier is None else Fixed(earlier, ranked.decimals),
        "denominator_year": None if year is None else int(year),
    }
    return tuple(cells[column.name] for column in RANKING)
