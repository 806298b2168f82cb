"""A draft is published for its holder: at once where it is short, else by the process that works in the background."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from api.http.writes import Done, Writing
from api.services.drafts import lifecycle, publishing, uploads, wanted
from api.services.drafts.lifecycle import DraftInfo
from api.services.publish import Published
from api.settings import Settings


def wake(settings: Settings) -> Callable[[], None]:
    """What is done after a commit, so that what is to be done in the background is begun at once."""
    return lambda: wanted.note(Path(settings.drafts_path))


def publish(writing: Writing, draft: str) -> Done:
    """Publish a draft, or have it published. Problems of `services.drafts.publishing`."""
    settings, connection, actor = writing.settings, writing.connection, writing.actor
    drafts = Path(settings.drafts_path)
    found = publishing.ready(connection, actor, draft, if_match=writing.if_match)
    count = sum(file.rows or 0 for file in uploads.of_draft(connection, draft))
    long = count > settings.limits.max_rows_published_at_once
    publishing.refuse_conflicts(connection, found, drafts)
    dry_run = writing.query.get("dry_run", False)
    if dry_run and long:
        return Done(data=_told(found, "open"))
    if not dry_run and (long or found.publish_at is not None):
        key = None if actor.key is None else actor.key.id
        lifecycle.touch(connection, found, state="publishing", key_id=key, problem=None)
        told = _told(found, "publishing")
        return Done(data=told, status=202, location=f"/v1/drafts/{draft}", follow=wake(settings))
    trial = connection.begin_nested()
    published = publishing.publish_draft(
        connection, actor, draft, if_match=writing.if_match, drafts=drafts, url=settings.public_url
    )
    if dry_run:
        trial.rollback()
        return Done(data=_told(found, "open", published))
    trial.commit()
    location = f"/v1/releases/{published.release}"
    return Done(data=_told(found, "published", published), status=201, location=location, follow=wake(settings))


def _told(draft: DraftInfo, state: str, published: Published | None = None) -> dict[str, Any]:
    counts = {name: getattr(published, name, None) for name in ("added", "changed", "removed")}
    release = published.release if published is not None and state == "published" else None
    moment = None if draft.publish_at is None else draft.publish_at.isoformat().replace("+00:00", "Z")
    return {"draft": draft.id, "state": state, "release": release, **counts, "publish_at": moment}
