"""A file becomes a reading: its content is recognised, unpacked where it must be, and read by the reader that fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from api.errors import nearest
from api.readers.content import beside, check_declared, kind_of, unpack
from api.readers.delimited import read_lines
from api.readers.guessing import of_heads
from api.readers.json_stat import read_json_stat
from api.readers.nomis import from_nomis
from api.readers.parquet import read_parquet
from api.readers.reading import READERS, Grid, Reading, ReadLimits, Unreadable, shown
from api.readers.sdmx_csv import from_sdmx
from api.readers.table import settle
from api.readers.text import find_head, prepare
from api.readers.workbook import read_workbook

_NOTHING: Mapping[str, str] = MappingProxyType({})
_KINDS = {
    "tidy-csv": {"text"},
    "ons-local-statistics": {"text", "zip"},
    "nomis-csv": {"text"},
    "sdmx-csv": {"text"},
    "json-stat": {"json"},
    "parquet": {"parquet"},
    "xlsx": {"zip"},
    "wide": {"text", "zip"},
}
"""The kinds of content that each reader takes."""
_NAMES = {"text": "text", "zip": "a workbook or another zip archive", "json": "JSON", "parquet": "Parquet"}


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file, unpacked where it was packed, and the kind of its content; a place for what is written in passing."""

    path: Path
    kind: str
    spare: Path


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the caller says about a file."""

    name: str
    reader: str | None
    mapping: Mapping[str, str]
    constants: Mapping[str, str]
    sheet: str | None
    limits: ReadLimits


def read(
    path: Path,
    *,
    name: str,
    media_type: str | None = None,
    reader: str | None = None,
    mapping: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    sheet: str | None = None,
    limits: ReadLimits = ReadLimits(),  # noqa: B008  (frozen)
) -> Reading:
    """The figures of a file, as text with what was understood of them.

    `name` and `media_type` are what the client says: the content decides, and a media type that it contradicts is
    refused. `reader` is one of `READERS`; None: the one that fits. `mapping` says which head a column stands under,
    `constants` what holds for every row. Unreadable where the file cannot be read as a whole.
    """
    if reader is not None and reader not in READERS:
        raise Unreadable(
            "reader-unknown",
            f"There is no reader {shown(reader)!r}. Use one of {', '.join(READERS)}, or none, to have it recognised.",
            near=nearest(shown(reader), READERS),
        )
    asked = _Asked(name, reader, mapping or _NOTHING, constants or _NOTHING, sheet, limits)
    with _opened(path, media_type, limits) as opened:
        if reader is not None and opened.kind not in _KINDS[reader]:
            raise Unreadable(
                "reader-contradicts",
                f"The reader {reader} reads {' or '.join(sorted(_NAMES[kind] for kind in _KINDS[reader]))}, and the "
                f"content of {shown(name)!r} is {_NAMES[opened.kind]}. Name no reader, to have it recognised.",
            )
        with _no_panic():
            return _READ[opened.kind](opened, asked)


def guess(path: Path, *, name: str, limits: ReadLimits = ReadLimits()) -> str:  # noqa: B008  (frozen)
    """The name of the reader that fits the content of a file. Unreadable where none does."""
    return read(path, name=name, limits=limits).reader


@contextmanager
def _no_panic() -> Iterator[None]:
    """Have a library in Rust that gives up on a file, which is no Exception, refuse it."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Unreadable(
            "damaged", "The file is damaged and cannot be read. Save it anew, and send it again."
        ) from None


@contextmanager
def _opened(path: Path, media_type: str | None, limits: ReadLimits) -> Iterator[_Opened]:
    with ExitStack() as stack:
        spare = stack.enter_context(beside(path))
        kind = kind_of(path)
        if kind != "gzip":
            check_declared(media_type, (kind,))
            yield _Opened(path, kind, spare)
            return
        unpacked = stack.enter_context(beside(path))
        unpack(path, unpacked, limits)
        inner = kind_of(unpacked)
        if inner not in {"text", "json"}:
            raise Unreadable(
                "packed-twice",
                "The gzip file holds a workbook, Parquet or another archive, packed already. Send that as it is.",
            )
        check_declared(media_type, (kind, inner))
        yield _Opened(unpacked, inner, spare)


def _text(opened: _Opened, asked: _Asked) -> Reading:
    text = prepare(opened.path, opened.spare, asked.limits)
    head = find_head(text, asked.mapping, asked.constants, asked.limits)
    reader = asked.reader or of_heads(head.cells)
    grid = read_lines(text, head, reader, asked.limits)
    if reader in _OF_CUBES:
        return _of_a_cube(*_OF_CUBES[reader](grid, asked.mapping), asked)
    return _settled(grid, asked)


def _workbook(opened: _Opened, asked: _Asked) -> Reading:
    grid = read_workbook(
        opened.path,
        reader=asked.reader,
        mapping=asked.mapping,
        constants=asked.constants,
        sheet=asked.sheet,
        limits=asked.limits,
    )
    return _settled(grid, asked)


def _settled(grid: Grid, asked: _Asked) -> Reading:
    wide = None if asked.reader is None else asked.reader == "wide"
    return settle(grid, mapping=asked.mapping, constants=asked.constants, limits=asked.limits, wide=wide)


def _json(opened: _Opened, asked: _Asked) -> Reading:
    return _of_a_cube(*read_json_stat(opened.path, asked.mapping, asked.limits), asked)


def _parquet(opened: _Opened, asked: _Asked) -> Reading:
    return _settled(read_parquet(opened.path, asked.limits), asked)


def _of_a_cube(grid: Grid, mapping: Mapping[str, str], asked: _Asked) -> Reading:
    """The reading of a table whose heads are known by their names, and by nothing like them."""
    return settle(grid, mapping=mapping, constants=asked.constants, limits=asked.limits, synonyms=False, wide=False)


_OF_CUBES = {"nomis-csv": from_nomis, "sdmx-csv": from_sdmx}
_READ = {"text": _text, "zip": _workbook, "json": _json, "parquet": _parquet}
