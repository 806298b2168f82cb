"""Figures as an operator brings them: tables in CSV, checked line by line before anything is published.

The columns are those of the files in `seed/observations/`, with the indicator in front and without the releases. A
table of files that figures were read from, as `seed/source_files.csv` is, may come with them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, insert

from api.catalogue import Catalogue
from api.errors import Problem, nearest
from api.models import SourceFile
from api.queries.catalogue import load_catalogue
from api.queries.releases import all_releases
from api.services.lines import Reader, labels_of
from api.services.publish import Figure, Removal
from api.services.ranges import RefusedError

REQUIRED = ("indicator", "region", "period")
OPTIONAL = (
    "period_start", "period_duration", "value", "status", "lower", "upper", "bounds_kind", "note", "source_file",
    "change",
)  # fmt: skip
OF_FILES = ("source_file", "source", "title", "version_date", "retrieved_from")
_MOST = 20
"""Faults that are told: a column of another kind is wrong in every line."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
Line = Mapping[str, str]
T = TypeVar("T")


class FaultsError(ValueError):
    """Tables that cannot be published; `faults` are sentences, each with file and line."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


@dataclass(slots=True)
class Brought:
    """What tables hold: changes to publish, and the files they were read from that are new."""

    changes: list[Figure | Removal] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)


def read_tables(
    connection: Connection,
    catalogue: Catalogue,
    paths: Sequence[Path],
    *,
    indicator: str | None = None,
    source_file: str | None = None,
) -> Brought:
    """What the tables hold. `indicator` and `source_file` stand for columns that are empty or not there.

    FaultsError with all that is wrong with them, or the first of it.
    """
    faults: list[str] = []
    tables = [table for path in paths for table in _opened(path, faults)]
    brought = Brought()
    numbers = {item.id: number for number, item in catalogue.source_files.items()}
    for table in tables:
        if table.of_files and table.has(OF_FILES, ("source_file", "source", "title"), faults):
            free = max(numbers.values(), default=0) + 1
            for number, (row, _) in enumerate(_read(table, faults, lambda line: _file(line, catalogue, numbers)), free):
                numbers[str(row["slug"])] = number
                brought.files.append({**row, "id": number})
    needed = tuple(name for name in REQUIRED if name != "indicator" or indicator is None)
    figures = [table for table in tables if not table.of_files and table.has((*REQUIRED, *OPTIONAL), needed, faults)]
    reader = Reader(catalogue=catalogue, files=numbers, indicator=indicator, source_file=source_file)
    named = {item.id for table in figures for item, _ in _read(table, [], reader.indicator_of)}
    reader.labels = labels_of(connection, named)
    seen: dict[tuple[int, int, str, str], str] = {}
    for change, place in (item for table in figures for item in _read(table, faults, reader.read)):
        key = (change.indicator, change.region, change.period_start, change.period_duration)
        if key in seen:
            faults.append(f"{place}: this figure stands in {seen[key]} already. Leave one of them.")
        seen[key] = place
        brought.changes.append(change)
    if not faults and not brought.changes:
        faults.append("There is no figure in what was given: nothing can be published.")
    if faults:
        more = [f"And {len(faults) - _MOST:,} more."] if len(faults) > _MOST else []
        raise FaultsError([*faults[:_MOST], *more])
    return brought


def catalogue_of(connection: Connection) -> Catalogue:
    """The catalogue of the newest release as a connection sees it. RefusedError before anything is published."""
    known = all_releases(connection)
    if not known:
        raise RefusedError("Nothing has been published here yet. Run `flask --app wsgi data prepare` first.")
    return load_catalogue(connection, known[-1])


def add_files(connection: Connection, brought: Brought) -> None:
    """Add the files that are new, before the figures that were read from them are published."""
    if brought.files:
        connection.execute(insert(SourceFile), brought.files)


@dataclass(slots=True)
class _Table:
    """A table as it was read: where from, its head, and its lines with their numbers."""

    path: Path
    head: list[str]
    lines: list[tuple[int, Line]]

    @property
    def of_files(self) -> bool:
        """Whether it is of files that figures were read from, rather than of figures."""
        return "source" in self.head and "region" not in self.head

    def has(self, known: Sequence[str], needed: Sequence[str], faults: list[str]) -> bool:
        """Whether it has the columns it must have and no other; what is wrong is added to the faults."""
        found = []
        if len(self.head) == 1 and any(mark in self.head[0] for mark in ";\t|"):
            found.append("the columns are not separated by commas. Save the table as CSV, separated by commas.")
        else:
            for name in dict.fromkeys(name for name in self.head if name not in known):
                near = nearest(name, known, count=1)
                told = f"Is {near[0]!r} meant?" if near else f"Known are {', '.join(known)}."
                found.append(f"there is no column {name[:60]!r}. {told}")
            found.extend(f"the column {name!r} stands twice." for name in known if self.head.count(name) > 1)
            found.extend(f"the column {name!r} is missing." for name in needed if name not in self.head)
        faults.extend(f"{self.path}:1: {fault}" for fault in found)
        return not found


def _opened(path: Path, faults: list[str]) -> Iterator[_Table]:
    """A table; none where it cannot be read."""
    number = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            table = _Table(path, [name.strip() for name in next(rows, [])], [])
            for cells in rows:
                number = rows.line_num
                if len(cells) == len(table.head):
                    table.lines.append((number, dict(zip(table.head, (cell.strip() for cell in cells), strict=True))))
                elif cells:
                    faults.append(f"{path}:{number}: there are {len(cells)} cells, and the head has {len(table.head)}.")
    except UnicodeDecodeError:
        faults.append(f"{path}: this is no text in UTF-8. Save the table as CSV, in UTF-8.")
    except csv.Error as error:
        faults.append(f"{path}:{number}: this is no CSV ({error}). Save the table as CSV, separated by commas.")
    except OSError as error:
        faults.append(f"{path}: it cannot be read ({error.strerror}).")
    else:
        yield table


def _read(table: _Table, faults: list[str], read: Callable[[Line], T]) -> Iterator[tuple[T, str]]:
    """What is read of each line, with its place; what is wrong with the others is added to the faults."""
    for number, line in table.lines:
        try:
            found = read(line)
        except ValueError as error:
            faults.append(f"{table.path}:{number}: {error}")
            continue
        yield found, f"{table.path}:{number}"


def _file(line: Line, catalogue: Catalogue, known: Mapping[str, int]) -> dict[str, str | None]:
    """A line of a table of files. ValueError with what is wrong with it."""
    slug, title = line["source_file"], line["title"]
    if not (slug and title):
        raise ValueError("the source_file or its title is missing.")
    if slug in known:
        raise ValueError(f"there is a source file {slug!r} already. Another file needs another name.")
    if not _SLUG.fullmatch(slug):
        raise ValueError(f"{slug!r} is no name for a source file: 64 letters, digits and hyphens at the most.")
    try:
        source = catalogue.source(line["source"], path="source").id
    except Problem as problem:
        raise ValueError(problem.detail) from None
    day = line.get("version_date", "")
    if day and not _is_day(day):
        raise ValueError(f"the version_date {day!r} is no day. Write one as 2026-05-19.")
    optional = {"version_date": day or None, "retrieved_from": line.get("retrieved_from") or None}
    return {"slug": slug, "source_id": source, "title": title, **optional}


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
