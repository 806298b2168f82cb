"""Errors as `application/problem+json` (RFC 9457): the one place where a problem becomes a response."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, RequestedRangeNotSatisfiable

from api.connecting.failures import failure_in
from api.database import Database
from api.errors import PROBLEM_TYPES, Fault, Problem, nearest, under
from api.http import elsewhere
from api.http.callers import CallerGone
from api.services import schema

MEDIA_TYPE = "application/problem+json"
# The first of each status, but for bodies: only those are refused as too large by the framework.
_BY_STATUS = {item.status: item.slug for item in reversed(PROBLEM_TYPES.values())} | {413: "body-too-large"}
_OF_A_REQUEST = {"request", "method", "path", "query", "header", "body"}
"""What paths of faults begin with. Whatever else they begin with is a parameter, in the address or in the query."""
_LOG = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Have every error of the application answered as a problem."""
    app.register_error_handler(Problem, respond)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(CallerGone, _to_nobody)
    app.register_error_handler(Exception, _from_failure)


def response_to(error: Exception) -> Response:
    """What is answered to a request in which an error was met, whichever it is."""
    if isinstance(error, Problem):
        return respond(error)
    if isinstance(error, CallerGone):
        return _to_nobody(error)
    return _from_http(error) if isinstance(error, HTTPException) else _from_failure(error)


def body(problem: Problem, instance: str, *, status: int | None = None) -> bytes:
    """The problem as it is sent; `status` where HTTP has a finer one than its type."""
    return orjson.dumps(
        {
            "type": f"/docs/problems#{problem.type.slug}",
            "title": problem.type.title,
            "status": status or problem.type.status,
            "detail": problem.detail,
            "instance": instance,
            "errors": [fault.as_dict() for fault in problem.faults],
        }
    )


def respond(problem: Problem, *, status: int | None = None) -> Response:
    """The response to a request that met a problem."""
    status = status or problem.type.status
    placed = problem.placed(_place)
    response = Response(body(placed, request.path, status=status), status=status, content_type=MEDIA_TYPE)
    response.headers.extend(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def _place(path: str) -> str:
    """Where in the request a fault stands: look-ups say which field, and know of no request."""
    name = path.partition("/")[0]
    if name in _OF_A_REQUEST:
        return path
    return under("path" if name in (request.view_args or {}) else "query", path) if path else "query"


def _from_http(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    slug = _BY_STATUS.get(error.code, "bad-request" if error.code < 500 else "internal-error")
    # What the exception says of itself must survive: Allow, Retry-After, WWW-Authenticate.
    kept = {
        name: value for name, value in error.get_headers() if name.lower() not in {"content-type", "content-length"}
    }
    detail, faults = _advice(slug, error)
    return respond(Problem(slug, detail, faults=faults, headers=kept), status=error.code)


def _advice(slug: str, error: HTTPException) -> tuple[str, tuple[Fault, ...]]:
    if slug == "not-found":
        told = elsewhere.by_suffix(request.path)
        if told is not None:
            said, addresses = told
            message = f"There is nothing at {request.path}. {said}"
            return message, (Fault("not-found", "path", message, addresses),)
        known = sorted({rule.rule for rule in _rules() if "<" not in rule.rule})
        candidates = nearest(request.path, known)
        message = f"There is nothing at {request.path}. Every operation is listed at /docs."
        return message, (Fault("not-found", "path", message, candidates),)
    if slug == "method-not-allowed":
        allowed = tuple(sorted(getattr(error, "valid_methods", None) or ()))
        usable = [name for name in allowed if name != "OPTIONS"] or ["GET"]
        message = f"{request.method} is not possible here. Use {' or '.join(usable)}."
        return message, (Fault("method-not-allowed", "method", message, allowed),)
    if isinstance(error, RequestedRangeNotSatisfiable):
        message = (
            f"The file has {error.length or 0:,} bytes; there are none at {request.headers.get('Range', '')[:80]}."
        )
        return message, (Fault(slug, "header/Range", message, ("bytes=0-",)),)
    return f"{PROBLEM_TYPES[slug].title}. {PROBLEM_TYPES[slug].advice}", ()


def _rules() -> Any:
    return current_app.url_map.iter_rules()


def _to_nobody(_error: CallerGone) -> Response:
    """What is logged of a caller that has left, as nginx does. It reads nothing any more."""
    return Response(status="499 Client Closed Request", headers={"Cache-Control": "no-store"})


def _from_failure(error: Exception) -> Response:
    failure = failure_in(error)
    if failure is not None:
        database: Database = current_app.extensions["database"]
        if not failure.unprepared or not _prepared(database):
            return respond(database.unavailable(failure))
    _LOG.exception("unhandled error at %s %r", request.method, request.path, exc_info=error)
    return respond(Problem("internal-error", "Something failed on our side; nothing is wrong with the request."))


def _prepared(database: Database) -> bool:
    """Whether the database has the tables that this code needs, so that it is the code that asked for others."""
    try:
        with database.connect() as connection:
            return schema.current_revision(connection) == schema.newest_revision()
    except Exception:
        return False
