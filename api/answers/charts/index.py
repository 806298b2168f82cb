"""An index: the ranks of its regions, with the ranges that other choices of method give."""

from __future__ import annotations

from typing import Any

from api.answers.charts import words
from api.answers.index import published
from api.answers.reading import Reading
from api.chart_filters import IndexChart
from api.charts.chart import Axis, Row, Rows
from api.decimals import fixed
from api.filters import EditionFilter
from api.rows import Answer


def chart(reading: Reading, asked: IndexChart) -> Answer:
    """The ranks of an edition. Problems `unknown-id`, `invalid-parameter`, and those of a calculation."""
    catalogue = reading.catalogue
    index = catalogue.index(asked.index)
    question = EditionFilter(edition=asked.edition, method_version=asked.method_version)
    answer = published.scores(reading, question, index)
    data = answer.data
    scored = [item for item in data["regions"] if item["rank"] is not None] if isinstance(data, dict) else []
    if not scored or not isinstance(data, dict):
        return words.unfigured(reading, kind="index", title=index.title, meta=answer.meta)
    strong = {catalogue.place_of(catalogue.region(code)).code for code in asked.region or ()}
    rows = [_row(item, words.named(catalogue, item["region"], asked), item["region"] in strong) for item in scored]
    n = len(rows)
    step = max(1, -(-n // 12))
    ticks = tuple((float(place), str(place)) for place in range(1, n + 1) if (place - 1) % step == 0)
    return words.charted(
        reading,
        kind="index",
        title=data["title"],
        subtitle=f"Rank of {n} regions, edition {data['edition']}, version {data['method_version']} of the method",
        statement=_statement(data, rows),
        body=Rows(axis=Axis(lower=1.0, upper=float(n), ticks=ticks), rows=tuple(rows),
                  columns=("score", "rank", "range"), ends=("first", "last")),
        meta=answer.meta,
        notes=_notes(data, scored),
    )  # fmt: skip


def _row(item: dict[str, Any], name: str, strong: bool) -> Row:  # noqa: FBT001
    drawn = item["method_range_90"]
    range_ = None if drawn is None else (drawn["lower"], drawn["upper"])
    extremes = None if item["best"] is None else (item["best"], item["worst"])
    return Row(
        label=name,
        code=item["region"],
        value=item["rank"],
        text=fixed(item["score"], 1),
        interval=range_,
        extremes=extremes,
        cells=(str(item["rank"]), words.places_text(range_)),
        emphasised=strong,
    )


def _statement(data: dict[str, Any], rows: list[Row]) -> str:
    told = [f"{row.label} {row.cells[0]} ({row.cells[1]})" for row in rows]
    return (
        f"{data['title']}, edition {data['edition']}: rank, and the range of 90% of the other choices of method. "
        f"{', '.join(told)}. {data['method']}"
    )


def _notes(data: dict[str, Any], scored: list[dict[str, Any]]) -> list[str]:
    notes = [data["method"]]
    if any(item["method_range_90"] is not None for item in scored):
        notes.append("Thick lines: the ranks of 90% of other choices of method, thin lines those of all that were "
                     "tried or proved. A range over methods, not a confidence interval.")  # fmt: skip
    left = len(data["regions"]) - len(scored)
    if left:
        notes.append(f"{left} regions have too few figures for a score.")
    return notes
