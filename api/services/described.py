"""What a release says besides figures, written: texts, places, sources, gaps and definitions, each row in a range.

What holds stands in its table, what held until some release in the table's history (`queries.described`). A row that
others refer to stays in its table when it holds no more, as figures of earlier releases need it: from no release on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson
from sqlalchemy import Column, ColumnElement, Connection, Table, insert, select, tuple_, update

from api.models import HISTORIES, Base, Release
from api.queries.described import at_release
from api.services.ranges import parts

UNHELD = 2**31 - 1
"""The first release of a row that no release holds from now on."""
_REFERRED_TO = {key.column.table for table in Base.metadata.tables.values() for key in table.foreign_keys}
MODELS = sorted(HISTORIES, key=lambda model: Base.metadata.sorted_tables.index(model.__table__))  # type: ignore[arg-type]
"""The models of descriptive tables, those that others refer to first."""

Model = type[Base]
Row = dict[str, Any]
Key = tuple[Any, ...]


@dataclass(slots=True)
class Revision:
    """What becomes of the rows of a table: some say something from a release on, others hold no more."""

    model: Model
    rows: list[Row] = field(default_factory=list)
    """With their keys; columns that are not named stay as they are."""
    removed: list[Key] = field(default_factory=list)


def key_of(model: Model, row: Row) -> Key:
    """What a row is about, in whichever release."""
    return tuple(row[column.name] for column in _key_of(model))


def said_in(row: Row) -> Row:
    """What a row says, whatever its range."""
    return {name: cell for name, cell in row.items() if name not in {"first_release", "last_release"}}


def held_rows(connection: Connection, model: Model) -> dict[Key, Row]:
    """The rows of a table that hold now, by their keys."""
    table = table_of(model)
    statement = select(table).where(table.c.first_release < UNHELD)
    return {key_of(model, dict(row)): dict(row) for row in connection.execute(statement).mappings()}


def history_keys(connection: Connection, model: Model, releases: Collection[int]) -> set[Key]:
    """The keys of the rows of a table that some releases replaced or took away."""
    history = HISTORIES[model]
    ended = history.c.last_release.in_([release - 1 for release in releases])
    keys = [history.c[column.name] for column in _key_of(model)]
    return {tuple(key) for key in connection.execute(select(*keys).where(ended))} if releases else set()


def revise(connection: Connection, release: int, revisions: Iterable[Revision]) -> dict[Model, int]:
    """Have a release say what some revisions say; how many rows of each table that changes.

    A row that says what stands already changes nothing. KeyError where what is to be removed does not stand.
    """
    changed: dict[Model, int] = {}
    for revision in sorted(revisions, key=lambda item: MODELS.index(item.model)):
        model, held = revision.model, held_rows(connection, revision.model)
        columns = [str(column.name) for column in table_of(model).columns if column.name != "first_release"]
        closed = [key for key in revision.removed if held[key]]
        opened = []
        for row in revision.rows:
            key = key_of(model, row)
            before = held.get(key)
            new = {**dict.fromkeys(columns), **row} if before is None else said_in(before | row)
            if before is None or new != said_in(before):
                opened.append(new)
                closed.extend([] if before is None else [key])
        write(connection, release, model, closed, opened)
        changed[model] = changed.get(model, 0) + len({*closed, *(key_of(model, row) for row in opened)})
    return changed


def write(connection: Connection, release: int, model: Model, closed: Collection[Key], opened: Sequence[Row]) -> None:
    """End the rows of some keys before a release, and have others hold from it on."""
    table, history = table_of(model), HISTORIES[model]
    again = {key_of(model, row) for row in opened}
    for keys in parts(closed):
        rows = [dict(row) for row in connection.execute(select(table).where(_named(table, keys))).mappings()]
        connection.execute(insert(history), [{**row, "last_release": release - 1} for row in rows])
    for keys in parts(key for key in closed if key not in again):
        ended = update(table).values(first_release=UNHELD) if table in _REFERRED_TO else table.delete()
        connection.execute(ended.where(_named(table, keys)))
    if not opened:
        return
    known = {tuple(key) for keys in parts(again) for key in connection.execute(_keys(table, keys))}
    rows = [{**row, "first_release": release} for row in opened]
    new = [{name: row.get(name) for name in table.c.keys()} for row in rows if key_of(model, row) not in known]  # noqa: SIM118  (no dictionary)
    if new:
        # What others of the same table refer to goes first.
        connection.execute(insert(table), sorted(new, key=lambda row: row.get("denominator_id") is not None))
    for row in rows:
        key = key_of(model, row)
        if key in known:
            connection.execute(update(table).where(_named(table, [key])).values(**row))


def versions(connection: Connection, model: Model, release: int) -> Iterator[tuple[Key, list[Row]]]:
    """The rows that a release added, changed or took away, each with all that was ever said of it, oldest first."""
    table, history = table_of(model), HISTORIES[model]
    began = select(*table.primary_key).where(table.c.first_release == release)
    keys = [history.c[column.name] for column in _key_of(model)]
    touched = (history.c.first_release == release) | (history.c.last_release == release - 1)
    found = {tuple(row) for row in connection.execute(began)}
    found |= {tuple(row) for row in connection.execute(select(*keys).where(touched))}
    said: dict[Key, list[Row]] = {key: [] for key in sorted(found)}
    for some in parts(sorted(found)):
        for row in connection.execute(select(history).where(_named(history, some))).mappings():
            said[key_of(model, dict(row))].append(dict(row))
        held = select(table).where(_named(table, some), table.c.first_release < UNHELD)
        for row in connection.execute(held).mappings():
            said[key_of(model, dict(row))].append({**row, "last_release": None})
    for key, rows in said.items():
        yield key, sorted(rows, key=lambda row: int(row["first_release"]))


def fingerprint(connection: Connection, release: int) -> str:
    """A digest of all that a release says besides figures: 32 hexadecimal digits, the same on both databases."""
    digest = blake2b(digest_size=16)
    for model in MODELS:
        held = at_release(model, release)
        names = sorted(str(name) for name in held.c.keys())  # noqa: SIM118  (no dictionary)
        digest.update(f"{held.name} {names}".encode())
        key = [names.index(str(column.name)) for column in _key_of(model)]
        rows = [tuple(row) for row in connection.execute(select(*(held.c[name] for name in names)))]
        # Sorted here: databases sort texts in orders of their own.
        for row in sorted(rows, key=lambda row: [row[place] for place in key]):
            digest.update(orjson.dumps(row, option=orjson.OPT_SORT_KEYS))
    return digest.hexdigest()


def note_fingerprint(connection: Connection, release: int) -> None:
    """Note what a release says, once all of it is written."""
    noted = update(Release).where(Release.id == release).values(fingerprint=fingerprint(connection, release))
    connection.execute(noted)


def table_of(model: Model) -> Table:
    """The table of a model."""
    table: Table = model.__table__  # type: ignore[assignment]
    return table


def _key_of(model: Model) -> list[Column[Any]]:
    return list(table_of(model).primary_key.columns)


def _keys(table: Table, keys: Sequence[Key]) -> Any:
    return select(*table.primary_key).where(_named(table, keys))


def _named(table: Table, keys: Sequence[Key]) -> ColumnElement[bool]:
    """Which rows of a table, or of its history, have one of some keys."""
    columns = [column for column in table.primary_key if column.name != "first_release"]
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return tuple_(*columns).in_(keys)
