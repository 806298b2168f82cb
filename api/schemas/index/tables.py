"""Tables as bodies: CSV, a line for each region or estimate, as the same question in JSON.

What is no part of a table (methods, weights, what to rank) is given as JSON in the query, as `definition`. Everything
is then read as a body in JSON is, so that one set of rules holds for both.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

from api import json_text
from api.errors import MOST_FAULTS, Fault, invalid_definition, nearest, standing_in

Table = Callable[[str, dict[str, Any]], dict[str, Any]]
"""What makes a body of a table and of what the query says."""
_MARK = "\ufeff"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
REGION, NAME, GROUP, SIZE = "region", "name", "group", "size"
_FIRST = (REGION, "id", "code", "area_code", "region_code")
"""What the first column of a table of regions may be called."""
CALCULATION_EXAMPLE = "region,broadband,jobs,population\nNorth,78.5,41000,910000\nSouth,91.2,120500,1650000\n"
RANKING_EXAMPLE = "id,estimate,standard_error\nJapan,526.97,2.47\nUnited Kingdom,501.77,2.56\n"


def calculation(text: str, definition: dict[str, Any]) -> dict[str, Any]:
    """The body of a calculation: regions in the first column, indicators and denominators in the others.

    `name`, `group` and `size` are of the region. What an indicator of the definition names as its denominator is one;
    without indicators in the definition every other column is one, the more the better.
    """
    header, rows = _read(text)
    if header[0].casefold() not in _FIRST:
        message = f"The first column is called {header[0][:40]!r}. Call it region: it names the regions."
        raise _refused([Fault("columns", "1/1", message, (REGION,))])
    if "data" in definition:
        raise _refused([Fault("figures", "1", "Figures come in the table. Leave `data` out of the definition.")])
    asked = dict(definition)
    columns = [name for name in header[1:] if name not in {NAME, GROUP, SIZE}]
    given = asked.get("indicators")
    sized = [item.get("denominator") for item in given if isinstance(item, dict)] if isinstance(given, list) else []
    if given is None:
        asked["indicators"] = [{"id": name} for name in columns]
    faults: list[Fault] = []
    numbers = {name: _numbers(rows, header.index(name), name, faults) for name in columns}
    data: dict[str, Any] = {
        "regions": [_region(dict(zip(header, cells, strict=True)), cells[0]) for _, cells in rows],
        "values": {name: column for name, column in numbers.items() if name not in sized},
        "denominators": {name: column for name, column in numbers.items() if name in sized},
    }
    if SIZE in header:
        data["sizes"] = _numbers(rows, header.index(SIZE), SIZE, faults)
    if faults:
        raise _refused(faults)
    return {**asked, "data": data}


def ranking(text: str, definition: dict[str, Any]) -> dict[str, Any]:
    """The body of a ranking: what is ranked in the first column, then `estimate`, and its error."""
    header, rows = _read(text)
    known = ("estimate", "standard_error", "lower", "upper")
    faults = [
        Fault("columns", f"1/{place}", f"{name!r} is no column of these: {', '.join(known)}.", _near(name, known))
        for place, name in enumerate(header[1:], start=2)
        if name not in known
    ]
    if "estimate" not in header:
        faults.append(Fault("columns", "1", "There is no column estimate. Call the column of the estimates so."))
    columns = {name: _numbers(rows, header.index(name), name, faults) for name in header[1:] if name in known}
    if faults:
        raise _refused(faults)
    estimates = [
        {"id": cells[0], **{name: column[place] for name, column in columns.items() if column[place] is not None}}
        for place, (_, cells) in enumerate(rows)
    ]
    return {**definition, "estimates": estimates}


def definition_of(text: str | None) -> dict[str, Any]:
    """What the query says beside the table. Problem `invalid-definition`."""
    if text is None:
        return {}
    found = json_text.read(text)
    if not isinstance(found, dict):
        with standing_in("query"):
            raise invalid_definition([Fault("invalid-value", "definition", "The definition is a JSON object.")])
    return found


def _read(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The names of the columns, and the lines with their numbers. Problem `invalid-definition`."""
    reader = csv.reader(io.StringIO(text.removeprefix(_MARK), newline=""), strict=True)
    faults: list[Fault] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise _refused([Fault("invalid-value", str(reader.line_num), f"This is no CSV: {error}.")]) from None
    if len(header) < 2:
        raise _refused([Fault("columns", "1", "There is one column. Separate columns by commas.")])
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated or "" in header:
        said = f"{', '.join(repeated)} stands twice" if any(repeated) else "A column has no name"
        faults.append(Fault("columns", "1", f"{said}. Give each column a name of its own."))
    faults += [
        Fault("columns", str(line), f"The line has {len(cells)} cells, and the first one {len(header)}.")
        for line, cells in rows
        if len(cells) != len(header)
    ]
    if not rows:
        faults.append(Fault("columns", "2", "There is no line after the names of the columns."))
    if faults:
        raise _refused(faults)
    return header, rows


def _numbers(rows: list[tuple[int, list[str]]], column: int, name: str, faults: list[Fault]) -> list[float | None]:
    """The numbers of a column, None where a cell is empty; what is no number is a fault of its line and column."""
    found: list[float | None] = []
    for line, cells in rows:
        cell = cells[column]
        found.append(float(cell) if _NUMBER.fullmatch(cell) else None)
        if cell and found[-1] is None:
            said = f"Line {line}, {name}: {cell[:40]!r} is no number. Write digits and a point, or leave it empty."
            faults.append(Fault("invalid-value", f"{line}/{column + 1}", said))
    return found


def _region(cells: dict[str, str], code: str) -> dict[str, Any]:
    return {"id": code, **{name: cells[name] for name in (NAME, GROUP) if cells.get(name)}}


def _near(name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    return nearest(name[:100], list(known), count=1) or known


def _refused(faults: list[Fault]) -> Exception:
    """The problem of a table: paths are the line, and the number of the column."""
    with_place = [Fault(item.code, f"body/{item.path}", item.message, item.allowed) for item in faults[:MOST_FAULTS]]
    return invalid_definition(with_place)
