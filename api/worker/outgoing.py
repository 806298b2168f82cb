"""The socket of a caller, as a thread writes to it: never for longer than nobody else needs the thread.

What the caller does not take at once is waited for while threads are free. Else, or where nothing is taken for a while,
it is put aside into a temporary file, and the worker's own loop sends it as the caller takes it, which costs no thread.
"""

from __future__ import annotations

import errno
import logging
import math
import select
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

STALL_SECONDS = 20.0
"""How long a caller may take nothing of what it asked for."""
LEAST_RATE = 4_000
"""Bytes a second that a caller takes at the least, beyond the first minute."""
_FIRST = 60.0
_BEGINNING = 2.0
"""Seconds after which can be said how fast a caller takes an answer."""
_SLICE_MS = 50
"""How long a thread waits at a time before it looks whether it is needed."""
_IN_MEMORY = 64_000
_PIECE = 1 << 18
_JOINED = 1 << 16
"""Bytes that are put behind a head, to be sent as one. More of them are sent by themselves rather than copied."""
_TOLD_SECONDS = 60.0
_LOG = logging.getLogger(__name__)


class Aside:
    """How many bytes a process has put aside, the most that it may, and in which folder."""

    def __init__(self, most: int, folder: Path) -> None:
        self.most, self.folder = most, folder
        self.bytes = 0
        self._told = -_TOLD_SECONDS
        self._lock = threading.Lock()

    def file(self) -> Any:
        """A file for what is put aside, without a name. OSError on its way to the disk, if it cannot be written."""
        with suppress(OSError):  # what stays in memory needs no folder
            self.folder.mkdir(parents=True, exist_ok=True)
        return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(self.folder))

    def take(self, count: int) -> bool:
        """Count bytes that are put aside, unless they are too many."""
        with self._lock:
            if self.bytes + count > self.most:
                return False
            self.bytes += count
            return True

    def less(self, count: int) -> None:
        """Count bytes that are not put aside any more."""
        with self._lock:
            self.bytes -= count

    def tell(self, why: object) -> None:
        """Log that answers are broken off, once a minute."""
        if time.monotonic() - self._told >= _TOLD_SECONDS:
            self._told = time.monotonic()
            _LOG.warning(
                "answers are broken off, %s bytes being put aside for slow callers: %s", f"{self.bytes:,}", why
            )


class CallerSocket(socket.socket):
    """A connected socket that puts aside what the other side does not take."""

    def __init__(self, connected: socket.socket, *, needed: Callable[[], bool], aside: Aside) -> None:
        super().__init__(connected.family, connected.type, connected.proto, fileno=connected.detach())
        self._needed, self._aside = needed, aside
        self.bodiless = False
        """Whether an answer to what was asked has no body (HEAD)."""
        self._file: Any = None
        self._left = 0
        """Bytes put aside that are still to be sent."""
        self._put = 0
        """Bytes put aside in all."""
        self._began = self._taken = time.monotonic()
        self._holds = False
        self._held = b""
        """What is held until more is sent: the head of an answer."""

    @property
    def left_over(self) -> bool:
        """Whether something is still to be sent."""
        return self._left > 0

    def hold(self) -> None:
        """Hold what is sent next until more is sent: a head and what follows leave together, in one system call."""
        self._holds = True

    def send_held(self) -> None:
        """Send what is held though no more follows, and hold nothing."""
        self._holds = False
        if self._held:
            self.sendall(b"")

    def sendall(self, data: Any, _flags: int = 0) -> None:
        """Send, or put aside. BrokenPipeError where the caller is gone, or too much is put aside."""
        if self._holds:
            self._holds, self._held = False, bytes(data)
            return
        if self._held:
            held, self._held = self._held, b""
            if len(data) <= _JOINED:
                data = held + data
            else:
                self.sendall(held)
        rest = memoryview(data).cast("B")
        if not self._left:
            self._began = self._taken = time.monotonic()
            rest = self._sent_while_free(rest)
        if rest:
            self._put_aside(rest)

    def send(self, data: Any, _flags: int = 0) -> int:
        """As `sendall`: all of it is taken."""
        self.sendall(data)
        return len(data)

    def recv_now(self, most: int) -> bytes | None:
        """What the other side has said by now, at most so many bytes. None: nothing. Empty: it has ended or is gone."""
        try:
            return self.recv(most, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def send_left(self) -> bool:
        """Send of what was put aside as much as the caller takes now; whether more is left. OSError if it is gone."""
        while self._left:
            self._file.seek(self._put - self._left)
            piece = self._file.read(_PIECE)
            sent = self._try(memoryview(piece))
            if sent == 0:
                return True
            self._less(sent)
        self._file.close()
        self._file, self._put = None, 0
        return False

    def too_slow(self, now: float) -> bool:
        """Whether the caller has taken nothing for too long, or too little."""
        whole = _FIRST + self._put / LEAST_RATE
        return now - self._taken > STALL_SECONDS or now - self._began > whole

    def rate(self, now: float) -> float:
        """Bytes a second that the caller has taken of what was put aside. Infinite at the beginning."""
        seconds = now - self._began
        return (self._put - self._left) / seconds if seconds > _BEGINNING else math.inf

    def close(self) -> None:
        """Close, and let go of what was put aside."""
        if self._file is not None:
            self._less(self._left)
            self._file.close()
            self._file = None
        super().close()

    def _sent_while_free(self, rest: memoryview) -> memoryview:
        while rest:
            sent = self._try(rest)
            rest = rest[sent:]
            if sent:
                continue
            if self._needed() or time.monotonic() - self._taken > STALL_SECONDS:
                break
            poll = select.poll()
            poll.register(self.fileno(), select.POLLOUT)
            poll.poll(_SLICE_MS)
        return rest

    def _try(self, data: memoryview) -> int:
        try:
            sent = super().send(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return 0
        self._taken = time.monotonic()
        return sent

    def _put_aside(self, data: memoryview) -> None:
        if not self._aside.take(len(data)):
            self._aside.tell("no more is allowed")
            raise BrokenPipeError(errno.EPIPE, "too much is put aside")
        try:
            if self._file is None:
                self._file = self._aside.file()
            self._file.seek(self._put)
            self._file.write(data)
        except OSError as error:
            self._aside.less(len(data))
            self._aside.tell(error)
            raise BrokenPipeError(errno.EPIPE, "nothing can be put aside") from None
        self._put += len(data)
        self._left += len(data)

    def _less(self, count: int) -> None:
        self._left -= count
        self._aside.less(count)
