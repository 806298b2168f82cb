"""A web worker sees to it that processes work in the background: where partners sent something, or want to be told."""

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


_PROCESSES = {"api.work": wanted.WORK, "api.work.delivering": wanted.DELIVERY}
"""What is begun, each where there is something to do for it. They hold up each other in nothing."""


class Beside:
    """Looks after the processes that work in the background, for one web worker."""

    def __init__(self, settings: Settings) -> None:
        self._drafts = Path(settings.drafts_path)
        self._used = settings.work_beside == "on"
        self._looked = 0.0
        self._begun: dict[str, subprocess.Popen[bytes]] = {}

    def look(self, now: float | None = None) -> None:
        """Begin what does not run. Costs nothing as long as no partner has ever sent anything."""
        now = time.monotonic() if now is None else now
        if not self._used or now - self._looked < _EVERY:
            return
        self._looked = now
        for module, pair in _PROCESSES.items():
            self._begin(module, pair)

    def _begin(self, module: str, pair: wanted.Pair) -> None:
        if module in self._begun:
            self._begun[module].poll()
        if not wanted.last(self._drafts, pair):
            return
        lock = wanted.held(self._drafts, pair)
        if lock is None:
            return
        # It ends with the server, and outlives this worker. The lock is handed on, so that no two are begun.
        with lock:
            number = lock.fileno()
            command = [sys.executable, "-m", module, "--parent", str(os.getppid()), "--lock", str(number)]
            self._begun[module] = subprocess.Popen(  # noqa: S603
                command, cwd=ROOT, start_new_session=True, pass_fds=[number]
            )
