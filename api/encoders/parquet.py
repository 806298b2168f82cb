"""Parquet: columns for data frames and databases, with units, release and licence in the file's metadata."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from api import errors
from api.encoders.titles import said_of, title_of
from api.rows import Answer, Table


def stream(answer: Answer) -> Iterator[bytes]:
    """The rows as Parquet, a page of them a row group; the schema stands at the end, so what broke off is no file."""
    pyarrow, parquet = _library()
    written = _Written()
    writer = None
    for page in answer.pages():
        schema = _schema(pyarrow, page, answer)
        writer = writer or parquet.ParquetWriter(pyarrow.PythonFile(written, "w"), schema, compression="zstd")
        columns = zip(*page.tuples, strict=True) if page.tuples else ([] for _ in page.columns)
        cells = [_cells(item.kind, given) for item, given in zip(page.columns, columns, strict=True)]
        arrays = [pyarrow.array(given, field.type) for given, field in zip(cells, schema, strict=True)]
        writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
        yield written.taken()
    if writer is not None:
        writer.close()
    yield written.taken()


class _Written(io.RawIOBase):
    """What is written to it can be taken, part by part; positions go on counting."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        self._position += len(part)
        return len(part)

    def tell(self) -> int:
        return self._position

    def taken(self) -> bytes:
        """What was written since it was taken last."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _cells(kind: str, cells: Iterable[Any]) -> list[Any]:
    """The cells of a column; days are given as text."""
    return [item and date.fromisoformat(item) for item in cells] if kind == "date" else list(cells)


def _schema(pyarrow: Any, page: Table, answer: Answer) -> Any:
    kinds = {
        "string": pyarrow.string(),
        "number": pyarrow.float64(),
        "integer": pyarrow.int64(),
        "date": pyarrow.date32(),
        "boolean": pyarrow.bool_(),
    }
    fields = [
        pyarrow.field(item.name, kinds[item.kind], nullable=item.optional, metadata={"description": item.description})
        for item in page.columns
    ]
    units = {slug: {"unit": item.unit, "decimals": item.decimals} for slug, item in answer.indicators.items()}
    said = {name: str(value) for name, value in said_of(answer).items()}
    said["published_at"] = answer.meta["published_at"]
    sources = json.dumps(answer.meta.get("source", []), ensure_ascii=False)
    metadata = {"title": title_of(answer), **said, "source": sources, "units": json.dumps(units, ensure_ascii=False)}
    return pyarrow.schema(fields, metadata=metadata)


def _library() -> tuple[Any, Any]:
    """Pyarrow, which is large and optional, and so imported when it is first needed."""
    try:
        import pyarrow as pa  # noqa: PLC0415
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        message = "Parquet needs pyarrow, which this installation lacks. Take CSV, or ask its operator."
        fault = errors.Fault("not-acceptable", "format", message, ("csv",))
        raise errors.Problem("not-acceptable", message, faults=(fault,)) from None
    return pa, parquet
