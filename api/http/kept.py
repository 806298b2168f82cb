"""Answers kept as they were sent, per process, in front of the application.

What a tag pins to a release is the same bytes until another release is published, so it is sent again without routing,
parsing or compressing anything. Bounded by bytes, the longest unused going first.

While the database is away, what is kept is sent on for as long as it allows every cache to use it: an answer pinned to
a release for its `max-age`, one about the current release for `max-age` and `stale-while-revalidate`. Nobody can tell
then whether there is a newer release, but whoever stands in front of the service may answer the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from api.http import conditional, known
from api.http.not_now import IN_MEMORY_ONLY, NotNow
from api.room import Room

Headers = list[tuple[str, str]]
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Newest = Callable[[], Hashable | None]
"""What answers are kept under: another with every release and every database. None where there is nothing to read."""
Key = tuple[Any, ...]

_PROBES = {"/livez", "/metrics"}
"""What is answered without asking the database anything."""
_PARTS = 4
"""No answer takes more than one of so many parts of the room. All observations as CSV fit: some read them in parts."""
_OVERHEAD = 2_000
"""Bytes that an answer takes beside its text: what its objects were measured at, generously."""
_LONGEST = 500
"""Characters of a header beyond which nothing is kept: nobody who sends such a one sends it twice alike."""
_OF_THE_CALLER = {"ratelimit", "ratelimit-policy"}
"""Headers that are told to one caller, once."""
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
class _Kept:
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
        """About how many bytes it takes, with what it is kept under."""
        said = sum(len(name) + len(text) for name, text in self.headers) + sum(len(str(part)) for part in key)
        return _OVERHEAD + said + len(self.body or b"")


class KeptAnswers:
    """A WSGI application in front of another one. Safe to share among threads."""

    def __init__(
        self,
        application: Application,
        *,
        newest: Newest,
        most_bytes: int,
        unseen_for: Callable[[], float] = lambda: 0.0,
        below: str = "/",
    ) -> None:
        """`unseen_for` tells for how many seconds the database has been away; only what is `below` a path is kept."""
        self._application = application
        self._newest, self._unseen_for, self._below = newest, unseen_for, below
        self._room: Room[Key, _Kept] = Room(most_bytes)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Send what is kept, else what the application answers, which is kept where its tag allows it.

        `NotNow` where the thread gives none but those that are kept.
        """
        key = self._key(environ)
        kept = None if key is None else self._room.get((key,))[0]
        if kept is not None and kept.outlasts(self._unseen_for()):
            known.hit(environ, kept.known)
            if conditional.matches(kept.tag, environ.get("HTTP_IF_NONE_MATCH", "")):
                start_response(
                    "304 NOT MODIFIED", [item for item in kept.headers if item[0].lower() not in _OF_THE_BODY]
                )
                return []
            if kept.body is not None:
                start_response("200 OK", list(kept.headers))
                return [kept.body] if environ["REQUEST_METHOD"] == "GET" else []
        if IN_MEMORY_ONLY.get() and environ.get("PATH_INFO") not in _PROBES:
            raise NotNow
        if key is not None:
            known.looked(environ)
        if key is None or environ["REQUEST_METHOD"] == "HEAD":
            return self._application(environ, start_response)
        return self._answered(environ, start_response, key)

    @property
    def held(self) -> int:
        """How many bytes are kept."""
        return self._room.held

    def _key(self, environ: Environ) -> Key | None:
        """All that an answer may depend on; None where the question is not one to keep an answer of."""
        # A body is refused, and that is for the application to say.
        asked = environ["REQUEST_METHOD"] in {"GET", "HEAD"} and not environ.get("CONTENT_LENGTH")
        path = environ.get("PATH_INFO", "")
        if (
            not (self._room.most_bytes and asked and path.startswith(self._below))
            or "HTTP_TRANSFER_ENCODING" in environ
        ):
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
        if size is None or size * _PARTS > self._room.most_bytes:  # streamed, or too large
            return parts
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        self._put(key, tag, headers, body, known.to_keep(environ, headers))
        return [body]

    def _put(self, key: Key, tag: str, headers: Headers, body: bytes | None, told: known.Known) -> None:
        answer = _Kept(tag, [item for item in headers if item[0].lower() not in _OF_THE_CALLER], body, told)
        self._room.put(key, answer, answer.size(key))
