"""JSON-stat 2.0: a cube whose dimensions are geography, time and metric, made a table of the cells that it fills."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import polars as pl

from api.readers.delimited import check_size, tidied, too_many_rows
from api.readers.dimensions import several
from api.readers.heads import meant
from api.readers.reading import Grid, ReadLimits, Unreadable, shown

_MOST_BYTES = 100_000_000
"""JSON is held as objects while it is read, which take several times its bytes."""
_MOST_CELLS = 2**62
_ROLES = {"geo": "region", "time": "period", "metric": "metric"}
_MEASURES = {"value", "lower", "upper", "status"}


@dataclass(frozen=True, slots=True)
class _Dimension:
    """A dimension: its identifier, label, the codes of its categories in order with their labels, and its role."""

    name: str
    label: str
    codes: list[str]
    labels: dict[str, str]
    role: str


def read_json_stat(path: Path, mapping: Mapping[str, str], limits: ReadLimits) -> tuple[Grid, dict[str, str]]:
    """The cells of a dataset, numbered from 1 by their place in it, and which dimension is which column.

    Unreadable where it is no JSON-stat 2.0 dataset, contradicts itself, or another dimension has several categories.
    """
    dataset = _dataset(path)
    dimensions = _dimensions(dataset)
    size = [len(item.codes) for item in dimensions]
    places, values, statuses = _cells(dataset, math.prod(size), limits)
    strides = [math.prod(size[number + 1 :]) for number in range(len(size))]
    columns = {"place": pl.Series(places, dtype=pl.Int64)}
    for number, item in enumerate(dimensions):
        codes = (places // strides[number]) % size[number]
        columns[f"d{number}"] = pl.Series(item.codes, dtype=pl.String).gather(codes)
    frame = pl.DataFrame(columns).with_columns(
        pl.Series("value", values, pl.String), pl.Series("status", statuses, pl.String)
    )
    return _table(frame, dimensions, strides, mapping, limits)


def _dataset(path: Path) -> dict[str, Any]:
    if path.stat().st_size > _MOST_BYTES:
        raise Unreadable(
            "too-many-bytes", f"JSON-stat is read up to {_MOST_BYTES:,} bytes. Send CSV, which has no such limit."
        )
    try:
        found = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        message = (
            f"This is no valid JSON: line {error.lineno}, column {error.colno}. It may have been cut off: send it anew."
        )
        raise Unreadable("json-invalid", message, row=error.lineno) from None
    if isinstance(found, dict) and found.get("class") == "collection":
        items = _get(_get(found, "link", dict), "item", list)
        if len(items) != 1 or not isinstance(items[0], dict):
            message = f"The file is a collection of {len(items):,} datasets. Send each in a file of its own."
            raise Unreadable("datasets-several", message)
        found = items[0]
    if not isinstance(found, dict) or not {"id", "size", "dimension", "value"} <= set(found):
        raise Unreadable(
            "json-no-dataset",
            "The JSON is no JSON-stat 2.0 dataset, which has id, size, dimension and value. Send one, or a CSV.",
        )
    return found


def _get(found: dict[str, Any], name: str, kind: type) -> Any:
    item = found.get(name, kind())
    if not isinstance(item, kind):
        raise _wrong(name, f"is no {'object' if kind is dict else 'array'}")
    return item


def _wrong(where: str, what: str) -> Unreadable:
    return Unreadable(
        "json-stat-invalid",
        f"In the JSON-stat dataset {shown(where)} {what}. Put it right, or send CSV.",
        column=shown(where),
    )


def _dimensions(dataset: dict[str, Any]) -> list[_Dimension]:
    names, size = _get(dataset, "id", list), _get(dataset, "size", list)
    if len(names) != len(size) or not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise _wrong("id", "has not one name for each number of size")
    roles = {
        name: _ROLES[role]
        for role, named in _get(dataset, "role", dict).items()
        if role in _ROLES and isinstance(named, list)
        for name in named
        if isinstance(name, str)
    }
    every = _get(dataset, "dimension", dict)
    found = []
    for name, length in zip(names, size, strict=True):
        said = _get(every, name, dict)
        category = _get(said, "category", dict)
        labels = _get(category, "label", dict)
        codes = _codes(category.get("index", list(labels)), name)
        if len(codes) != length:
            raise _wrong(f"dimension/{name}", f"has {len(codes):,} categories, and size says {length}")
        told = {code: text for code, text in labels.items() if isinstance(text, str)}
        found.append(_Dimension(name, str(said.get("label", "")), codes, told, roles.get(name, "")))
    return found


def _codes(index: Any, name: str) -> list[str]:
    """The codes of categories in their order: an array, or an object of places."""
    if isinstance(index, dict):
        if not all(isinstance(place, int) for place in index.values()) or len(set(index.values())) < len(index):
            raise _wrong(f"dimension/{name}/category/index", "has places that are no numbers, or equal")
        index = sorted(index, key=index.__getitem__)
    if not isinstance(index, list) or not all(isinstance(code, str) for code in index):
        raise _wrong(f"dimension/{name}/category/index", "is neither an array of texts nor an object of places")
    return index


def _cells(
    dataset: dict[str, Any], cells: int, limits: ReadLimits
) -> tuple[np.ndarray[Any, np.dtype[np.int64]], list[str | None], list[str | None]]:
    """The places of cells with a value or a status, in order, with both as text."""
    if cells >= _MOST_CELLS:
        raise _wrong("size", "comes to more cells than can be numbered")
    values, statuses = (_by_place(dataset.get(name), name, cells) for name in ("value", "status"))
    one = dataset.get("status") if isinstance(dataset.get("status"), str) else None
    places = sorted(
        place for place in values.keys() | statuses.keys() if place in statuses or values[place] is not None
    )
    if len(places) > limits.rows * len(_MEASURES):
        raise too_many_rows(limits)
    return (
        np.array(places, dtype=np.int64),
        [_text(values.get(place)) for place in places],
        [_text(statuses.get(place, one)) for place in places],
    )


def _by_place(said: Any, name: str, cells: int) -> dict[int, Any]:
    if said is None or isinstance(said, str):
        return {}
    if isinstance(said, list):
        if len(said) != cells and not (name == "status" and len(said) == 1):
            raise _wrong(name, f"has {len(said):,} items, and the cube has {cells:,} cells")
        return {place: item for place, item in enumerate(said) if item is not None} if len(said) == cells else {}
    if not isinstance(said, dict):
        raise _wrong(name, "is neither an array nor an object")
    try:
        found = {int(place): item for place, item in said.items()}
    except ValueError:
        raise _wrong(name, "has a place that is no number") from None
    if any(not 0 <= place < cells for place in found):
        raise _wrong(name, f"has a place outside of the {cells:,} cells of the cube")
    return found


def _text(value: Any) -> str | None:
    """A number with the fewest digits that name it, and text as it is."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return shown(orjson.dumps(value).decode())
    return repr(value).removesuffix(".0")


def _table(
    frame: pl.DataFrame,
    dimensions: list[_Dimension],
    strides: list[int],
    mapping: Mapping[str, str],
    limits: ReadLimits,
) -> tuple[Grid, dict[str, str]]:
    asked = dict(mapping)
    for number, item in enumerate(dimensions):
        named = item.role or _meant(item)
        if item.name in asked.values():
            continue
        if named == "metric" and all((meant(code) or ("",))[0] in _MEASURES for code in item.codes):
            frame = _side_by_side(frame, item, f"d{number}", strides[number])
            continue
        column = "indicator" if named == "metric" else named
        if column and column not in asked:
            asked[column] = item.name
        elif len(item.codes) > 1:
            raise several(item.name, [item.labels.get(code, code) for code in item.codes], len(item.codes))
    measures = [name for name in ("value", "status", "lower", "upper") if name in frame.columns]
    heads = (*(item.name for item in dimensions), *(f"cells of {name}" for name in measures))
    columns = [*(f"d{number}" for number in range(len(dimensions))), *measures]
    table = frame.select(
        (pl.col("place") + 1).cast(pl.UInt32).alias("row"),
        *(pl.col(column).alias(str(number)) for number, column in enumerate(columns)),
    )
    asked = {name: f"cells of {name}" for name in measures if _there(frame, name)} | asked
    table, _ = tidied(table, len(heads))
    check_size(table, limits)
    return Grid(heads, table, "json-stat", "UTF-8"), asked


def _there(frame: pl.DataFrame, name: str) -> bool:
    return name == "value" or frame.get_column(name).null_count() < frame.height


def _meant(item: _Dimension) -> str:
    """The column that a dimension without a role is, by its identifier or label; `metric` for one of measures."""
    if item.name.casefold() in {"measure", "measures", "metric"}:
        return "metric"
    found = meant(item.name) or meant(item.label)
    return found[0] if found and found[0] in {"indicator", "region", "period"} else ""


def _side_by_side(frame: pl.DataFrame, item: _Dimension, column: str, stride: int) -> pl.DataFrame:
    """The cells of values, with those of limits and statuses, other categories of a metric, in columns beside them."""
    numbers = {code: number for number, code in enumerate(item.codes)}
    base = pl.col("place") - pl.col(column).replace_strict(numbers, return_dtype=pl.Int64) * stride
    frame = frame.with_columns(base.alias("base"))
    named = {(meant(code) or ("",))[0]: code for code in item.codes}
    if "value" not in named:
        raise Unreadable(
            "column-missing", f"No category of {shown(item.name)} is the value. Name it value.", column="value"
        )
    found = frame.filter(pl.col(column) == named.pop("value"))
    for name, code in named.items():
        beside = frame.filter(pl.col(column) == code).select("base", pl.col("value").alias(f"told {name}"))
        found = found.drop(name, strict=False).join(beside.rename({f"told {name}": name}), on="base", how="left")
    return found.sort("place")
