"""What every operation for the holder of a key has in common: the key, retries, one transaction, a private answer."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import marshmallow as ma
import orjson
from flask import Response, current_app, request, send_file
from sqlalchemy import Connection
from werkzeug.wrappers import Response as BaseResponse

from api import json_text
from api.database import Database
from api.errors import Fault, Problem, first, invalid_definition, standing_in
from api.filters import Asked
from api.http import computations, keys
from api.schemas.index import bodies
from api.services import idempotency
from api.services import keys as stored
from api.services.audit import Actor
from api.settings import Settings

_RETRY = "Idempotency-Key"
_NAME = re.compile(r"[\x21-\x7e]{1,255}")
_PATIENCE = 10.0
"""Seconds that a write waits for another one, such as a publication, before it is told to come again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of an operation: what is answered, and what is to follow once it is committed."""

    data: Any = None
    status: int = 200
    location: str | None = None
    tag: str | None = None
    """Of the version of what was answered: `If-Match` names it."""
    links: dict[str, Any] | None = None
    file: Path | None = None
    """A file that is the answer, with its media type and the name that it is saved under."""
    media_type: str = ""
    name: str = ""
    response: BaseResponse | None = None
    """The whole answer, where it is made already."""
    follow: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """The context of an operation: the transaction that it runs in, and who asks for it."""

    connection: Connection
    actor: Actor
    settings: Settings
    if_match: str | None = None
    """The version that it is meant of; None where any is."""
    asked: Asked
    body: Any = None
    received: Any = None
    """What was sent, where that is a file (`http.uploads.Received`)."""

    @property
    def query(self) -> Any:
        """The question in the query."""
        return self.asked.question


View = Callable[..., Done]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What is declared of an operation: which scope its key needs, what it takes, and whether it changes anything."""

    scope: str | None
    changes: bool
    query: type[ma.Schema]
    body: ma.Schema | None = None
    receive: Callable[[Settings], Any] | None = None
    """Takes in the file that is sent."""


def respond(view: View, operation: Operation, asked: Asked, path: dict[str, str]) -> BaseResponse:
    """Answer an operation. Problems `key-needed`, `not-allowed`, `idempotency-conflict`, and those of the view.

    Who asks is looked up before the body is read, and again in the transaction.
    """
    settings: Settings = current_app.extensions["settings"]
    database: Database = current_app.extensions["database"]
    with database.connect() as connection:
        keys.actor(connection, operation.scope)
    body, received = _body(operation, settings), None
    if operation.receive is not None:
        received = operation.receive(settings)
    context = {"settings": settings, "if_match": _if_match(), "asked": asked, "body": body, "received": received}
    if not operation.changes:
        with database.connect() as connection:
            actor = keys.actor(connection, operation.scope)
            return _response(view(Writing(connection=connection, actor=actor, **context), **path))
    with _one_of_few(), database.begin(patience=_PATIENCE) as connection:
        actor = keys.actor(connection, operation.scope)
        done = _once(connection, actor, lambda: view(Writing(connection=connection, actor=actor, **context), **path),
                     _digest(context))  # fmt: skip
    if isinstance(done, Done):
        if done.follow is not None:
            done.follow()
        return _response(done)
    return done


def _once(connection: Connection, actor: Actor, do: Callable[[], Done], digest: str) -> Done | Response:
    """Do it, or answer what was answered when the same request came before. Problem `idempotency-conflict`."""
    if actor.key is None:
        raise ValueError("an operation is of the holder of a key")
    now = datetime.now(UTC)
    name = request.headers.get(_RETRY)
    if name is not None:
        if not _NAME.fullmatch(name):
            message = f"{_RETRY} has 1 to 255 printable characters without spaces, such as a UUID."
            raise Problem("bad-request", message, faults=(Fault("bad-request", f"header/{_RETRY}", message),))
        known = idempotency.find(connection, actor.key.id, name)
        if known is not None:
            return _again(known, digest)
    done = do()
    if stored.is_to_be_noted(actor.key, now):
        stored.note_use(connection, actor.key, now)
    if name is not None:
        answered = idempotency.Answered(
            digest=digest, status=done.status, body=_json(done).decode(), location=done.location
        )
        idempotency.note(connection, actor.key.id, name, answered)
    return done


def _again(known: idempotency.Answered, digest: str) -> Response:
    if known.digest != digest:
        message = f"This {_RETRY} was sent before with another address or body. Take a new one for a new request."
        fault = Fault("idempotency-conflict", f"header/{_RETRY}", message)
        raise Problem("idempotency-conflict", message, faults=(fault,))
    response = Response(known.body, status=known.status, content_type="application/json")
    if known.location:
        response.headers["Location"] = known.location
    response.headers["Idempotency-Replayed"] = "true"
    response.headers.extend(keys.HEADERS)
    return response


def _digest(context: dict[str, Any]) -> str:
    """What tells one request from another: method, address, and what is sent."""
    received = context["received"]
    sent = received.sha256 if received is not None else json_text.canonical(_plain(request.get_data(cache=True)))
    text = "\n".join([request.method, request.path, request.query_string.decode("latin-1"), sent])
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(body: bytes) -> Any:
    return json_text.read(body.decode()) if body.strip() else None


def _if_match() -> str | None:
    given = request.headers.get("If-Match", "").strip()
    return None if given in {"", "*"} else given.removeprefix("W/").strip('"')


def _body(operation: Operation, settings: Settings) -> Any:
    """What the body asks for. Problems of a body that cannot be read, and `invalid-definition` with all its faults."""
    if operation.receive is not None:
        return None
    if operation.body is None:
        if request.get_data(cache=True).strip():
            message = "This takes no body. Put what is asked for into the address."
            raise Problem(
                "unsupported-content", message, faults=(Fault("unsupported-content", "header/Content-Type", message),)
            )
        return None
    body = computations.json_body(settings.limits.max_body_bytes)
    with standing_in("body"):
        try:
            return operation.body.load(body)
        except ma.ValidationError as error:
            raise invalid_definition(first(bodies.faults_of(error.messages, "", operation.body))) from None


def _json(done: Done) -> bytes:
    if done.data is None and done.status == 204:
        return b""
    return orjson.dumps({"data": done.data, **({} if done.links is None else {"links": done.links})})


def _response(done: Done) -> BaseResponse:
    if done.response is not None:
        return done.response
    if done.file is not None:
        response = send_file(done.file, mimetype=done.media_type, as_attachment=True, download_name=done.name)
        response.headers.pop("ETag", None)
        response.headers.pop("Last-Modified", None)
    else:
        response = Response(_json(done), status=done.status, content_type="application/json")
    for name in ("Cache-Control", "Vary"):
        response.headers.pop(name, None)
    response.headers.extend(keys.HEADERS)
    if done.location is not None:
        response.headers["Location"] = done.location
    if done.tag is not None:
        response.headers["ETag"] = f'"{done.tag}"'
    if done.status == 204:
        response.headers.pop("Content-Type", None)
    return response


@contextmanager
def _one_of_few() -> Iterator[None]:
    """Write as one of so few that other threads are left for reads. Problem `busy`."""
    settings: Settings = current_app.extensions["settings"]
    gate: threading.Semaphore = current_app.extensions.setdefault(
        "writers", threading.Semaphore(max(1, settings.threads // 2))
    )
    if not gate.acquire(blocking=False):
        message = "Others are writing at this moment. Nothing was done: send it again."
        raise Problem("busy", message, headers={"Retry-After": "2"})
    try:
        yield
    finally:
        gate.release()
