"""What a read is answered from: what is published, or, for the holder of its key, a draft as it will be (`draft=`).

A draft is read by the same code, from the copy of the database in which it is published already
(`services.drafts.previews`). Nothing of it is cached: not here, and not on the way.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app

from api.caches import Caches
from api.database import Database
from api.errors import Fault, Problem, not_ready
from api.http import conditional, keys
from api.http.releases import Releases
from api.services.drafts import lifecycle, previews, uploads
from api.services.drafts.lifecycle import DraftInfo
from api.settings import Settings

_OPEN = 4
"""Drafts that a process has open to be read."""


@dataclass(frozen=True, slots=True)
class Served:
    """The releases that a read is answered from, and the caches that it may use."""

    releases: Releases
    caches: Caches
    draft: DraftInfo | None = None

    def marked(self, meta: dict[str, Any]) -> dict[str, Any]:
        """What is said beside an answer, with the draft that it is of: nobody is to cite that as published."""
        if self.draft is None:
            return meta
        cited = {"citation": f"Not published: draft {self.draft.id} of {self.draft.owner}. {meta.get('citation', '')}"}
        return meta | {"draft": self.draft.id} | (cited if "citation" in meta else {})


class Previews:
    """The copies of drafts that a process has open. Safe to share among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened: OrderedDict[Path, tuple[Database, Releases]] = OrderedDict()

    def releases(self, path: Path, settings: Settings) -> Releases:
        """The releases of a copy. Problem `not-ready` where it is being made anew."""
        if not path.exists():
            raise not_ready("The draft has just changed. Ask again in a moment.", seconds=1)
        with self._lock:
            found = self._opened.pop(path, None)
            if found is None:
                database = Database(f"sqlite:///{path}", settings)
                found = database, Releases(database, check_seconds=settings.release_check_seconds)
            self._opened[path] = found
            while len(self._opened) > _OPEN:
                _, (closed, _) = self._opened.popitem(last=False)
                closed.engine.dispose()
            return found[1]


def served(draft: str | None) -> Served:
    """What a read is answered from. Problems `key-needed`, `unknown-id`, and of a draft that cannot be read yet."""
    if draft is None:
        return Served(current_app.extensions["releases"], current_app.extensions["caches"])
    settings: Settings = current_app.extensions["settings"]
    database: Database = current_app.extensions["database"]
    with database.connect() as connection:
        found = lifecycle.find(connection, keys.actor(connection, None), draft)
        if found.preview is None:
            raise _unreadable(found, uploads.not_publishable(found, uploads.of_draft(connection, draft)))
    conditional.note_uncacheable()
    opened: Previews = current_app.extensions.setdefault("previews", Previews())
    path = previews.path_of(Path(settings.drafts_path), draft, found.preview)
    return Served(opened.releases(path, settings), Caches(0), found)


def _unreadable(draft: DraftInfo, problem: Problem | None) -> Problem:
    """Why a draft cannot be read as it will be."""
    if draft.state == "published":
        message = f"This draft is published: read release {draft.release_id}, without `draft`."
        return Problem("draft-conflict", message, faults=(Fault("draft-published", "query/draft", message),))
    if draft.state != "open":
        message = f"This draft is {draft.state}, and is read no more."
        return Problem("draft-conflict", message, faults=(Fault(f"draft-{draft.state}", "query/draft", message),))
    if draft.problem is not None:
        message = draft.problem["message"]
        return Problem("draft-conflict", message, faults=(Fault(draft.problem["code"], "query/draft", message),))
    if problem is not None:
        return problem
    message = "The draft is empty, or is being made ready to be read. Ask again in a moment."
    fault = Fault("not-checked", "query/draft", message)
    return Problem("draft-conflict", message, faults=(fault,), headers={"Retry-After": "1"})
