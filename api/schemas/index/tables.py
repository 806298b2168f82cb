"""Tables as bodies: CSV, a line for each region or estimate, as the same question in JSON.

What is no part of a table (methods, weights, what to rank) is given as JSON in the query, as `definition`. Everything
is then read as a body in JSON is, so that one set of rules holds for both.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api import json_text
from api.errors import MOST_FAULTS, Fault, invalid_definition, nearest, standing_in
from api.limits import enforced


@dataclass(frozen=True, slots=True)
class Read:
    """A table as a body, what is wrong with its cells, and where the parts of the body stand in it, by their paths."""

    body: dict[str, Any]
    faults: list[Fault]
    places: dict[str, str]

    def where(self, path: str) -> str:
        """Where a part of the body stands: in the table by line and column, or in the definition of the query."""
        inside = path.removeprefix("body/")
        if inside in self.places:
            return f"body/{self.places[inside]}"
        if path in {"body", inside} or _IN_A_TABLE.match(inside):
            return path
        return f"query/definition/{inside}"


_IN_A_TABLE = re.compile(r"\d|data|estimates")
Table = Callable[[str, dict[str, Any]], Read]
"""What makes a body of a table and of what the query says."""
_MARK = "\ufeff"
_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?", re.ASCII)
REGION, NAME, GROUP, SIZE = "region", "name", "group", "size"
_OF_REGIONS = 4
"""Columns that are of the region."""
_FIRST = (REGION, "id", "code", "area_code", "region_code")
"""What the first column of a table of regions may be called."""
CALCULATION_EXAMPLE = "region,broadband,jobs,population\nNorth,78.5,41000,910000\nSouth,91.2,120500,1650000\n"
RANKING_EXAMPLE = "id,estimate,standard_error\nJapan,526.97,2.47\nUnited Kingdom,501.77,2.56\n"


def calculation(text: str, definition: dict[str, Any]) -> Read:
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
    places = {f"data/regions/{number}": f"{line}/1" for number, (line, _) in enumerate(rows)}
    of_names = {name: column for column, name in enumerate(header)}

    def column_of(name: str, path: str) -> list[float | None]:
        column = of_names[name]
        places[path] = f"1/{column + 1}"
        places.update({f"{path}/{number}": f"{line}/{column + 1}" for number, (line, _) in enumerate(rows)})
        return _numbers(rows, column, name, faults)

    kinds = {name: "denominators" if name in sized else "values" for name in columns}
    data: dict[str, Any] = {
        "regions": [_region(dict(zip(header, cells, strict=True)), cells[0]) for _, cells in rows],
        "values": {},
        "denominators": {},
    }
    for name, kind in kinds.items():
        data[kind][name] = column_of(name, f"data/{kind}/{name}")
    if SIZE in of_names:
        data["sizes"] = column_of(SIZE, f"data/{SIZE}s")
    return Read({**asked, "data": data}, faults, places)


def ranking(text: str, definition: dict[str, Any]) -> Read:
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
    if faults:
        raise _refused(faults)
    # What is no number counts as one here, so that nothing is said to be missing that is there.
    columns = {name: _numbers(rows, place, name, faults, instead=0.0) for place, name in enumerate(header[1:], start=1)}
    estimates = [
        {"id": cells[0], **{name: column[place] for name, column in columns.items() if column[place] is not None}}
        for place, (_, cells) in enumerate(rows)
    ]
    places = {f"estimates/{number}": str(line) for number, (line, _) in enumerate(rows)}
    for column, name in enumerate(header):
        key = "id" if column == 0 else name
        places |= {f"estimates/{number}/{key}": f"{line}/{column + 1}" for number, (line, _) in enumerate(rows)}
    return Read({**definition, "estimates": estimates}, faults, places)


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
    limits = enforced()
    most = 2 * limits.max_calculation_parts + _OF_REGIONS
    reader = csv.reader(io.StringIO(text.removeprefix(_MARK), newline=""), strict=True)
    faults: list[Fault] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(map(str.strip, cells))]
    except csv.Error as error:
        raise _refused([Fault("invalid-value", str(reader.line_num), f"This is no CSV: {error}.")]) from None
    if len(header) > most or len(rows) > limits.max_calculation_regions:
        said = f"The table has {len(header):,} columns and {len(rows):,} lines"
        raise _refused(
            [Fault("columns", "1", f"{said}, and has up to {most:,} and {limits.max_calculation_regions:,}.")]
        )
    if len(header) < 2:
        raise _refused([Fault("columns", "1", "There is one column. Separate columns by commas.")])
    repeated = sorted(name for name, times in Counter(header).items() if times > 1)
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


def _numbers(
    rows: list[tuple[int, list[str]]], column: int, name: str, faults: list[Fault], instead: float | None = None
) -> list[float | None]:
    """The numbers of a column, None where a cell is empty; what is no number is a fault of its line and column."""
    found: list[float | None] = []
    for line, cells in rows:
        cell = cells[column]
        is_number = _NUMBER.fullmatch(cell) is not None
        found.append(float(cell) if is_number else instead if cell else None)
        if cell and not is_number:
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
