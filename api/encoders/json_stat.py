"""JSON-stat 2.0: observations as a cube, which statistics tools load as a table (https://json-stat.org/full/)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from api.encoders.titles import left_out_of, said_of
from api.rows import Answer, TidyRows

_DIMENSIONS = ("indicator", "region", "period")


def stream(answer: Answer) -> Iterator[bytes]:
    """The observations as one JSON-stat dataset; cells without an observation are left out."""
    rows, labels = _gathered(answer)
    categories = {name: list(dict.fromkeys(row[name] for row in rows)) for name in ("indicator", "region")}
    categories["period"] = sorted({row["period"] for row in rows})
    places = {name: {code: place for place, code in enumerate(codes)} for name, codes in categories.items()}
    size = [len(categories[name]) for name in _DIMENSIONS]

    def cell(row: dict[str, Any]) -> str:
        indicator, region, period = (places[name][row[name]] for name in _DIMENSIONS)
        return str((indicator * size[1] + region) * size[2] + period)

    titles = {slug: answer.indicators[slug].title for slug in categories["indicator"]}
    yield orjson.dumps(
        {
            "version": "2.0",
            "class": "dataset",
            "label": " / ".join(titles.values()),
            "source": "; ".join(f"{item['publisher']}, {item['title']}" for item in answer.meta["source"]),
            "updated": answer.meta["published_at"],
            "id": _DIMENSIONS,
            "size": size,
            "role": {"metric": ["indicator"], "geo": ["region"], "time": ["period"]},
            "dimension": {
                "indicator": _dimension("Indicator", titles, unit=_units(answer, categories["indicator"])),
                "region": _dimension("Region", labels),
                "period": _dimension("Period", {code: code for code in categories["period"]}),
            },
            "value": {cell(row): row["value"] for row in rows},
            "status": {cell(row): row["status"] for row in rows},
            "extension": {**said_of(answer), **left_out_of(answer)},
        }
    )


def _gathered(answer: Answer) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """All rows, and a label for each region by its code.

    Names are not unique, and readers take a label for a key; two codes of one place have even their label in common.
    """
    rows: list[dict[str, Any]] = []
    labels: dict[str, str] = {}
    for page in answer.pages():
        if not isinstance(page, TidyRows):
            raise TypeError("only observations make a cube")
        rows += page.dicts()
        places = (page.regions[number] for number in dict.fromkeys(row[1] for row in page.found))
        labels |= {place.code: place.label for place in places}
    counted = Counter(labels.values())
    return rows, {code: text if counted[text] == 1 else f"{text}, {code}" for code, text in labels.items()}


def _dimension(label: str, names: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"label": label, "category": {"index": list(names), "label": names, **more}}


def _units(answer: Answer, slugs: Iterable[str]) -> dict[str, dict[str, Any]]:
    found = {slug: answer.indicators[slug] for slug in slugs}
    return {slug: {"label": item.unit, "decimals": item.decimals} for slug, item in found.items()}
