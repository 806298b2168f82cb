"""Backups: everything of a database at one moment in one file, for a database of either kind.

A ZIP of an SQLite database, which any SQLite reads, and of a manifest with its size and SHA-256. Services go on
reading and publishing while it is written: it holds what was committed when it began.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from alembic import command
from sqlalchemy import Connection

from api.database import Database
from api.queries.releases import newest_release
from api.services import copying, schema
from api.settings import VERSION

FORMAT = "uk-digital-capital-backup"
LAYOUT = 1
MANIFEST = "manifest.json"
FIGURES = "figures.sqlite3"
_PART = 1_048_576


class BackupError(RuntimeError):
    """A backup that cannot be written or read; the text says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup holds."""

    schema: str
    """The revision of the tables."""
    taken_at: str
    release: tuple[int, str] | None
    """Number and mark of the newest release; None where nothing was published."""
    tables: dict[str, int]
    """How many rows each table has."""
    size: int
    sha256: str
    """Of the SQLite database in it."""
    left_out: tuple[str, ...] = ()
    """Tables of others in the database that it was taken of, which it does not hold. No backup tells them later."""


def write(database: Database, target: Path) -> Backup:
    """Write a backup to a file that is not there yet. BackupError where it is, or where the database has no tables.

    CopyError where its tables are not those of its schema, OSError where it cannot be written. What was written until
    then is removed.
    """
    if target.exists():
        raise BackupError(f"{target} is there already, and no backup is written over another. Name another file.")
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}. Make it, or name another.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as folder:
        figures, packed = Path(folder, FIGURES), Path(folder, "packed")
        with database.snapshot() as connection:
            backup = _copied(connection, figures)
        with packed.open("xb") as file:
            _pack(backup, figures, file)
            file.flush()
            os.fsync(file.fileno())
        _name(packed, target)
    return backup


def _name(packed: Path, target: Path) -> None:
    """Give a whole file its name, never in the place of another. BackupError where one has come to have it."""
    try:
        try:
            os.link(packed, target)  # which fails where there is a file
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            target.touch(exist_ok=False)  # ours from here on, so that the renaming replaces no other
            _renamed(packed, target)
    except FileExistsError:
        raise BackupError(f"{target} has come to be there meanwhile. Name another file.") from None


def _renamed(packed: Path, target: Path) -> None:
    try:
        packed.replace(target)
    except OSError:
        target.unlink()
        raise


def _copied(connection: Connection, figures: Path) -> Backup:
    """Copy what a connection sees into an SQLite file of its own."""
    revision = schema.current_revision(connection)
    if revision is None:
        raise BackupError("There is nothing in this database to back up. Is DATABASE_URL the one that is meant?")
    if revision not in {item.revision for item in schema.revisions()}:
        raise BackupError(f"The database is at schema {revision}, which is newer than this code. Use the newer code.")
    taken_at = datetime.now(UTC)
    copy = Database(f"sqlite:///{figures}")
    copy.create()
    try:
        with copy.begin() as into:
            command.upgrade(schema.config(into), revision)
            tables = copying.copy(connection, into)
        with closing(copy.engine.raw_connection()) as own:
            own.cursor().execute("PRAGMA journal_mode = DELETE")  # all of it in one file
    finally:
        copy.engine.dispose()
    with figures.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Backup(
        schema=revision,
        taken_at=taken_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        release=newest_release(connection, drafts=revision >= "0009") if revision >= "0003" else None,
        tables=tables,
        size=figures.stat().st_size,
        sha256=sha256,
        left_out=tuple(copying.tables_of_others(connection)),
    )


def _pack(backup: Backup, figures: Path, file: BinaryIO) -> None:
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "layout": LAYOUT,
        "written_by": VERSION,
        "schema": backup.schema,
        "taken_at": backup.taken_at,
        "release": None if backup.release is None else {"id": backup.release[0], "mark": backup.release[1]},
        "tables": backup.tables,
        "file": FIGURES,
        "bytes": backup.size,
        "sha256": backup.sha256,
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        archive.write(figures, FIGURES)


def unpack(source: Path, folder: Path) -> tuple[Backup, Path]:
    """What a backup says of itself, and its SQLite database, unpacked into a folder and held against its SHA-256.

    BackupError where the file is no backup, or is damaged. OSError where it cannot be read or unpacked.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            backup = _said(source, orjson.loads(archive.read(MANIFEST)))
            figures = folder / FIGURES
            digest = hashlib.sha256()
            with archive.open(FIGURES) as packed, figures.open("xb") as file:
                while part := packed.read(_PART):
                    digest.update(part)
                    file.write(part)
    except FileNotFoundError:
        raise BackupError(f"There is no file {source}.") from None
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, zlib.error) as error:
        raise BackupError(f"{source} is no backup, or is damaged ({error}). Take another one.") from None
    if (figures.stat().st_size, digest.hexdigest()) != (backup.size, backup.sha256):
        raise BackupError(f"{source} is damaged: what is in it has not the SHA-256 that it had. Take another one.")
    return backup, figures


def _said(source: Path, manifest: dict[str, Any]) -> Backup:
    """What a manifest says. KeyError, TypeError and BackupError where it is not one of this kind."""
    if manifest["format"] != FORMAT or manifest["layout"] != LAYOUT:
        found = f"{manifest['format']} {manifest['layout']}"
        raise BackupError(f"{source} is a backup of another kind ({found}), which this code does not read.")
    release = manifest["release"]
    return Backup(
        schema=manifest["schema"],
        taken_at=manifest["taken_at"],
        release=None if release is None else (release["id"], release["mark"]),
        tables=manifest["tables"],
        size=manifest["bytes"],
        sha256=manifest["sha256"],
    )
