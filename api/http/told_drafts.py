"""What is answered of drafts, their files and parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from api.errors import unknown_id
from api.http.writes import Done
from api.services.drafts import parts, rows, uploads
from api.services.drafts.lifecycle import DraftInfo
from api.services.drafts.parts import Part
from api.services.drafts.uploads import UploadInfo
from api.settings import Settings

Follow = Callable[[], None] | None


def told(connection: Connection, draft: DraftInfo, *, status: int = 200, follow: Follow = None) -> Done:
    """A draft with its files."""
    location = f"/v1/drafts/{draft.id}" if status != 200 else None
    return Done(data=_draft(connection, draft), status=status, tag=draft.tag, location=location, follow=follow)


def listed(connection: Connection, drafts: Iterable[DraftInfo]) -> Done:
    """Several drafts."""
    return Done(data=[_draft(connection, draft) for draft in drafts])


def uploaded(upload: UploadInfo, *, status: int = 202, follow: Follow = None) -> Done:
    """A file of a draft."""
    location = f"/v1/drafts/{upload.draft_id}/uploads/{upload.id}" if status != 200 else None
    return Done(data=_upload(upload), status=status, location=location, follow=follow)


def described(part: Part, *, new: bool, follow: Follow) -> Done:
    """An indicator or a place that a draft now describes."""
    return Done(data={"kind": part.kind, "name": part.name}, status=201 if new else 200, follow=follow)


def faults(settings: Settings, upload: UploadInfo) -> Done:
    """The table of the rows of a file that have faults. Problem `unknown-id` while there is none."""
    path = rows.faults_of(Path(settings.drafts_path), upload.draft_id, upload.id)
    if upload.state != "checked" or not path.exists():
        where = f"/v1/drafts/{upload.draft_id}/uploads/{upload.id}"
        raise unknown_id("table of faults", str(upload.id), field="upload", candidates=(), where=where)
    return Done(file=path, media_type="text/csv", name=f"faults-{upload.id}.csv")


def _draft(connection: Connection, draft: DraftInfo) -> dict[str, Any]:
    files, said = uploads.of_draft(connection, draft.id), parts.of_draft(connection, draft.id)
    own = f"/v1/drafts/{draft.id}"
    return {
        "id": draft.id,
        "owner": draft.owner,
        "reason": draft.reason,
        "kind": draft.kind,
        "state": draft.state,
        "ready": draft.state == "open" and bool(files or said) and uploads.not_publishable(draft, files) is None,
        "version": draft.tag,
        "base_release": draft.base_release,
        "created_at": moment(draft.created_at),
        "changed_at": moment(draft.changed_at),
        "publish_at": moment(draft.publish_at),
        "release": draft.release_id,
        "preview": draft.preview is not None,
        "problem": draft.problem,
        "uploads": [_upload(file) for file in files],
        "parts": [{"kind": part.kind, "name": part.name} for part in said],
        "links": {name: f"{own}{rest}" for name, rest in _LINKS.items()},
    }


_LINKS = {"self": "", "uploads": "/uploads", "diff": "/diff", "check": "/check", "publish": "/publish"}


def _upload(upload: UploadInfo) -> dict[str, Any]:
    outcome = upload.outcome or {}
    own = f"/v1/drafts/{upload.draft_id}/uploads/{upload.id}"
    return {
        "id": upload.id,
        "name": upload.name,
        "bytes": upload.bytes,
        "sha256": upload.sha256,
        "received_at": moment(upload.received_at),
        "state": upload.state,
        "step": upload.step,
        "rows": upload.rows,
        "good": upload.good,
        "errors": upload.errors,
        "warnings": upload.warnings,
        "reader": outcome.get("reader"),
        "columns": outcome.get("columns", {}),
        "unused": outcome.get("unused", []),
        "counts": outcome.get("counts", []),
        "faults": outcome.get("faults", []),
        "links": {"self": own, "faults": f"{own}/faults"},
    }


def moment(of: datetime | None) -> str | None:
    """A moment in ISO 8601, in UTC, to the second."""
    return None if of is None else of.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
