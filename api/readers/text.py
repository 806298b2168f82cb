"""Text files: their encoding, what is odd in them, and the separator; each is looked at once, a part at a time."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.readers.content import CHUNK, too_many_bytes
from api.readers.heads import MOST_TITLES, head_of, meant
from api.readers.reading import ReadLimits, Unreadable

UTF_8, CP1252 = "UTF-8", "Windows-1252"
_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Text:
    """A text file in UTF-8: where it is, what it was written in, its lines, and whether it has quotes or lone CRs."""

    path: Path
    encoding: str
    lines: int
    quotes: bool
    lone_returns: bool


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a text table: its cells, the line that it begins in, the lines up to its end, and the separator."""

    cells: tuple[str, ...]
    row: int
    ends: int
    separator: str


def prepare(path: Path, target: Path, limits: ReadLimits) -> Text:
    """The file as UTF-8: itself, or written to `target` where it is UTF-16 or Windows-1252.

    Unreadable where it has NUL bytes, or some lines are UTF-8 and others not.
    """
    if path.stat().st_size > limits.unpacked_bytes:
        raise too_many_bytes("The file", limits)
    with path.open("rb") as file:
        wide = _WIDE.get(file.read(2))
    if wide is not None:
        _transcode(path, target, wide, limits)
        return _looked_at(target, "UTF-16")
    if _is_utf8(path):
        return _looked_at(path, UTF_8)
    _check_mixed(path)
    _transcode(path, target, "cp1252", limits)
    return _looked_at(target, CP1252)


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            yield part


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for part in _parts(path):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _check_mixed(path: Path) -> None:
    """Unreadable where some line is UTF-8 beyond ASCII and another is not: no one encoding reads both rightly."""
    bad, good, number = 0, False, 0
    with path.open("rb") as file:
        while line := file.readline(CHUNK):
            number += line.endswith(b"\n")
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                good = True
            except UnicodeDecodeError:
                bad = bad or number + (not line.endswith(b"\n"))
    if good:
        raise Unreadable(
            "encoding-mixed",
            f"Line {bad} is not UTF-8 and other lines are: two encodings are mixed. Save the file as UTF-8, and look "
            "at the letters beyond ASCII.",
            row=bad,
        )


def _transcode(path: Path, target: Path, encoding: str, limits: ReadLimits) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    written = 0
    with target.open("wb") as file:
        try:
            for part in (*_parts(path), b""):
                text = decoder.decode(part, final=not part).encode("utf-8")
                written += file.write(text)
                if written > limits.unpacked_bytes:
                    raise too_many_bytes("The file", limits)
        except UnicodeError:
            raise Unreadable(
                "encoding-unknown",
                "The file is neither UTF-8 nor UTF-16 nor Windows-1252 throughout. Save it as CSV UTF-8.",
            ) from None


def _looked_at(path: Path, encoding: str) -> Text:
    lines, quotes, feeds, returns, last = 0, False, 0, 0, b""
    for part in _parts(path):
        if (place := part.find(b"\0")) >= 0:
            row = lines + part.count(b"\n", 0, place) + 1
            message = (
                f"Line {row} has a NUL byte, which no text has: the file is damaged, or no text. Save it as UTF-8."
            )
            raise Unreadable("nul-byte", message, row=row)
        lines += part.count(b"\n")
        quotes = quotes or b'"' in part
        returns += part.count(b"\r")
        feeds += part.count(b"\r\n") + (last.endswith(b"\r") and part.startswith(b"\n"))
        last = part
    return Text(path, encoding, lines + (not last.endswith(b"\n")), quotes, returns != feeds)


def find_head(text: Text, mapping: Mapping[str, str], constants: Mapping[str, str], limits: ReadLimits) -> Head:
    """The head of the table, by the separator under which most of it is understood.

    Where none is understood: the first line with most cells, so that it can be said what is missing.
    """
    found = []
    for order, separator in enumerate(_SEPARATORS):
        rows = _first_rows(text, separator, limits)
        place = head_of([cells for cells, _, _ in rows], mapping, constants)
        if place is not None:
            cells, row, ends = rows[place]
            understood = sum(meant(cell) is not None for cell in cells)
            found.append((understood, len(cells), -order, Head(tuple(map(_plain, cells)), row, ends, separator)))
    head = max(found, key=lambda item: item[:3])[-1] if found else _most_cells(text, limits)
    while head.cells and not head.cells[-1]:
        head = Head(head.cells[:-1], head.row, head.ends, head.separator)
    if not head.cells:
        raise nothing()
    return head


def _most_cells(text: Text, limits: ReadLimits) -> Head:
    every = [
        (sum(map(bool, cells)), -row, Head(tuple(map(_plain, cells)), row, ends, separator))
        for separator in _SEPARATORS
        for cells, row, ends in _first_rows(text, separator, limits)
    ]
    if not every:
        raise nothing()
    return max(every, key=lambda item: item[:2])[-1]


def nothing() -> Unreadable:
    """The refusal of a file without any text."""
    return Unreadable("empty", "The file has no line with text. Send one with a head and a line for each figure.")


def _plain(cell: str) -> str:
    return " ".join(cell.replace("\ufeff", "").split())


def _first_rows(text: Text, separator: str, limits: ReadLimits) -> list[tuple[list[str], int, int]]:
    """The first records: their cells, the line that they begin in, and the lines up to their end."""
    found: list[tuple[list[str], int, int]] = []
    with field_limit(limits), text.path.open(encoding="utf-8-sig", newline="") as file:
        # Some lines may be without an end: no more is looked at than a head can take.
        reader = csv.reader(io.StringIO(file.read(4 * CHUNK), newline=""), delimiter=separator)
        before = 0
        while len(found) < MOST_TITLES:
            try:
                cells = next(reader)
            except (StopIteration, csv.Error):
                break
            if len(cells) > limits.columns:
                raise too_many_columns(len(cells), limits, before + 1)
            if any(cells):
                found.append((cells, before + 1, reader.line_num))
            before = reader.line_num
    return found


def too_many_columns(columns: int, limits: ReadLimits, row: int) -> Unreadable:
    """The refusal of a table with more columns than are read."""
    return Unreadable(
        "too-many-columns",
        f"Line {row} has {columns:,} cells, and a table has {limits.columns:,} columns at the most. Leave out what is "
        "not needed, or put periods one below another.",
        row=row,
    )


@contextmanager
def field_limit(limits: ReadLimits) -> Iterator[None]:
    """Have the CSV module refuse cells that are longer than may be; the limit is the process's, and put back."""
    before = csv.field_size_limit(limits.cell)
    try:
        yield
    finally:
        csv.field_size_limit(before)
