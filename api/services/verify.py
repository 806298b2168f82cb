"""Whether a database is whole: checks that read everything and change nothing, with what is wrong and what helps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from api.models import Base, Coverage, Indicator, Observation, Projection, Release
from api.queries.catalogue import load_catalogue
from api.queries.releases import all_releases
from api.services import schema
from api.services.additions import has_indices
from api.services.coverage import KEY, counted
from api.services.described import fingerprint
from api.services.project import waiting
from api.services.ranges import in_utc

_FEW = 3
_FOREVER = 2**31 - 1
_CONTENT = {"model", "scale", "parameters", "ahead", "back_test"}
Check = Callable[[Connection], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that was made: what of, and what is wrong, a sentence each."""

    name: str
    faults: list[str]


def verify(connection: Connection) -> Iterator[Checked]:
    """Make every check in turn. Where the schema is not the newest, only those that need no table."""
    of_schema = list(at_newest_schema(connection))
    yield Checked("schema", of_schema)
    yield Checked("database", list(damaged_pages(connection)))
    yield Checked("references", list(broken_references(connection)))
    if not of_schema:
        for name, check in _CHECKS.items():
            yield Checked(name, list(check(connection)))


def at_newest_schema(connection: Connection) -> Iterator[str]:
    """Whether the tables are those that the code needs."""
    found, needed = schema.current_revision(connection), schema.newest_revision()
    if found is None:
        yield "There are no tables. Run `flask --app wsgi data prepare`, or restore a backup."
    elif found not in {item.revision for item in schema.revisions()}:
        yield f"The database is at schema {found}, which is newer than this code. Use the newer code."
    elif found != needed:
        yield f"The database is at schema {found}, this code needs {needed}. Run `flask --app wsgi data migrate`."


def damaged_pages(connection: Connection) -> Iterator[str]:
    """What SQLite finds wrong with its file; PostgreSQL has tools of its own for that (`pg_amcheck`)."""
    if connection.dialect.name != "sqlite":
        return
    found = connection.exec_driver_sql(f"PRAGMA integrity_check({_FEW})").scalars().all()
    for fault in found:
        if fault != "ok":
            yield f"SQLite finds the file damaged: {fault}. Restore a backup."


def broken_references(connection: Connection) -> Iterator[str]:
    """Rows that refer to others that are not there."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        for table, to in dict.fromkeys((row[0], row[2]) for row in rows):
            count = sum((row[0], row[2]) == (table, to) for row in rows)
            yield _missing(count, table, to)
        return
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            to = key.column.table.alias()
            missing = and_(key.parent.is_not(None), ~select(to).where(to.c[key.column.name] == key.parent).exists())
            count = connection.execute(select(func.count()).select_from(table).where(missing)).scalar_one()
            if count:
                yield _missing(count, table.name, key.column.table.name)


def _missing(count: int, table: str, to: str) -> str:
    return f"{count:,} rows of the table {table} refer to rows of {to} that are not there. Restore a backup."


def _releases(connection: Connection) -> Iterator[str]:
    rows = connection.execute(select(Release).with_only_columns(*Release.__table__.c).order_by(Release.id)).all()
    if not rows:
        yield "Nothing is published. Run `flask --app wsgi data prepare`, or restore a backup."
        return
    if [row.id for row in rows] != list(range(1, len(rows) + 1)):
        yield "The numbers of the releases have gaps. Restore a backup."
    for before, after in pairwise(rows):
        if in_utc(after.published_at) <= in_utc(before.published_at):
            yield f"Release {after.id} is not later than release {before.id}: `as_of` finds the wrong one between them."
    if in_utc(rows[-1].published_at) > datetime.now(UTC):
        yield f"Release {rows[-1].id} is of the future: put the clock right. Nothing can be published until then."
    for row in rows:
        if row.withdraws_id is not None and row.withdraws_id >= row.id:
            yield f"Release {row.id} withdraws release {row.withdraws_id}, which came after it. Restore a backup."


def _ranges(connection: Connection) -> Iterator[str]:
    newest = select(func.max(Release.id)).scalar_subquery()
    for name in (Observation.__tablename__, Coverage.__tablename__):
        table = Base.metadata.tables[name]
        key = [column for column in table.primary_key.columns if column.name != "first_release"]
        following = func.lead(table.c.first_release).over(partition_by=key, order_by=table.c.first_release)
        last = func.coalesce(table.c.last_release, _FOREVER)
        ranges = select(table.c.first_release, table.c.last_release, last.label("last"), following.label("next"))
        found = ranges.subquery()
        wrong = or_(found.c.next <= found.c.last, found.c.first_release > found.c.last, found.c.last_release >= newest)
        count = connection.execute(select(func.count()).select_from(found).where(wrong)).scalar_one()
        if count:
            where = "that another of their key holds in, or that are not there"
            yield f"{count:,} rows of the table {table.name} hold in releases {where}. Restore a backup."


def _coverage(connection: Connection) -> Iterator[str]:
    indicators = connection.execute(select(Indicator.id, Indicator.slug)).all()
    slugs = {row.id: row.slug for row in indicators}
    table = Coverage.__table__
    columns = [table.c[name] for name in (*KEY, "period", "regions")]
    for release in (item for item in all_releases(connection) if item.withdrawn_by is None):
        holds = and_(
            table.c.first_release <= release.id,
            or_(table.c.last_release.is_(None), table.c.last_release >= release.id),
        )
        kept = {tuple(row) for row in connection.execute(select(*columns).where(holds))}
        found = {tuple(row) for row in connection.execute(counted(release.id))}
        wrong = sorted({slugs[row[0]] for row in kept ^ found})
        if wrong:
            few = ", ".join(wrong[:_FEW]) + (" ..." if len(wrong) > _FEW else "")
            yield f"What release {release.id} covers of {few} is not what is counted. Restore a backup."


def _texts(connection: Connection) -> Iterator[str]:
    """What releases say besides figures: names, texts, sources, gaps, definitions."""
    for release in all_releases(connection):
        if release.fingerprint and release.fingerprint != fingerprint(connection, release.id):
            told = "is not what it said when it was published: its texts were changed, not published"
            yield f"What release {release.id} says besides figures {told}. Restore a backup."
        elif not release.fingerprint:
            yield f"It is not noted what release {release.id} says. Run `flask --app wsgi data prepare`."
    if not has_indices(connection):
        yield "There are no indices. Run `flask --app wsgi data prepare`."


def _projections(connection: Connection) -> Iterator[str]:
    bad = 0
    for row in connection.execute(select(Projection.content, Projection.engine, Projection.digest)):
        content: Any = row.content
        whole = isinstance(content, dict) and set(content) >= _CONTENT and content["ahead"] and row.digest
        bad += not whole
    if bad:
        yield f"{bad:,} projections are not whole. Restore a backup."
    newest = all_releases(connection)[-1:]
    for release in newest:
        tasks = waiting(connection, load_catalogue(connection, release))
        if tasks:
            told = f"{len(tasks):,} series of release {release.id} are not projected."
            yield f"{told} Run `flask --app wsgi data project`."


_CHECKS: dict[str, Check] = {
    "releases": _releases,
    "ranges of releases": _ranges,
    "texts": _texts,
    "coverage": _coverage,
    "projections": _projections,
}
"""The checks of figures, in the order in which they are made."""
