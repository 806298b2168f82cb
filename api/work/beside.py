"""A web worker sees to it that there is a process that works in the background, where partners have sent something."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from api.services.drafts import wanted
from api.settings import ROOT, Settings

_EVERY = 2.0
"""Seconds between two looks."""


class Beside:
    """Looks after the process that works in the background, for one web worker."""

    def __init__(self, settings: Settings) -> None:
        self._drafts = Path(settings.drafts_path)
        self._used = settings.work_beside == "on"
        self._looked = 0.0
        self._begun: subprocess.Popen[bytes] | None = None

    def look(self, now: float | None = None) -> None:
        """Begin one where none works. Costs nothing as long as no partner has ever sent anything."""
        now = time.monotonic() if now is None else now
        if not self._used or now - self._looked < _EVERY:
            return
        self._looked = now
        if self._begun is not None:
            self._begun.poll()
        if not wanted.last(self._drafts):
            return
        lock = wanted.held(self._drafts)
        if lock is None:
            return
        # It ends with the server, and outlives this worker. The lock is handed on, so that no two are begun.
        with lock:
            number = lock.fileno()
            command = [sys.executable, "-m", "api.work", "--parent", str(os.getppid()), "--lock", str(number)]
            self._begun = subprocess.Popen(command, cwd=ROOT, start_new_session=True, pass_fds=[number])  # noqa: S603
