"""The places of a level side by side: in one period, or since an earlier one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from api.answers.charts import words
from api.answers.comparison.group import own_level
from api.answers.rankings import rank
from api.answers.reading import Reading
from api.catalogue import Catalogue, Indicator, Region
from api.chart_filters import GroupChart
from api.charts.chart import Mark, Row, Rows
from api.filters import RankingFilter
from api.rows import Answer

MOST = 40
"""Rows that a chart has room for; of more places those at both ends, and those that are asked about."""
_ENDS = 10
_RANKS = {
    "sampling_ci_95": "Ranks: those that a place may have by the 95% limits of all values, for all places at once.",
    "rounding": "Ranks: those that a place may have, as each value is rounded. Counted in records, without sampling "
    "error.",
}


def comparison(reading: Reading, asked: GroupChart) -> Answer:
    """The places of a level in the order of their values, with limits and ranks as far as they are known."""
    return _chart(reading, asked, by="value")


def change(reading: Reading, asked: GroupChart) -> Answer:
    """The places of a level in the order of their change since an earlier period."""
    return _chart(reading, asked, by="change")


def level_of(reading: Reading, asked: GroupChart, indicator: Indicator, regions: list[Region]) -> str | None:
    """The level that is shown: the one asked for, else that of the first region that is asked about."""
    if asked.level is not None or not regions:
        return asked.level
    return own_level(reading.catalogue, indicator, regions[0], None)


def ranked(reading: Reading, asked: GroupChart, indicator: Indicator, level: str | None, by: str) -> Answer:
    """The whole ranking that a chart shows."""
    since = asked.since if by == "change" else None
    limit = reading.settings.limits.max_items
    question = RankingFilter(level=level, period=asked.period, by=by, since=since, limit=limit)
    return rank(replace(reading, whole=False), question, indicator)


def _chart(reading: Reading, asked: GroupChart, *, by: str) -> Answer:
    catalogue = reading.catalogue
    indicator = catalogue.indicator(asked.indicator)
    regions = [catalogue.place_of(catalogue.region(code)) for code in asked.region or ()]
    answer = ranked(reading, asked, indicator, level_of(reading, asked, indicator, regions), by)
    kind = "comparison" if by == "value" else "change"
    data = answer.data
    if not isinstance(data, dict) or not data["regions"]:
        return words.unfigured(reading, kind=kind, title=indicator.title, meta=answer.meta)
    codes = {region.code for region in regions}
    lines = _in_order(data, by)
    shown = _selected(lines, codes)
    rows = [_row(catalogue, data, line, asked, by=by, strong=line["region"] in codes) for line in shown]
    plural = catalogue.levels[data["group"]["level"]].plural
    title = f"{indicator.title}, {plural}"
    return words.charted(
        reading,
        kind=kind,
        title=title if by == "value" else f"Change in {_lowered(title)}",
        subtitle=_subtitle(indicator, data, by),
        statement=_statement(reading, asked, data, lines, by),
        body=_body(data, rows, by, plural),
        meta=answer.meta,
        notes=_notes(data, lines, shown, plural, by, regions=[r for r in regions if r.code not in {
            line["region"] for line in lines}]),
    )  # fmt: skip


def _in_order(data: dict[str, Any], by: str) -> list[dict[str, Any]]:
    """Values from the highest on; changes as they are ranked."""
    lines: list[dict[str, Any]] = data["regions"]
    return sorted(lines, key=lambda line: -line["value"]) if by == "value" else lines


def _selected(lines: list[dict[str, Any]], codes: set[str]) -> list[dict[str, Any]]:
    if len(lines) <= MOST:
        return lines
    return [line for place, line in enumerate(lines)
            if place < _ENDS or place >= len(lines) - _ENDS or line["region"] in codes]  # fmt: skip


def _row(
    catalogue: Catalogue, data: dict[str, Any], line: dict[str, Any], asked: GroupChart, *, by: str, strong: bool
) -> Row:
    unit, decimals = data["unit"], data["decimals"]
    bounds = line.get("bounds") or {}
    limits = (bounds.get("lower"), bounds.get("upper"))
    common = {
        "label": words.named(catalogue, line["region"], asked),
        "code": line["region"],
        "cells": (words.places_text((line["rank_lower"], line["rank_upper"])),),
        "kind": words.kind_of(line["status"]),
        "emphasised": strong,
    }
    if by == "value":
        interval = None if None in limits else limits
        text = words.value_text(line["value"], decimals, unit)
        return Row(value=line["value"], text=text, interval=interval, **common)  # type: ignore[arg-type]
    sign = "+" if line["value"] > 0 else words.MINUS if line["value"] < 0 else ""
    text = f"{sign}{words.value_text(abs(line['value']), decimals, unit)}"
    text = f"{text} pp" if unit == "percentage points" else text
    later = line["published_value"]
    return Row(value=later, text=text, earlier=line["earlier_value"], **common)


def _body(data: dict[str, Any], rows: list[Row], by: str, plural: str) -> Rows:
    unit = data["unit"] if by == "value" else data["regions"][0]["published_unit"]
    median = data["median"] if by == "value" else None
    marks: tuple[Mark, ...] = ()
    band = None
    if median is not None and median["value"] is not None:
        text = words.value_text(median["value"], data["decimals"], data["unit"])
        marks = (Mark(label=f"median of the {plural} {text}", value=median["value"]),)
        quartiles = median["quartiles"]
        band = (quartiles["lower"], quartiles["upper"]) if quartiles else None
    known = data["basis"]["basis"] is not None
    columns: tuple[str, ...] = ("value" if by == "value" else "change", "rank")
    if not known:
        rows, columns = [replace(row, cells=()) for row in rows], columns[:1]
    return Rows(axis=words.axis_of(unit), rows=tuple(rows), columns=columns, marks=marks, band=band)


def _subtitle(indicator: Indicator, data: dict[str, Any], by: str) -> str:
    period = words.period_text(data["group"]["period"], instant=False, year_kind=indicator.year_kind)
    if by == "value" or data["since"] is None:
        return words.heading(data["unit"], period)
    since = words.period_text(data["since"], instant=False, year_kind=indicator.year_kind)
    return words.heading(data["regions"][0]["published_unit"], f"{since} to {period}")


def _statement(reading: Reading, asked: GroupChart, data: dict[str, Any], lines: list[dict[str, Any]], by: str) -> str:
    """The first and the last place, the median, and those that are asked about."""
    catalogue = reading.catalogue
    indicator = catalogue.indicator(asked.indicator)
    level = catalogue.levels[data["group"]["level"]].plural

    def told(line: dict[str, Any]) -> str:
        text = words.value_text(line["value"], data["decimals"], data["unit"])
        text = f"{text} percentage points" if data["unit"] == "percentage points" else text
        return f"{text} in {words.named(catalogue, line['region'], asked)}"

    what = indicator.title if by == "value" else f"Change in {_lowered(indicator.title)}"
    ends = f"from {told(lines[0])} to {told(lines[-1])}"
    said = [f"{what}, {_subtitle(indicator, data, by)}: of {len(lines)} {level} with figures, {ends}."]
    median = data["median"]
    if median is not None and median["value"] is not None:
        said.append(f"The median is {words.value_text(median['value'], data['decimals'], data['unit'])}.")
    codes = {catalogue.place_of(catalogue.region(code)).code for code in asked.region or ()}
    said += [f"{told(line)[:1].upper()}{told(line)[1:]}." for line in lines if line["region"] in codes]
    return " ".join(said)


def _notes(
    data: dict[str, Any],
    lines: list[dict[str, Any]],
    shown: list[dict[str, Any]],
    plural: str,
    by: str,
    *,
    regions: list[Region],
) -> list[str]:
    basis = data["basis"]
    notes = []
    if len(shown) < len(lines):
        notes.append(f"Of {len(lines)} {plural} the {_ENDS} at each end are shown, and those asked about.")
    if by == "change":
        notes.append("From the empty dot to the full one. Ordered by the change.")
    if by == "value" and any(line.get("bounds") for line in shown):
        notes.append("Thick lines: 95% confidence intervals, as published.")
    known = _RANKS.get(basis["basis"], "Ranks: those that a place may have, given the error of the values.")
    notes.append(known if basis["basis"] else f"No ranks are shown: {basis['reason']}.")
    if by == "value" and data["median"] is not None:
        notes.append("The shaded band holds the middle half of the group.")
    notes += words.meanings(words.kind_of(line["status"]) for line in shown)
    notes += [f"{region.label} has no figure in this group." for region in regions]
    return notes


def _lowered(text: str) -> str:
    return text if text[:2].isupper() else f"{text[:1].lower()}{text[1:]}"
