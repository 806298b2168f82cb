"""XLSX: a cover that says what the figures are and how to cite them, notes on columns and codes, and the figures.

Laid out as the Government Statistical Service asks of accessible spreadsheets: one marked table a sheet, beginning in
the first cell, nothing merged or left blank between, and a cover that lists the sheets.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

import xlsxwriter

from api.answers.provenance import SERVICE
from api.columns import STATUSES, Column
from api.encoders.titles import title_of
from api.rows import Answer

_WIDTHS = {"indicator": 28, "region": 12, "region_name": 32, "period": 16, "unit": 24, "name": 32, "label": 40}


class _Exact(float):
    """A number that XlsxWriter writes with every digit that it has: it would write sixteen, and some have seventeen."""

    def __format__(self, _spec: str) -> str:
        return repr(float(self))


def stream(answer: Answer) -> Iterator[bytes]:
    """The rows as a workbook, in one piece."""
    file = io.BytesIO()
    # Never a formula or a link made from text.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": title_of(answer), "comments": answer.meta["citation"]})
        _cover(book, answer)
        _notes(book, answer)
        columns = answer.columns
        rows = (row for page in answer.pages() for row in page.tuples)
        _table(book, "Figures", columns, rows, [_WIDTHS.get(column.name, 14) for column in columns])
    yield file.getvalue()


def _cover(book: Any, answer: Answer) -> None:
    sheet = book.add_worksheet("Cover")
    sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    sheet.write_string(0, 0, title_of(answer), book.add_format({"bold": True, "font_size": 16, "text_wrap": True}))
    meta = answer.meta
    lines = [
        f"{SERVICE}, release {meta['release']}, published {meta['published_at'][:10]}.",
        "Sheets: Cover; Notes (columns, statuses and indicators); Figures (one table).",
        *([f"Empty: {meta['detail']}"] if "reason" in meta else []),
        *_left_out(meta),
        f"Cite as: {meta['citation']}",
        f"Licence: {meta['licence']}",
        meta["attribution"],
        "An empty value is missing, not zero; its status says why.",
    ]
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, line)


def _left_out(meta: dict[str, Any]) -> list[str]:
    """Who is left out since others replaced them."""
    if "left_out" not in meta:
        return []
    names = ", ".join(f"{item['region_name']} ({item['region']})" for item in meta["left_out"])
    return [f"Left out, since others replaced them ({meta['left_out_count']}): {names}."]


def _notes(book: Any, answer: Answer) -> None:
    columns = answer.columns
    notes: list[tuple[str, str, str]] = [("Column", column.name, column.description) for column in columns]
    if any(column.name == "status" for column in columns):
        notes += [("Status", code, meaning) for code, meaning in STATUSES.items()]
    notes += [
        ("Indicator", slug, ". ".join(text.rstrip(".") for text in (item.title, item.unit, item.caveats) if text))
        for slug, item in answer.indicators.items()
    ]
    heads = (Column("Kind", ""), Column("Name", ""), Column("Meaning", ""))
    _table(book, "Notes", heads, notes, [12, 28, 100])


def _table(
    book: Any, name: str, columns: tuple[Column, ...], rows: Iterable[tuple[Any, ...]], widths: list[int]
) -> None:
    """A sheet with one table that is marked as one; numbers as numbers, all else as text."""
    sheet = book.add_worksheet(name)
    count = 0
    for row in rows:
        count += 1
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(count, place, cell)
            elif cell is not None:
                sheet.write_number(count, place, _Exact(cell))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    header = [{"header": column.name} for column in columns]
    sheet.add_table(0, 0, max(count, 1), len(columns) - 1, {"name": name, "columns": header})
    sheet.freeze_panes(1, 0)
