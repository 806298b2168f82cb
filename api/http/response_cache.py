"""A cache of responses as they were sent, one in each process, in front of the application.

What a tag pins to a release is the same bytes until another release is published, so it is sent again without routing,
parsing or compressing anything.

While the database is away, cached responses are sent for as long as they allow every cache to use them: those pinned to
a release for their `max-age`, those of the current release for `max-age` and `stale-while-revalidate`. Nobody can tell
then whether there is a newer release, but any cache in front of the service may answer the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from api.caches import Cache
from api.http import conditional, keys, known
from api.http.not_now import IN_MEMORY_ONLY, NotNow

Headers = list[tuple[str, str]]
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Newest = Callable[[], Hashable | None]
"""A part of every key: another one with every release and every database. None where there is nothing to read."""
Key = tuple[Any, ...]

_PROBES = {"/livez", "/metrics"}
"""What is answered without asking the database anything."""
_OVERHEAD = 2_000
"""Bytes that a response takes beside its body: what its objects were measured at, generously."""
_LONGEST = 500
"""Characters of a header beyond which nothing is cached: nobody who sends such a one sends it twice alike."""
_OF_THE_CALLER = {"ratelimit", "ratelimit-policy"}
"""Headers that are told to one caller, once."""
_OF_CACHES = {"age", "cache-control", "expires", "last-modified", "vary"}
"""Headers that say how an answer may be cached."""
_SECONDS = re.compile(r"(?:max-age|stale-while-revalidate)=([0-9]+)")
_OF_THE_BODY = {
    "accept-ranges",
    "content-type",
    "content-length",
    "content-encoding",
    "content-disposition",
    "explain-bytes",
    "explain-limit",
    "explain-rows",
    "link",
}
"""Headers that a 304 leaves out: the caller has them with the body."""


@dataclass(frozen=True, slots=True)
class _Cached:
    tag: str
    headers: Headers
    body: bytes | None
    """None where only the 304 has been asked for yet."""
    known: known.Known

    def outlasts(self, seconds: float) -> bool:
        """Whether caches may use it so many seconds after it was known to hold."""
        if not seconds:
            return True
        said = next((text for name, text in self.headers if name.lower() == "cache-control"), "")
        return seconds <= sum(map(int, _SECONDS.findall(said)))

    def size(self, key: Key) -> int:
        """About how many bytes it takes, with its key."""
        said = sum(len(name) + len(text) for name, text in self.headers) + sum(len(str(part)) for part in key)
        return _OVERHEAD + said + len(self.body or b"")


class ResponseCache:
    """A WSGI application in front of another one. Safe to share among threads."""

    def __init__(
        self,
        application: Application,
        cache: Cache[Key, _Cached],
        *,
        newest: Newest,
        unseen_for: Callable[[], float] = lambda: 0.0,
        below: tuple[str, ...] = ("/",),
    ) -> None:
        """`unseen_for` tells for how many seconds the database has been away; only what is `below` a path is cached."""
        self._application, self._cache = application, cache
        self._newest, self._unseen_for, self._below = newest, unseen_for, below

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Send the cached response, else what the application answers, which is cached where its tag allows it.

        `NotNow` where the thread gives none but cached ones. What may be for its caller alone passes by the cache, and
        tells every other cache to let it pass.
        """
        if keys.is_private(environ):
            if IN_MEMORY_ONLY.get():
                raise NotNow
            return self._application(environ, partial(_privately, start_response))
        key = self._key(environ)
        cached = None if key is None else self._cache.get(key)
        if cached is not None and cached.outlasts(self._unseen_for()):
            known.hit(environ, cached.known)
            if conditional.matches(cached.tag, environ.get("HTTP_IF_NONE_MATCH", "")):
                start_response(
                    "304 NOT MODIFIED", [item for item in cached.headers if item[0].lower() not in _OF_THE_BODY]
                )
                return []
            if cached.body is not None:
                start_response("200 OK", list(cached.headers))
                return [cached.body] if environ["REQUEST_METHOD"] == "GET" else []
        if IN_MEMORY_ONLY.get() and environ.get("PATH_INFO") not in _PROBES:
            raise NotNow
        if key is not None:
            known.looked(environ)
        if key is None or environ["REQUEST_METHOD"] == "HEAD":
            return self._application(environ, start_response)
        return self._answered(environ, start_response, key)

    def _key(self, environ: Environ) -> Key | None:
        """All that a response may depend on; None where no response to the request is cached."""
        # A body is refused, and that is for the application to say.
        asked = environ["REQUEST_METHOD"] in {"GET", "HEAD"} and not environ.get("CONTENT_LENGTH")
        path = environ.get("PATH_INFO", "")
        if not (self._cache.used and asked and path.startswith(self._below)) or "HTTP_TRANSFER_ENCODING" in environ:
            return None
        newest = self._newest()
        accepts = environ.get("HTTP_ACCEPT", ""), environ.get("HTTP_ACCEPT_ENCODING", "")
        if newest is None or max(map(len, accepts)) > _LONGEST:
            return None
        return newest, path, environ.get("QUERY_STRING", ""), *accepts

    def _answered(self, environ: Environ, start_response: Callable[..., Any], key: Key) -> Iterable[bytes]:
        begun: list[tuple[str, Headers]] = []

        def note(status: str, headers: Headers, exc_info: Any = None) -> Any:
            begun.append((status, headers))
            return start_response(status, headers, exc_info)

        parts = self._application(environ, note)
        tag = conditional.tag_in(environ)
        status, headers = begun[-1] if begun else ("", [])
        if tag is None or not status.startswith(("200", "304")):
            return parts
        if status.startswith("304"):
            self._put(key, tag, headers, None, known.to_keep(environ, headers))
            return parts
        size = next((int(text) for name, text in headers if name.lower() == "content-length"), None)
        if size is None or size > self._cache.largest:  # streamed, or too large
            return parts
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        self._put(key, tag, headers, body, known.to_keep(environ, headers))
        return [body]

    def _put(self, key: Key, tag: str, headers: Headers, body: bytes | None, about: known.Known) -> None:
        response = _Cached(tag, [item for item in headers if item[0].lower() not in _OF_THE_CALLER], body, about)
        self._cache.put(key, response, response.size(key))


def _privately(start_response: Callable[..., Any], status: str, headers: Headers, *exc_info: Any) -> Any:
    """Begin a response that is cached nowhere: without a tag, by which a cache might find it again."""
    if ("Cache-Control", "no-store") in headers:
        return start_response(status, headers, *exc_info)
    kept = [item for item in headers if item[0].lower() not in _OF_CACHES]
    varied = ", ".join([text for name, text in headers if name.lower() == "vary"])
    own = [(name, text) for name, text in keys.HEADERS if name != "Vary"]
    both = varied if "authorization" in varied.lower() else ", ".join(filter(None, ["Authorization", varied]))
    return start_response(status, [*kept, *own, ("Vary", both)], *exc_info)
