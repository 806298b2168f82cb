"""Which release a request reads, and its catalogue: found once per request, kept per process."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from api.catalogue import Catalogue
from api.database import Database
from api.errors import Problem
from api.queries.catalogue import current_release, load_catalogue

_KEPT = 4


class Releases:
    """The releases of a database as one process sees them. Safe to share among threads."""

    def __init__(self, database: Database, *, check_seconds: float) -> None:
        self._database = database
        self._check_seconds = check_seconds
        self._lock = threading.Lock()
        self._current: tuple[int | None, float] = (None, -1e9)
        self._catalogues: OrderedDict[int, Catalogue] = OrderedDict()

    def current(self) -> Catalogue:
        """The catalogue of the newest release. Problem `not-ready` while nothing is published."""
        release, seen = self._current
        if release is None or time.monotonic() - seen >= self._check_seconds:
            with self._database.connect() as connection:
                release = current_release(connection)
            self._current = (release, time.monotonic())
        if release is None:
            raise Problem(
                "not-ready", "Nothing has been published here yet. Run `make serve`.", headers={"Retry-After": "5"}
            )
        return self.at(release)

    def at(self, release: int) -> Catalogue:
        """The catalogue of a release that exists."""
        with self._lock:
            if release not in self._catalogues:
                with self._database.connect() as connection:
                    self._catalogues[release] = load_catalogue(connection, release)
                while len(self._catalogues) > _KEPT:
                    self._catalogues.popitem(last=False)
            return self._catalogues[release]
