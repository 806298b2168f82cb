"""Drafts are made, found, listed, changed and discarded. Whoever is not the owner of one hears that there is none."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from api.errors import Fault, Problem, invalid_definition, unknown_id
from api.limits import limit_of
from api.models import Draft, DraftPart, Upload
from api.queries.releases import newest_release
from api.services import audit
from api.services.audit import Actor
from api.services.ranges import in_utc

_MOMENTS = ("created_at", "changed_at", "publish_at")
_LONGEST_WAIT = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftInfo:
    """A draft as it stands."""

    id: str
    owner: str
    reason: str
    kind: str
    state: str
    version: int
    base_release: int
    created_at: datetime
    changed_at: datetime
    publish_at: datetime | None
    release_id: int | None
    preview: str | None
    problem: dict[str, Any] | None
    key_id: int | None

    @property
    def tag(self) -> str:
        """What names this version of it."""
        return f"{self.id}.{self.version}"


def create(
    connection: Connection,
    actor: Actor,
    *,
    reason: str,
    kind: str,
    publish_at: datetime | None,
    base_release: int | None = None,
) -> DraftInfo:
    """A new draft, of the actor's owner, over the release that was read, or the newest one.

    Problems of too many, of a moment, and of a release that there is not.
    """
    owner, now = owner_of(actor), datetime.now(UTC)
    open_ones = select(func.count()).where(Draft.owner == owner, Draft.state.in_(("open", "publishing")))
    if connection.execute(open_ones).scalar_one() >= limit_of("max_open_drafts"):
        message = f"There are {limit_of('max_open_drafts')} open drafts already. Publish or discard one of them."
        raise Problem("draft-conflict", message, faults=(Fault("too-many-drafts", "request", message),))
    _refuse_moment(publish_at, now)
    newest = newest_release(connection)
    if newest is None:
        raise Problem("not-ready", "Nothing has been published here yet.", headers={"Retry-After": "30"})
    if base_release is not None and base_release > newest[0]:
        message = f"There is no release {base_release} yet: the newest is {newest[0]}."
        raise invalid_definition([Fault("unknown-id", "body/base_release", message, (newest[0],))])
    draft = token_urlsafe(12)
    connection.execute(
        insert(Draft).values(
            id=draft,
            owner=owner,
            reason=reason.strip(),
            kind=kind,
            state="open",
            version=1,
            base_release=base_release or newest[0],
            created_at=now,
            changed_at=now,
            publish_at=publish_at,
            key_id=None if actor.key is None else actor.key.id,
        )
    )
    audit.note(connection, actor, "draft-created", subject=draft, details={"reason": reason, "kind": kind})
    return find(connection, actor, draft)


def owner_of(actor: Actor) -> str:
    """Whose drafts an actor works on."""
    if actor.owner is None:
        raise ValueError("a draft has an owner")
    return actor.owner


def find(connection: Connection, actor: Actor, draft: str) -> DraftInfo:
    """A draft of the actor's owner. Problem `unknown-id` for any other, whether or not there is one."""
    statement = select(Draft.__table__).where(Draft.id == draft, Draft.owner == owner_of(actor))
    row = connection.execute(statement).mappings().first()
    if row is None:
        raise unknown_id("draft", draft, field="draft", candidates=(), where="/v1/drafts")
    return _info(row)


def by_id(connection: Connection, draft: str) -> DraftInfo | None:
    """A draft, whoever's; None where there is none. For the service itself."""
    row = connection.execute(select(Draft.__table__).where(Draft.id == draft)).mappings().first()
    return None if row is None else _info(row)


def all_of(connection: Connection, actor: Actor) -> list[DraftInfo]:
    """The drafts of the actor's owner, the newest first, those that were discarded left out."""
    statement = select(Draft.__table__).where(Draft.owner == owner_of(actor), Draft.state != "discarded")
    return [_info(row) for row in connection.execute(statement.order_by(Draft.created_at.desc(), Draft.id)).mappings()]


def open_draft(
    connection: Connection,
    actor: Actor,
    draft: str,
    *,
    if_match: str | None = None,
    states: tuple[str, ...] = ("open",),
) -> DraftInfo:
    """A draft that may be changed, or is of one of some states.

    Problems `unknown-id`, `draft-conflict` and `draft-changed`.
    """
    found = find(connection, actor, draft)
    if if_match is not None and if_match != found.tag:
        message = f"The draft is {found.tag} by now, and {if_match[:60]} was meant. Read it again."
        raise Problem("draft-changed", message, faults=(Fault("draft-changed", "header/If-Match", message),))
    if found.state not in states:
        what = f"is published as release {found.release_id}" if found.state == "published" else f"is {found.state}"
        message = f"This draft {what}, and is changed no more. Make another one."
        raise Problem("draft-conflict", message, faults=(Fault(f"draft-{found.state}", "path/draft", message),))
    return found


def touch(connection: Connection, draft: DraftInfo, **values: Any) -> None:
    """Change a draft, which is another version then."""
    own = {"version": draft.version + 1, "changed_at": datetime.now(UTC), **values}
    connection.execute(update(Draft).where(Draft.id == draft.id).values(**own))


def due(connection: Connection, now: datetime) -> DraftInfo | None:
    """The draft that is to be published in the background now; None where none is."""
    come = or_(Draft.publish_at.is_(None), Draft.publish_at <= now)
    statement = select(Draft.__table__).where(Draft.state == "publishing", come).order_by(Draft.changed_at).limit(1)
    row = connection.execute(statement).mappings().first()
    return None if row is None else _info(row)


def note_preview(connection: Connection, draft: str, *, preview: str | None, problem: dict[str, Any] | None) -> None:
    """Note the copy in which a draft is published already, or why there is none: it is the same version of it."""
    connection.execute(update(Draft).where(Draft.id == draft).values(preview=preview, problem=problem))


def discard(connection: Connection, actor: Actor, draft: str, *, if_match: str | None) -> None:
    """Drop a draft: it can neither be read nor published any more. What was sent is kept for the audit."""
    found = open_draft(connection, actor, draft, if_match=if_match)
    connection.execute(delete(DraftPart).where(DraftPart.draft_id == found.id))
    touch(connection, found, state="discarded", preview=None, publish_at=None)
    files = connection.execute(select(Upload.sha256).where(Upload.draft_id == found.id)).scalars().all()
    audit.note(connection, actor, "draft-discarded", subject=found.id, details={"files": list(files)})


def check_anew(connection: Connection, actor: Actor, draft: str, *, if_match: str | None) -> DraftInfo:
    """Have all of a draft compared with the newest release: its uploads are checked again, and its preview is made."""
    found = open_draft(connection, actor, draft, if_match=if_match)
    newest = newest_release(connection)
    change(connection, found, base_release=found.base_release if newest is None else newest[0])
    audit.note(connection, actor, "draft-checked-anew", subject=draft)
    return find(connection, actor, draft)


def change(connection: Connection, draft: DraftInfo, **values: Any) -> None:
    """Change a draft so that its files are to be checked again."""
    waits = {"state": "waiting", "step": None}
    connection.execute(update(Upload).where(Upload.draft_id == draft.id).values(**waits))
    touch(connection, draft, preview=None, problem=None, **values)


def _refuse_moment(moment: datetime | None, now: datetime) -> None:
    if moment is None:
        return
    if moment <= now or moment - now > _LONGEST_WAIT:
        message = f"A draft is published at a moment to come, within a year; it is {now:%Y-%m-%dT%H:%M:%SZ} here."
        raise Problem("invalid-definition", message, faults=(Fault("invalid-value", "body/publish_at", message),))


def _info(row: Any) -> DraftInfo:
    own = {item.name: row[item.name] for item in fields(DraftInfo)}
    return DraftInfo(**own | {name: None if own[name] is None else in_utc(own[name]) for name in _MOMENTS})
