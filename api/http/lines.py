"""The access log: a line of JSON for a request, written to the standard output in one piece.

Everything beyond ASCII and every control character is escaped, so that nothing that a caller sends makes a line of its
own or speaks to a terminal. A log that nobody reads holds nobody up: what it does not take at once is left out, and
counted (`digital_capital_access_log_lines_lost_total`). Callers' addresses are left out: they are personal data, and a
proxy's log has them where they are needed.
"""

from __future__ import annotations

import json
import os
import select
import time
from datetime import UTC, datetime
from typing import Any

ALL, NOTABLE, OFF = "all", "notable", "off"
_LONGEST = 1_000
"""Bytes, escaped, of each text in a line that would be longer than a pipe takes in one piece: few are a caller's."""
_MOST = select.PIPE_BUF
"""Bytes of a line. A pipe takes as many in one piece, so that lines of several processes never mix."""
_STDOUT = 1


class Lines:
    """Which requests have a line, and where it goes. Safe to share among threads."""

    def __init__(self, which: str, *, slow_ms: int, file: int = _STDOUT) -> None:
        self._all, self._off = which == ALL, which == OFF
        self._slow = slow_ms / 1_000
        self._file = file

    def wanted(self, status: int, seconds: float, *, whole: bool) -> bool:
        """Whether a request has a line: all have, or those that failed, broke off or were slow, or none."""
        return self._all or (not self._off and (status >= 500 or not whole or seconds >= self._slow))

    def write(self, said: dict[str, Any]) -> bool:
        """Write a line; whether it was taken."""
        line = _line(said)
        if len(line) > _MOST:
            line = _line({name: _cut(value) for name, value in said.items()})
        try:
            if not _takes(self._file):
                return False
            return os.write(self._file, line) == len(line)
        except OSError:
            return False


def now() -> str:
    """The moment, as logs say it: UTC, to the millisecond."""
    return datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds")


def _line(said: dict[str, Any]) -> bytes:
    return json.dumps({"time": now(), **said}).encode() + b"\n"


def _cut(value: Any) -> Any:
    """As much of a text as there is room for: a character takes up to twelve bytes where it is escaped."""
    if not isinstance(value, str):
        return value
    room = _LONGEST
    for place, character in enumerate(value):
        room -= len(json.dumps(character)) - 2
        if room < 0:
            return value[:place]
    return value


def _takes(file: int) -> bool:
    """Whether a file takes a line without waiting. A poll of each call's own: one cannot be shared among threads."""
    poll = select.poll()
    poll.register(file, select.POLLOUT)
    return any(event & select.POLLOUT for _, event in poll.poll(0))
