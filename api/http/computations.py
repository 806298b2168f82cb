"""What every computation has in common: a JSON body that is read strictly, and an answer that is kept nowhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn

from flask import Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from api.answers.reading import Reading
from api.encoders.negotiate import JSON, choose
from api.errors import Fault, Problem
from api.filters import At
from api.http import reads
from api.http.releases import Releases
from api.rows import Answer
from api.settings import Settings

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def respond(view: reads.View, load: Callable[[Any], Any]) -> Response:
    """Answer the question in the body, in JSON."""
    chosen = choose((JSON,), request.accept_mimetypes)
    settings: Settings = current_app.extensions["settings"]
    asked = load(parsed(settings.max_body_bytes))
    releases: Releases = current_app.extensions["releases"]
    reached = releases.reach(At())
    reading = Reading(
        catalogue=reached.catalogue,
        releases=releases.all(),
        database=current_app.extensions["database"],
        settings=settings,
        address=request.path,
    )
    answer: Answer = view(reading, asked)
    response = Response(b"".join(chosen.stream(answer)), content_type=chosen.content_type)
    response.headers["Cache-Control"] = "no-store"
    return response


def parsed(most: int) -> Any:
    """The body as JSON: UTF-8, no key twice, no NaN. Problem `unsupported-content`, `body-too-large`, `bad-request`."""
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
        found = json.loads(body.decode(), object_pairs_hook=_object, parse_constant=_constant)
        if _SURROGATE.search(body):
            # Half a character can be written as JSON, and is none.
            json.dumps(found, ensure_ascii=False).encode()
    except UnicodeError:
        _refuse("The body is not UTF-8, or holds half of a character. Encode it as UTF-8.")
    except RecursionError:
        _refuse("The body is nested too deeply. A definition is flat: parts name their parent.")
    except ValueError as error:
        _refuse(f"The body is not JSON: {str(error)[:200].rstrip('.')}.")
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:80]!r} stands twice in one object")
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON. Write null where there is no value")


def _refuse(message: str) -> NoReturn:
    raise Problem("bad-request", message, faults=(Fault("bad-request", "body", message),))
