"""In front of everything: each request has an identifier, is counted when it has ended, and may have a line in the log.

`X-Request-Id` is taken where it is a plain word, else one is made; it comes back with every answer. A `traceparent` of
W3C's form is taken and comes back as it was: this service makes no span of its own, so the caller's is still the last.
Neither is part of what is kept, nor of any tag. What stands here is in the way of answers that take a few calls in all,
so that it does as little as it can: no library's logging, and no label that is not remembered.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any

from api.http import known
from api.http.lines import Lines
from api.http.metrics import UNREAD, Counted, Metrics
from api.http.not_now import NotNow

Headers = list[tuple[str, str]]
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

REQUEST_ID = "X-Request-Id"
_ID = "digital_capital.request_id"
_plain_word = re.compile(r"[A-Za-z0-9._-]{1,128}").fullmatch
_traceparent = re.compile(
    r"(?!ff)(?P<version>[0-9a-f]{2})-(?!0{32})(?P<trace>[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
).fullmatch
_arrival = threading.local()


def new_id() -> str:
    """An identifier that no other request has."""
    return os.urandom(16).hex()


def id_in(environ: Environ) -> str | None:
    """The identifier of a request."""
    found: str | None = environ.get(_ID)
    return found


def arrived(moment: float) -> None:
    """Have the request that this thread answers next count from a moment on (`time.perf_counter`).

    When it was there in full: what it waits for a thread is part of how long it took.
    """
    _arrival.moment = moment


_this_process: RequestLog | None = None


def serve(log: RequestLog) -> None:
    """Have what this process refuses by itself be counted with an application's requests."""
    global _this_process  # noqa: PLW0603
    _this_process = log


def refused(status: int, request_id: str, length: int) -> None:
    """Count, and log, what the server has refused before it was a request."""
    if _this_process is not None:
        _this_process.refused(status, request_id, length)


class RequestLog:
    """A WSGI application in front of another one. Safe to share among threads."""

    def __init__(self, application: Application, *, metrics: Metrics, lines: Lines) -> None:
        self._application = application
        self.metrics = metrics
        self.lines = lines
        self.running: set[_Request] = set()
        """Requests that have begun to be answered and have not ended."""

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """What the application answers, with the request's identifier."""
        request = _Request(self, environ, start_response)
        self.running.add(request)
        try:
            request.parts = self._application(environ, request.begin)
        except NotNow:
            # It comes again, in another thread.
            self.running.discard(request)
            raise
        except BaseException:
            request.failed = True
            request.close()
            raise
        return request

    def refused(self, status: int, request_id: str, length: int) -> None:
        """Count, and log, what was refused before it was a request."""
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            return  # the application has failed, and was seen
        self.metrics.count_refused(status)
        if self.lines.wanted(status, 0.0, whole=True):
            self._write({"id": request_id, "rule": UNREAD, "status": status, "bytes": length})

    def end(self, request: _Request) -> None:
        """Count a request that has ended, and log it."""
        self.running.discard(request)
        environ, seconds = request.environ, time.perf_counter() - request.began
        answer = known.of(environ, request.headers)
        counted: Counted = (answer.rule, environ["REQUEST_METHOD"], request.status, answer.cache)
        self.metrics.count_request(counted, seconds)
        ended = "whole" if request.whole else "failed" if request.failed else "broken off"
        if not request.whole:
            self.metrics.made.broken_off.labels("failure" if request.failed else "caller").inc()
        if self.lines.wanted(request.status, seconds, whole=request.whole):
            self._write(
                {
                    "id": request.id,
                    "trace": request.trace and request.trace[3:35],
                    "method": environ["REQUEST_METHOD"],
                    "rule": answer.rule,
                    "path": environ.get("PATH_INFO", "").encode("latin-1", "replace").decode(errors="replace"),
                    "query": environ.get("QUERY_STRING", ""),
                    "status": request.status,
                    "release": answer.release,
                    "rows": answer.rows,
                    "ms": round(seconds * 1_000, 3),
                    "cache": answer.cache,
                    "bytes": request.sent,
                    "ended": ended,
                }
            )

    def _write(self, said: dict[str, Any]) -> None:
        if not self.lines.write(said):
            self.metrics.made.lines_lost.inc()


class _Request:
    """One request, from its beginning until its answer has ended; what the server iterates over."""

    __slots__ = (
        "_start",
        "began",
        "environ",
        "failed",
        "headers",
        "id",
        "log",
        "parts",
        "sent",
        "status",
        "trace",
        "whole",
    )

    def __init__(self, log: RequestLog, environ: Environ, start_response: Callable[..., Any]) -> None:
        self.began = _arrival.__dict__.pop("moment", None) or time.perf_counter()
        self.log, self.environ, self._start = log, environ, start_response
        said = environ.get("HTTP_X_REQUEST_ID")
        self.id: str = said if said is not None and _plain_word(said) else os.urandom(16).hex()
        environ[_ID] = self.id
        self.trace: str | None = environ.get("HTTP_TRACEPARENT")
        if self.trace is not None and not _traceparent(self.trace):
            self.trace = None
        self.parts: Iterable[bytes] = ()
        self.headers: Headers = []
        self.sent = 0
        self.status = 500
        self.whole = self.failed = False

    def begin(self, status: str, headers: Headers, exc_info: Any = None) -> Any:
        """Begin the answer: the headers are another list, since the application's may be kept."""
        self.status, self.headers = int(status[:3]), headers
        headers = [*headers, (REQUEST_ID, self.id)]
        if self.trace is not None:
            headers.append(("traceparent", self.trace))
        return self._start(status, headers, exc_info) if exc_info else self._start(status, headers)

    def __iter__(self) -> Iterator[bytes]:
        try:
            for part in self.parts:
                self.sent += len(part)
                yield part
        except Exception:
            self.failed = True
            raise
        self.whole = True

    def close(self) -> None:
        """End: the server is done with the answer, whether or not all of it was sent."""
        try:
            if hasattr(self.parts, "close"):
                self.parts.close()
        finally:
            self.log.end(self)
