"""Restoring: everything in a database becomes what a backup holds, in one transaction.

Readers go on with what was there until that is done, and never see a part. What a backup holds is checked before
anything is replaced: its SHA-256, SQLite's own check, what refers to what, and how many rows there are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, select

from api.connecting import sqlite
from api.database import Database
from api.models import Release
from api.services import additions, copying, schema
from api.services.backup import Backup, BackupError, unpack
from api.services.verify import broken_references, damaged_pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored, and how many releases it took the place of."""

    backup: Backup
    replaced: int


def restore(
    database: Database,
    source: Path,
    *,
    replace: bool,
    progress: Callable[[str], None],
    waiting: Callable[[], None] = lambda: None,
) -> Restored:
    """Restore a backup into a database, empty or (`replace`) in place of all that is there.

    It is unpacked beside the backup where that can be. `waiting` is called before it waits for another writer.
    BackupError where the file is no whole backup or of newer code, or the database is filled and nothing is to be
    replaced. Nothing is changed then.
    """
    with _folder_for(source, database, progress) as folder:
        progress(f"Checking {source} ...")
        backup, figures = unpack(source, folder)
        copy = Database(f"sqlite:///{figures}")
        try:
            _make_ready(copy, backup, source)
            database.create()
            with copy.snapshot() as given, database.begin(waiting=waiting) as connection:
                replaced = _emptied(connection, replace=replace)
                progress(f"Restoring {sum(backup.tables.values()):,} rows of {backup.taken_at} ...")
                copied = copying.copy(given, connection)
                if connection.dialect.name == "sqlite":
                    sqlite.note_rewritten(connection)
                if copied != copying.counts(connection):
                    raise BackupError("What was written is not what was read. Nothing is changed. Try again.")
        finally:
            copy.engine.dispose()
    return Restored(backup=backup, replaced=replaced)


@contextmanager
def _folder_for(source: Path, database: Database, progress: Callable[[str], None]) -> Iterator[Path]:
    """A folder to unpack in: beside the backup, else beside the database's file. Else a temporary one, maybe memory.

    Where it is not the first one, that is said. BackupError where nothing can be written in any.
    """
    refused = ""
    beside = [source.parent] if database.file is None else [source.parent, database.file.parent]
    for place in (*beside, None):
        try:
            made = tempfile.TemporaryDirectory(dir=place, prefix=".restoring-")
        except OSError as error:
            refused += f"Nothing can be unpacked in {place or 'a temporary folder'} ({error.strerror}). "
            continue
        if refused and source.exists():
            progress(f"{refused}It is unpacked in {Path(made.name).parent}.")
        with made as folder:
            yield Path(folder)
        return
    raise BackupError(f"{refused}Make room for it beside {source}, or move that to where there is.")


def _make_ready(copy: Database, backup: Backup, source: Path) -> None:
    """Check what was unpacked, and bring it to the newest schema."""
    if backup.schema not in {item.revision for item in schema.revisions()}:
        raise BackupError(f"{source} is of schema {backup.schema}, which is newer than this code. Use the newer code.")
    with copy.begin() as connection:
        wrong = [*damaged_pages(connection), *broken_references(connection)]
        found = copying.counts(connection)
        wrong.extend(
            f"The table {name} has {found.get(name, 0):,} rows, and had {rows:,}."
            for name, rows in backup.tables.items()
            if found.get(name) != rows
        )
        if wrong:
            raise BackupError(f"{source} is damaged: {' '.join(wrong[:3])} Take another one.")
        command.upgrade(schema.config(connection), "head")
        additions.complete(connection)


def _emptied(connection: Connection, *, replace: bool) -> int:
    """Bring the database to the newest schema, without rows; how many releases it had."""
    revision = schema.current_revision(connection)
    if revision is not None and revision not in {item.revision for item in schema.revisions()}:
        raise BackupError(f"The database is at schema {revision}, which is newer than this code. Use the newer code.")
    filled = revision is not None and any(copying.counts(connection).values())
    if filled and not replace:
        newest = connection.execute(select(Release.id).order_by(Release.id.desc()).limit(1)).scalar()
        holds = "figures" if newest is None else f"releases up to {newest}"
        raise BackupError(f"The database holds {holds} already. To have the backup in their place, say --replace.")
    replaced = len(connection.execute(select(Release.id)).all()) if filled else 0
    if filled:
        copying.clear(connection)
    schema.migrate(connection)
    return replaced
