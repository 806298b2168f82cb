"""What tells that something is to be done in the background, and who does it: two files in the folder of drafts.

One is touched when there is something to do, so that nobody need ask the database often; the other is locked by whoever
works there. Checking and publishing have such a pair, and telling receivers of releases has one of its own.
"""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

WORK = "wanted", "work.lock"
"""Uploads are to be checked, or drafts published."""
DELIVERY = "receivers", "deliver.lock"
"""There are receivers that are to be told of releases."""
Pair = tuple[str, str]


def note(drafts: Path, of: Pair = WORK) -> None:
    """Note that there is something to do."""
    drafts.mkdir(parents=True, exist_ok=True)
    (drafts / of[0]).touch()


def last(drafts: Path, of: Pair = WORK) -> int:
    """When that was last noted, in nanoseconds; 0: never."""
    try:
        return (drafts / of[0]).stat().st_mtime_ns
    except OSError:
        return 0


def held(drafts: Path, of: Pair = WORK) -> IO[str] | None:
    """The lock of whoever works in a folder, as long as the file is open; None where another one has it."""
    drafts.mkdir(parents=True, exist_ok=True)
    file = (drafts / of[1]).open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
