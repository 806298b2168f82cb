"""The lines below a head, as columns of text. Ordinary files are read by polars; others record by record.

polars fills lines that are too short without a word, so that separators and quotes are counted in each line first.
Where a line has another number of cells than the head, or a line break within quotes, Python's CSV module reads the
file: it knows in which line each record begins, and names each that cannot be read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import polars as pl

from api.readers.reading import FAULTS, Grid, ReadLimits, Unreadable, shown
from api.readers.text import Head, Text, field_limit, too_many_columns

_AT_ONCE = 20_000
"""Records that are held as Python objects at a time."""
_QUOTE = "A cell in quotation marks goes on behind them. Double each quotation mark that belongs to the text."
_NEVER = "\x1f"
"""A separator that no line has, so that lines are read whole. A file that has it is read record by record."""


def read_lines(text: Text, head: Head, reader: str, limits: ReadLimits) -> Grid:
    """The table below a head. Unreadable where it has too many rows, columns, or letters in a cell, or is cut off."""
    if len(head.cells) > limits.columns:
        raise too_many_columns(len(head.cells), limits, head.row)
    if not text.quotes and text.lines - head.ends > 2 * limits.rows:
        raise too_many_rows(limits)
    found = None if text.lone_returns else _ordinary(text, head)
    frame, faults, passed_over = found or _by_record(text, head, limits)
    frame, footnotes = tidied(frame, len(head.cells))
    check_size(frame, limits)
    return Grid(
        head.cells,
        frame,
        reader,
        text.encoding,
        faults=faults,
        passed_over=passed_over + footnotes,
        head_row=head.row,
    )


def _ordinary(text: Text, head: Head) -> tuple[pl.DataFrame, pl.DataFrame, int] | None:
    """All lines at once; None where some line is no record with as many cells as the head."""
    try:
        if not _all_whole(text.path, head):
            return None
        frame = pl.read_csv(
            text.path,
            has_header=False,
            skip_lines=head.ends,
            schema={str(place): pl.String for place in range(len(head.cells))},
            separator=head.separator,
            quote_char='"' if text.quotes else None,
            row_index_name="row",
            row_index_offset=head.ends + 1,
            low_memory=True,
        )
    except pl.exceptions.NoDataError:
        return pl.DataFrame(schema={"row": pl.UInt32, **_schema(len(head.cells))}), pl.DataFrame(schema=FAULTS), 0
    except pl.exceptions.PolarsError:
        return None
    if frame.height != text.lines - head.ends:
        return None
    return frame.cast({"row": pl.UInt32}), pl.DataFrame(schema=FAULTS), 0


def _schema(width: int) -> dict[str, type[pl.String]]:
    return {str(place): pl.String for place in range(width)}


def _all_whole(path: Path, head: Head) -> bool:
    """Whether every line with text has as many cells as the head, and none has a line break in quotes."""
    line = pl.col("line")
    bare = line.str.replace_all(r'"[^"]*"', "")
    quotes = line.str.count_matches('"', literal=True)
    cells = pl.when(quotes > 0).then(bare).otherwise(line).str.count_matches(head.separator, literal=True) + 1
    lines = pl.scan_csv(
        path, has_header=False, skip_lines=head.ends, schema={"line": pl.String}, separator=_NEVER, quote_char=None
    )
    odd = lines.filter(((quotes % 2) != 0) | (cells != len(head.cells)))
    return bool(odd.select(pl.len()).collect(engine="streaming").item() == 0)


@dataclass
class _Ragged:
    """Lines that are no record of the table: where, what is wrong, and whether they have one filled cell."""

    rows: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    single: list[bool] = field(default_factory=list)

    def add(self, row: int, cells: list[str], code: str, message: str, *, separator: str) -> None:
        """Note one."""
        self.rows.append(row)
        self.values.append(shown(separator.join(cells)))
        self.codes.append(code)
        self.messages.append(message)
        self.single.append(sum(map(bool, map(str.strip, cells))) == 1)

    def frame(self, last: int) -> tuple[pl.DataFrame, int]:
        """The faults, without footnotes below the last line of figures, and how many footnotes there are."""
        found = pl.DataFrame(
            {
                "row": self.rows,
                "column": [None] * len(self.rows),
                "value": self.values,
                "code": self.codes,
                "message": self.messages,
                "nearest": [None] * len(self.rows),
            },
            schema=FAULTS,
        )
        inside = [not single or row < last for row, single in zip(self.rows, self.single, strict=True)]
        kept = pl.Series(inside, dtype=pl.Boolean)
        return found.filter(kept), int((~kept).sum())


def _by_record(text: Text, head: Head, limits: ReadLimits) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    width, ragged = len(head.cells), _Ragged()
    parts, last, known = [pl.DataFrame(schema={"row": pl.UInt32, **_schema(width)})], 0, 0
    records = _records(text, head, limits, ragged)
    while some := list(islice(records, _AT_ONCE)):
        known += len(some)
        if known > limits.rows + 1_000:
            raise too_many_rows(limits)
        rows, cells = zip(*some, strict=True)
        columns = {str(place): column for place, column in enumerate(zip(*cells, strict=True))}
        parts.append(pl.DataFrame({"row": rows, **columns}, schema={"row": pl.UInt32, **_schema(width)}, strict=False))
        last = next((row for row, record in reversed(some) if sum(map(bool, record)) > 1), last)
    faults, footnotes = ragged.frame(last)
    return pl.concat(parts), faults, footnotes


def _records(text: Text, head: Head, limits: ReadLimits, ragged: _Ragged) -> Iterator[tuple[int, list[str]]]:
    """The records with as many cells as the head, each with the line that it begins in."""
    width = len(head.cells)
    with field_limit(limits), text.path.open(encoding="utf-8-sig", newline="") as file:
        for _ in islice(file, head.ends):
            pass
        reader = csv.reader(file, delimiter=head.separator, strict=True)
        row = head.ends + 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                _check_error(str(error), row, limits)
                ragged.add(row, [], "quote-misplaced", _QUOTE, separator=head.separator)
            else:
                if len(cells) == width or not any(cells[width:]):
                    cells = cells[:width]
                if len(cells) == width:
                    yield row, cells
                elif any(cells):
                    ragged.add(row, cells, *_uneven(len(cells), width), separator=head.separator)
            row = head.ends + reader.line_num + 1


def _uneven(cells: int, width: int) -> tuple[str, str]:
    """The code and the message of a line with another number of cells than the head."""
    told = f"The line has {cells:,} {'cell' if cells == 1 else 'cells'} and the head has {width:,}."
    if cells < width:
        return "too-few-cells", f"{told} Write a separator for each cell, also where it is empty."
    return "too-many-cells", f"{told} Put a cell that has the separator in it in quotation marks."


def _check_error(said: str, row: int, limits: ReadLimits) -> None:
    """Unreadable where the CSV module met the end of the file within quotes, or a cell that is too long."""
    if "unexpected end" in said:
        message = (
            f"The record that begins in line {row} has a quotation mark that is not closed before the file ends: close "
            "it, or send the file again if it was cut off."
        )
        raise Unreadable("quote-open", message, row=row)
    if "field larger" in said:
        raise long_cell(row, limits)


def long_cell(row: int, limits: ReadLimits) -> Unreadable:
    """The refusal of a cell with more letters than are read."""
    return Unreadable(
        "cell-too-long",
        f"A cell of the record in line {row} has more than {limits.cell:,} characters. Shorten it, or close the "
        "quotation mark that it begins with.",
        row=row,
    )


def too_many_rows(limits: ReadLimits) -> Unreadable:
    """The refusal of a table with more rows than are read."""
    return Unreadable("too-many-rows", f"The table has more than {limits.rows:,} rows. Send it in several files.")


def tidied(frame: pl.DataFrame, width: int) -> tuple[pl.DataFrame, int]:
    """The table with white space stripped, without empty rows and the footnotes below, and how many of these it had."""
    names = [str(place) for place in range(width)]
    stripped = pl.col(pl.String).str.strip_chars(" \t\r\n\u00a0\ufeff")
    frame = frame.with_columns(pl.when(stripped != "").then(stripped).name.keep())
    filled = frame.select(pl.sum_horizontal(pl.col(names).is_not_null())).to_series()
    frame, filled = frame.filter(filled > 0), filled.filter(filled > 0)
    several = (filled > 1).arg_true()
    if width < 2 or several.is_empty():
        return frame, 0
    end = int(several[-1]) + 1
    return frame.head(end), frame.height - end


def check_size(frame: pl.DataFrame, limits: ReadLimits) -> None:
    """Unreadable where a table has too many rows, or a cell too many letters."""
    if frame.height > limits.rows:
        raise too_many_rows(limits)
    # Bytes are counted without reading the text, and there are as many as letters or more.
    longest = frame.select(pl.col(pl.String).str.len_bytes().max())
    for name in (item.name for item in longest if (item[0] or 0) > limits.cell):
        long = frame.filter(pl.col(name).str.len_chars() > limits.cell)
        if long.height:
            raise long_cell(int(long.get_column("row")[0]), limits)
