"""Streams with a length, for whoever could not tell a stream that broke off from one that has ended.

Over HTTP/1.1 a stream comes in chunks, and if it breaks off the last chunk is missing. Over HTTP/1.0, which nginx
speaks to a service unless told otherwise, a stream ends where the connection does, as it does when a worker is killed.
What would be streamed is therefore written into a temporary file first and sent with its length; so it is for servers
that are not known to send chunks, and for whoever asks for a part.

The file has no name (where the system allows it), so that nothing is left of it whatever happens. There are never more
of them than threads.
"""

from __future__ import annotations

import errno
import io
import logging
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, request

from api.encoders.format import Format
from api.errors import Problem
from api.http import problems, ranges
from api.rows import Answer
from api.settings import Settings

_CHUNKING = ("gunicorn/", "waitress")
"""How servers name themselves that send chunks over HTTP/1.1, and leave the last one out where a stream breaks off."""
_IN_MEMORY = 1_000_000
"""Bytes that are held in memory before there is a file."""
_PIECE = 1 << 16
_LOG = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Give lengths to streams where they need one. What is registered after this has been done before it."""
    app.after_request(_with_length)


def needs_length(environ: dict[str, Any]) -> bool:
    """Whether a stream would not be known to have broken off, or a part of it is wanted."""
    chunks = environ.get("SERVER_PROTOCOL") == "HTTP/1.1"
    known = environ.get("SERVER_SOFTWARE", "").startswith(_CHUNKING)
    return ranges.wanted(environ) or not (chunks and known)


class Spool(io.RawIOBase):
    """What is written to it is sent, and gone once it is closed."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.spool_folder
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(self._folder))  # noqa: SIM115
        self.length = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, part: Any) -> int:
        """Put a part at the end. Problem `not-ready` where there is no room for it."""
        length = memoryview(part).nbytes
        try:
            if self.length <= _IN_MEMORY < self.length + length:
                self._folder.mkdir(parents=True, exist_ok=True)
            self._file.write(part)
        except OSError as error:
            _LOG.error("An answer cannot be written to %s before it is sent: %s", self._folder, error)
            message = (
                "There is no room here just now to put this answer down before it is sent. Ask for less of it, or "
                "again later; a table other than Parquet needs no such room over HTTP/1.1 without Range."
            )
            raise Problem("not-ready", message, headers={"Retry-After": "60"}) from None
        self.length += length
        return length

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        while part := self._file.read(_PIECE):
            yield part

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        super().close()


def written(answer: Answer, chosen: Format) -> Response:
    """An answer written down: whole where it is a page, else as it is read.

    `HEAD` asks for the same, but of what goes on for more than a page no more than that page is read, so that its
    length is not told.
    """
    kind = chosen.content_type
    if answer.rest is None:
        return Response(b"".join(chosen.stream(answer)), content_type=kind)
    if request.method == "HEAD":
        return Response(iter(()), content_type=kind)
    if chosen.write is not None:
        spool = Spool(current_app.extensions["settings"])
        with closed_if_failed(spool):
            chosen.write(answer, spool)
        return send(Response(content_type=kind), spool)
    # If it breaks off, the last chunk is missing; whoever knows no chunks is sent it with its length.
    parts = chosen.stream(answer)
    return Response(b"".join(parts) if chosen.in_one_piece else parts, content_type=kind)


def send(response: Response, spool: Spool) -> Response:
    """Have a response send what was written."""
    response.response = spool
    response.content_length = spool.length
    return response


@contextmanager
def closed_if_failed(spool: Spool) -> Iterator[None]:
    """Let go of the file where it is not finished."""
    try:
        yield
    except BaseException:
        spool.close()
        raise


def _with_length(response: Response) -> Response:
    bodiless = request.method == "HEAD" or response.status_code in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
    if bodiless or not response.is_streamed or response.content_length is not None:
        return response
    if not needs_length(request.environ):
        stream = response.response
        if hasattr(stream, "close"):
            response.call_on_close(stream.close)
        response.response = _sent(stream, f"{request.method} {request.full_path.rstrip('?')}"[:200])
        return response
    stream, spool = response.response, Spool(current_app.extensions["settings"])
    try:
        with closed_if_failed(spool):
            for part in response.iter_encoded():
                spool.write(part)
    except Problem as problem:
        return problems.respond(problem)
    finally:
        if hasattr(stream, "close"):
            stream.close()
    return send(response, spool)


def _sent(parts: Iterable[Any], asked: str) -> Iterator[Any]:
    """What is sent as it is read. Where that fails the last chunk is left out, and the log has one line.

    The error is one of the connection's, since that is what servers end without a word of their own.
    """
    try:
        yield from parts
    except Problem as problem:
        _LOG.error("An answer broke off in the middle, at %r: %s", asked, problem.detail)
        raise ConnectionResetError(errno.ECONNRESET, "the answer broke off") from None
