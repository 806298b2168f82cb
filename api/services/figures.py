"""Figures as an operator brings them: tables in CSV, checked line by line before anything is published.

The columns are those of the files in `seed/observations/`, with the indicator in front and without the releases. A
table of files that figures were read from, as `seed/source_files.csv` is, may come with them, and so may what is said
of figures (`services.descriptions`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from api.catalogue import Catalogue
from api.models import SourceFile
from api.queries.catalogue import load_catalogue
from api.queries.releases import all_releases
from api.services import descriptions
from api.services.cells import SLUG
from api.services.described import Revision, revise
from api.services.lines import Reader, labels_of
from api.services.publish import Figure, Removal
from api.services.ranges import RefusedError
from api.services.tables import FaultsError, Line, Table, opened, read

REQUIRED = ("indicator", "region", "period")
OPTIONAL = (
    "period_start", "period_duration", "value", "status", "lower", "upper", "bounds_kind", "note", "source_file",
    "change",
)  # fmt: skip
OF_FILES = ("source_file", "source", "title", "version_date", "retrieved_from")
_MOST = 20
"""Faults that are told: a column of another kind is wrong in every line."""


@dataclass(slots=True)
class Brought:
    """What tables hold: changes to publish, and the files they were read from that are new."""

    changes: list[Figure | Removal] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    """What they bring besides figures."""


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
    brought = Brought(revisions=_descriptions(connection, paths, faults))
    if brought.revisions and not faults:
        catalogue = _with(connection, catalogue, brought.revisions)
    tables = [table for path in paths if not descriptions.is_of(path) for table in opened(path, faults)]
    numbers = {item.id: number for number, item in catalogue.source_files.items()}
    files: list[dict[str, Any]] = []
    for table in filter(_is_of_files, tables):
        if table.has(OF_FILES, ("source_file", "source", "title"), faults):
            free = max(numbers.values(), default=0) + 1
            for number, (row, _) in enumerate(read(table, faults, lambda line: _file(line, catalogue, numbers)), free):
                numbers[str(row["slug"])] = number
                files.append({**row, "id": number})
    brought.revisions.extend([Revision(SourceFile, files)] if files else [])
    needed = tuple(name for name in REQUIRED if name != "indicator" or indicator is None)
    of_figures = [table for table in tables if not _is_of_files(table)]
    figures = [table for table in of_figures if table.has((*REQUIRED, *OPTIONAL), needed, faults)]
    reader = Reader(catalogue=catalogue, files=numbers, indicator=indicator, source_file=source_file)
    named = {item.id for table in figures for item, _ in read(table, [], reader.indicator_of)}
    reader.labels = labels_of(connection, named)
    seen: dict[tuple[int, int, str, str], str] = {}
    for change, place in (item for table in figures for item in read(table, faults, reader.read)):
        key = (change.indicator, change.region, change.period_start, change.period_duration)
        if key in seen:
            faults.append(f"{place}: this figure stands in {seen[key]} already. Leave one of them.")
        seen[key] = place
        brought.changes.append(change)
    if not faults and not brought.changes and not any(item.rows or item.removed for item in brought.revisions):
        faults.append("There is no figure in what was given: nothing can be published.")
    if faults:
        more = [f"And {len(faults) - _MOST:,} more."] if len(faults) > _MOST else []
        raise FaultsError([*faults[:_MOST], *more])
    return brought


def _descriptions(connection: Connection, paths: Sequence[Path], faults: list[str]) -> list[Revision]:
    """What some of the files say besides figures."""
    reader = descriptions.Descriptions(connection)
    of = [path for path in paths if descriptions.is_of(path)]
    tables = [table for path in of if path.suffix != ".json" for table in opened(path, faults)]
    found = reader.revisions(tables, faults)
    indices = [reader.index(path, faults) for path in of if path.suffix == ".json"]
    return [*found, *(item for item in indices if item is not None)]


def _with(connection: Connection, catalogue: Catalogue, revisions: Sequence[Revision]) -> Catalogue:
    """The catalogue as it will be. FaultsError where the database refuses that."""
    following = replace(catalogue.release, id=catalogue.release.id + 1)
    trial = connection.begin_nested()
    try:
        revise(connection, following.id, revisions)
        faults = [f"What is said of places does not go together. {fault}" for fault in descriptions.circles(connection)]
        if faults:
            raise FaultsError(faults)
        made = load_catalogue(connection, following)
    except IntegrityError as error:
        raise FaultsError([f"What is said of figures does not go together: {error.orig}."]) from None
    finally:
        trial.rollback()
    bare = [item.code for item in made.regions.values() if not item.levels]
    if bare:
        raise FaultsError([f"{code} is of no level. Give it one in region_levels.csv." for code in bare[:_MOST]])
    return made


def _is_of_files(table: Table) -> bool:
    """Whether a table is of files that figures were read from, rather than of figures."""
    return "source" in table.head and "region" not in table.head


def catalogue_of(connection: Connection) -> Catalogue:
    """The catalogue of the newest release as a connection sees it. RefusedError before anything is published."""
    known = all_releases(connection)
    if not known:
        raise RefusedError("Nothing has been published here yet. Run `flask --app wsgi data prepare` first.")
    return load_catalogue(connection, known[-1])


def _file(line: Line, catalogue: Catalogue, known: Mapping[str, int]) -> dict[str, str | None]:
    """A line of a table of files. ValueError or Problem with what is wrong with it."""
    slug, title = line["source_file"], line["title"]
    if not (slug and title):
        raise ValueError("the source_file or its title is missing.")
    if slug in known:
        raise ValueError(f"there is a source file {slug!r} already. Another file needs another name.")
    if not SLUG.fullmatch(slug):
        raise ValueError(f"{slug!r} is no name for a source file: 64 letters, digits and hyphens at the most.")
    source = catalogue.source(line["source"]).id
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
