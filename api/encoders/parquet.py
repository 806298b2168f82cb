"""Parquet: columns for data frames and databases, with units, release and licence in the file's metadata.

The library writes a file in one go, taking the rows as it goes, so that no more than a row group is held. What goes
wrong on either side of it is kept and raised here: a failing file would otherwise end it without a word that says why.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet

from api.columns import Column
from api.encoders.titles import said_of, title_of
from api.rows import Answer

_ROW_GROUP = 10_000
"""Rows of a row group, which readers skip as a whole: of a table ordered by indicator, a group holds a few of them."""
_TYPES = {
    "string": DataType.string(),
    "number": DataType.float64(),
    "integer": DataType.int64(),
    "date": DataType.date32(),
    "boolean": DataType.bool(),
}


class Writable(Protocol):
    """A file, as far as it is written to."""

    def write(self, data: Any, /) -> Any:
        """Put some bytes at the end."""
        ...


def stream(answer: Answer) -> Iterator[bytes]:
    """The rows as Parquet, in one piece."""
    file = io.BytesIO()
    write(answer, file)
    yield file.getvalue()


def write(answer: Answer, file: Writable) -> None:
    """Write the rows as Parquet, with the least and the greatest value of each column in each row group."""
    said = _said(answer)
    schema = _schema(answer, said)
    source, sink = _Source(answer, schema), _Sink(file)
    try:
        write_parquet(
            RecordBatchReader.from_batches(schema, source),
            sink,  # type: ignore[arg-type]
            compression="zstd(3)",
            max_row_group_size=_ROW_GROUP,
            # For readers that do not look at Arrow's schema. One key: the library puts several in an order of its whim.
            key_value_metadata={"about": json.dumps(said, ensure_ascii=False)},
            column_dictionary_enabled={item.name: False for item in answer.columns if item.kind == "number"},
        )
    except Exception:
        if source.failed is None:
            raise
    failed = source.failed or sink.failed
    if failed is not None:
        raise failed


class _Source:
    """The rows as batches, a page of them each."""

    def __init__(self, answer: Answer, schema: Schema) -> None:
        self._answer, self._schema = answer, schema
        self.failed: Exception | None = None

    def __iter__(self) -> Iterator[RecordBatch]:
        try:
            for page in self._answer.pages():
                if rows := page.tuples:
                    yield self._batch(rows)
        except Exception as error:
            self.failed = error
            raise

    def _batch(self, rows: Sequence[tuple[Any, ...]]) -> RecordBatch:
        cells = zip(*rows, strict=True)
        arrays = [_array(column, kept) for column, kept in zip(self._answer.columns, cells, strict=True)]
        return RecordBatch.from_arrays(arrays, schema=self._schema)


class _Sink(io.RawIOBase):
    """Writes to a file until that fails."""

    def __init__(self, file: Writable) -> None:
        self._file = file
        self.failed: Exception | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self.failed is None:
            try:
                self._file.write(data)
            except Exception as error:
                self.failed = error
        return len(data)


def _array(column: Column, cells: Iterable[Any]) -> Array:
    """The cells of a column. ValueError where a date is none: a library that casts it would leave it out."""
    if column.kind == "number":
        return Array([None if cell is None else float(cell) for cell in cells], _TYPES["number"])
    if column.kind != "date":
        return Array(list(cells), _TYPES[column.kind])
    texts = Array([None if cell is None else str(cell) for cell in cells], DataType.string())
    dates = texts.cast(_TYPES["date"])
    if dates.null_count != texts.null_count:
        raise ValueError(f"the column {column.name} holds something that is not a date")
    return dates


def _schema(answer: Answer, said: dict[str, str]) -> Schema:
    fields = [
        Field(item.name, _TYPES[item.kind], nullable=item.optional, metadata={"description": item.description})
        for item in answer.columns
    ]
    return Schema(fields, metadata=said)


def _said(answer: Answer) -> dict[str, str]:
    """What the file says of itself; lists as JSON."""
    units = {slug: {"unit": item.unit, "decimals": item.decimals} for slug, item in answer.indicators.items()}
    said = {name: str(value) for name, value in said_of(answer).items()}
    said["published_at"] = answer.meta["published_at"]
    sources = json.dumps(answer.meta.get("source", []), ensure_ascii=False)
    return {"title": title_of(answer), **said, "source": sources, "units": json.dumps(units, ensure_ascii=False)}
