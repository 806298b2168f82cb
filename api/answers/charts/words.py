"""What stands on charts beside the drawing: names, numbers, periods, what marks mean, and where figures come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.answers import provenance
from api.answers.comparison.wording import decimals_of, quantity, spoken
from api.answers.reading import Reading
from api.catalogue import Catalogue, Region
from api.chart_filters import WELSH, ChartFilter
from api.charts.chart import DIFFERS as OF_ANOTHER_DEFINITION
from api.charts.chart import ESTIMATED, MERGED, PLAIN, PROVISIONAL, Axis, Body, Chart
from api.columns import DIFFERS
from api.durations import INSTANT
from api.rows import Answer
from api.spans import span_of

BREAK = "B"
NONE = "\u2013"
"""What stands where nothing is known."""
MINUS = "\u2212"
_KINDS = {"E": ESTIMATED, "P": PROVISIONAL, DIFFERS: OF_ANOTHER_DEFINITION}
_MEANINGS = {
    PROVISIONAL: "Empty marks are provisional values.",
    ESTIMATED: "Empty marks are estimates.",
    MERGED: "Empty marks were put together from the figures of the places that came before.",
    OF_ANOTHER_DEFINITION: "Empty marks are of another definition, and are not compared.",
}
_MONTH = len("2026-01")


def kind_of(status: str, *, merged: bool = False) -> str:
    """How sure a value is, by its status."""
    return MERGED if merged else _KINDS.get(status, PLAIN)


def meanings(kinds: Iterable[str]) -> list[str]:
    """What the marks in a chart mean that are not plain, a sentence for each."""
    found = set(kinds)
    return [said for kind, said in _MEANINGS.items() if kind in found]


def name_of(region: Region, asked: ChartFilter) -> str:
    """The name of a place in the language that is asked for, as far as it has one in it."""
    return (region.welsh_name if asked.names == WELSH else None) or region.name


def named(catalogue: Catalogue, code: str, asked: ChartFilter) -> str:
    """The same, of the place of a code."""
    return name_of(catalogue.region(code), asked)


def value_text(value: float | None, decimals: int, unit: str) -> str:
    """A value with its sign of unit, and without what a title says of it."""
    return NONE if value is None else quantity(value, decimals_of(value, decimals, unit), unit, bare=True)


def places_text(places: tuple[int | None, int | None] | None) -> str:
    """The places in an order that something may have: 3, or 3 to 6; a dash where that is not known."""
    first, last = places or (None, None)
    if first is None:
        return NONE
    return str(first) if first == last else f"{first} to {last}"


def axis_of(unit: str, **more: Any) -> Axis:
    """The axis of a unit: pounds before its numbers, per cent after them."""
    before = "£" if unit.startswith("£") and not unit.startswith(("£ million", "£ billion")) else ""
    percentage = unit.startswith("%") or unit == "percentage points"
    return Axis(before=before, after="%" if unit.startswith("%") else "", lower=more.pop("lower", None),
                upper=more.pop("upper", None), title="" if before or percentage else unit, **more)  # fmt: skip


def period_text(period: str, *, instant: bool, year_kind: str) -> str:
    """A period as a title has it: 2023, January 2026, academic year from August 2024, mid-2023."""
    said = spoken(period, INSTANT if instant else "", year_kind)
    return said.removeprefix("in ").removeprefix("the ")


def short_period(period: str) -> str:
    """A period as an axis has it: 2023, 2023/24, Jan 2026 as 2026-01."""
    if "/" in period:
        year = int(period[:4])
        return f"{year}/{(year + 1) % 100:02d}" if period.endswith("/P1Y") else period[:4]
    return period


def when(period: str) -> float:
    """The start of a period as a year with fractions."""
    start = span_of(period).start
    return int(start[:4]) + (int(start[5:7]) - 1) / 12 + (int(start[8:10]) - 1) / 366


def joined_meta(reading: Reading, answers: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The provenance of several answers together."""
    return provenance.meta(reading, [source["id"] for meta in answers for source in meta["source"]])


def charted(
    reading: Reading,
    *,
    kind: str,
    title: str,
    subtitle: str,
    statement: str,
    body: Body | None,
    meta: dict[str, Any],
    notes: Iterable[str] = (),
) -> Answer:
    """A chart as an answer; without a body it says why there is nothing to draw."""
    chart = Chart(
        kind=kind,
        title=title,
        subtitle=subtitle,
        statement=statement,
        body=body,
        source=_source(reading, meta),
        notes=tuple(notes),
    )
    return Answer(chart, meta={**meta, "returned": 1, "public_url": reading.settings.public_url})


def unfigured(reading: Reading, *, kind: str, title: str, meta: dict[str, Any]) -> Answer:
    """The chart of a question that nothing answers: its sentence says why."""
    said = str(meta.get("detail", "There is nothing to draw."))
    return charted(reading, kind=kind, title=title, subtitle="", statement=said, body=None, meta=meta)


def heading(unit: str, period: str) -> str:
    """What stands below a title: the unit, unless the title has it, and the period."""
    return ", ".join(part for part in (unit, period) if part)


def _source(reading: Reading, meta: dict[str, Any]) -> str:
    """Where the figures come from, in a line or two: publishers and titles, licence, and release."""
    works = [f"{source['publisher']}, {source['title']}" for source in meta["source"]]
    more = f" and {len(works) - 3} more" if len(works) > 3 else ""
    from_ = f"Source: {'; '.join(works[:3])}{more}. " if works else ""
    release = f"Release {reading.release} ({reading.catalogue.release.published_at[:10]})"
    return f"{from_}{meta['licence']}. {provenance.SERVICE}, {release}."
