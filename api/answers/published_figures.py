"""Figures that others printed: quoted with their source and edition, never mixed with observations."""

from __future__ import annotations

from typing import Any

from api.answers import absence, provenance
from api.answers.paging import page
from api.answers.reading import Reading
from api.catalogue import fold
from api.filters import PublishedFigureFilter
from api.queries.published_figures import all_published_figures
from api.rows import Answer, number

_SEARCHED = ("label", "region_name", "printed", "unit", "period", "edition", "source_title", "note")


def list_published_figures(reading: Reading, asked: PublishedFigureFilter) -> Answer:
    """One page of quoted figures, by id."""
    catalogue = reading.catalogue
    named = [catalogue.region(item) for item in asked.region or ()]
    codes = {catalogue.regions[code].code for region in named for code in catalogue.codes_of(region)}
    editions = asked.edition and {fold(item) for item in asked.edition}
    words = fold(asked.q or "").split()
    with reading.database.connect() as connection:
        figures = all_published_figures(connection, reading.release)
    matching = [
        {**figure, "value": number(figure["value"]), "bound_value": number(figure["bound_value"])}
        for figure in figures
        if (not codes or figure["region"] in codes)
        and (not editions or fold(figure["edition"]) in editions)
        and _contains(fold(" ".join((*(str(figure[name] or "") for name in _SEARCHED), _spelt(figure)))), words)
    ]
    shown, following, _ = page(matching, reading=reading, asked=asked, key=lambda item: (item["id"],), like=(str,))
    why = {}
    if not shown:
        known = ", ".join(sorted({figure["edition"] for figure in figures})) if editions else ""
        hint = f" Editions: {known}." if known else " Ask with less."
        why = absence.because("no-match", f"No quoted figure answers to all of this.{hint}", "/v1/published-figures")
    return Answer(shown, meta={**provenance.meta(reading), "returned": len(shown), **why}, next_cursor=following)


def _contains(text: str, words: list[str]) -> bool:
    """Whether each word begins a word of the text."""
    return all(f" {word}" in f" {text}" for word in words)


def _spelt(figure: dict[str, Any]) -> str:
    """The figure with its unit as people write it: `15bn` for 15 and `£ billion`."""
    short = {"billion": "bn", "million": "m", "%": "%"}
    return " ".join(f"{figure['printed']}{letters}" for word, letters in short.items() if word in figure["unit"])
