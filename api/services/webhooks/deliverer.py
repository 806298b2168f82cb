"""Tells receivers of releases: each in their order, and no receiver waits for another."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

from api.database import Database
from api.services.webhooks import outbox, sending
from api.services.webhooks.backoff import Backoff
from api.services.webhooks.sending import Message, Outcome
from api.settings import Settings

_LOG = logging.getLogger("api.services.webhooks")
_OFTEN, _LOOK = 0.05, 1.0
"""Seconds between two looks at what came of attempts, and at the database."""
_AT_ONCE = 16
"""Receivers that are sent something at the same time. One that is slow takes one of these for ten seconds."""


class Deliverer:
    """Tells the receivers of a database. Only the thread that runs it is at the database, others send."""

    def __init__(
        self,
        settings: Settings,
        *,
        backoff: Backoff | None = None,
        send: Callable[[Message], Outcome] | None = None,
        parent: int | None = None,
    ) -> None:
        """`parent` is the server that it ends with."""
        self._settings, self._parent = settings, parent
        self._database = Database(settings.database_url, settings)
        self._database.take_time()
        self._backoff = backoff or Backoff()
        self._send = send or partial(sending.send, private=settings.webhooks_private == "on")
        self._flying: dict[Future[Outcome], Message] = {}
        self._threads = ThreadPoolExecutor(_AT_ONCE)
        self.stopped = False

    def run(self) -> None:
        """Tell them until the process is told to stop, or its server is gone."""
        looked = 0.0
        while not self.stopped and self._is_wanted():
            now = time.monotonic()
            try:
                if self._note() or now - looked >= _LOOK:
                    looked = now
                    self._begin()
            except Exception:  # a database that is away: it is looked for again
                _LOG.exception("Receivers could not be told, which is tried again.")
                looked = now
            time.sleep(_OFTEN)
        self._finish()

    def once(self) -> int:
        """Send all that is due now, and note what comes of it; how many attempts were made.

        A receiver that cannot be reached is tried once, whenever it is due again.
        """
        failed: set[str] = set()
        try:
            made = self._begin()
            while self._flying:
                time.sleep(_OFTEN)
                for message, outcome in self._note():
                    if not outcome.arrived:
                        failed.add(message.webhook)
                    made += self._begin(without=failed)
            return made
        finally:
            self._finish()

    def _begin(self, *, without: Collection[str] = ()) -> int:
        """Make messages of new releases, and begin to send those that are due; how many."""
        with self._database.connect() as connection:
            behind = outbox.any_behind(connection)
        if behind:
            with self._database.begin() as connection:
                outbox.fill(connection, url=self._settings.public_url)
        busy = {message.webhook for message in self._flying.values()} | {*without}
        with self._database.connect() as connection:
            due = outbox.heads(connection, datetime.now(UTC), without=busy)
        begun = due[: _AT_ONCE - len(self._flying)]
        for message in begun:
            self._flying[self._threads.submit(self._send, message)] = message
        return len(begun)

    def _note(self) -> list[tuple[Message, Outcome]]:
        """Note what came of the attempts that have ended."""
        ended = []
        for future in [future for future in self._flying if future.done()]:
            # It stays among those under way until it is noted, so that it is not sent again meanwhile.
            message, outcome = self._flying[future], _outcome(future)
            with self._database.begin() as connection:
                outbox.note(connection, message, outcome, self._backoff)
            del self._flying[future]
            ended.append((message, outcome))
        return ended

    def _finish(self) -> None:
        """Wait for the attempts under way, no longer than one may take, and let everything go."""
        self._threads.shutdown(cancel_futures=True)
        self._flying = {future: message for future, message in self._flying.items() if not future.cancelled()}
        try:
            self._note()
        except Exception:  # they are made again: receivers know them by their identifiers
            _LOG.exception("What came of the last attempts could not be noted.")
        self._flying = {}
        self._database.engine.dispose()

    def _is_wanted(self) -> bool:
        if self._parent is None:
            return True
        try:
            os.kill(self._parent, 0)
        except OSError:
            return False
        return True


def _outcome(future: Future[Outcome]) -> Outcome:
    try:
        return future.result()
    except Exception:  # a fault of ours holds up nobody else
        _LOG.exception("A message could not be sent.")
        return Outcome(None, "The service failed to send it, which it has logged.")


def stop_by_signal(deliverer: Deliverer) -> None:
    """Have SIGTERM and SIGINT stop a deliverer when what is under way has ended."""

    def stop(*_: object) -> None:
        deliverer.stopped = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
