"""What is said of figures, as an operator brings it: tables named as those in `seed/`, and definitions of indices.

`indicators.csv` says something of indicators, `regions.csv` of places, and so on, with the columns of the files in
`seed/`. Of what is there already only the columns that change are needed. An index is a file in JSON, as in
`seed/indices/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from api import models
from api.catalogue import Index, index_of
from api.catalogue.indices import row_of
from api.errors import nearest
from api.services import index_files
from api.services.cells import SLUG, value_of
from api.services.described import Key, Model, Revision, Row, held_rows, key_of, table_of
from api.services.tables import Line, Table, read

_CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}", re.ASCII)
_IDENTIFIERS: dict[str, tuple[Model, str]] = {
    "indicator": (models.Indicator, "slug"),
    "region": (models.Region, "code"),
    "source_file": (models.SourceFile, "slug"),
    "source": (models.Source, "id"),
    "component": (models.Component, "id"),
    "level": (models.Level, "id"),
}
"""What is named in tables, and which column of which table has its names."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A table of descriptions: its model, what its columns are in the database, and what some of them name."""

    model: Model
    columns: Mapping[str, str]
    """Names of columns in the file, and in the database."""
    names: Mapping[str, str]
    """Columns of the file that name something, and what."""
    of: str | None
    """What a line is about, where it has a name of its own. None: it may be removed."""


def _kind(model: Model, of: str | None = None, **names: str) -> Kind:
    own = {_IDENTIFIERS[of][1]: of} if of is not None else {}
    columns = {}
    for column in table_of(model).columns:
        bare = column.name.removesuffix("_id")
        if column.name == "first_release" or (of in {"indicator", "region", "source_file"} and column.name == "id"):
            continue
        bare = bare.removesuffix("_code") if model is models.PublishedFigure else bare
        columns[own.get(column.name, bare if bare in {*_IDENTIFIERS, *names} else column.name)] = column.name
    known = {name: names.get(name, name) for name in columns if name in {*_IDENTIFIERS, *names} and name != of}
    return Kind(model, columns, known, of)


KINDS: dict[str, Kind] = {
    "levels": _kind(models.Level, "level"),
    "components": _kind(models.Component, "component"),
    "sources": _kind(models.Source, "source"),
    "source_files": _kind(models.SourceFile, "source_file"),
    "indicators": _kind(models.Indicator, "indicator", denominator="indicator", variant_of="indicator"),
    "regions": _kind(models.Region, "region"),
    "region_levels": _kind(models.RegionLevel),
    "region_parents": _kind(models.RegionParent, parent="region"),
    "region_aliases": _kind(models.RegionAlias),
    "region_successions": _kind(models.RegionSuccession, predecessor="region", successor="region"),
    "gaps": _kind(models.Gap),
    "published_figures": _kind(models.PublishedFigure, match_region="region"),
}
"""The tables by the names of their files, those that others refer to first."""
_BY_NAME = {"variant_of"}
"""Columns that hold the name of what they name, and not its number."""
CHANGE = "change"
"""The column that says whether something is taken away."""


def is_of(path: Path) -> bool:
    """Whether a file is one of descriptions, by its name."""
    return path.suffix == ".json" or path.stem in KINDS


class Descriptions:
    """Reads descriptions by what stands in a database; what is new in one table is known to those that follow."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._numbers: dict[str, dict[str, Any]] = {}
        self._seen: dict[Model, dict[Key, str]] = {}
        """Where each line stands that was read so far, in whichever file."""
        self._indices: dict[str, Path] = {}

    def revisions(self, tables: Sequence[Table], faults: list[str]) -> list[Revision]:
        """What some tables come to; what is wrong with them is added to the faults."""
        order = list(KINDS)
        found = []
        for table in sorted(tables, key=lambda item: order.index(item.path.stem)):
            kind = KINDS[table.path.stem]
            known = (*kind.columns, *([] if kind.of else [CHANGE]))
            if table.has(known, [name for name in kind.columns if self._is_key(kind, name)], faults):
                found.append(self._revision(kind, table, faults))
        return found

    def index(self, path: Path, faults: list[str]) -> Revision | None:
        """The definition of an index in a file."""
        try:
            given = index_files.read(path)
        except ValueError as error:
            faults.append(f"{path}: {error}")
            return None
        index = index_of(given)
        wrong = list(self._wrong_with(index))
        row = row_of(given)
        if row["id"] in self._indices:
            wrong.append(f"the index {row['id']!r} stands in {self._indices[row['id']]} already. Leave one of them.")
        self._indices[row["id"]] = path
        faults.extend(f"{path}: {fault}" for fault in wrong)
        return None if wrong else Revision(models.IndexDefinition, [row])

    def _revision(self, kind: Kind, table: Table, faults: list[str]) -> Revision:
        held = held_rows(self._connection, kind.model)
        revision = Revision(kind.model)
        seen = self._seen.setdefault(kind.model, {})
        required = [column for column in table_of(kind.model).columns if not column.nullable]

        def row_of(line: Line) -> tuple[Row, Key, bool]:
            if kind.of is not None:
                self._number(kind.of, line[kind.of])
            row = {
                column: self._cell(kind, name, line[name].strip())
                for name, column in kind.columns.items()
                if name in line
            }
            if kind.of is not None and "id" in table_of(kind.model).c:
                row["id"] = self._number(kind.of, line[kind.of])
            key = key_of(kind.model, row)
            removed = _removed(line)
            if removed and key not in held:
                raise ValueError("there is nothing of this that could be removed.")
            missing = [
                item.name
                for item in required
                if item.name in kind.columns.values() and (row | held.get(key, {}) | row).get(item.name) is None
            ]
            if missing and not removed:
                named = {column: name for name, column in kind.columns.items()}
                raise ValueError(f"it needs {' and '.join(named[item] for item in missing)}.")
            return row, key, removed

        for (row, key, removed), place in read(table, faults, row_of):
            if key in seen:
                faults.append(f"{place}: the same stands in {seen[key]} already. Leave one of them.")
            seen[key] = place
            if removed:
                revision.removed.append(key)
            else:
                revision.rows.append(row)
        if kind.model is models.RegionAlias:
            faults.extend(_ambiguous(held, revision, table))
        return revision

    def _is_key(self, kind: Kind, name: str) -> bool:
        return name == kind.of or kind.columns[name] in {column.name for column in table_of(kind.model).primary_key}

    def number_of(self, of: str, name: str) -> Any:
        """The number or identifier of what has a name, or that it is going to have."""
        return self._number(of, name)

    def _number(self, of: str, name: str) -> Any:
        """The number or identifier of what has a name; a new one gets the next. ValueError where it is no name."""
        known = self._known(of)
        if name not in known:
            if not (_CODE if of == "region" else SLUG).fullmatch(name):
                form = "capital letters and digits, 12 at most" if of == "region" else "small letters, digits, hyphens"
                raise ValueError(f"{name!r} is no name of a {of.replace('_', ' ')}: {form}.")
            known[name] = name if _IDENTIFIERS[of][1] == "id" else max(known.values(), default=0) + 1
        return known[name]

    def _known(self, of: str) -> dict[str, Any]:
        if of not in self._numbers:
            model, column = _IDENTIFIERS[of]
            table = table_of(model)
            self._numbers[of] = dict(self._connection.execute(select(table.c[column], table.c.id)).all())
        return self._numbers[of]

    def _cell(self, kind: Kind, name: str, text: str) -> Any:
        """A cell as the database has it. ValueError with what is wrong with it."""
        column = table_of(kind.model).c[kind.columns[name]]
        if name in kind.names and text:
            known = self._known(kind.names[name])
            if text not in known:
                raise ValueError(_unknown(kind.names[name], text, known))
            return text if column.name in _BY_NAME or column.name.endswith("region_code") else known[text]
        if name == kind.of:
            return text
        return value_of(column, name, text)

    def _wrong_with(self, index: Index) -> Iterable[str]:
        for of, named in (
            ("level", [index.level]),
            ("component", [part.component for part in index.components]),
            ("indicator", [item.indicator for part in index.components for item in part.indicators]),
            ("indicator", list(index.outcomes)),
        ):
            known = self._known(of)
            for name in named:
                if name not in known:
                    yield _unknown(of, name, known)


def _unknown(of: str, name: str, known: Iterable[str]) -> str:
    near = ", ".join(nearest(name, list(known)))
    return f"there is no {of} {name!r}.{f' Nearest known: {near}.' if near else ''}"


def circles(connection: Connection) -> Iterable[str]:
    """Places that come after themselves, or lie in themselves, as a connection sees them: a sentence each."""
    codes = {row["id"]: row["code"] for row in held_rows(connection, models.Region).values()}
    for model, words in ((models.RegionSuccession, "comes after itself"), (models.RegionParent, "lies in itself")):
        following: dict[int, list[int]] = {}
        for one, other in (key[:2] for key in held_rows(connection, model)):
            following.setdefault(one, []).append(other)
        try:
            tuple(TopologicalSorter(following).static_order())
        except CycleError as error:
            named = ", ".join(dict.fromkeys(codes.get(number, str(number)) for number in error.args[1]))
            yield f"A place {words}, by way of: {named}."


def _removed(line: Line) -> bool:
    change = line.get(CHANGE, "").casefold()
    if change not in {"", "added", "changed", "removed"}:
        raise ValueError(f"the change {change!r} is none. Write 'removed' to take it away, else nothing.")
    return change == "removed"


def _ambiguous(held: Mapping[Key, Row], revision: Revision, table: Table) -> Iterable[str]:
    """Codes that would lead to two regions."""
    removed = {*revision.removed}
    leads = {row["alias"]: key for key, row in held.items() if row["scheme"] != "name" and key not in removed}
    for row in revision.rows:
        key = key_of(revision.model, row)
        if row.get("scheme") not in {"name", None} and leads.setdefault(row["alias"], key) != key:
            yield f"{table.path}: the code {row['alias']!r} leads to another region already. Remove that first."
