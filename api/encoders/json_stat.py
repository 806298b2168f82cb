"""JSON-stat 2.0: observations as a cube, which statistics tools load as a table (https://json-stat.org/full/).

Written from arrays: a list for each column, and the place of each observation in the cube computed for all at once.
Where more than half of the cells have an observation the values are an array, else an object of those there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import orjson

from api.encoders.titles import left_out_of, said_of
from api.errors import too_many_cells
from api.rows import INDICATOR, PERIOD, REGION, STATUS, VALUE, Answer, TidyRows

_DIMENSIONS = ("indicator", "region", "period")


class _Gathered(NamedTuple):
    """All observations, column by column: numbers of indicators and regions, with what these are called."""

    indicators: list[int]
    regions: list[int]
    periods: list[str]
    values: list[float | None]
    statuses: list[str]
    slugs: dict[int, str]
    codes: dict[int, str]
    labels: dict[str, str]
    """Of regions, by their code."""


def stream(answer: Answer) -> Iterator[bytes]:
    """The observations as one JSON-stat dataset; cells without an observation are left out, or null.

    Problem `too-large` where it would have more cells than the answer may.
    """
    rows = _gathered(answer)
    categories = {
        "indicator": list(dict.fromkeys(rows.slugs.values())),
        "region": list(dict.fromkeys(rows.codes.values())),
        "period": sorted(set(rows.periods)),
    }
    size = [len(codes) for codes in categories.values()]
    cells = size[0] * size[1] * size[2]
    if answer.most_cells is not None and cells > answer.most_cells:
        raise too_many_cells(cells, len(rows.periods), answer.most_cells)
    values, statuses = _cells(rows, categories, cells)
    head, told = (
        orjson.dumps(_head(answer, categories, size, rows.labels)),
        orjson.dumps({**said_of(answer), **left_out_of(answer)}),
    )
    yield b'%b,"value":%b,"status":%b,"extension":%b}' % (head[:-1], values, statuses, told)


def _head(answer: Answer, categories: dict[str, list[str]], size: list[int], labels: dict[str, str]) -> dict[str, Any]:
    """Everything but the cells."""
    titles = {slug: answer.indicators[slug].title for slug in categories["indicator"]}
    return {
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
    }


def _gathered(answer: Answer) -> _Gathered:
    """All rows as columns.

    Names are not unique, and readers take a label for a key; two codes of one place have even their label in common.
    """
    rows = _Gathered([], [], [], [], [], {}, {}, {})
    columns: tuple[list[Any], ...] = (rows.indicators, rows.regions, rows.periods, rows.values, rows.statuses)
    for page in answer.pages():
        if not isinstance(page, TidyRows):
            raise TypeError("only observations make a cube")
        known = len(rows.periods)
        for place, column in zip((INDICATOR, REGION, PERIOD, VALUE, STATUS), columns, strict=True):
            column.extend(map(itemgetter(place), page.found))
        for number in dict.fromkeys(rows.indicators[known:]):
            rows.slugs[number] = page.indicators[number].slug
        for number in dict.fromkeys(rows.regions[known:]):
            region = page.regions[number]
            rows.codes[number] = region.code
            rows.labels[region.code] = region.label
    counted = Counter(rows.labels.values())
    told = {code: text if counted[text] == 1 else f"{text}, {code}" for code, text in rows.labels.items()}
    return rows._replace(labels=told)


def _cells(rows: _Gathered, categories: dict[str, list[str]], cells: int) -> tuple[bytes, bytes]:
    """Values and statuses: arrays of all cells where most have an observation, else objects of those that have."""
    places = _places(rows, categories)
    if 2 * len(places) > cells:
        values, statuses = _array(places, rows.values, cells), _array(places, rows.statuses, cells)
    else:
        keys = list(map(str, places.tolist()))
        values = orjson.dumps(dict(zip(keys, rows.values, strict=True)))
        statuses = orjson.dumps(dict(zip(keys, rows.statuses, strict=True)))
    # Whole numbers without a decimal point: what is not a number stands in quotes, and none of that ends so.
    return values.replace(b".0,", b","), statuses


def _places(rows: _Gathered, categories: dict[str, list[str]]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Where in the cube each observation is: the last dimension goes on fastest.

    Regions go by their codes, since two series may be of one place.
    """
    order = [{code: number for number, code in enumerate(codes)} for codes in categories.values()]
    known: tuple[dict[Any, int], ...] = (
        {number: order[0][slug] for number, slug in rows.slugs.items()},
        {number: order[1][code] for number, code in rows.codes.items()},
        order[2],
    )
    found = np.zeros(len(rows.periods), dtype=np.int64)
    columns: tuple[list[Any], ...] = (rows.indicators, rows.regions, rows.periods)
    for places, column, codes in zip(known, columns, categories.values(), strict=True):
        found *= len(codes)
        found += np.fromiter(map(places.__getitem__, column), np.int64, len(column))
    return found


def _array(places: np.ndarray[Any, np.dtype[np.int64]], column: list[Any], cells: int) -> bytes:
    array = np.full(cells, None, dtype=object)
    array[places] = column
    return orjson.dumps(array.tolist())


def _dimension(label: str, names: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"label": label, "category": {"index": list(names), "label": names, **more}}


def _units(answer: Answer, slugs: Iterable[str]) -> dict[str, dict[str, Any]]:
    found = {slug: answer.indicators[slug] for slug in slugs}
    return {slug: {"label": item.unit, "decimals": item.decimals} for slug, item in found.items()}
