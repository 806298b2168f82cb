"""A request as it comes in, and whether all of it is there: a request takes a thread only when it is.

This looks only for where a request ends; gunicorn reads it when it is whole, and says what is wrong with it. What
cannot be right, and what is not wanted (a body over the limit, a body of a read), has arrived as soon as that is seen:
the answer does not wait for the rest, and the connection is closed after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from api.worker.chunks import Chunks
from api.worker.uploads import FileBody, is_upload

_END = b"\r\n\r\n"
_LINE = b"\r\n"
_LENGTHS = re.compile(rb"\r\nContent-Length[ \t]*:([^\r\n]*)", re.IGNORECASE)
_LENGTH = re.compile(rb"[ \t]*0*([0-9]{1,18})[ \t]*")
_CODING = re.compile(rb"\r\nTransfer-Encoding:(?P<chunked>[^\r]*chunked)?", re.IGNORECASE)
_FRAMING = (b"\ncontent-length", b"\ntransfer-encoding")
_EXPECTING = re.compile(rb"[^\r\n]* HTTP/1\.1\r\n.*\r\nExpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE | re.DOTALL)
_CHUNKED = re.compile(rb"\r\nTransfer-Encoding:[ \t]*chunked[ \t]*(?=\r\n)", re.IGNORECASE)
_WITH_BODY = (b"POST ", b"PUT ")
"""How requests begin whose body is waited for."""


class Incoming:
    """One request in bytes. `arrived` is whether it can be answered, `whole` whether all of it is there."""

    def __init__(
        self,
        *,
        most_line: int,
        most_head: int,
        most_body: int,
        file_for: Callable[[int | None], FileBody | None] = lambda _size: None,
    ) -> None:
        """`file_for` gives the file that an upload of some bytes (None: not told) is written to, None for no room."""
        self._most_line, self._most_head, self._most_body = most_line, most_head, most_body
        self._file_for = file_for
        self.upload: FileBody | None = None
        """The body, where it is a file that is uploaded. `data` has the head alone then."""
        self.no_room = False
        """Whether there is no room for the upload that it is."""
        self.data = bytearray()
        """The request so far, and what was sent ahead of the next."""
        self.arrived = False
        self.whole = False
        self.head_too_large = False
        self.body_too_large = False
        self.expects_continue = False
        """Whether the caller waits for word before it sends the body."""
        self._searched = 0
        self._head: int | None = None
        self._end: int | None = None
        """Where the request ends, or the part of it that is waited for."""
        self._chunks: Chunks | None = None
        self._ahead = bytearray()
        """Of an upload, what has come beyond its head and is not written: the next request begins with it."""

    @property
    def head_arrived(self) -> bool:
        """Whether what is waited for is the body."""
        return self._head is not None

    def add(self, data: bytes) -> None:
        """Take in what came."""
        self.data += data
        if self._head is None:
            self._look_for_head()
        if self._head is not None and not self.arrived:
            if self.upload is not None:
                self._write_body(self.upload)
            else:
                self._look_for_body()

    def request(self) -> bytes:
        """The request, and what was sent ahead of the next, as it is to be read.

        A body that came in chunks, and has been read while they were looked at, stands as one piece.
        """
        chunks = self._chunks
        if self.upload is not None:
            return bytes(self.data) + bytes(self._ahead)
        if chunks is None or not chunks.ended or chunks.with_fields:
            return bytes(self.data)
        head = bytes(self.data[: self._head])
        usual = head.partition(_LINE)[0].endswith(b" HTTP/1.1") and len(_CODING.findall(head)) == 1
        if not usual or not _CHUNKED.search(head):
            return bytes(self.data)  # it is for the parser to say whether that is right
        length = b"\r\nContent-Length: %d" % len(chunks.body)
        return b"".join((_CHUNKED.sub(length, head), chunks.body, self.data[chunks.at :]))

    def _look_for_head(self) -> None:
        found = self.data.find(_END, self._searched)
        self._searched = max(0, len(self.data) - len(_END) + 1)
        if len(self.data) > self._most_line + 1 and self.data.find(_LINE, 0, self._most_line + 2) < 0:
            self.arrived = True  # a request line over the limit, which gunicorn refuses
        elif found > self._most_head or (found < 0 and len(self.data) > self._most_head):
            self.head_too_large = self.arrived = True
        elif found >= 0:
            self._head = found + len(_END)
            self._frame()

    def _frame(self) -> None:
        head = bytes(self.data[: self._head])
        small = head.lower()
        if not head.startswith(_WITH_BODY) and not any(name in small for name in _FRAMING):  # as most do
            self.arrived = self.whole = True
            return
        lengths = _LENGTHS.findall(head)
        length = _LENGTH.fullmatch(lengths[0]) if len(lengths) == 1 else None
        wanted, size = head.startswith(_WITH_BODY), int(length[1]) if length else 0
        coded = _CHUNKED.search(head) and len(_CODING.findall(head)) == 1 and not lengths
        if is_upload(head) and (coded or (length is not None and b"transfer-encoding" not in small)):
            self._begin_upload(head, None if coded else size)
            return
        self.body_too_large = wanted and size > self._most_body
        coding = _CODING.search(head)
        if coding:
            self._chunks = Chunks(self._head or 0, self._most_body)
            self.arrived = not (wanted and coding["chunked"]) or bool(lengths)  # one of both alone is right
        elif lengths and length is None:
            self.arrived = True  # who knows where it ends: what follows it is no request
        elif not wanted or self.body_too_large:
            self.arrived = True
            self.whole = len(self.data) - len(head) >= size
        self._end = len(head) + size
        self.expects_continue = not self.arrived and bool(_EXPECTING.match(head)) and len(self.data) == len(head)

    def _begin_upload(self, head: bytes, size: int | None) -> None:
        """Have the body written to a file. One that is too long, or has no room, has arrived at once."""
        self.upload = self._file_for(size)
        if self.upload is None:
            self.no_room = self.arrived = True
            return
        if self.upload.too_large:
            self.body_too_large = self.arrived = True
            return
        self._ahead = self.data[len(head) :]
        del self.data[len(head) :]
        self.expects_continue = not self._ahead and bool(_EXPECTING.match(head))
        self._write_body(self.upload)

    def _write_body(self, body: FileBody) -> None:
        """Write what came of an upload: what is beyond its head."""
        end = self._head or 0
        self._ahead += self.data[end:]
        del self.data[end:]
        body.take(self._ahead)
        self.body_too_large = body.too_large
        self.no_room = body.no_room
        self.whole = body.whole and not body.too_large
        self.arrived = body.whole or body.wrong or body.too_large or body.no_room

    def _look_for_body(self) -> None:
        if self._chunks is None:
            self.arrived = self.whole = len(self.data) >= (self._end or 0)
            return
        self._chunks.look(self.data)
        self.body_too_large = self._chunks.too_large
        self.whole = self._chunks.ended
        self.arrived = self._chunks.ended or self._chunks.wrong or self._chunks.too_large
