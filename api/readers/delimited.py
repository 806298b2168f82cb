"""The lines below a head, as columns of text. Ordinary files are read by polars; others record by record.

polars fills lines that are too short without a word, so that separators and quotes are counted in each line first, and
those with another number of cells than the head are told. Where a record has a line break within quotes, or many lines
are uneven, Python's CSV module reads the file: it knows in which line each record begins.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice

import polars as pl

from api.readers.ragged import Ragged
from api.readers.reading import Grid, ReadLimits, Unreadable, no_faults
from api.readers.text import Head, Text, field_limit, too_many_columns

_FEW = 10_000
"""Lines with another number of cells than the head, up to which polars reads the others."""
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
    """All lines at once; None where a record may have several lines, or many have another number of cells."""
    width = len(head.cells)
    try:
        uneven = _uneven_lines(text, head)
        if uneven is None:
            return None
        frame = pl.read_csv(
            text.path,
            has_header=False,
            skip_lines=head.ends,
            schema=_schema(width),
            separator=head.separator,
            quote_char='"' if text.quotes else None,
            truncate_ragged_lines=True,
            row_index_name="row",
            row_index_offset=head.ends + 1,
            low_memory=True,
        )
    except pl.exceptions.NoDataError:
        return pl.DataFrame(schema={"row": pl.UInt32, **_schema(width)}), no_faults(), 0
    except pl.exceptions.PolarsError:
        return None
    if frame.height != text.lines - head.ends:
        return None
    frame, ragged = frame.cast({"row": pl.UInt32}), Ragged()
    for row, line in uneven:
        cells = next(csv.reader([line], delimiter=head.separator))
        if any(cells[width:]) or len(cells) < width:
            ragged.uneven(row, cells, width, head.separator)
    if not ragged.rows:
        return frame, no_faults(), 0
    frame = frame.filter(~pl.col("row").is_in(ragged.rows))
    several = frame.filter(pl.sum_horizontal(pl.exclude("row").is_not_null()) > 1).get_column("row")
    return frame, *ragged.frame(int(several[-1]) if several.len() else 0)


def _uneven_lines(text: Text, head: Head) -> list[tuple[int, str]] | None:
    """The lines with another number of cells than the head; None where they are many, or quotes stay open in one."""
    line = pl.col("line")
    quotes = line.str.count_matches('"', literal=True)
    bare = pl.when(quotes > 0).then(line.str.replace_all(r'"[^"]*"', "")).otherwise(line) if text.quotes else line
    cells = bare.str.count_matches(head.separator, literal=True) + 1
    open_ = (quotes % 2) != 0 if text.quotes else pl.lit(value=False)
    lines = pl.scan_csv(
        text.path,
        has_header=False,
        skip_lines=head.ends,
        schema={"line": pl.String},
        separator=_NEVER,
        quote_char=None,
        row_index_name="row",
        row_index_offset=head.ends + 1,
    )
    odd = lines.filter(open_ | (cells != len(head.cells))).with_columns(open_.alias("open")).head(_FEW + 1)
    found = odd.collect(engine="streaming")
    if found.height > _FEW or found.get_column("open").any():
        return None
    return list(found.select("row", "line").iter_rows())


def _schema(width: int) -> dict[str, type[pl.String]]:
    return {str(place): pl.String for place in range(width)}


def _by_record(text: Text, head: Head, limits: ReadLimits) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    width, ragged = len(head.cells), Ragged()
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


def _records(text: Text, head: Head, limits: ReadLimits, ragged: Ragged) -> Iterator[tuple[int, list[str]]]:
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
                else:
                    ragged.uneven(row, cells, width, head.separator)
            row = head.ends + reader.line_num + 1
            if len(ragged.rows) > limits.rows:
                raise too_many_rows(limits)


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
