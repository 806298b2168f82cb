"""Which drafts are to be looked at as they will be, and the copy of each in which it is published already."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, select

from api.database import Database
from api.errors import Problem
from api.models import Draft
from api.services.drafts import lifecycle, parts, previews, uploads
from api.services.ranges import RefusedError
from api.settings import Settings


def without_preview(connection: Connection) -> str | None:
    """A draft that has no copy yet and can have one: an indicator is described, a bad file taken out; None: no draft.

    Where making one failed, the draft says why, and it is not tried again until the draft changes.
    """
    statement = select(Draft.id).where(Draft.state == "open", Draft.preview.is_(None)).order_by(Draft.changed_at)
    for draft_id in connection.execute(statement).scalars().all():
        draft, files = lifecycle.by_id(connection, draft_id), uploads.of_draft(connection, draft_id)
        if draft is None or draft.problem is not None or uploads.not_publishable(draft, files) is not None:
            continue
        if files or parts.of_draft(connection, draft_id):
            return str(draft_id)
    return None


def make_preview(database: Database, settings: Settings, draft_id: str) -> None:
    """Make the copy of a draft in which it is published, where all of its files are good and there is none yet."""
    drafts = Path(settings.drafts_path)
    with database.connect() as connection:
        draft = lifecycle.by_id(connection, draft_id)
        said, files = parts.of_draft(connection, draft_id), uploads.of_draft(connection, draft_id)
        release, mark = previews.newest_of(connection)
    if draft is None or draft.state != "open" or draft.preview or uploads.not_publishable(draft, files):
        return
    problem, name = None, None
    try:
        copy = previews.copy_of(database, drafts, release, mark)
        name, _ = previews.build(copy, drafts, draft, said, files, url=settings.public_url)
    except RefusedError as refused:
        problem = {"code": "refused", "message": str(refused)}
    except Problem as refused:
        problem = {"code": refused.type.slug, "message": refused.detail}
    with database.begin() as connection:
        now = lifecycle.by_id(connection, draft_id)
        if now is None or now.version != draft.version:
            name = now.preview if now is not None else None  # it was changed meanwhile: the next check makes another
        else:
            lifecycle.note_preview(connection, draft_id, preview=name, problem=problem)
    previews.tidy(drafts, draft_id, name)
