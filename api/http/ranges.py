"""Parts of tables: `Range` on whatever says that it can be had by ranges, in front of the application.

Clients scan tables over HTTP: they ask how long one is, then for its end, then for what they need. A table is the same
bytes whenever it is computed at a release, so that a part of it is cut out of the whole, which is kept where there is
room (`http.kept`). Tags are weak, and `If-Range` may not rest on such: with it comes the whole (RFC 9110, 13.1.5).
`If-Match` is heard, so that nobody joins parts of two releases: a tag of ours is as good as a strong one for that,
since parts are never cut out of what is packed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from werkzeug.http import parse_etags, unquote_etag

from api.errors import Fault, Problem
from api.http import problems, security

Headers = list[tuple[str, str]]
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_ONE_RANGE = re.compile(r"bytes=(?:(?P<from>[0-9]{1,18})-(?P<to>[0-9]{0,18})|-(?P<last>[0-9]{1,18}))")
_WANTED = "digital_capital.part_wanted"


@dataclass(frozen=True, slots=True)
class Span:
    """One range as it was asked for: from one byte to another (None: the last one), or the `count` last."""

    first: int = 0
    last: int | None = None
    count: int | None = None

    def within(self, length: int) -> tuple[int, int] | None:
        """The first and the last byte of it in so many; None where there are none."""
        if self.count is not None:
            first, last = max(0, length - self.count), length - 1
        else:
            first, last = self.first, length - 1 if self.last is None else min(self.last, length - 1)
        return (first, last) if first <= last and self.count != 0 else None


def parse(header: str) -> Span | None:
    """The one range that a header asks for.

    None for what is left unheard: other units, several ranges at once, and ranges that end before they begin.
    """
    found = _ONE_RANGE.fullmatch(header.strip())
    if found is None:
        return None
    if found["last"]:
        return Span(count=int(found["last"]))
    first, last = int(found["from"]), int(found["to"]) if found["to"] else None
    return None if last is not None and last < first else Span(first, last)


def wanted(environ: Environ) -> bool:
    """Whether a part is asked for, so that the whole must have a length before it is sent."""
    return bool(environ.get(_WANTED))


class Ranges:
    """A WSGI application in front of another one, which gives parts of what the other says may be had in parts."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer with the part that is asked for, with the whole where none is, or none can be given."""
        span = None
        if "HTTP_RANGE" in environ and environ["REQUEST_METHOD"] == "GET" and "HTTP_IF_RANGE" not in environ:
            span = parse(environ["HTTP_RANGE"])
        if span is None and "HTTP_IF_MATCH" not in environ:
            return self._application(environ, start_response)
        if span is not None:
            # A part of a packed table would be of no use to anybody.
            environ.pop("HTTP_ACCEPT_ENCODING", None)
            environ[_WANTED] = True
        begun: list[tuple[str, Headers]] = []

        def note(status: str, headers: Headers, _exc_info: Any = None) -> Callable[[bytes], None]:
            begun.append((status, headers))
            return _unwritten

        parts = self._application(environ, note)
        status, headers = begun[-1]
        said = {name.lower(): text for name, text in headers}
        in_parts = status.startswith("200") and said.get("accept-ranges") == "bytes"
        if in_parts and not _matches(said.get("etag", ""), environ.get("HTTP_IF_MATCH")):
            _close(parts)
            return _another(environ, start_response)
        # Whoever takes `Range` away, such as `http.downloads`, has given what is to be given.
        if span is None or not in_parts or "HTTP_RANGE" not in environ:
            start_response(status, headers)
            return parts
        return _part(parts, span, headers, environ, start_response)


def _part(
    parts: Iterable[bytes], span: Span, headers: Headers, environ: Environ, start_response: Callable[..., Any]
) -> Iterable[bytes]:
    length = next((int(text) for name, text in headers if name.lower() == "content-length"), None)
    if length is None:
        start_response("200 OK", headers)
        return parts
    found = span.within(length)
    if found is None:
        _close(parts)
        return _unsatisfiable(length, environ, start_response)
    first, last = found
    kept = [item for item in headers if item[0].lower() != "content-length"]
    about = [("Content-Length", str(last - first + 1)), ("Content-Range", f"bytes {first}-{last}/{length}")]
    start_response("206 PARTIAL CONTENT", [*kept, *about])
    return _Cut(parts, first, last)


class _Cut:
    """The bytes from one to another of what comes in pieces."""

    def __init__(self, parts: Iterable[bytes], first: int, last: int) -> None:
        self._parts, self._first, self._last = parts, first, last

    def __iter__(self) -> Iterator[bytes]:
        position = 0
        for part in self._parts:
            cut = part[max(0, self._first - position) : self._last + 1 - position]
            position += len(part)
            if cut:
                yield cut
            if position > self._last:
                return

    def close(self) -> None:
        """Let go of the whole."""
        _close(self._parts)


def _close(parts: Iterable[bytes]) -> None:
    if hasattr(parts, "close"):
        parts.close()


def _unwritten(_data: bytes) -> None:
    raise NotImplementedError("the application returns what it writes")


def _matches(tag: str, if_match: str | None) -> bool:
    """Whether an answer with this tag is one that the caller would have; one without a tag is."""
    if if_match is None or not tag:
        return True
    wanted = parse_etags(if_match)
    return wanted.star_tag or wanted.contains_weak(unquote_etag(tag)[0] or "")


def _another(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    message = "The table is not the one that `If-Match` names. Take it anew, without `If-Match`."
    fault = Fault("precondition-failed", "header/If-Match", message)
    return _refused(Problem("precondition-failed", message, faults=(fault,)), {}, environ, start_response)


def _unsatisfiable(length: int, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    message = f"The table has {length:,} bytes; there are none at {environ['HTTP_RANGE'][:80]}."
    fault = Fault("range-not-satisfiable", "header/Range", message, ("bytes=0-",))
    problem = Problem("range-not-satisfiable", message, faults=(fault,))
    return _refused(problem, {"Content-Range": f"bytes */{length}"}, environ, start_response)


def _refused(
    problem: Problem, about: dict[str, str], environ: Environ, start_response: Callable[..., Any]
) -> Iterable[bytes]:
    """A problem told outside the application as it is told within."""
    body = problems.body(problem, environ.get("PATH_INFO", ""))
    headers = {
        "Content-Type": problems.MEDIA_TYPE,
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        **about,
        **dict(security.OF_DATA),
    }
    status = problem.type.status
    start_response(f"{status} {HTTPStatus(status).phrase.upper()}", list(headers.items()))
    return [body]
