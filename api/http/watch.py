"""What a process last saw of the database: its releases, and whether it is there.

One thread looks, at most once a second and only while somebody asks, and nobody waits for it longer than a moment: the
others go on with what was last seen. A database that does not answer is found out by this one thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from api.catalogue import Origin, ReleaseInfo
from api.connecting.failures import Failure, failure_in
from api.database import Database, refusal
from api.errors import Problem, not_ready
from api.queries.releases import LASTING, all_releases, marks_of, state_of

_LOG = logging.getLogger("api.database")
_MOMENT = 0.5
"""Seconds that who finds that it is time to look waits for what is seen."""
_FIRST = 30.0
"""Seconds that everybody waits where nothing has been seen yet. What bounds the look itself ends it long before."""
_AGAIN = 1.0
"""Seconds after which it is looked again for a database that was not there."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What was there: the releases, oldest first, and which database they are of. Another object with every change.

    What is kept of earlier releases stays when another one is published.
    """

    releases: tuple[ReleaseInfo, ...]
    origin: Origin
    state: tuple[Any, ...] | None
    marks: tuple[str | None, ...]


class Watch:
    """Looks at the database now and then. Safe to share among threads."""

    def __init__(self, database: Database, *, seconds: float, prepare: Callable[[Seen], None]) -> None:
        """`prepare` is given what is to take the place of what was seen before: nobody waits while it is made ready."""
        self._database = database
        self._seconds = seconds
        self._prepare = prepare
        self._seen: Seen | None = None
        self._begun = self._succeeded = float("-inf")
        """When a look was last begun, and when one was last begun that succeeded."""
        self._replaced = False
        """Whether the database may be another one than the one that was seen: until that has been seen."""
        self._lost = 0.0
        """When the database was found to be away."""
        self._looking: threading.Thread | None = None
        self._lock = threading.Lock()
        self._unprepared: Failure | None = None

    def seen(self, *, patient: bool = True) -> Seen | None:
        """What was last seen, None where nothing was: no longer ago than so many seconds, unless the database is slow.

        Problem `not-ready` where nothing was seen yet, and many wait for it already.
        Who is not `patient` never waits where something has been seen before and the database is away.
        """
        now = time.monotonic()
        if now - self._begun >= self._due_after():
            self._look(now, patient=patient)
        return self._seen

    @property
    def last(self) -> Seen | None:
        """What was last seen, however long ago."""
        return self._seen

    def unseen_for(self) -> float:
        """For how many seconds the database has been away; 0 where it was there when it was last looked at."""
        return 0.0 if self._database.away is None else time.monotonic() - self._succeeded

    def problem(self) -> Problem | None:
        """Why there is nothing to be read; None where there is."""
        away = self._database.away
        if away is not None:
            return refusal(away)
        if self._unprepared is not None:
            return not_ready("The database lacks tables that this code needs. Run `make migrate`, or `make serve`.")
        if self._seen is None:
            return not_ready("The database has not answered yet. Ask again in a moment.", seconds=1)
        return None

    def _due_after(self) -> float:
        if self._database.away is not None:
            return max(self._seconds, _AGAIN)
        known = self._seen is not None and self._seen.releases and not self._database.doubted
        return self._seconds if known else 0.0

    def _look(self, now: float, *, patient: bool) -> None:
        away = self._database.away is not None
        if self._seconds == 0 and not away:
            self._begun = now
            self._see(now)
            return
        with self._lock:
            mine = self._looking is None or not self._looking.is_alive()
            if self._looking is None or mine:
                self._begun = now
                self._looking = threading.Thread(target=self._see, args=(now,), name="look", daemon=True)
                self._looking.start()
            looking = self._looking
        if self._seen is None:
            with self._database.entered():
                looking.join(_FIRST)
        elif mine and (patient or not away):
            looking.join(_MOMENT)

    def _see(self, begun: float) -> None:
        """Look, and note what was seen, or that the database is away."""
        try:
            seen = self._read()
            # Where every request looks for itself, it is the one that would wait.
            if self._seconds and self._seen is not None and seen is not self._seen:
                self._prepare(seen)
        except Exception as error:
            self._note(error)
            return
        self._seen, self._unprepared, self._succeeded, self._replaced = seen, None, begun, False
        if self._database.away is not None:
            self._database.away = None
            _LOG.warning("The database answers again, after %.0f s.", time.monotonic() - self._lost)

    def _read(self) -> Seen:
        self._database.doubted = False
        self._replaced = self._database.replaced() or self._replaced
        before, replaced = self._seen, self._replaced
        with self._database.look() as connection:
            state = state_of(connection)
            if before is not None and not replaced and state == before.state:
                return before
            releases, marks = tuple(all_releases(connection)), marks_of(connection)
        self._database.settle()  # where whoever published could not: somebody was reading
        seen = Seen(releases, Origin(), state, marks)
        same = before is not None and not replaced and _goes_on(before, seen)
        return replace(seen, origin=before.origin) if before is not None and same else seen

    def _note(self, error: Exception) -> None:
        failure = _missing() if isinstance(error, FileNotFoundError) else failure_in(error)
        if failure is None:
            _LOG.error("The database cannot be looked at.", exc_info=error)
            failure = Failure("unknown", "cannot be read", type(error).__name__)
        if failure.unprepared:
            self._seen, self._unprepared, self._database.away = None, failure, None
        elif not failure.passing or self._seen is None:
            before = self._database.away
            if before is None:
                self._lost = time.monotonic()
            if before is None or before.kind != failure.kind:
                self._database.teller.tell(failure)
            self._database.away = failure


def _goes_on(before: Seen, now: Seen) -> bool:
    """Whether what is there now is what was there before, with releases added."""
    if before.state is None or now.state is None:
        return False
    known = len(before.releases)
    same = now.releases[:known] == before.releases and now.marks[:known] == before.marks
    return same and now.state[LASTING:] == before.state[LASTING:]


def _missing() -> Failure:
    return Failure("missing", "is not there", "there is no file at DATABASE_URL: run `make serve`, or put it back")
