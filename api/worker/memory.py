"""The memory of a worker: what large answers leave behind is freed, and a worker that holds too much is replaced.

Python looks for reference cycles seldom here: looking after every 700th object, as it does by itself, took a quarter of
the time of an answer (measured in bench/). What makes many objects at once, such as a workbook, may leave as many in
cycles, which would then stay for hours: after such a request all of them are looked for.
"""

from __future__ import annotations

import ctypes
import gc
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

_YOUNG = 50_000
"""Objects that are made and not freed before Python looks for cycles among them."""
_LARGE = 32_768
"""Bytes of a request after which they are looked for in any case."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_MALLOC = (
    # Heaps for threads: by default eight a processor, each as large as it ever was.
    (_M_ARENA_MAX, 2),
    # What is larger is given back to the system as soon as it is free, and is had from it anew, page by page: of an
    # answer of one megabyte that took a tenth of the time. Beside it, what a heap may hold unused at its end.
    (_M_MMAP_THRESHOLD, 16_000_000),
    (_M_TRIM_THRESHOLD, 32_000_000),
)
"""What is asked of the C library's memory, in bytes or heaps."""
_STATM = Path("/proc/self/statm")


class Memory:
    """What one process does about its memory."""

    def __init__(self) -> None:
        self.most = 0
        """Bytes beyond which the process is to be replaced; 0: never."""
        self._thread = threading.local()
        """How often Python has looked for cycles in a thread since its request began: `looked`."""
        self._trim: Callable[[int], int] | None = None

    def prepare(self, most: int) -> None:
        """Begin, in a new process: what was loaded before is never looked through again."""
        self.most = most
        self.keep()
        gc.set_threshold(_YOUNG, 20, 100)
        gc.callbacks.append(self._note)
        with suppress(OSError, AttributeError):  # another C library than GNU's
            library = ctypes.CDLL(None)
            for setting, value in _MALLOC:
                library.mallopt(setting, value)
            self._trim = library.malloc_trim

    def keep(self) -> None:
        """Never look through what there is now: it stays for as long as the process does, or for long."""
        gc.freeze()

    def tidy(self, received: int) -> None:
        """Free what a request of so many bytes has left in cycles, where it was large or made many objects."""
        looked = getattr(self._thread, "looked", 0)
        # Few objects may hold much: a refused body stays with the exception that refused it.
        if received >= _LARGE or looked > 1:
            gc.collect()
            if self._trim is not None:
                self._trim(0)
        elif looked:
            # This request made some of so many objects, perhaps few: what is old need not be looked through.
            gc.collect(1)
        self._thread.looked = 0  # these do not count

    def held(self) -> int:
        """Bytes of memory that the process holds for itself; 0 where the system does not tell.

        Not those of files that it has mapped: of a large SQLite database they are many, are shared by all workers, and
        go where others need the room.
        """
        try:
            _, resident, of_files, *_ = map(int, _STATM.read_text(encoding="ascii").split())
            return (resident - of_files) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            return 0

    def over_limit(self) -> bool:
        """Whether the process holds more than it may."""
        return bool(self.most) and self.held() > self.most

    def _note(self, phase: str, _about: dict[str, Any]) -> None:
        # Python looks in the thread that makes the objects; another may make as many at the same time.
        if phase == "stop":
            self._thread.looked = getattr(self._thread, "looked", 0) + 1


memory = Memory()
"""That of this process."""
