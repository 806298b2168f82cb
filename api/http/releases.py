"""Which release a request reads, and its catalogue: found once per request, kept per process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from api.answers.withdrawn import refuse_withdrawn
from api.catalogue import Catalogue, ReleaseInfo
from api.database import Database
from api.errors import Fault, Problem, unknown_id
from api.filters import At
from api.queries.catalogue import load_catalogue
from api.queries.releases import Named, all_releases, newest_release

LATEST = "latest"
"""Stands for the newest release where its number stands otherwise."""
_KEPT = 4


@dataclass(frozen=True, slots=True)
class Reached:
    """The release that a question reached, and whether it will lead there for ever."""

    catalogue: Catalogue
    pinned: bool


class Releases:
    """The releases of a database as one process sees them. Safe to share among threads."""

    def __init__(self, database: Database, *, check_seconds: float) -> None:
        self._database = database
        self._check_seconds = check_seconds
        self._lock = threading.RLock()
        self._known: tuple[ReleaseInfo, ...] = ()
        self._checked = -1e9
        self._catalogues: OrderedDict[Named, Catalogue] = OrderedDict()

    def all(self) -> tuple[ReleaseInfo, ...]:
        """Every release, oldest first. Problem `not-ready` while nothing is published."""
        if not self._known or time.monotonic() - self._checked >= self._check_seconds:
            with self._database.connect() as connection:
                if newest_release(connection) != (_named(self._known[-1]) if self._known else None):
                    self._known = tuple(all_releases(connection))
            self._checked = time.monotonic()
        if not self._known:
            raise Problem(
                "not-ready", "Nothing has been published here yet. Run `make serve`.", headers={"Retry-After": "5"}
            )
        return self._known

    @property
    def last_seen(self) -> ReleaseInfo | None:
        """The newest release when it was last looked for, None where it never was: no look at the database."""
        known = self._known
        return known[-1] if known else None

    def newest(self) -> Named | None:
        """Number and mark of the newest release, None where it cannot be told: a request says why."""
        try:
            return _named(self.all()[-1])
        except (Problem, SQLAlchemyError):
            return None

    def current(self) -> Catalogue:
        """The catalogue of the newest release."""
        return self._catalogue(self.all()[-1])

    def reach(self, at: At, *, path: str = "query/release") -> Reached:
        """The release that is asked for at a part of the request. Problems `unknown-id` and `release-withdrawn`."""
        known = self.all()
        if at.release is not None:
            release = find(known, str(at.release), path=path)
        elif at.as_of is not None:
            release = _as_of(known, at.as_of)
        else:
            return Reached(self._catalogue(known[-1]), pinned=False)
        refuse_withdrawn(release, known, path=path)
        # The past is settled once there is a later release; until then another may still fall into the time asked for.
        settled = at.release is not None or (at.as_of or "") < known[-1].published_at
        return Reached(self._catalogue(release), pinned=settled)

    def _catalogue(self, release: ReleaseInfo) -> Catalogue:
        with self._lock:
            named = _named(release)
            if named not in self._catalogues:
                with self._database.connect() as connection:
                    self._catalogues[named] = load_catalogue(connection, release)
                while len(self._catalogues) > _KEPT:
                    self._catalogues.popitem(last=False)
            self._catalogues.move_to_end(named)
            return self._catalogues[named]


def _named(release: ReleaseInfo) -> Named:
    """What a release is kept under: a database built anew, or an older copy, has others of the same number."""
    return release.id, release.mark


def find(known: tuple[ReleaseInfo, ...], number: str, *, path: str) -> ReleaseInfo:
    """The release of a number (or the newest), withdrawn or not. Problem `unknown-id` where there is none."""
    number = LATEST if number.casefold() == LATEST else number
    for release in known[-1:] if number == LATEST else known:
        if number in {str(release.id), LATEST}:
            return release
    newest = tuple(str(release.id) for release in known[-3:][::-1])
    raise unknown_id("release", number, path=path, candidates=newest, where="/v1/releases")


def _as_of(known: tuple[ReleaseInfo, ...], moment: str) -> ReleaseInfo:
    published = [release for release in known if release.published_at <= moment]
    if published:
        return published[-1]
    message = f"Nothing was published by then: the first release is of {known[0].published_at}."
    raise Problem(
        "unknown-id",
        message,
        faults=(Fault("before-first-release", "query/as_of", message, (known[0].published_at[:10],)),),
    )
