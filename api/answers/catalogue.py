"""What is measured and by whom: components, sources, levels, indicators and their availability."""

from __future__ import annotations

from itertools import groupby
from typing import Any, TypeVar

from api.answers import absence, dates, provenance
from api.answers.found_indicators import how_found, not_measured
from api.answers.paging import page
from api.answers.reading import Reading
from api.answers.unpublished import NOT_YET, unpublished
from api.catalogue import Catalogue, Component, Indicator, Match, Source
from api.columns import INDICATORS, SOURCES
from api.cursors import Key
from api.durations import INSTANT
from api.filters import IndicatorFilter, Nothing, Page
from api.rows import Answer, Rows
from api.spans import span_of

_T = TypeVar("_T")


def list_components(reading: Reading, asked: Page) -> Answer:
    """One page of components, in the order of the index."""
    shown, following, meta = _in_order(reading, asked, list(reading.catalogue.components.values()))
    return Answer([_component(reading.catalogue, item) for item in shown], meta=meta, next_cursor=following)


def one_component(reading: Reading, _asked: Nothing, component: Component) -> Answer:
    """One component with its indicators."""
    return Answer(_component(reading.catalogue, component), meta=provenance.meta(reading))


def list_sources(reading: Reading, asked: Page) -> Answer:
    """One page of sources, by identifier."""
    shown, following, meta = _in_order(reading, asked, list(reading.catalogue.sources.values()))
    meta |= provenance.meta(reading, (item.id for item in shown))
    described = [_source(item) for item in shown]
    data = Rows(SOURCES, [tuple(item.values()) for item in described]) if reading.table else described
    return Answer(data, meta=meta, next_cursor=following)


def one_source(reading: Reading, _asked: Nothing, source: Source) -> Answer:
    """One source with its indicators and the files that figures were read from."""
    using = [item.slug for item in reading.catalogue.indicators.values() if source.id in item.sources]
    read = {use.file for uses in dates.histories(reading).values() for use in uses}
    files = [
        {
            "id": item.id,
            "title": item.title,
            "version_date": dates.version_date(reading, item),
            "retrieved_from": item.retrieved_from,
        }
        for number, item in reading.catalogue.source_files.items()
        if item.source == source.id and number in read
    ]
    data = {**_source(source), "indicators": using, "files": files}
    return Answer(data, meta=provenance.meta(reading, [source.id]))


def list_levels(reading: Reading, asked: Page) -> Answer:
    """One page of levels, widest first, with how many regions each has on the release's date."""
    day = reading.catalogue.release.published_at[:10]
    shown, following, meta = _in_order(reading, asked, list(reading.catalogue.levels.values()))
    data = [
        {
            "id": level.id,
            "title": level.title,
            "description": level.description,
            "regions": len(reading.catalogue.listed([level.id], day)),
        }
        for level in shown
    ]
    return Answer(data, meta=meta, next_cursor=following)


def list_indicators(reading: Reading, asked: IndicatorFilter) -> Answer:
    """One page of indicators, best match first where a text is searched, else by identifier."""
    catalogue = reading.catalogue
    components = asked.component and {catalogue.component(item).id for item in asked.component}
    sources = asked.source and {catalogue.source(item).id for item in asked.source}
    levels = asked.level and {catalogue.level(item).id for item in asked.level}
    matches = catalogue.search_indicators(asked.q) if asked.q else dict.fromkeys(catalogue.indicators, Match(0))
    matching = [
        item
        for item in catalogue.indicators.values()
        if item.id in matches
        and (not components or item.component in components)
        and (not sources or sources & set(item.sources))
        and (not levels or levels & set(item.levels))
    ]
    shown, following, left = page(
        matching, reading=reading, asked=asked, key=lambda item: (matches[item.id].rank, item.slug), like=(int, str)
    )
    why = {} if shown else _no_indicator(catalogue, asked, beyond=bool(matching))
    # What is told of a sample holds for all that it stands for.
    meta = provenance.meta_of_figures(reading, shown if reading.sample is None else matching)
    data = [_indicator(reading, item) for item in shown]
    if asked.q and not reading.table:
        data = [{**told, "match": how_found(matches[item.id])} for told, item in zip(data, shown, strict=True)]
    meta |= {"returned": len(data), **why}
    return Answer(_table(data) if reading.table else data, meta=meta, next_cursor=following, total=lambda: left)


def one_indicator(reading: Reading, _asked: Nothing, indicator: Indicator) -> Answer:
    """One indicator: definition, unit, direction, provenance and what is covered."""
    data = _indicator(reading, indicator)
    return Answer(data, meta=provenance.meta_of_figures(reading, [indicator]))


def availability(reading: Reading, _asked: Nothing, indicator: Indicator) -> Answer:
    """For which levels and periods an indicator has values, and for how many regions."""
    levels = [
        {
            "level": level,
            "periods": [
                {
                    "period": item.period,
                    "start": item.start,
                    "instant": item.duration == INSTANT,
                    "regions": item.regions,
                }
                for item in covered
            ],
        }
        for level, covered in groupby(indicator.coverage, key=lambda item: item.level)
    ]
    data = {"indicator": indicator.slug, "latest_period": indicator.latest_period, "levels": levels}
    pending = unpublished(reading.catalogue, [indicator])
    beside = f"/v1/indicators?component={indicator.component}"
    why = {} if pending is None else absence.because(NOT_YET, pending, beside)
    return Answer(data, meta={**provenance.meta_of_figures(reading, [indicator]), **why})


def _in_order(reading: Reading, asked: Page, items: list[_T]) -> tuple[list[_T], Key | None, dict[str, Any]]:
    """One page of a short list in the order that it has, with its provenance."""
    numbered = list(enumerate(items))
    shown, following, _ = page(numbered, reading=reading, asked=asked, key=lambda item: (item[0],), like=(int,))
    why = {} if shown else absence.because("end-of-list", "There is nothing after this cursor.", None)
    meta = {**provenance.meta(reading), "returned": len(shown), **why}
    return [item for _, item in shown], following, meta


def _no_indicator(catalogue: Catalogue, asked: IndicatorFilter, *, beyond: bool) -> dict[str, Any]:
    if beyond:
        return absence.because("end-of-list", "There is nothing after this cursor.", None)
    unmeasured = [catalogue.component(item) for item in asked.component or ()]
    reasons = [f"{item.title}: {item.reason}" for item in unmeasured if not item.measured]
    if reasons:
        return absence.because("not-measured", " ".join(reasons), "/v1/components")
    if asked.q and (why := not_measured(catalogue, asked.q)):
        return why
    return absence.because("no-match", "No indicator answers to all of this. Ask with less.", "/v1/indicators")


def _table(indicators: list[dict[str, Any]]) -> Rows:
    """Indicators as the lines of a table: the source by its identifier, levels separated by spaces, periods in full."""
    lines = [{**item, **_as_cells(item)} for item in indicators]
    return Rows(INDICATORS, [tuple(line[column.name] for column in INDICATORS) for line in lines])


def _as_cells(item: dict[str, Any]) -> dict[str, str | None]:
    """The parts of an indicator that are something else in a table."""
    newest = item["latest_period"]
    span = (None, None, None) if newest is None else span_of(newest)
    names = ("latest_period", "latest_period_start", "latest_period_end")
    return {
        "source": item["source"]["id"],
        "levels": " ".join(item["levels"]),
        "mistaken_for": " ".join(item["mistaken_for"]),
        **dict(zip(names, span, strict=True)),
    }


def _formula(indicator: Indicator) -> str | None:
    return None if indicator.formula is None else str(indicator.formula)


def _component(catalogue: Catalogue, component: Component) -> dict[str, Any]:
    return {
        "id": component.id,
        "title": component.title,
        "description": component.description,
        "measured": component.measured,
        "reason": component.reason,
        "indicators": [item.slug for item in catalogue.indicators.values() if item.component == component.id],
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "licence": source.licence,
        "licence_url": source.licence_url,
        "url": source.url,
        "attribution": source.attribution,
    }


def _indicator(reading: Reading, indicator: Indicator) -> dict[str, Any]:
    return {
        "id": indicator.slug,
        "title": indicator.title,
        "description": indicator.description,
        "component": indicator.component,
        "unit": indicator.unit,
        "decimals": indicator.decimals,
        "measure": indicator.measure,
        "denominator": indicator.denominator,
        "polarity": indicator.polarity,
        "collection": indicator.collection,
        "over_time": indicator.over_time,
        "frequency": indicator.frequency,
        "year_kind": indicator.year_kind,
        "quality": indicator.quality,
        "derivation": indicator.derivation,
        "caveats": indicator.caveats,
        "phrase": indicator.phrase,
        "number": indicator.number,
        "meaning": indicator.meaning,
        "covers": indicator.covers,
        "formula": _formula(indicator),
        "mistaken_for": list(indicator.mistaken_for),
        "owner": indicator.owner,
        "variant_of": indicator.variant_of,
        "source": provenance.source_reference(reading.catalogue.sources[indicator.source]),
        "levels": list(indicator.levels),
        "last_updated": dates.last_updated(reading, indicator),
        "latest_period": indicator.latest_period,
        "next_update": indicator.next_update,
    }
