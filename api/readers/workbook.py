"""XLSX workbooks: the archive is looked through first, then the stored values of a sheet are read as text."""

from __future__ import annotations

import posixpath
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from api.errors import nearest
from api.readers.delimited import check_size, tidied
from api.readers.guessing import of_heads
from api.readers.heads import head_of
from api.readers.reading import FAULTS, Grid, ReadLimits, Unreadable, listed, shown
from api.readers.sheets import Sheet, looked_through
from api.readers.zipped import Unpacked, damaged, members_of, parts_of

_CELLS_A_ROW = 25
"""Cells that are laid out, for each row that may be: a sheet with one cell in its last corner has 17 billion."""
_NAMED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SMALL = 5_000_000


def looked_at(path: Path, limits: ReadLimits) -> dict[str, Sheet]:
    """What the sheets of a workbook have beyond values, by their names. Unreadable where it is none, or may do harm."""
    members = members_of(path, limits)
    _check_kind(members)
    known, sheets, parts = Unpacked(), {}, {}
    for name, member in members.items():
        unpacked = parts_of(path, member, known, limits)
        if name.lower().startswith("xl/worksheets/") and name.lower().endswith(".xml"):
            sheets[name.lower()] = looked_through(unpacked)
        elif name.lower() in {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}:
            parts[name.lower()] = _small(unpacked)
        else:
            for _ in unpacked:
                pass
    named = {title: sheets[member] for title, member in _titles(parts) if member in sheets}
    for title, sheet in named.items():
        _check_extent(title, sheet, limits)
    return named


def _check_kind(members: Mapping[str, zipfile.ZipInfo]) -> None:
    names = {name.lower() for name in members}
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        raise Unreadable("format-unknown", "This is a binary workbook (.xlsb), which is not read. Save it as .xlsx.")
    if "mimetype" in names and "content.xml" in names:
        raise Unreadable("format-unknown", "This is an OpenDocument file (.ods), which is not read. Save it as .xlsx.")
    raise Unreadable(
        "format-unknown",
        f"This is a zip archive and no workbook; it holds {listed(sorted(members), 3)}. Send the table itself, as CSV "
        "or XLSX, unpacked or with gzip.",
    )


def _small(parts: Iterator[bytes]) -> bytes:
    text = b""
    for part in parts:
        text += part
        if len(text) > _SMALL:
            raise damaged("Its list of sheets is too long.")
    return text


def _titles(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """The name of each sheet and the member that it is in."""
    try:
        # No document type passes `parts_of`, so that there are no entities to expand.
        book = ET.fromstring(parts["xl/workbook.xml"])  # noqa: S314
        links = ET.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314
    except (KeyError, ET.ParseError):
        raise damaged() from None
    targets = {item.get("Id"): item.get("Target", "") for item in links}
    for item in book.iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}sheet"):
        target = targets.get(item.get(_NAMED), "")
        yield item.get("name", ""), posixpath.normpath(posixpath.join("/xl", target)).lstrip("/").lower()


def _check_extent(title: str, sheet: Sheet, limits: ReadLimits) -> None:
    most = limits.rows * _CELLS_A_ROW
    if sheet.last_row * (sheet.last_column + 1) > most:
        raise Unreadable(
            "too-many-cells",
            f"The cells of sheet {shown(title)!r} reach to row {sheet.last_row:,} and column "
            f"{sheet.last_column + 1:,}, which is more than {most:,} cells. Delete what lies beyond the table, or save "
            "it as CSV.",
        )
    if sheet.last_column >= limits.columns:
        raise Unreadable(
            "too-many-columns",
            f"Sheet {shown(title)!r} reaches to column {sheet.last_column + 1:,}, and a table has {limits.columns:,} "
            "at the most. Delete what lies beyond the table.",
        )


def read_workbook(
    path: Path,
    *,
    reader: str | None,
    mapping: Mapping[str, str],
    constants: Mapping[str, str],
    sheet: str | None,
    limits: ReadLimits,
) -> Grid:
    """The table of the sheet that is asked for, or of the first one that is shown and has a head."""
    seen = looked_at(path, limits)
    try:
        book = fastexcel.read_excel(path)
    except fastexcel.FastExcelError:
        raise damaged() from None
    if sheet is not None and sheet not in book.sheet_names:
        near = nearest(shown(sheet), [shown(name) for name in book.sheet_names])
        message = f"The workbook has no sheet {shown(sheet)!r}. Its sheets are {listed(book.sheet_names)}."
        raise Unreadable("sheet-missing", message, near=near)
    likeliest = None
    for name in [sheet] if sheet is not None else book.sheet_names:
        cells, visible = _cells(book, name)
        if cells.is_empty() or (not visible and sheet is None):
            continue
        table = _Table(_with_errors(cells, seen.get(name, Sheet())), name, seen.get(name, Sheet()))
        place = table.head(mapping, constants)
        if place is not None:
            return table.grid(place, reader, limits)
        likeliest = likeliest or table
    if likeliest is None:
        raise Unreadable("empty", "The workbook has no sheet with cells. Send one with a head and a row a figure.")
    # Without a head: read as if the row with most cells were one, so that it is said what is missing in it.
    return likeliest.grid(likeliest.fullest(), reader, limits)


_LOOKED_AT = 100
"""Rows that are looked at for a head; only those with text count against how far down it may be."""


def _cells(book: fastexcel.ExcelReader, name: str) -> tuple[pl.DataFrame, bool]:
    """All cells of a sheet as text, in columns named by their number from 0, under `row`, and whether it is shown."""
    try:
        loaded = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        frame = loaded.to_polars()
        numbers = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="float").to_polars()
        names = {item.name: str(item.absolute_index) for item in loaded.available_columns()}
    except fastexcel.FastExcelError:
        raise damaged(f"Sheet {shown(name)!r} cannot be read.") from None
    text = pl.col(pl.String).str.replace(r"^(\d{4}-\d\d-\d\d) 00:00:00$", "$1")
    truth = pl.when(text.is_in(["true", "false"])).then(text.str.to_uppercase()).otherwise(text)
    frame = _exact(frame, numbers).rename(names).with_columns(truth.name.keep())
    return frame.with_row_index("row", offset=1).cast({"row": pl.UInt32}), loaded.visible == "visible"


def _exact(frame: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """The cells with the fewest digits that give the same number: as text the library rounds them to nine decimals.

    What was text in the workbook and is the same number stays as it was written.
    """
    if frame.shape != numbers.shape:
        return frame
    columns = []
    for name in frame.columns:
        text, number = frame.get_column(name), numbers.get_column(name)
        digits = number.cast(pl.String).str.replace(r"\.0$", "")
        # A number as long as this is written out with digits that the double does not have.
        rounded = (text.cast(pl.Float64, strict=False) != number) | (text.str.len_bytes() > _LONG)
        other = pl.when(rounded & digits.is_not_null()).then(digits).otherwise(text)
        columns.append(pl.select(other.alias(name)).to_series())
    return pl.DataFrame(columns)


_LONG = 18


def _with_errors(cells: pl.DataFrame, sheet: Sheet) -> pl.DataFrame:
    """The cells with the text of those that hold an error, which is read as nothing."""
    by_column: dict[str, dict[int, str]] = {}
    for (row, column), text in sheet.errors.items():
        by_column.setdefault(str(column), {})[row] = text
    for name in set(by_column) & set(cells.columns):
        told = by_column[name]
        found = pl.col("row").replace_strict(list(told), list(told.values()), default=None, return_dtype=pl.String)
        cells = cells.with_columns(pl.coalesce(name, found).alias(name))
    return cells


@dataclass(frozen=True, slots=True)
class _Table:
    """The cells of a sheet, its name, and what its XML says."""

    cells: pl.DataFrame
    name: str
    sheet: Sheet

    def first(self) -> list[list[str]]:
        """The first rows, as text."""
        return [[cell or "" for cell in row] for row in self.cells.drop("row").head(_LOOKED_AT).iter_rows()]

    def head(self, mapping: Mapping[str, str], constants: Mapping[str, str]) -> int | None:
        """Where the head is, from 0. Empty rows do not count against how far down it may be."""
        filled = [(number, row) for number, row in enumerate(self.first()) if any(row)]
        place = head_of([row for _, row in filled], mapping, constants)
        return None if place is None else filled[place][0]

    def fullest(self) -> int:
        """The first of the rows with most cells, from 0."""
        counts = [sum(map(bool, row)) for row in self.first()]
        return counts.index(max(counts))

    def grid(self, place: int, reader: str | None, limits: ReadLimits) -> Grid:
        """The table under the head in a row, from 0."""
        head_row = int(self.cells.get_column("row")[place])
        columns = [column for column in self.cells.columns if column != "row"]
        heads = [" ".join((cell or "").split()) for cell in self.cells.drop("row").row(place)]
        faults = _unstored(self.sheet, dict(zip(columns, heads, strict=True)), head_row)
        body = self.cells.slice(place + 1)
        body = body.filter(~pl.col("row").is_in(faults.get_column("row").implode()))
        body = body.rename({column: str(number) for number, column in enumerate(columns)})
        body, footnotes = tidied(body, len(columns))
        check_size(body, limits)
        found = of_heads(heads)
        known = reader or (found if found == "ons-local-statistics" else "xlsx")
        return Grid(tuple(heads), body, known, "UTF-8", self.name, faults, footnotes, head_row)


def _unstored(sheet: Sheet, heads: Mapping[str, str], head_row: int) -> pl.DataFrame:
    """The faults of formulas without a stored value; only what is in the table's columns."""
    found = [(row, heads.get(str(column))) for row, column in sheet.formulas if row > head_row and str(column) in heads]
    message = "The formula has no stored value: open the workbook in a spreadsheet and save it, or paste values."
    return pl.DataFrame(
        [(row, head or None, None, "formula-without-value", message, None) for row, head in found],
        schema=FAULTS,
        orient="row",
    )
