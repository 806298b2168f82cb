"""What the XML of a sheet says beyond its values: formulas without a stored value, errors, and how far its cells reach.

The library that reads values gives neither, and lays out every cell between the first and the last. The XML is looked
through as it is unpacked, a part at a time, without being parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from api.readers.reading import Unreadable

_CELL = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,9})[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br\s*=\s*[\"'](\d{1,9})[\"']")
_TAG = re.compile(rb"<(?:\w+:)?c[\s/>]")
_FORMULA = re.compile(
    rb"<c\b([^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>\s*|<v>\s*</v>\s*)?</c>",
)
_ERROR = re.compile(rb"<c\b([^>]*\bt=\"e\"[^>]*)>\s*(?:<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*)?<v>([^<]{1,40})</v>")
_MOST_OF_A_CELL = 4_000_000


@dataclass
class Sheet:
    """What was seen: cells by (row, column) from (1, 0); the last row and column; how many cells there are."""

    formulas: list[tuple[int, int]] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0


def looked_through(parts: Iterable[bytes]) -> Sheet:
    """What the XML of a sheet says. Unreadable where a cell takes more than could be read."""
    sheet, kept = Sheet(), b""
    for part in parts:
        text = kept + part
        # A cell that is not complete is looked at together with what follows it.
        cut = text.rfind(b"<c ")
        kept = text[cut:] if cut > 0 else text[-_MOST_OF_A_CELL:]
        if len(kept) >= _MOST_OF_A_CELL:
            raise Unreadable("cell-too-long", "A cell of the workbook has more text than is read. Shorten it.")
        _look(sheet, text[:cut] if cut > 0 else b"")
    _look(sheet, kept)
    return sheet


def _look(sheet: Sheet, text: bytes) -> None:
    found = _CELL.findall(text)
    # Few letters for many cells: each is counted once.
    columns, rows = {letters for letters, _ in found}, {row for _, row in found}
    sheet.last_column = max([sheet.last_column, *map(_number, columns)])
    sheet.last_row = max([sheet.last_row, *map(int, rows)])
    if len(_TAG.findall(text)) > len(found):
        # Cells may stand without a reference, one after another; a row of them may lie in two parts.
        most = max(len(_TAG.findall(row)) for row in text.split(b"<row"))
        sheet.last_column = max(sheet.last_column, 2 * most - 1)
        sheet.last_row = max([sheet.last_row, *map(int, _ROW.findall(text))])
    if b"<f" in text:
        for match in _FORMULA.finditer(text):
            # A formula that gives an empty text stores that, and says so.
            if b't="str"' not in match[1] and (place := _place(match[1])):
                sheet.formulas.append(place)
    if b't="e"' in text:
        for match in _ERROR.finditer(text):
            if place := _place(match[1]):
                sheet.errors[place] = match[2].decode("utf-8", "replace")


def _place(attributes: bytes) -> tuple[int, int] | None:
    found = _CELL.search(attributes)
    return None if found is None else (int(found[2]), _number(found[1]))


def _number(letters: bytes) -> int:
    """The number of a column, from 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1
