"""A draft as it will be read: a copy of the database in which it is published already.

Nothing of a draft stands in the database that readers are answered from, and whoever reads a draft is answered by the
same code from its copy. The copy of the published figures is made once for each release; each draft gets one of its
own of that. Nothing of partners is in either.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from secrets import token_hex
from shutil import copyfile, rmtree

from sqlalchemy import Connection, select

from api.database import Database
from api.models import PARTNERS, Draft
from api.queries.releases import newest_release
from api.services import copying, schema
from api.services.drafts import parts, rows
from api.services.drafts.lifecycle import DraftInfo
from api.services.drafts.publishing import apply
from api.services.drafts.uploads import UploadInfo
from api.services.publish import Published

_PRIVATE = frozenset(model.__tablename__ for model in PARTNERS)


def path_of(drafts: Path, draft: str, name: str) -> Path:
    """Where the copy of a draft lies that has a name."""
    return rows.folder_of(drafts, draft) / f"{name}.sqlite3"


def copy_of(database: Database, drafts: Path, release: int, mark: str) -> Path:
    """A copy of the published figures, made where there is none of this release yet; others are let go of."""
    folder = drafts / "copies"
    folder.mkdir(parents=True, exist_ok=True)
    found = folder / f"release-{release}-{mark}.sqlite3"
    if not found.exists():
        making = folder / f".{token_hex(4)}.sqlite3"
        try:
            _copy(database, making)
            making.replace(found)
        finally:
            remove(making)
        for other in folder.glob("release-*.sqlite3"):
            if other != found:
                remove(other)
    return found


def build(
    copy: Path, drafts: Path, draft: DraftInfo, said: Sequence[parts.Part], files: Sequence[UploadInfo], *, url: str
) -> tuple[str, Published]:
    """Make the copy in which a draft is published; its name, and what it changes. Problems and RefusedError of that."""
    name = f"preview-{token_hex(8)}"
    target = path_of(drafts, draft.id, name)
    target.parent.mkdir(parents=True, exist_ok=True)
    copyfile(copy, target)
    database = Database(f"sqlite:///{target}")
    try:
        with database.begin() as connection:
            published = apply(connection, draft, said, files, drafts=drafts, url=url)
    except BaseException:
        database.engine.dispose()
        remove(target)
        raise
    database.engine.dispose()
    return name, published


def described(copy: Path, drafts: Path, draft: DraftInfo, said: Sequence[parts.Part], *, url: str) -> Path:
    """A copy in which what a draft says besides figures holds, to check figures by. The caller removes it."""
    target = rows.folder_of(drafts, draft.id) / f".{token_hex(4)}.sqlite3"
    target.parent.mkdir(parents=True, exist_ok=True)
    copyfile(copy, target)
    database = Database(f"sqlite:///{target}")
    try:
        with database.begin() as connection:
            apply(connection, draft, said, (), drafts=drafts, url=url)
    except BaseException:
        remove(target)
        raise
    finally:
        database.engine.dispose()
    return target


def tidy(drafts: Path, draft: str, keep: str | None) -> None:
    """Remove the copies of a draft, but for one of a name."""
    for path in rows.folder_of(drafts, draft).glob("preview-*.sqlite3"):
        if path.stem != keep:
            remove(path)


def tidy_ended(connection: Connection, drafts: Path) -> None:
    """Remove copies that are read no more: of published drafts, whose faults stay, and all of discarded ones."""
    made = drafts / "made"
    names = {path.name for path in made.iterdir()} if made.is_dir() else set()
    states = dict(connection.execute(select(Draft.id, Draft.state).where(Draft.id.in_(sorted(names)))).all())
    for name in names:
        if states.get(name) == "published":
            tidy(drafts, name, None)
        elif states.get(name) == "discarded":
            rmtree(made / name, ignore_errors=True)


def newest_of(connection: Connection) -> tuple[int, str]:
    """Number and mark of the newest release. LookupError where nothing is published."""
    newest = newest_release(connection)
    if newest is None:
        raise LookupError("nothing is published")
    return newest[0], str(newest[1])


def _copy(database: Database, target: Path) -> None:
    """Copy what is published into an SQLite file, without anything of partners'."""
    target.touch()
    if database.file is not None:
        with closing(sqlite3.connect(database.file)) as source, closing(sqlite3.connect(target)) as into:
            source.backup(into)
            into.execute("PRAGMA foreign_keys = OFF")
            for table in sorted(_PRIVATE):
                into.execute(f"DELETE FROM {table}")  # noqa: S608  (names of our own tables)
            into.commit()
            into.execute("PRAGMA journal_mode = DELETE")
        return
    copy = Database(f"sqlite:///{target}")
    try:
        with database.snapshot() as source, copy.begin() as into:
            schema.migrate(into)
            copying.copy(source, into, leave_out=_PRIVATE)
        with closing(copy.engine.raw_connection()) as own:
            own.cursor().execute("PRAGMA journal_mode = DELETE")  # all of it in one file
    finally:
        copy.engine.dispose()


def remove(path: Path) -> None:
    """Remove a copy, with what SQLite lays beside it."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal"):
        with suppress(FileNotFoundError):
            os.unlink(path.with_name(name))  # noqa: PTH108
