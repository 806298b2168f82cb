"""The API as tools ask it: the application in this process, or one that is served elsewhere, by the same requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import httpx2

from api import create_app
from api.settings import Settings

_SECONDS = 30.0
_TEMPORARY = 500
"""Statuses from here on are no fault of the question."""


class RefusedError(Exception):
    """The API refused a question: its message says what to do."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer of the API: its data, what is said of them, and its address at the release that was read."""

    data: Any
    meta: Mapping[str, Any]
    address: str


class Service:
    """Asks the API. Safe to share among threads."""

    def __init__(self, client: httpx2.Client, base: str) -> None:
        """`base` is what addresses in answers begin with."""
        self._client, self._base = client, base.rstrip("/")

    @classmethod
    def in_process(cls, settings: Settings | None = None) -> Service:
        """The application itself, through its WSGI interface: nothing is sent over a network."""
        # Nothing but the protocol may stand on the standard output.
        known = replace(settings or Settings.from_environment(), access_log="off")
        transport = httpx2.WSGITransport(app=create_app(known))
        client = httpx2.Client(transport=transport, base_url="http://localhost", follow_redirects=True)
        return cls(client, known.public_url)

    @classmethod
    def at(cls, address: str) -> Service:
        """A service that runs at an address."""
        client = httpx2.Client(base_url=address, follow_redirects=True, timeout=_SECONDS)
        return cls(client, address)

    def ask(self, path: str, **asked: str | int | None) -> Answered:
        """The answer at a path, with parameters that are not None. Raises `RefusedError`."""
        given = {name.rstrip("_"): str(value) for name, value in asked.items() if value is not None}
        try:
            response = self._client.get(path, params=given)
        except httpx2.HTTPError as error:
            raise RefusedError(503, f"The service at {self._base} does not answer. Try again in a minute.") from error
        if response.status_code != httpx2.codes.OK:
            raise RefusedError(response.status_code, _advice(response))
        body = response.json()
        address = response.headers.get("Content-Location") or body["links"]["self"]
        return Answered(data=body["data"], meta=body["meta"], address=self.link(address))

    def link(self, path: str | None) -> str:
        """A path of the API as an address that can be opened."""
        return f"{self._base}{path or ''}"


def _advice(response: httpx2.Response) -> str:
    """What a refusal says, with what is possible."""
    try:
        problem = response.json()
        said = str(problem["detail"])
    except (ValueError, KeyError):
        said = f"The service answered {response.status_code}."
    return f"{said} Try again in a minute." if response.status_code >= _TEMPORARY else said
