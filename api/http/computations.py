"""What every computation has in common: a JSON body that is read strictly, and an answer that is kept nowhere."""

from __future__ import annotations

from typing import Any, NoReturn

from flask import Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from api import json_text
from api.answers.reading import Reading
from api.encoders.choice import choose
from api.encoders.negotiate import JSON
from api.errors import Fault, Problem
from api.filters import Asked
from api.http import conditional, named_parts, quotas, reads, turns
from api.http.releases import Releases
from api.rows import Answer
from api.schemas.index import bodies
from api.schemas.index.bodies import Body
from api.settings import Settings


def respond(view: reads.View, schema: Body, asked: Asked, path: dict[str, str]) -> Response:
    """Answer the question in the body, in JSON, from the release that the query names; `path` is what the path says."""
    chosen = choose((JSON,), request.headers.get("Accept", ""))
    settings: Settings = current_app.extensions["settings"]
    releases: Releases = current_app.extensions["releases"]
    body = parsed(settings.limits.max_body_bytes)
    quotas.allow(quotas.LIGHT)
    resolved = releases.resolve(asked.at)
    conditional.note_release(resolved.catalogue.release.id)
    snapshot = releases.snapshot(resolved.catalogue.release)
    reading = Reading(
        catalogue=resolved.catalogue,
        releases=releases.all(),
        database=snapshot,
        settings=settings,
        caches=current_app.extensions["caches"],
        address=request.path,
        costly=turns.in_turn(snapshot.let_go),
    )
    found = named_parts.find_parts(path, reading.catalogue, reading.releases)
    with snapshot.held():
        answer: Answer = view(reading, bodies.read(schema, body, place="body"), **found)
    quotas.count(quotas.LIGHT)
    response = Response(b"".join(chosen.stream(answer)), content_type=chosen.content_type)
    response.headers["Cache-Control"] = "no-store"
    return response


def parsed(most: int) -> Any:
    """The body as JSON. Problem `unsupported-content`, `body-too-large`, `bad-request`."""
    if request.mimetype != "application/json" or request.headers.get("Content-Encoding", "identity") != "identity":
        sent = request.headers.get("Content-Encoding") or request.mimetype or "nothing"
        message = f"The body is {sent}, and is to be application/json, not encoded. Set Content-Type."
        fault = Fault("unsupported-content", "header/Content-Type", message, ("application/json",))
        raise Problem("unsupported-content", message, faults=(fault,))
    request.max_content_length = most
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        message = f"The body is longer than {most:,} bytes. Send fewer regions or indicators at a time."
        raise Problem("body-too-large", message, faults=(Fault("body-too-large", "body", message),)) from None
    if not body.strip():
        _refuse("The body is empty. Send the question as JSON.")
    try:
        return json_text.read(body.decode())
    except UnicodeDecodeError:
        _refuse("The body is not UTF-8. Encode it as UTF-8.")
    except ValueError as error:
        _refuse(f"The body {error}")


def _refuse(message: str) -> NoReturn:
    raise Problem("bad-request", message, faults=(Fault("bad-request", "body", message),))
