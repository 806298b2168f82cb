"""The files of a draft: noted when they have come, and what came of checking them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, or_, select, update

from api.errors import Fault, Problem, unknown_id
from api.limits import limit_of
from api.models import Draft, Upload
from api.services import audit
from api.services.audit import Actor
from api.services.drafts import lifecycle
from api.services.drafts.lifecycle import DraftInfo
from api.services.ranges import in_utc

HELD = timedelta(seconds=30)
"""For how long a process that checks a file counts as alive since it last said so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadInfo:
    """A file of a draft."""

    id: int
    draft_id: str
    name: str
    media_type: str | None
    options: dict[str, Any]
    bytes: int
    sha256: str
    state: str
    received_at: datetime
    step: str | None
    rows: int | None
    good: int | None
    errors: int | None
    warnings: int | None
    outcome: dict[str, Any] | None


def add(
    connection: Connection,
    actor: Actor,
    draft: str,
    *,
    name: str,
    media_type: str | None,
    size: int,
    sha256: str,
    options: dict[str, Any],
) -> UploadInfo:
    """Note a file that has come, to be checked. Problem `draft-conflict` where there are as many as may be."""
    found = lifecycle.open_draft(connection, actor, draft)
    count = select(func.count()).where(Upload.draft_id == draft)
    if connection.execute(count).scalar_one() >= limit_of("max_draft_uploads"):
        message = f"A draft has {limit_of('max_draft_uploads')} files at the most. Make another draft for more."
        raise Problem("draft-conflict", message, faults=(Fault("too-many-files", "request", message),))
    number = connection.execute(
        insert(Upload)
        .values(
            draft_id=draft,
            name=name,
            media_type=media_type,
            options=options,
            bytes=size,
            sha256=sha256,
            state="waiting",
            received_at=datetime.now(UTC),
        )
        .returning(Upload.id)
    ).scalar_one()
    lifecycle.touch(connection, found, preview=None, problem=None)
    audit.note(connection, actor, "uploaded", subject=draft, sha256=sha256, details={"name": name, "bytes": size})
    return one(connection, draft, str(number))


def remove(connection: Connection, actor: Actor, draft: str, upload: str) -> None:
    """Take a file out of a draft."""
    found = lifecycle.open_draft(connection, actor, draft)
    gone = one(connection, draft, upload)
    connection.execute(delete(Upload).where(Upload.id == gone.id))
    lifecycle.touch(connection, found, preview=None, problem=None)
    audit.note(connection, actor, "upload-removed", subject=draft, sha256=gone.sha256)


def one(connection: Connection, draft: str, upload: str) -> UploadInfo:
    """A file of a draft. Problem `unknown-id`."""
    number = int(upload) if upload.isdecimal() and len(upload) < 10 else 0
    statement = select(Upload.__table__).where(Upload.draft_id == draft, Upload.id == number)
    row = connection.execute(statement).mappings().first()
    if row is None:
        raise unknown_id("upload", upload, field="upload", candidates=(), where=f"/v1/drafts/{draft}")
    return _info(row)


def of_draft(connection: Connection, draft: str) -> list[UploadInfo]:
    """The files of a draft, in the order in which they came."""
    statement = select(Upload.__table__).where(Upload.draft_id == draft).order_by(Upload.id)
    return [_info(row) for row in connection.execute(statement).mappings()]


def by_number(connection: Connection, number: int) -> UploadInfo | None:
    """A file, of whichever draft; None where there is none. For the service itself."""
    row = connection.execute(select(Upload.__table__).where(Upload.id == number)).mappings().first()
    return None if row is None else _info(row)


def any_waits(connection: Connection, now: datetime) -> bool:
    """Whether any file is to be checked."""
    return connection.execute(_waiting(now)).first() is not None


def hold(connection: Connection, upload: int) -> None:
    """Say that the process that checks a file is alive."""
    held = datetime.now(UTC) + HELD
    connection.execute(update(Upload).where(Upload.id == upload, Upload.state == "checking").values(held_until=held))


def _waiting(now: datetime) -> Select[Any]:
    left = or_(Upload.state == "waiting", (Upload.state == "checking") & (Upload.held_until < now))
    found = select(Upload.__table__).join(Draft, Draft.id == Upload.draft_id).where(left, Draft.state == "open")
    return found.order_by(Upload.id).limit(1)


def take_up(connection: Connection, upload: int | None = None) -> None:
    """Have a file checked again whose process was ended, or each that was being checked when everything was."""
    same = (Upload.state == "checking",) if upload is None else (Upload.state == "checking", Upload.id == upload)
    connection.execute(update(Upload).where(*same).values(state="waiting", step=None, held_until=None))


def claim(connection: Connection, now: datetime) -> UploadInfo | None:
    """The file that has waited longest to be checked, for the caller to check; None where none waits.

    One whose process was ended is taken up again.
    """
    row = connection.execute(_waiting(now)).mappings().first()
    if row is None:
        return None
    connection.execute(
        update(Upload).where(Upload.id == row["id"]).values(state="checking", held_until=now + HELD, step="reading")
    )
    return _info(row)


def note_step(connection: Connection, upload: int, step: str) -> None:
    """Say what is being done with a file, and that whoever does it is alive."""
    values = {"step": step, "held_until": datetime.now(UTC) + HELD}
    connection.execute(update(Upload).where(Upload.id == upload, Upload.state == "checking").values(**values))


def note_outcome(
    connection: Connection, upload: int, *, state: str, counts: dict[str, int] | None, outcome: dict[str, Any]
) -> None:
    """Say what came of checking a file."""
    named = {name: (counts or {}).get(name) for name in ("rows", "good", "errors", "warnings")}
    values = {"state": state, "step": None, "held_until": None, "outcome": outcome, **named}
    connection.execute(update(Upload).where(Upload.id == upload, Upload.state == "checking").values(**values))


def not_publishable(draft: DraftInfo, files: Iterable[UploadInfo]) -> Problem | None:
    """Why a draft cannot be published as it is: files that wait, were refused, or have errors. None where it can."""
    faults = []
    for file in files:
        if file.state in {"waiting", "checking"}:
            message = f"{file.name} is being checked. Ask for the draft until it is."
            faults.append(Fault("not-checked", f"uploads/{file.id}", message))
        elif file.state == "refused":
            message = f"{file.name} cannot be read. Take it out (DELETE), and send it mended."
            faults.append(Fault("file-refused", f"uploads/{file.id}", message))
        elif file.errors:
            message = f"{file.name} has {file.errors:,} errors. Take it out (DELETE), and send it mended."
            faults.append(Fault("errors-left", f"uploads/{file.id}", message))
    if not faults:
        return None
    message = f"The draft {draft.id} is not ready: {faults[0].message}"
    return Problem("draft-conflict", message, faults=tuple(faults))


def _info(row: Any) -> UploadInfo:
    own = {item.name: row[item.name] for item in fields(UploadInfo)}
    return UploadInfo(**own | {"received_at": in_utc(own["received_at"])})
