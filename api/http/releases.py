"""Which release a request reads, and its catalogue: found once per request, kept per process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from api.answers.withdrawn import refuse_withdrawn
from api.catalogue import Catalogue, Origin, ReleaseInfo
from api.database import Database
from api.errors import Fault, Problem, not_ready, unknown_id
from api.filters import At
from api.http.watch import Seen, Watch
from api.queries.catalogue import load_catalogue
from api.queries.releases import has_release
from api.snapshot import Snapshot

LATEST = "latest"
"""Stands for the newest release where its number stands otherwise."""
_KEPT = 4


@dataclass(frozen=True, slots=True)
class ResolvedRelease:
    """The catalogue of the release that a request reads, and whether the same request will always read it."""

    catalogue: Catalogue
    pinned: bool


class Releases:
    """The releases of a database as one process sees them. Safe to share among threads."""

    def __init__(self, database: Database, *, check_seconds: float) -> None:
        self._database = database
        self._watch = Watch(database, seconds=check_seconds, prepare=self._make_ready)
        self._lock, self._loading = threading.Lock(), threading.Lock()
        self._catalogues: OrderedDict[tuple[Origin, int], Catalogue] = OrderedDict()

    def all(self) -> tuple[ReleaseInfo, ...]:
        """Every release, oldest first. Problem `not-ready` while nothing is published, or the database is away."""
        return self.seen().releases

    def newest(self) -> Seen | None:
        """What answers may be kept under, None where there is nothing to be read: a request says why.

        Another object whenever anything was published, or the database was replaced. Never waits for a database that
        is away; `unseen_for` tells.
        """
        try:
            seen = self._watch.seen(patient=False)
        except Problem:
            return None
        return seen if seen is not None and seen.releases else None

    @property
    def last_seen(self) -> ReleaseInfo | None:
        """The newest release when it was last looked for, None where it never was: no look at the database."""
        seen = self._watch.last
        return seen.releases[-1] if seen is not None and seen.releases else None

    def unseen_for(self) -> float:
        """For how many seconds the database has been away; 0 while it is there."""
        return self._watch.unseen_for()

    def seen(self) -> Seen:
        """What there is to be read. Problem `not-ready`."""
        seen = self._watch.seen()
        problem = self._watch.problem()
        if problem is not None:
            raise problem
        if seen is None or not seen.releases:
            raise not_ready("Nothing has been published here yet. Run `make serve`.")
        return seen

    def current(self) -> Catalogue:
        """The catalogue of the newest release."""
        seen = self.seen()
        return self._catalogue(seen.releases[-1], seen.origin)

    def resolve(self, at: At) -> ResolvedRelease:
        """The release that is asked for. Problems `unknown-id` and `release-withdrawn`."""
        seen = self.seen()
        known = seen.releases
        if at.release is not None:
            release = find(known, str(at.release))
        elif at.as_of is not None:
            release = _as_of(known, at.as_of)
        else:
            return ResolvedRelease(self._catalogue(known[-1], seen.origin), pinned=False)
        refuse_withdrawn(release, known)
        # A moment is of one release for ever once there is a later one: until then another may fall before it.
        pinned = at.release is not None or (at.as_of or "") < known[-1].published_at
        return ResolvedRelease(self._catalogue(release, seen.origin), pinned=pinned)

    def load(self) -> None:
        """Load the catalogue of the newest release, if there is one, so that no request has to wait for it."""
        with suppress(Problem):  # requests say why there is none
            self.current().make_ready()

    def snapshot(self, release: ReleaseInfo) -> Snapshot:
        """What a request for a release reads: each connection is looked at whether the release is there."""
        return Snapshot(self._database, partial(self._refuse_without, release))

    def _refuse_without(self, release: ReleaseInfo, connection: Connection) -> None:
        """Problem `not-ready` where a connection has not got the release that was seen.

        It is of a replica that is behind, or of a database that was put in the place of the one that was seen.
        """
        if not has_release(connection, release):
            self._database.doubted = True
            raise not_ready(f"Release {release.id} cannot be read just now. Ask again in a moment.", seconds=1)

    def _make_ready(self, seen: Seen) -> None:
        """Load the catalogue of a new release beside the one that requests are answered from until it is there."""
        if seen.releases:
            with suppress(Problem):  # it is away again: requests say so
                self._catalogue(seen.releases[-1], seen.origin).make_ready()

    def _catalogue(self, release: ReleaseInfo, origin: Origin) -> Catalogue:
        key = (origin, release.id)
        found = self._known(key)
        if found is not None:
            return found
        # Who waits for another thread to load it waits for the database, and counts among those who do.
        with self._database.entered(), self._loading:
            found = self._known(key)
            if found is not None:
                return found
            with self._database.connect() as connection:
                self._refuse_without(release, connection)
                loaded = load_catalogue(connection, release, origin)
            with self._lock:
                self._catalogues[key] = loaded
                self._drop_old(origin)
            return loaded

    def _drop_old(self, newest: Origin) -> None:
        """Drop catalogues that nobody can ask for any more, and all but the last that were asked for."""
        seen = self._watch.last
        asked = {newest} if seen is None else {newest, seen.origin}  # requests read what is seen until they see another
        for key in [key for key in self._catalogues if key[0] not in asked]:
            del self._catalogues[key]
        while len(self._catalogues) > _KEPT:
            self._catalogues.popitem(last=False)

    def _known(self, key: tuple[Origin, int]) -> Catalogue | None:
        with self._lock:
            found = self._catalogues.get(key)
            if found is not None:
                self._catalogues.move_to_end(key)
            return found


def find(known: tuple[ReleaseInfo, ...], number: str, *, field: str = "release") -> ReleaseInfo:
    """The release of a number (or the newest), withdrawn or not. Problem `unknown-id` where there is none."""
    number = LATEST if number.casefold() == LATEST else number
    for release in known[-1:] if number == LATEST else known:
        if number in {str(release.id), LATEST}:
            return release
    newest = tuple(str(release.id) for release in known[-3:][::-1])
    raise unknown_id("release", number, field=field, candidates=newest, where="/v1/releases")


def _as_of(known: tuple[ReleaseInfo, ...], moment: str) -> ReleaseInfo:
    published = [release for release in known if release.published_at <= moment]
    if published:
        return published[-1]
    message = f"Nothing was published by then: the first release is of {known[0].published_at}."
    raise Problem(
        "unknown-id",
        message,
        faults=(Fault("before-first-release", "as_of", message, (known[0].published_at[:10],)),),
    )
