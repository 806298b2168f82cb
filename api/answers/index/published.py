"""Published indices: their definitions, what each edition is made of, and its scores."""

from __future__ import annotations

from typing import Any

from api.answers import absence, provenance
from api.answers.comparison.group import shown
from api.answers.index import choices, over_time
from api.answers.index.calculation import Calculation
from api.answers.index.calculations import answered
from api.answers.index.editions import SCORE_DECIMALS, Edition, edition_of, version_of
from api.answers.reading import Reading
from api.catalogue import Index
from api.columns import SCORES
from api.decimals import Fixed
from api.errors import invalid
from api.filters import EditionFilter, Nothing
from api.rows import Answer, Rows

OWN_METHOD = "A method of this project's own, not techUK's."


def list_indices(reading: Reading, _asked: Nothing) -> Answer:
    """Every index in short."""
    indices = reading.catalogue.indices.values()
    return Answer([_brief(index) for index in indices], meta={**provenance.meta(reading), "returned": len(indices)})


def one_index(reading: Reading, asked: EditionFilter, index: Index) -> Answer:
    """The definition of an index, and how each indicator enters an edition."""
    index = version_of(index, asked.method_version)
    with reading.database.connect() as connection:
        edition = edition_of(connection, reading, index, asked.edition)
    measured, share = edition.coverage
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
        "components_measured": measured,
        "components_count": len(index.components),
        "components_coverage": round(share, 4),
        "digital_share": round(edition.digital_share, 4) if _says_digital(index) else None,
        "outcomes": list(index.outcomes),
        "answers": [{"objection": item.objection, "answer": item.answer} for item in index.answers],
        "uncertainty": _drawn(index),
    }
    return Answer(data, meta=_meta(reading, edition))


def scores(reading: Reading, asked: EditionFilter, index: Index) -> Answer:
    """The scores and ranks of an edition, with the ranks that other weights and methods would give; or why none."""
    edition = choices.published(reading, asked, index)
    if isinstance(edition, Edition):
        return _no_scores(reading, edition)
    return _scores(reading, edition, _changes(reading, asked, index))


def _changes(reading: Reading, asked: EditionFilter, index: Index) -> dict[str, Any] | None:
    """The edition against an earlier one, where that is asked for. Problem `invalid-parameter`."""
    if asked.since is None:
        return None
    if reading.table:
        raise invalid(
            "since", "A table has no room for what changed. Ask for JSON, or leave this out.", code="no-table"
        )
    version = version_of(index, asked.method_version)
    with reading.database.connect() as connection:
        now = edition_of(connection, reading, version, asked.edition)
        if asked.since >= now.year:
            message = f"The edition held against that of {now.year} is an earlier one."
            raise invalid("since", message, code="not-earlier")
        then = edition_of(connection, reading, version, asked.since)
        pair = over_time.pair_of(connection, reading, now, then)
    return over_time.compared(reading, pair)


def _scores(reading: Reading, asked: Calculation, changes: dict[str, Any] | None) -> Answer:
    found = answered(reading, asked)
    computed, data, cacheable = found.computed, found.data, found.cacheable
    uncertain = {item["id"]: item for item in (data["uncertainty"] or {"regions": []})["regions"]}
    lines = [_line(item, uncertain.get(item["id"]), asked.about["components_coverage"]) for item in data["regions"]]
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
        "components_measured": about["components_measured"],
        "components_count": about["components_count"],
        "uncertainty": {name: part for name, part in uncertainty.items() if name != "regions"},
        "alpha": data["alpha"],
        "notes": about["notes"],
        "n": len(computed.taken),
        "changes": changes,
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


def _says_digital(index: Index) -> bool:
    return any(item.digital for part in index.components for item in part.indicators)


def _drawn(index: Index) -> dict[str, Any]:
    """What the ranges of an index take in."""
    drawn = index.uncertainty
    return {
        "weights": drawn.weights,
        "normalisation": list(drawn.normalisation),
        "treatment": list(drawn.treatment or (index.treatment,)),
        "aggregation": list(drawn.aggregation or (index.aggregation,)),
        "leave_one_out": drawn.leave_one_out,
        "data_error": drawn.data_error,
        "goalposts": drawn.goalposts,
    }


def _brief(index: Index) -> dict[str, Any]:
    return {
        "id": index.id,
        "title": index.title,
        "description": index.description,
        "method": OWN_METHOD,
        "method_version": index.method_version,
        "method_versions": [item.method_version for item in index.versions],
        "level": index.level,
        "documentation": f"/docs/indices/{index.id}",
    }


def _line(item: dict[str, Any], uncertain: dict[str, Any] | None, share: float) -> dict[str, Any]:
    """A region's scores, with its ranks over the draws. `share` is that of the weight of what is measured at all."""
    ends = (uncertain or {}).get("method_range_90") or {"lower": None, "upper": None}
    band = {side: shown(rank, SCORE_DECIMALS) for side, rank in ends.items()}
    parts = {name: shown(score, SCORE_DECIMALS) for name, score in item["scores"].items() if name != "index"}
    return {
        "region": item["id"],
        "region_name": item["name"],
        "score": shown(item["score"], SCORE_DECIMALS),
        "rank": item["rank"],
        "coverage": round(item["coverage"] * share, 4),
        "components": parts,
        "contributions": {name: shown(part, SCORE_DECIMALS) for name, part in (item["contributions"] or {}).items()},
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
            "score": None if score is None else Fixed(score, SCORE_DECIMALS),
            "rank": line["rank"] if top else None,
            "method_range_90_lower": band["lower"],
            "method_range_90_upper": band["upper"],
            "best_rank": line["best"] if top else None,
            "worst_rank": line["worst"] if top else None,
        }
        found.append(tuple(cells[column.name] for column in SCORES))
    return found
