"""Files that partners upload, as they come in: written to disk by the worker's loop, so that none is held in memory.

Which requests these are is told by their first line and by whether a key came with them, before their body is read: a
body that comes without a key is never written down.
"""

from __future__ import annotations

import re
import tempfile
from typing import IO, Any

from api.worker.chunks import Chunks

_LINE = re.compile(rb"POST /v1/drafts/[\w-]{1,40}/uploads(?:\?[^ ]*)? HTTP/1\.[01]\r\n")
_KEY = re.compile(rb"\r\nAuthorization:[ \t]*Bearer[ \t]+\S", re.IGNORECASE)
MOST_AT_ONCE = 8
"""Uploads that come in at a time to one process: each takes room on the disk."""
ROOM = 1 << 20
"""Bytes that are taken in before the caller has its time anew."""


def is_upload(head: bytes) -> bool:
    """Whether a request is one of a file that is to be written to disk, by its head."""
    return bool(_LINE.match(head) and _KEY.search(head))


class FileBody:
    """A body that is written to a file without a name, from which it is read when it is whole.

    `size` is its length, None where it comes in chunks.
    """

    def __init__(self, folder: str | None, *, size: int | None, most: int) -> None:
        self._size, self.most = size, most
        self.file: IO[Any] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        self.length = 0
        """Bytes that were written."""
        self.whole = self.wrong = self.no_room = False
        self.too_large = (size or 0) > most
        self._chunks = None if size is not None else Chunks(0, most)

    def take(self, data: bytearray) -> None:
        """Write what came, and leave in `data` what is not part of it, or not readable yet."""
        if self._chunks is None:
            own = data[: (self._size or 0) - self.length]
            self._write(own)
            del data[: len(own)]
            self.whole = self.length == self._size
            return
        chunks = self._chunks
        chunks.look(data)
        self._write(chunks.body)
        del data[: chunks.at]
        chunks.at = 0
        chunks.body.clear()
        self.whole, self.wrong = chunks.ended, chunks.wrong
        self.too_large = self.too_large or chunks.too_large or self.length > self.most

    def _write(self, part: bytes | bytearray) -> None:
        try:
            if not self.too_large and self.length + len(part) <= self.most:
                self.file.write(part)
        except OSError:  # the disk is full: nothing else of the loop is to fail for it
            self.no_room = True
        self.length += len(part)

    def close(self) -> None:
        """Let go of the file, which is gone then."""
        self.file.close()
