"""Headers that every response carries, and which sites may read it.

What is read is the same for every site, and no site's cookies say who asks, so that a few headers open it. They are
put to a response where it leaves the application: one by one, or by a library that looks for who may do what, they took
a tenth of the time of an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

EXPOSED = (
    "Accept-Ranges",
    "Allow",
    "Content-Disposition",
    "Content-Location",
    "Content-Range",
    "ETag",
    "Explain-Bytes",
    "Explain-Limit",
    "Explain-Rows",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Repr-Digest",
    "Retry-After",
    "traceparent",
    "X-Request-Id",
)
Headers = list[tuple[str, str]]
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_POLICY = "Content-Security-Policy"
_NO_PAGE = (_POLICY, "default-src 'none'; frame-ancestors 'none'")
"""Of what is no page, and needs nothing to be shown. Pages have policies of their own."""
_ALWAYS = (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"))
OF_DATA = (
    _NO_PAGE,
    *_ALWAYS,
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", ", ".join(EXPOSED)),
)
"""What a response carries that any site may read."""
_OF_IMAGES = tuple(item for item in OF_DATA if item is not _NO_PAGE)
"""The same, of what has a policy of its own."""
_TO_WHO_ASKS_FIRST = (
    ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE, OPTIONS"),
    ("Access-Control-Max-Age", "86400"),
)
_OPEN = ("/v1", "/openapi.json")
"""How addresses begin that any site may read."""


class SecurityHeaders:
    """A WSGI application in front of another one: it opens reading to every site, and closes everything else."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """What the application answers, with these headers. They are another list: the application's may be cached."""

        def begin(status: str, headers: Headers, *exc_info: Any) -> Any:
            return start_response(status, [*headers, *_besides(environ, headers, status)], *exc_info)

        return self._application(environ, begin)


def _besides(environ: Environ, headers: Headers, status: str) -> Iterable[tuple[str, str]]:
    """The headers that a response to a request carries besides its own."""
    # What a browser holds takes on the headers by which it is confirmed: its own policy is the one that it came with.
    own = any(name == _POLICY for name, _ in headers) or status.startswith("304")
    if not environ.get("PATH_INFO", "").startswith(_OPEN):
        return _ALWAYS if own else (_NO_PAGE, *_ALWAYS)
    if environ["REQUEST_METHOD"] != "OPTIONS":
        return _OF_IMAGES if own else OF_DATA
    wanted = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "*")
    return (*OF_DATA, *_TO_WHO_ASKS_FIRST, ("Access-Control-Allow-Headers", wanted))
