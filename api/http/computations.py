"""What every computation has in common: a JSON body that is read strictly, and an answer that is kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from flask import Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from api import json_text
from api.answers.reading import Reading
from api.encoders.choice import choose
from api.encoders.negotiate import JSON
from api.errors import Fault, Problem, invalid
from api.filters import Asked
from api.http import conditional, named_parts, quotas, reads, turns
from api.http.served import served
from api.rows import Answer
from api.schemas.index import bodies, tables
from api.schemas.index.bodies import Body
from api.settings import Settings

CSV_TYPE = "text/csv"


def respond(
    view: reads.View, schema: Body, asked: Asked, path: dict[str, str], table: tables.Table | None = None
) -> Response:
    """Answer the question in the body, in JSON, from the release that the query names; `path` is what the path says.

    A body in CSV is made one in JSON by `table`, where there is one.
    """
    chosen = choose((JSON,), request.headers.get("Accept", ""))
    settings: Settings = current_app.extensions["settings"]
    source = served(asked.draft)
    releases = source.releases
    quotas.allow(quotas.LIGHT)
    body, known = _body(settings.limits.max_body_bytes, asked, table)
    resolved = releases.resolve(asked.at)
    conditional.note_release(resolved.catalogue.release.id)
    snapshot = releases.snapshot(resolved.catalogue.release)
    reading = Reading(
        catalogue=resolved.catalogue,
        releases=releases.all(),
        database=snapshot,
        settings=settings,
        caches=source.caches,
        address=request.path,
        costly=turns.in_turn(snapshot.let_go),
    )
    found = named_parts.find_parts(path, reading.catalogue, reading.releases)
    with snapshot.held(), _placed(known):
        faults = [] if known is None else known.faults
        answer: Answer = view(reading, bodies.read(schema, body, place="body", known=faults), **found)
    quotas.count(quotas.LIGHT)
    response = Response(b"".join(chosen.stream(answer)), content_type=chosen.content_type)
    response.headers["Cache-Control"] = "no-store"
    return response


@contextmanager
def _placed(known: tables.Read | None) -> Iterator[None]:
    """Have problems say where in a table what is wrong stands, where the body is one."""
    try:
        yield
    except Problem as found:
        raise found if known is None else found.placed(known.where) from None


def _body(most: int, asked: Asked, table: tables.Table | None) -> tuple[Any, tables.Read | None]:
    """The question in the body, as JSON has it, and the table that it is made of, if it is.

    Problem `unsupported-content`, `body-too-large`, `bad-request`, `invalid-definition`.
    """
    definition = getattr(asked.question, "definition", None)
    taken = (JSON.media_type,) if table is None else (JSON.media_type, CSV_TYPE)
    text = _text(most, taken)
    if table is not None and request.mimetype == CSV_TYPE:
        found = table(text, tables.definition_of(definition))
        return found.body, found
    if definition is not None:
        raise invalid("definition", "The definition stands in the body. In the query it goes with a table (text/csv).")
    try:
        return json_text.read(text), None
    except ValueError as error:
        _refuse(f"The body {error}")


def json_body(most: int) -> Any:
    """The body of this request as JSON has it. Problems `unsupported-content`, `body-too-large` and `bad-request`."""
    try:
        return json_text.read(_text(most, (JSON.media_type,)))
    except ValueError as error:
        _refuse(f"The body {error}")


def _text(most: int, taken: tuple[str, ...]) -> str:
    """The body as text, if it is of a type that is taken. Problem `unsupported-content`, and of what has no text."""
    if request.mimetype not in taken or request.headers.get("Content-Encoding", "identity") != "identity":
        sent = request.headers.get("Content-Encoding") or request.mimetype or "nothing"
        message = f"The body is {sent}, and is to be {' or '.join(taken)}, not encoded. Set Content-Type."
        fault = Fault("unsupported-content", "header/Content-Type", message, taken)
        raise Problem("unsupported-content", message, faults=(fault,))
    request.max_content_length = most
    try:
        body = request.get_data(cache=True)
    except RequestEntityTooLarge:
        message = f"The body is longer than {most:,} bytes. Send fewer regions or indicators at a time."
        raise Problem("body-too-large", message, faults=(Fault("body-too-large", "body", message),)) from None
    if not body.strip():
        _refuse(f"The body is empty. Send the question as {' or '.join(taken)}.")
    try:
        return body.decode()
    except UnicodeDecodeError:
        _refuse("The body is not UTF-8. Encode it as UTF-8.")


def _refuse(message: str) -> NoReturn:
    raise Problem("bad-request", message, faults=(Fault("bad-request", "body", message),))
