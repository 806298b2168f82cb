"""Published indices: their definitions, what each edition is made of, and its scores."""

from __future__ import annotations

from typing import Any

from api.answers import absence, provenance
from api.answers.comparison.group import shown
from api.answers.index import choices
from api.answers.index.calculation import Calculation
from api.answers.index.calculations import answered
from api.answers.index.editions import Edition, edition_of
from api.answers.reading import Reading
from api.catalogue import Index
from api.columns import SCORES
from api.decimals import Fixed
from api.filters import EditionFilter, Nothing
from api.rows import Answer, Rows

OWN_METHOD = "A method of this project's own, not techUK's."
_DECIMALS = 2
"""Decimals of a score from 0 to 100; more would pretend to know."""


def list_indices(reading: Reading, _asked: Nothing) -> Answer:
    """Every index in short."""
    indices = reading.catalogue.indices.values()
    return Answer([_brief(index) for index in indices], meta={**provenance.meta(reading), "returned": len(indices)})


def one_index(reading: Reading, asked: EditionFilter, index: Index) -> Answer:
    """The definition of an index, and how each indicator enters an edition."""
    with reading.database.connect() as connection:
        edition = edition_of(connection, reading, index, asked.edition)
    data = {
        **_brief(index),
        "edition": edition.year,
        "up_to": edition.day,
        "methods": {name: getattr(index, name) for name in ("imputation", "treatment", "normalisation", "aggregation")},
        "most_years_old": index.most_years_old,
        "least_share": index.least_share,
        "least_components": index.least_components,
        "notes": list(index.notes),
        "regions": [region.code for region in edition.regions[: reading.settings.limits.max_named]],
        "regions_count": len(edition.regions),
        "components": edition.components(reading),
    }
    return Answer(data, meta=_meta(reading, edition))


def scores(reading: Reading, asked: EditionFilter, index: Index) -> Answer:
    """The scores and ranks of an edition, with the ranks that other weights and methods would give; or why none."""
    edition = choices.published(reading, asked, index)
    if isinstance(edition, Edition):
        return _no_scores(reading, edition)
    return _scores(reading, edition)


def _scores(reading: Reading, asked: Calculation) -> Answer:
    found = answered(reading, asked)
    computed, data, cacheable = found.computed, found.data, found.cacheable
    uncertain = {item["id"]: item for item in (data["uncertainty"] or {"regions": []})["regions"]}
    lines = [_line(item, uncertain.get(item["id"])) for item in data["regions"]]
    lines.sort(key=lambda line: (line["rank"] is None, line["rank"] or 0, line["region"]))
    about = asked.about
    meta = {**provenance.meta(reading, asked.figures.sources), "returned": len(lines)}
    if reading.table:
        parts = [part["component"] for part in about["components"] if part["measured"]]
        labels = {region.code: region.label for region in reading.catalogue.regions.values()}
        about = {**about, "labels": labels, "level": reading.catalogue.indices[about["index"]].level}
        rows = [row for line in lines for row in _rows(line, about, ["index", *parts])]
        shown_ = rows[: reading.sample]
        return Answer(
            Rows(SCORES, shown_), meta={**meta, "returned": len(shown_)}, total=lambda: len(rows), cacheable=cacheable
        )
    uncertainty = data["uncertainty"]
    whole = {
        "index": about["index"],
        "title": asked.title,
        "method": OWN_METHOD,
        "method_version": about["method_version"],
        "edition": about["edition"],
        "regions": lines,
        "components": about["components"],
        "uncertainty": {name: uncertainty[name] for name in ("draws", "top", "note", "basis", "basis_reason")},
        "alpha": data["alpha"],
        "notes": about["notes"],
        "n": len(computed.taken),
    }
    return Answer(whole, meta=meta, cacheable=cacheable)


def _meta(reading: Reading, edition: Edition) -> dict[str, Any]:
    """The provenance of an edition: its figures, and what they are divided by."""
    return provenance.meta_of_files(reading, {file for use in edition.used if use.group for file in use.group.files})


def _no_scores(reading: Reading, edition: Edition) -> Answer:
    index = edition.index
    measured = ", ".join(dict.fromkeys(use.component for use in edition.used)) or "none"
    detail = (
        f"{index.least_components} components at least make an index, and the figures of edition {edition.year} "
        f"measure: {measured}. /v1/indices/{index.id}?edition={edition.year} says why."
    )
    why = absence.because("not-measured", detail, f"/v1/indices/{index.id}/scores")
    meta = {**_meta(reading, edition), "returned": 0, **why}
    return Answer(Rows(SCORES, []) if reading.table else None, meta=meta)


def _brief(index: Index) -> dict[str, Any]:
    return {
        "id": index.id,
        "title": index.title,
        "description": index.description,
        "method": OWN_METHOD,
        "method_version": index.method_version,
        "level": index.level,
    }


def _line(item: dict[str, Any], uncertain: dict[str, Any] | None) -> dict[str, Any]:
    """A region's scores, with its ranks over the draws."""
    ends = (uncertain or {}).get("method_range_90") or {"lower": None, "upper": None}
    band = {side: shown(rank, _DECIMALS) for side, rank in ends.items()}
    parts = {name: shown(score, _DECIMALS) for name, score in item["scores"].items() if name != "index"}
    return {
        "region": item["id"],
        "region_name": item["name"],
        "score": shown(item["score"], _DECIMALS),
        "rank": item["rank"],
        "coverage": round(item["coverage"], 4),
        "components": parts,
        "contributions": {name: shown(part, _DECIMALS) for name, part in (item["contributions"] or {}).items()},
        "median_rank": None if uncertain is None else uncertain["median_rank"],
        "method_range_90": band,
        "top_share": None if uncertain is None else uncertain["top_share"],
        "best": None if uncertain is None else uncertain["best"],
        "worst": None if uncertain is None else uncertain["worst"],
        "reason": item["reason"],
    }


def _rows(line: dict[str, Any], about: dict[str, Any], parts: list[str]) -> list[tuple[Any, ...]]:
    """A region's scores as lines of a table: of the index, with its ranks, and of each component."""
    found = []
    for part in parts:
        top = part == "index"
        band = line["method_range_90"] if top else {"lower": None, "upper": None}
        score = line["score"] if top else line["components"].get(part)
        cells = {
            "region": line["region"],
            "region_name": line["region_name"],
            "region_label": about["labels"][line["region"]],
            "level": about["level"],
            "index": about["index"],
            "edition": about["edition"],
            "method_version": int(about["method_version"]),
            "part": part,
            "score": None if score is None else Fixed(score, _DECIMALS),
            "rank": line["rank"] if top else None,
            "method_range_90_lower": band["lower"],
            "method_range_90_upper": band["upper"],
            "best_rank": line["best"] if top else None,
            "worst_rank": line["worst"] if top else None,
        }
        found.append(tuple(cells[column.name] for column in SCORES))
    return found
