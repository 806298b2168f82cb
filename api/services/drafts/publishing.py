"""A draft becomes a release: in one transaction, with its texts, places, figures, source files, and an audit entry."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from api.errors import Fault, Problem
from api.models import Indicator, SourceFile
from api.queries.releases import newest_release
from api.services import audit, publish
from api.services.audit import Actor
from api.services.described import Revision
from api.services.drafts import conflicts, lifecycle, parts, rows, uploads
from api.services.drafts.lifecycle import DraftInfo
from api.services.drafts.parts import Part
from api.services.drafts.uploads import UploadInfo
from api.services.publish import Published
from api.services.ranges import RefusedError


def publish_draft(
    connection: Connection,
    actor: Actor,
    draft: str,
    *,
    drafts: Path,
    url: str,
    if_match: str | None = None,
    states: tuple[str, ...] = ("open",),
) -> Published:
    """Publish a draft as the next release. Problems `draft-conflict`, `draft-changed`, `not-allowed`, `unknown-id`.

    `drafts` is the folder of what partners sent, `url` the address of the service, which stands in its texts.
    """
    found = ready(connection, actor, draft, if_match=if_match, states=states)
    refuse_conflicts(connection, found, drafts)
    files, said = uploads.of_draft(connection, draft), parts.of_draft(connection, draft)
    try:
        published = apply(connection, found, said, files, drafts=drafts, url=url)
    except RefusedError as refused:
        raise Problem("draft-conflict", str(refused), faults=(Fault("refused", "path/draft", str(refused)),)) from None
    if not published:
        message = "All of this stands already: there is nothing to publish."
        raise Problem("draft-conflict", message, faults=(Fault("nothing-new", "path/draft", message),))
    lifecycle.touch(
        connection, found, state="published", release_id=published.release, preview=None, publish_at=None, problem=None
    )
    audit.note(
        connection,
        actor,
        "published",
        subject=draft,
        details={"release": published.release, "files": [file.sha256 for file in files]},
    )
    return published


def ready(
    connection: Connection,
    actor: Actor,
    draft: str,
    *,
    if_match: str | None = None,
    states: tuple[str, ...] = ("open",),
) -> DraftInfo:
    """A draft that can be published as far as its files tell. Problems as with `publish_draft`."""
    found = lifecycle.open_draft(connection, actor, draft, if_match=if_match, states=states)
    files = uploads.of_draft(connection, draft)
    if not files and not parts.of_draft(connection, draft):
        message = "The draft is empty. Upload a file first."
        raise Problem("draft-conflict", message, faults=(Fault("empty", "path/draft", message),))
    problem = uploads.not_publishable(found, files)
    if problem is not None:
        raise problem
    _refuse_beyond_key(actor, files)
    return found


def refuse_conflicts(connection: Connection, draft: DraftInfo, drafts: Path) -> None:
    """Problem `draft-conflict` where others published something of a draft since it was compared."""
    files, said = uploads.of_draft(connection, draft.id), parts.of_draft(connection, draft.id)
    newest = newest_release(connection)
    paths = [rows.file_of(drafts, draft.id, file.id) for file in files]
    conflicts.refuse(connection, draft, 0 if newest is None else newest[0], said, paths)


def apply(
    connection: Connection,
    draft: DraftInfo,
    said: Sequence[Part],
    files: Sequence[UploadInfo],
    *,
    drafts: Path,
    url: str,
) -> Published:
    """Have a connection's database say what a draft says, as its next release: the service's, or a copy of it."""
    revisions = parts.revisions(connection, draft.owner, said, url=url)
    sources, numbered = _source_files(connection, files, revisions)
    given = [(rows.file_of(drafts, draft.id, file.id), numbered[file.id]) for file in files]
    return publish.publish_staged(
        connection,
        rows.staged(connection, given),
        revisions=[*revisions, *([Revision(SourceFile, sources)] if sources else [])],
        reason=draft.reason,
        kind=draft.kind,
        owner=draft.owner,
    )


def _source_files(
    connection: Connection, files: Sequence[UploadInfo], revisions: Sequence[Revision]
) -> tuple[list[dict[str, Any]], dict[int, dict[str, int]]]:
    """The uploads as files that figures were read from: a row for each source, and their numbers by indicator."""
    sources = dict(connection.execute(select(Indicator.slug, Indicator.source_id)).all())
    for revision in revisions:
        if revision.model is Indicator:
            sources |= {row["slug"]: row["source_id"] for row in revision.rows}
    free = 1 + (connection.execute(select(func.max(SourceFile.id))).scalar() or 0)
    made: list[dict[str, Any]] = []
    numbered: dict[int, dict[str, int]] = {}
    for file in files:
        by_source: dict[str, int] = {}
        numbered[file.id] = {}
        for slug in (file.outcome or {}).get("indicators", ()):
            source = sources[slug]
            if source not in by_source:
                by_source[source] = free
                made.append(
                    {
                        "id": free,
                        "slug": f"upload-{file.sha256[:16]}-{free}",
                        "source_id": source,
                        "title": file.name,
                        "version_date": file.received_at.date().isoformat(),
                        "retrieved_from": None,
                    }
                )
                free += 1
            numbered[file.id][slug] = by_source[source]
    return made, numbered


def _refuse_beyond_key(actor: Actor, files: Sequence[UploadInfo]) -> None:
    """Problem `not-allowed` where a key may not write all that was uploaded with another one."""
    key = actor.key
    if key is None:
        return
    for file in files:
        beyond = set((file.outcome or {}).get("indicators", ())) - (key.indicators or set()) if key.indicators else ()
        limits = set(file.options.get("regions") or ()) if file.options.get("regions") is not None else None
        wider = key.regions is not None and (limits is None or not limits <= key.regions)
        if beyond or wider:
            message = f"{file.name} was uploaded with a key that may write more than this one. Publish it with that."
            raise Problem("not-allowed", message, faults=(Fault("not-yours", f"uploads/{file.id}", message),))
