"""What tells that something is to be done in the background, and who does it: two files in the folder of drafts.

One is touched when there is something to do, so that nobody need ask the database often; the other is locked by whoever
works there.
"""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

_NAME = "wanted"
_LOCK = "work.lock"


def note(drafts: Path) -> None:
    """Note that there is something to do."""
    drafts.mkdir(parents=True, exist_ok=True)
    (drafts / _NAME).touch()


def last(drafts: Path) -> int:
    """When that was last noted, in nanoseconds; 0: never."""
    try:
        return (drafts / _NAME).stat().st_mtime_ns
    except OSError:
        return 0


def held(drafts: Path) -> IO[str] | None:
    """The lock of whoever works in a folder, as long as the file is open; None where another one has it."""
    drafts.mkdir(parents=True, exist_ok=True)
    file = (drafts / _LOCK).open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
