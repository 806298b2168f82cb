"""How a page asks the public API: in this process, from the response cache inwards, and without a socket.

Whatever a page shows is what the API answers to the address that stands beside it. An answer that a page has asked for
is in memory for those who ask the API afterwards, and the other way round.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import quote

from flask import current_app, request

from api.errors import PROBLEM_TYPES
from api.http.addresses import with_query
from api.http.callers import CallerGone

_SENT_ON = {"HTTP_HOST", "HTTP_X_FORWARDED_FOR", "REMOTE_ADDR", "REMOTE_PORT", "SCRIPT_NAME", "gunicorn.socket"}
"""What the API is told of whoever asks for the page: whose costly questions are counted, and whether they are there."""
_OF_THE_SERVER = ("SERVER_", "wsgi.")
_NOTED = "digital_capital.releases_of_page"
_OF_NO_RELEASE = ("/v1/releases", "/v1/methods", "/v1/config")
"""What the API answers without a release in the query."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the API answered: its `data`, `meta` and `links`, and the address that was asked."""

    address: str
    data: Any
    meta: dict[str, Any]
    links: dict[str, Any] = field(default_factory=dict)


class Refused(Exception):  # noqa: N818  (what happened, as `Problem` is)
    """The API answered with a problem, as it was sent: its status, members and headers, such as `Retry-After`."""

    def __init__(self, status: int, problem: dict[str, Any], headers: list[tuple[str, str]]) -> None:
        super().__init__(problem["detail"])
        self.status, self.problem, self.headers = status, problem, headers

    @property
    def slug(self) -> str:
        """The kind of problem, one of `PROBLEM_TYPES`."""
        return str(self.problem["type"]).rpartition("#")[2]


class Moved(Exception):  # noqa: N818
    """What was asked for goes by another code: the path that was asked, and the one that the API names instead."""

    def __init__(self, asked: str, location: str) -> None:
        super().__init__(location)
        self.asked, self.location = asked, location


def ask(path: str, **asked: Any) -> Told:
    """What the API answers to a GET at a path (decoded) with parameters, of which None are left out.

    A page at an earlier release (`release` in its own query) asks for that one. Raises `Refused` and `Moved`, and
    `CallerGone` where nobody waits for the page any more.
    """
    address = _address(path, asked)
    status, headers, body = _got(path, address.partition("?")[2])
    if not body:
        raise CallerGone
    if status == 308:
        raise Moved(path, dict(headers)["Location"])
    answer = json.loads(body)
    if status != 200:
        raise Refused(status, answer, headers)
    meta = answer.get("meta", answer)  # a map says in itself what other answers say beside their data
    if "release" in meta:
        request.environ.setdefault(_NOTED, set()).add(meta["release"])
    return Told(address, answer.get("data", answer), meta, answer.get("links", {}))


@dataclass(frozen=True, slots=True)
class Drawn:
    """An image of the API, as text, and the address that was asked."""

    address: str
    text: str


def ask_image_or_none(path: str, **asked: Any) -> Drawn | None:
    """The image that the API answers with; None where it says that there is none.

    Raises `Refused` where it cannot say now, and `CallerGone` where nobody waits any more.
    """
    address = _address(path, asked)
    status, headers, body = _got(path, address.partition("?")[2], "image/svg+xml")
    if not body:
        raise CallerGone
    if status == 200:
        return Drawn(address, body.decode())
    if status >= 500 or status == 429:
        raise Refused(status, json.loads(body), headers)
    return None


def ask_or_none(path: str, **asked: Any) -> Told | None:
    """The same; None where the API says that there is no such thing, or that it cannot be calculated."""
    try:
        return ask(path, **asked)
    except Refused as refused:
        if refused.status >= 500 or PROBLEM_TYPES[refused.slug].status not in {404, 422}:
            raise
        return None


def releases_read() -> set[int]:
    """The numbers of the releases that the answers to this page were of."""
    return set(request.environ.get(_NOTED, ()))


def _address(path: str, asked: dict[str, Any]) -> str:
    """The address of a path with parameters, at the release that the page is asked for."""
    given = {name: str(value) for name, value in asked.items() if value is not None}
    pinned = request.args.get("release")
    if pinned is not None and path != "/v1/" and not path.startswith(_OF_NO_RELEASE):
        given["release"] = pinned
    return with_query(quote(path), given)


def _got(path: str, query: str, accept: str = "application/json") -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body of what the application answers, as its server would be given them."""
    application: Callable[..., Iterable[bytes]] = current_app.extensions["responses"]
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def begin(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        begun.append((status, headers))

    parts = application(_environ(path, query, accept), begin)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    status, headers = begun[-1]
    return int(status[:3]), headers, body


def _environ(path: str, query: str, accept: str) -> dict[str, Any]:
    own = {
        name: value for name, value in request.environ.items() if name in _SENT_ON or name.startswith(_OF_THE_SERVER)
    }
    return own | {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "HTTP_ACCEPT": accept,
        "wsgi.input": BytesIO(),
    }
