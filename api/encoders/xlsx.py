"""XLSX: a cover that says what the figures are and how to cite them, and the figures as one marked table.

Laid out as the Government Statistical Service asks of accessible spreadsheets: one table a sheet, beginning in the
first cell, nothing merged, and a cover with notes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import xlsxwriter

from api.rows import Answer

_WIDTHS = {"indicator": 28, "region": 12, "region_name": 32, "period": 16, "unit": 24}


def stream(answer: Answer) -> Iterator[bytes]:
    """The rows as a workbook, in one piece."""
    file = io.BytesIO()
    # In constant memory, and never a formula or a link made from text.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": "UK Regional Digital Capital API", "comments": answer.meta["citation"]})
        _cover(book, answer)
        _table(book, answer)
    yield file.getvalue()


def _cover(book: Any, answer: Answer) -> None:
    sheet = book.add_worksheet("Cover")
    sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    sheet.write(0, 0, "UK Regional Digital Capital API", book.add_format({"bold": True, "font_size": 16}))
    meta = answer.meta
    lines = [
        f"Release {meta['release']}, published {meta['published_at'][:10]}.",
        "This workbook has one table, on the sheet Figures.",
        f"Cite as: {meta['citation']}",
        f"Licence: {meta['licence']}",
        meta["attribution"],
        "Status: A normal, B series break, P provisional, Q suppressed, O not available (SDMX CL_OBS_STATUS).",
        "An empty value is missing, not zero; its status says why.",
    ]
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, line)


def _table(book: Any, answer: Answer) -> None:
    sheet = book.add_worksheet("Figures")
    columns: tuple[str, ...] = ()
    count = 0
    for page in answer.pages():
        columns = page.columns
        for row in page.tuples:
            count += 1
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(count, column, cell)
    for column, name in enumerate(columns):
        sheet.set_column(column, column, _WIDTHS.get(name, 12))
    header = [{"header": name} for name in columns]
    sheet.add_table(0, 0, max(count, 1), len(columns) - 1, {"name": "Figures", "columns": header})
    sheet.freeze_panes(1, 0)
