"""XLSX: a cover that says what the figures are and how to cite them, notes on columns and codes, sources, and figures.

Laid out as the Government Statistical Service asks of accessible spreadsheets: one marked table a sheet, beginning in
the first cell, nothing merged or left blank between, and a cover that lists the sheets. The figures stand under the
names that columns have in every format: data frames read them by these, and the notes say what each means.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import xlsxwriter

from api.answers.provenance import SERVICE
from api.columns import STATUSES, Column
from api.decimals import Fixed
from api.encoders.titles import contents_of, title_of
from api.rows import Answer

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""Of every workbook: never a formula or a link made from text."""
_NARROWEST, _WIDEST = 9, 60
_BUTTON = 3
"""What the button in a head takes, in characters."""
_A4 = 9
_HEADS = {
    "Notes": (Column("Kind", ""), Column("Name", ""), Column("Meaning", "")),
    "Sources": tuple(
        Column(name, "") for name in ("Source", "Title", "Publisher", "Licence", "Link", "Attribution", "Indicators")
    ),
}
_WRAPPED = {
    "Meaning": 100,
    "Title": 40,
    "Publisher": 24,
    "Licence": 24,
    "Link": 44,
    "Attribution": 44,
    "Indicators": 44,
}
"""Columns of long texts, and how wide they are."""


_OTHER = "None of those here: it is of places, or of what figures are divided by."


class _Exact(float):
    """A number that XlsxWriter writes with every digit that it has: it would write sixteen, and some have seventeen."""

    def __format__(self, _spec: str) -> str:
        return repr(float(self))


def stream(answer: Answer) -> Iterator[bytes]:
    """The rows as a workbook, in one piece; the same bytes for the same answer."""
    file = io.BytesIO()
    columns = answer.columns
    rows = [row for page in answer.pages() for row in page.tuples]
    held = _held(answer, columns, rows)
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        title = title_of(held, columns, rows)
        _describe(book, held, title)
        _cover(book, held, title, contents_of(columns, rows))
        Sheet(book, "Notes", title, _HEADS["Notes"]).write(_notes(held, columns))
        Sheet(book, "Sources", title, _HEADS["Sources"]).write(_sources(answer, held))
        Sheet(book, "Figures", title, columns, held.indicators).write(rows)
    yield file.getvalue()


def _held(answer: Answer, columns: tuple[Column, ...], rows: list[tuple[Any, ...]]) -> Answer:
    """The answer with no other indicators than its rows speak of, where they say so and there are rows."""
    place = next((place for place, column in enumerate(columns) if column.name == "indicator"), None)
    if place is None or not rows:
        return answer
    found = {row[place] for row in rows}
    return replace(answer, indicators={slug: item for slug, item in answer.indicators.items() if slug in found})


def _describe(book: Any, answer: Answer, title: str) -> None:
    """The properties that file managers and screen readers show; the day is that of the release."""
    meta = answer.meta
    book.set_properties(
        {
            "title": title,
            "subject": f"Release {meta['release']}",
            "author": SERVICE,
            "keywords": ", ".join(answer.indicators)[:255],
            "comments": meta["citation"],
            "created": datetime.fromisoformat(meta["published_at"]).replace(tzinfo=None),
        }
    )


def _cover(book: Any, answer: Answer, title: str, contents: str) -> None:
    sheet = book.add_worksheet("Cover")
    sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True, "valign": "top"}))
    sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 16, "text_wrap": True}))
    meta = answer.meta
    empty = [f"Empty: {meta['detail']}"] if "reason" in meta else []
    if empty and meta.get("nearest"):
        empty.append(f"The nearest question that has an answer: {meta['nearest']}")
    lines = [
        f"{SERVICE}, release {meta['release']}, published {meta['published_at'][:10]}.",
        *(empty or [f"Holds {contents}."]),
        "Sheets: Cover; Notes (columns, statuses and indicators); Sources; Figures (one table).",
        *_left_out(meta),
        f"Cite as: {meta['citation']}",
        f"Licence: {meta['licence']}",
        meta["attribution"],
        "An empty value is missing, not zero; its status says why.",
    ]
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, line)
    printed(sheet, title, landscape=False)


def _left_out(meta: dict[str, Any]) -> list[str]:
    """Who is left out since others replaced them."""
    if "left_out" not in meta:
        return []
    names = ", ".join(f"{item['region_name']} ({item['region']})" for item in meta["left_out"])
    return [f"Left out, since others replaced them ({meta['left_out_count']}): {names}."]


def _notes(answer: Answer, columns: tuple[Column, ...]) -> list[tuple[str, str, str]]:
    notes = [("Column", column.name, column.description) for column in columns]
    if any(column.name == "status" for column in columns):
        notes += [("Status", code, meaning) for code, meaning in STATUSES.items()]
    return notes + [
        ("Indicator", slug, ". ".join(text.rstrip(".") for text in (item.title, item.unit, item.caveats) if text))
        for slug, item in answer.indicators.items()
    ]


def _sources(answer: Answer, held: Answer) -> list[tuple[str, ...]]:
    """A line for each source of what is held, with the indicators that come from it."""
    lines: list[tuple[str, ...]] = []
    for source in (answer.sources[item["id"]] for item in answer.meta["source"]):
        of = {slug: source.id in (item.source, *item.sources) for slug, item in answer.indicators.items()}
        indicators = [slug for slug in held.indicators if of[slug]]
        if indicators or not any(of.values()):
            said = (source.title, source.publisher, source.licence, source.url, source.attribution)
            lines.append((source.id, *said, ", ".join(indicators) or _OTHER))
    return lines


def printed(sheet: Any, title: str, *, landscape: bool) -> None:
    """On paper: A4, all columns on a page, heads on each, and where one is."""
    sheet.set_paper(_A4)
    sheet.set_landscape() if landscape else sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    short = title if len(title) < 100 else f"{title[:99]}…"
    sheet.set_footer(f"&L{short.replace('&', '&&')}&RPage &P of &N")


class Sheet:
    """A sheet with one table that is marked as one: numbers as numbers, days as days, all else as text."""

    def __init__(self, book: Any, name: str, title: str, columns: tuple[Column, ...], indicators: Any = None) -> None:
        self._book, self._name, self._columns = book, name, columns
        self._indicators = indicators or {}
        self._sheet = book.add_worksheet(name)
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._by_decimals: dict[int, Any] = {}
        printed(self._sheet, title, landscape=name != "Notes")

    def write(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write the table, as wide as what stands in it."""
        sheet, columns = self._sheet, self._columns
        writers = [self._writer(column) for column in columns]
        widths = [len(column.name) + _BUTTON for column in columns]
        count = 0
        for row in rows:
            count += 1
            for place, cell in enumerate(row):
                if cell is not None:
                    widths[place] = max(widths[place], writers[place](count, place, cell, row))
        for place, (column, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.set_column(place, place, _WRAPPED.get(column.name, min(max(width, _NARROWEST), _WIDEST)))
        last = max(count, 1), len(columns) - 1
        sheet.add_table(0, 0, *last, {"name": self._name, "columns": [{"header": item.name} for item in columns]})
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, *last)

    def _writer(self, column: Column) -> Callable[[int, int, Any, tuple[Any, ...]], int]:
        """What writes the cells of a column and says how wide each is, given its line, place, cell and row."""
        sheet = self._sheet
        shown, wrapped = self._decimals_of(column), column.name in _WRAPPED

        def number(line: int, place: int, cell: Any, row: tuple[Any, ...]) -> int:
            decimals = cell.decimals if isinstance(cell, Fixed) else shown(row)
            sheet.write_number(line, place, _Exact(cell), self._format(decimals))
            return len(f"{cell:,.{decimals or 0}f}") + 1

        def whole(line: int, place: int, cell: Any, _row: tuple[Any, ...]) -> int:
            sheet.write_number(line, place, cell)
            return len(str(cell))

        def day(line: int, place: int, cell: Any, _row: tuple[Any, ...]) -> int:
            sheet.write_datetime(line, place, date.fromisoformat(cell), self._day)
            return len(cell) + 1

        def flag(line: int, place: int, cell: Any, _row: tuple[Any, ...]) -> int:
            sheet.write_boolean(line, place, cell)
            return len("FALSE")

        def text(line: int, place: int, cell: Any, _row: tuple[Any, ...]) -> int:
            sheet.write_string(line, place, cell, self._text if wrapped or len(cell) > _WIDEST else None)
            return len(cell)

        return {"number": number, "integer": whole, "date": day, "boolean": flag}.get(column.kind, text)

    def _decimals_of(self, column: Column) -> Callable[[tuple[Any, ...]], int | None]:
        """How many decimals a number of a column is shown with, given its row; None: as many as it has."""
        places = [place for place, item in enumerate(self._columns) if item.name == "indicator"]
        if column.name != "value" or not places or not self._indicators:
            return lambda _row: None
        return lambda row: self._indicators[row[places[0]]].decimals

    def _format(self, decimals: int | None) -> Any:
        if decimals is None:
            return None
        if decimals not in self._by_decimals:
            form = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
            self._by_decimals[decimals] = self._book.add_format({"num_format": form})
        return self._by_decimals[decimals]
