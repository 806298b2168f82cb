"""How a server asks that a request be answered only if that holds nothing up, and is told that it would.

A thread that is kept free for answers in memory gives those and no others. A request whose costly work would have to
wait for its turn may be asked again later, so that no thread waits with it. The server that does not know of this
(every other than `api.worker`) is answered as ever.
"""

from __future__ import annotations

from contextvars import ContextVar


class NotNow(BaseException):
    """An answer would take a thread that others need. No server takes this for an error of the application."""


IN_MEMORY_ONLY = ContextVar("in_memory_only", default=False)
"""Whether the thread gives answers that are in memory, and no others."""
MAY_COME_AGAIN = ContextVar("may_come_again", default=False)
"""Whether the request that the thread answers may be asked again later."""

OTHERS_COME_FIRST = ContextVar("others_come_first", default=False)
"""Whether requests that may be asked again have waited longer than this one for a turn."""


def answer_from_memory_only() -> None:
    """Have the thread that calls this give answers that are in memory, and raise `NotNow` for all others."""
    IN_MEMORY_ONLY.set(True)
