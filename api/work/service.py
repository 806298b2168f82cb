"""The process that works in the background: it looks for what is to be done, and does one thing after another."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from api.database import Database
from api.errors import Problem
from api.exports.after_commit import follow_up
from api.queries.releases import newest_release
from api.services import keys
from api.services.audit import Actor
from api.services.drafts import lifecycle, previewing, previews, publishing, uploads, wanted
from api.settings import ROOT, Settings

_LOG = logging.getLogger("api.work")
_OFTEN, _SELDOM = 0.1, 2.0
"""Seconds between two looks at whether something was noted, and at the database."""
_TIDY = 60.0
"""Seconds between two looks for copies of drafts that are read no more."""
_TRIES = 12
"""How often a file is tried whose process is killed. One that ends at a limit of its own counts for more."""
_ENDED = 6
_TOO_COSTLY = {
    "faults": [
        {
            "row": None,
            "column": None,
            "value": None,
            "severity": "error",
            "code": "too-costly",
            "message": "The file could not be read within the memory and time that reading one may take. Send it in "
            "parts, or as plain CSV.",
            "nearest": None,
        }
    ]
}
_LONGEST = 900
"""Seconds after which a process that checks a file is ended."""
_CHECKING = "api.work.checking"
"""The module that checks one file. It is not imported here: polars is only for the process that checks."""


class Service:
    """One process that works on a database and a folder of drafts."""

    def __init__(self, settings: Settings, *, parent: int | None = None) -> None:
        """`parent` is the server that it ends with."""
        self._settings, self._parent = settings, parent
        self._database = Database(settings.database_url, settings)
        self._database.take_time()
        self._drafts = Path(settings.drafts_path)
        self._release: object = None
        self._tries: Counter[int] = Counter()
        self._begun = False
        self._tidied = 0.0
        self.stopped = False

    def run(self) -> None:
        """Work until the process is told to stop, or its server is gone."""
        noted, looked = -1, 0.0
        while self._goes_on():
            seen, now = wanted.last(self._drafts), time.monotonic()
            if seen != noted or now - looked >= _SELDOM:
                noted, looked = seen, now
                try:
                    self._begin()
                    while self._goes_on() and self.step():
                        pass
                except Exception:  # a database that is away: it is looked for again
                    _LOG.exception("What is to be done in the background failed, and is tried again.")
            time.sleep(_OFTEN)

    def _begin(self) -> None:
        """Take up what the process before this one left: whoever works here is the only one."""
        if not self._begun:
            with self._database.begin() as connection:
                uploads.take_up(connection)
            self._begun = True
        if time.monotonic() - self._tidied >= _TIDY:
            self._tidied = time.monotonic()
            with self._database.connect() as connection:
                previews.tidy_ended(connection, self._drafts)

    def close(self) -> None:
        """Let go of the database."""
        self._database.engine.dispose()

    def step(self) -> bool:
        """Do one thing that is to be done; whether there was any."""
        return self._check_one() or self._publish_one() or self._follow() or self._show_one()

    def _check_one(self) -> bool:
        with self._database.connect() as connection:
            if not uploads.any_waits(connection, datetime.now(UTC)):
                return False
        with self._database.begin() as connection:
            upload = uploads.claim(connection, datetime.now(UTC))
        if upload is None:
            return False
        ended = self._run(upload.id)
        if ended:
            self._tries[upload.id] += 1 if ended == -signal.SIGKILL else _ENDED
            with self._database.begin() as connection:
                if self._tries[upload.id] < _TRIES:
                    uploads.take_up(connection, upload.id)
                else:
                    uploads.note_outcome(connection, upload.id, state="refused", counts=None, outcome=_TOO_COSTLY)
        return True

    def _run(self, upload: int) -> int:
        """Have a process check a file; its exit code, 0 where it came to an end."""
        command = [sys.executable, "-m", _CHECKING, str(upload)]
        with subprocess.Popen(command, cwd=ROOT) as process:  # noqa: S603
            until, renewed = time.monotonic() + _LONGEST, time.monotonic()
            while process.poll() is None:
                now = time.monotonic()
                if now > until or not self._goes_on():
                    process.kill()
                if now - renewed > uploads.HELD.total_seconds() / 3:
                    renewed = now
                    with self._database.begin() as connection:
                        uploads.hold(connection, upload)
                time.sleep(0.02)
            # Whoever works here next takes the file up again where this process is to end.
            return process.returncode if self._goes_on() else 0

    def _publish_one(self) -> bool:
        with self._database.connect() as connection:
            due = lifecycle.due(connection, datetime.now(UTC))
        if due is None:
            return False
        try:
            with self._database.begin() as connection:
                actor = _actor(connection, due)
                publishing.publish_draft(
                    connection,
                    actor,
                    due.id,
                    drafts=self._drafts,
                    url=self._settings.public_url,
                    states=("publishing",),
                )
        except Problem as problem:
            told = {"code": problem.type.slug, "message": problem.detail}
            with self._database.begin() as connection:
                now = lifecycle.by_id(connection, due.id)
                if now is not None and now.state == "publishing":
                    lifecycle.touch(connection, now, state="open", publish_at=None, problem=told)
        return True

    def _follow(self) -> bool:
        """Do what follows a publication, of releases since this process began."""
        with self._database.connect() as connection:
            newest = newest_release(connection)
        if self._release is None or newest == self._release:
            self._release = newest
            return False
        self._release = newest
        for outcome in follow_up(self._database, self._settings, builds=None, waiting=lambda: None):
            if outcome.error is not None:
                _LOG.error("The step %r failed.", outcome.name, exc_info=outcome.error)
        return True

    def _show_one(self) -> bool:
        """Make the copy of a draft to be looked at where no file of it had to be checked for that."""
        with self._database.connect() as connection:
            draft = previewing.without_preview(connection)
        if draft is None:
            return False
        previewing.make_preview(self._database, self._settings, draft)
        return True

    def _goes_on(self) -> bool:
        """Whether it is not told to stop, and the server is still there that it works beside."""
        if self.stopped or self._parent is None:
            return not self.stopped
        try:
            os.kill(self._parent, 0)
        except OSError:
            return False
        return True


def _actor(connection: Connection, draft: lifecycle.DraftInfo) -> Actor:
    """Who has a draft published. Problem `not-allowed` where the key is taken no more."""
    if draft.key_id is None:
        return Actor(name=draft.owner)
    key = keys.by_id(connection, draft.key_id)
    refusal = key.refusal(datetime.now(UTC))
    if refusal is not None or "publish" not in key.scopes:
        raise Problem("not-allowed", refusal or "The key that this draft was to be published with may not publish.")
    return Actor(key=key)


def main() -> None:
    """Work, unless another process does."""
    parser = argparse.ArgumentParser(prog="python -m api.work", description=__doc__)
    parser.add_argument("--parent", type=int, help="The process that this one ends with.")
    parser.add_argument("--lock", type=int, help="The file that is locked already, as whoever began this one has it.")
    given = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = Settings.from_environment()
    lock = wanted.held(Path(settings.drafts_path)) if given.lock is None else os.fdopen(given.lock, "w")
    if lock is None:
        return
    service = Service(settings, parent=given.parent)

    def stop(*_: object) -> None:
        service.stopped = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with lock:
        service.run()
