"""Who sends a request: the key in `Authorization: Bearer ...`, and what may be done with it.

What is answered to a key reaches nobody else: `is_private` decides before any cache is looked at, and every such answer
says `private, no-store` and `Vary: Authorization`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from flask import current_app, request
from sqlalchemy import Connection

from api.errors import Fault, Problem
from api.http import callers
from api.services import keys
from api.services.audit import Actor
from api.services.keys import Key
from api.settings import Settings

DRAFT = "draft"
"""The parameter that has a read answered with a draft's figures."""
HEADERS = (("Cache-Control", "private, no-store"), ("Vary", "Authorization"))
_SCHEME = "bearer"


def is_private(environ: dict[str, Any]) -> bool:
    """Whether the answer to a request may be for its caller alone: it comes with credentials, or asks for a draft."""
    if "HTTP_AUTHORIZATION" in environ:
        return True
    query = environ.get("QUERY_STRING", "")
    return (DRAFT in query or "%" in query) and any(
        name == DRAFT for name, _ in parse_qsl(query, keep_blank_values=True)
    )


def sent() -> str | None:
    """The key that came with this request, None where none did: other schemes are of whoever stands in front."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.casefold() == _SCHEME else None


def actor(connection: Connection, scope: str | None) -> Actor:
    """Who sends this request. Problem `key-needed`, or `not-allowed` where its key has not got the scope.

    It is looked up anew with each request, so that a key that is revoked or has ended is taken no more at once.
    """
    text = sent()
    if not text:
        raise _needed("This needs a key, and none was sent.")
    key = keys.find(connection, text)
    if key is None:
        raise _needed("There is no such key. It is sent whole, as it was shown when it was made.", error=True)
    refusal = key.refusal(datetime.now(UTC))
    if refusal is not None:
        raise _needed(refusal, error=True)
    if scope is not None and scope not in key.scopes:
        raise _lacking(key, scope)
    return Actor(key=key, address=_address())


def _address() -> str | None:
    """The address that the request came from, through the proxies that are trusted."""
    settings: Settings = current_app.extensions["settings"]
    found = callers.caller_of(request.environ, callers.networks_in(settings.trusted_proxies))
    return None if found is None else str(found)


def _needed(message: str, *, error: bool = False) -> Problem:
    challenge = 'Bearer realm="partners"' + (', error="invalid_token"' if error else "")
    fault = Fault("key-needed", "header/Authorization", message)
    headers = {"WWW-Authenticate": challenge, "Vary": "Authorization"}
    return Problem("key-needed", f"{message} Reads of what is published need none.", faults=(fault,), headers=headers)


def _lacking(key: Key, scope: str) -> Problem:
    message = f"This key may {' and '.join(sorted(key.scopes))}, and this needs the scope {scope}."
    fault = Fault("scope-lacking", "header/Authorization", message, (scope,))
    headers = {"WWW-Authenticate": f'Bearer realm="partners", error="insufficient_scope", scope="{scope}"'}
    return Problem("not-allowed", message, faults=(fault,), headers=headers)
