"""A body that comes in chunks (RFC 9112, 7.1): what is in them, and where it ends.

A body in chunks of a byte each is honest: a program that writes JSON as it makes it sends one. So that a few of them do
not take the worker's loop for themselves, short chunks are read thousands at a time.
"""

from __future__ import annotations

import re

_END = b"\r\n\r\n"
_LINE = b"\r\n"
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})(?:[ \t]*;[\t -~\x80-\xff]*)?")
_LONGEST_LINE = 8_190
"""Bytes of the line in front of a chunk, and of the fields after the last one."""
_SHORT = b"|".join(
    b"0{0,10}[%x%X](?:[ \\t]*;[\\t -~]{0,100})?\\r\\n[\\s\\S]{%d}\\r\\n" % (size, size, size) for size in range(1, 16)
)
_SHORT_CHUNK, _SHORT_CHUNKS = re.compile(_SHORT), re.compile(b"(?:%b){1,20000}+" % _SHORT)
"""Chunks of fewer than 16 bytes, with short lines in front of them."""


class Chunks:
    """The chunks of one body, the first of which begins at `at`."""

    def __init__(self, at: int, most: int) -> None:
        self.at = at
        """Where the line in front of the next chunk begins; once all have come, where the body ends."""
        self.body = bytearray()
        """What was in them so far."""
        self._start, self._most = at, most
        self.ended = self.wrong = self.too_large = False
        self.with_fields = False
        """Whether fields follow the last chunk."""

    def look(self, data: bytearray) -> None:
        """Go on from where the last look ended."""
        while not (self.ended or self.wrong or self.too_large) and (self._take_short(data) or self._take_one(data)):
            pass
        # Lines in front of chunks count too: a body of them alone would never end.
        self.too_large |= len(data) - self._start > 2 * self._most + _LONGEST_LINE

    def _take_short(self, data: bytearray) -> bool:
        """Take the short chunks that come next; whether there are any."""
        run = _SHORT_CHUNKS.match(data, self.at)
        if run is None:
            return False
        chunks = _SHORT_CHUNK.findall(data, self.at, run.end())
        self._take(b"".join([chunk.partition(_LINE)[2][: -len(_LINE)] for chunk in chunks]), run.end())
        return True

    def _take_one(self, data: bytearray) -> bool:
        """Take the chunk that comes next; whether it was there in full, and another may follow."""
        line = data.find(b"\n", self.at, self.at + _LONGEST_LINE) - 1
        if line < self.at:
            self.wrong = line == self.at - 1 or len(data) - self.at >= _LONGEST_LINE
            return False
        size = _SIZE.fullmatch(bytes(data[self.at : line]))
        if size is None or data[line : line + 2] != _LINE:
            self.wrong = True
            return False
        length = int(size[1], 16)
        if not length:
            self._look_for_last(data, line)
            return False
        self.too_large = len(self.body) + length > self._most
        end = line + 2 + length
        self.wrong = not _LINE.startswith(data[end : end + 2])
        if self.too_large or self.wrong or len(data) < end + 2:
            return False
        self._take(data[line + 2 : end], end + 2)
        return True

    def _take(self, part: bytes | bytearray, end: int) -> None:
        self.body += part
        self.at = end
        self.too_large = len(self.body) > self._most

    def _look_for_last(self, data: bytearray, line: int) -> None:
        # The end of that line and an empty one, or of the last of some fields and an empty one.
        found = data.find(_END, line, line + _LONGEST_LINE)
        if found >= 0:
            self.ended, self.with_fields, self.at = True, found > line, found + len(_END)
        else:
            self.wrong = len(data) - line > _LONGEST_LINE
