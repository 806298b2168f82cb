"""Figures that others printed: quoted with their source and edition, never mixed with observations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from api.answers import absence, provenance
from api.answers.paging import page
from api.answers.reading import Reading
from api.catalogue import fold
from api.filters import PublishedFigureFilter
from api.models.observation import REVISED
from api.queries.observations import TIDY, Selection, all_observations
from api.queries.published_figures import all_published_figures
from api.rows import INDICATOR, PERIOD, REGION, SOURCE_FILE, STATUS, VALUE, Answer, number

Row = tuple[Any, ...]
_Place = tuple[str, str, str]
"""An indicator, a region and a period."""
_SEARCHED = ("label", "region_name", "printed", "unit", "period", "edition", "source_title", "note")


def list_published_figures(reading: Reading, asked: PublishedFigureFilter) -> Answer:
    """One page of quoted figures, by id."""
    catalogue = reading.catalogue
    named = [catalogue.region(item) for item in asked.region or ()]
    codes = {catalogue.regions[code].code for region in named for code in catalogue.codes_of(region)}
    near = {catalogue.indicator(slug).slug for slug in asked.indicator or ()}
    editions = asked.edition and {fold(item) for item in asked.edition}
    words = fold(asked.q or "").split()
    with reading.database.connect() as connection:
        figures = all_published_figures(connection, reading.release)
        matching = [
            figure
            for figure in figures
            if (not codes or figure["region"] in codes)
            and (not editions or fold(figure["edition"]) in editions)
            and (not near or figure["indicator"] in near)
            and (not asked.match or figure["match_kind"] in asked.match)
            and _contains(fold(" ".join((*(str(figure[name] or "") for name in _SEARCHED), _spelt(figure)))), words)
        ]
        found, following, _ = page(matching, reading=reading, asked=asked, key=lambda item: (item["id"],), like=(str,))
        values = _values(connection, reading, found)
    shown = [_described(reading, figure, values) for figure in found]
    why = {}
    if not shown:
        known = ", ".join(sorted({figure["edition"] for figure in figures})) if editions else ""
        hint = f" Editions: {known}." if known else " Ask with less."
        why = absence.because("no-match", f"No quoted figure answers to all of this.{hint}", "/v1/published-figures")
    files = {row[SOURCE_FILE] for row in values.values()}
    meta = provenance.meta_of_files(reading, files) if files else provenance.meta(reading)
    return Answer(shown, meta={**meta, "returned": len(shown), **why}, next_cursor=following)


def _described(reading: Reading, figure: dict[str, Any], values: dict[_Place, Row]) -> dict[str, Any]:
    """A figure with what it is matched with, as it stands in an answer."""
    own = {name: cell for name, cell in figure.items() if not name.startswith("match_")}
    match = None if figure["match_kind"] is None else _match(reading, figure, values)
    return {**own, "value": number(own["value"]), "bound_value": number(own["bound_value"]), "match": match}


def _match(reading: Reading, figure: dict[str, Any], values: dict[_Place, Row]) -> dict[str, Any]:
    """How a figure compares with the one that is served here, at the release that is read."""
    place = _place(figure)
    row = None if place is None else values.get(place)
    indicator, region, period = place or (figure["indicator"], None, None)
    found = {
        "kind": figure["match_kind"],
        "detail": figure["match_detail"],
        "region": region,
        "period": period,
        "value": None if row is None else number(row[VALUE]),
        "status": None if row is None else row[STATUS],
        "unit": None if row is None else reading.catalogue.indicator(indicator).unit,
        "address": None if row is None else reading.link(f"/v1/series/{indicator}/{region}"),
    }
    if found["kind"] == "equal" and not _is_equal(figure, row):
        found |= {"kind": REVISED, "detail": "It was the same when it was compared, and has been revised here since."}
    return found


def _is_equal(figure: dict[str, Any], row: Row | None) -> bool:
    """Whether a value is that of a figure, as far as it was printed."""
    if row is None or row[VALUE] is None:
        return False
    decimals = len(figure["printed"].partition(".")[2])
    return bool(round(row[VALUE], decimals) == figure["value"])


def _place(figure: dict[str, Any]) -> _Place | None:
    """The indicator, region and period that a figure is matched with, where there is one figure that it is."""
    region = figure["match_region"] or figure["region"]
    known = (figure["indicator"], region, figure["match_period"])
    return known if all(known) else None


def _values(connection: Connection, reading: Reading, figures: Sequence[dict[str, Any]]) -> dict[_Place, Row]:
    """The observations that quoted figures are matched with."""
    catalogue = reading.catalogue
    places = [place for figure in figures if (place := _place(figure)) is not None]
    if not places:
        return {}
    selection = Selection(
        release=reading.release,
        indicators=frozenset(catalogue.indicator(slug).id for slug, _, _ in places),
        regions=frozenset(catalogue.region(code).id for _, code, _ in places),
        periods=frozenset(period for _, _, period in places),
    )
    found = {}
    for row in all_observations(connection, selection, columns=TIDY):
        found[catalogue.indicators[row[INDICATOR]].slug, catalogue.regions[row[REGION]].code, row[PERIOD]] = row
    return {place: found[place] for place in places if place in found}


def _contains(text: str, words: list[str]) -> bool:
    """Whether each word begins a word of the text."""
    return all(f" {word}" in f" {text}" for word in words)


def _spelt(figure: dict[str, Any]) -> str:
    """The figure with its unit as people write it: `15bn` for 15 and `£ billion`."""
    short = {"billion": "bn", "million": "m", "%": "%"}
    return " ".join(f"{figure['printed']}{letters}" for word, letters in short.items() if word in figure["unit"])
