"""A table to fill in as a workbook: the table first, then a sheet that says what each of its columns may hold."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import xlsxwriter

from api.answers.provenance import SERVICE
from api.columns import STATUSES, Column
from api.encoders.xlsx import OPTIONS, Sheet
from api.rows import Answer

_HELP = (Column("Subject", ""), Column("Item", ""), Column("Meaning", ""))
_FORECAST = "F"
_PERIODS = {
    "calendar": "A calendar year is written as 2025, a quarter as 2025-Q1, a month as 2025-01.",
    "financial": "A financial year (1 April to 31 March) is written as 2024/25.",
    "academic": "An academic year (from August, or as the figures before have it) is written as 2024/25.",
    "instant": "A figure is read on one day: write that day, as 2025-03-31.",
    "month": "A month is written as 2025-01.",
}
_MISSING = (
    ("leave the cell empty", "Not available; the status O says so."),
    ("[x]", "Not available."),
    ("[c]", "Left out so that nobody can be recognised (suppressed)."),
    ("[z]", "Cannot exist, such as a share of nobody."),
    ("0", "Zero is a figure. It is never read as missing."),
)


def stream(answer: Answer) -> Iterator[bytes]:
    """The workbook, in one piece; the same bytes for the same answer."""
    file = io.BytesIO()
    indicator = next(iter(answer.indicators.values()))
    rows = [row for page in answer.pages() for row in page.tuples]
    title = f"Figures of {indicator.title}"
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties(
            {
                "title": title,
                "subject": indicator.slug,
                "author": SERVICE,
                "created": datetime.fromisoformat(answer.meta["published_at"]).replace(tzinfo=None),
            }
        )
        Sheet(book, "Figures", title, answer.columns).write(rows)
        Sheet(book, "Help", title, _HELP).write(_help(answer.columns, indicator, rows))
    yield file.getvalue()


def _help(columns: tuple[Column, ...], indicator: Any, rows: list[tuple[Any, ...]]) -> list[tuple[str, str, str]]:
    """What the sheet of help says, a line for each thing."""
    example = rows[0][2] if rows else "2025"
    periods = f"{_PERIODS[indicator.year_kind]} The example is {example}; several periods of a place are several rows."
    return [
        ("Indicator", indicator.slug, f"{indicator.title}. {indicator.description}"),
        ("Unit", indicator.unit, "Of every value. Leave the unit out of the cells: 12.5 and not 12.5 %."),
        *(("Column", column.name, column.description) for column in columns),
        ("Period", example, periods),
        *(("Missing value", item, meaning) for item, meaning in _MISSING),
        *(
            ("Status", code, meaning[:1].upper() + meaning[1:] + ".")
            for code, meaning in STATUSES.items()
            if code != _FORECAST
        ),
        ("Rows", "leave out", "A place that has no figure of yours may be left out: delete its row."),
        ("Sending it", "as it is", "Save the workbook and upload it, or save this table as CSV (UTF-8)."),
    ]
