"""`write` and `private`: declarations of operations that need a key, as `read` declares those that need none."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import flask_smorest
import marshmallow as ma
from flask import request
from werkzeug.wrappers import Response

from api.errors import PROBLEM_TYPES
from api.http import documentation, writes
from api.http.parser import StrictQueryParser
from api.schemas.base import NoParameters, Question
from api.settings import Settings

_OF_KEYS = ("key-needed", "not-allowed", "not-ready", "internal-error", "invalid-parameter", "address-too-long")
_OF_CHANGES = ("busy", "bad-request", "idempotency-conflict", "unsupported-content")
_OF_BODIES = ("body-too-large", "invalid-definition")
_UNPROCESSABLE = {"invalid-parameter", "invalid-definition", "idempotency-conflict"}
"""Problems of one status are one response in the document."""


class Retried(ma.Schema):
    """What may stand in the head of every request that changes something; `http.writes` reads it."""

    key = ma.fields.String(
        data_key="Idempotency-Key",
        metadata={
            "description": "A name of your own for this request, such as a UUID: whoever sends the same request again "
            "under it hears the same answer, and nothing is done twice.",
            "pattern": "^[!-~]{1,255}$",
        },
    )


class Versioned(Retried):
    """The same, of what has versions."""

    if_match = ma.fields.String(
        data_key="If-Match",
        metadata={
            "description": "The tag of the version of the draft that is meant: 412 where it is another one by now."
        },
    )


class Operations(flask_smorest.Blueprint):
    """The part of `blueprint.Blueprint` that declares operations for holders of keys."""

    ARGUMENTS_PARSER = StrictQueryParser()

    def write(
        self,
        rule: str,
        *,
        scope: str,
        method: str = "POST",
        answer: type[ma.Schema] | None = None,
        statuses: tuple[int, ...] = (201,),
        query: type[Question] = NoParameters,
        body: type[ma.Schema] | None = None,
        receive: Callable[[Settings], Any] | None = None,
        meets: tuple[str, ...] = (),
        versioned: bool = False,
        example: dict[str, Any] | None = None,
    ) -> Callable[[writes.View], writes.View]:
        """Declare an operation at `rule` that changes something, for keys of a scope.

        The view takes the context (`writes.Writing`) and what the path names, and returns what came of it. It runs in
        one transaction, and under an `Idempotency-Key` once. `receive` takes in a file that is sent;
        `meets` are problems of its own; `versioned`: `If-Match` may name what is meant.
        """
        schema = None if body is None else body()
        operation = writes.Operation(scope=scope, changes=True, query=query, body=schema, receive=receive)
        problems = (*_OF_KEYS, *_OF_CHANGES, *(_OF_BODIES if body or receive else ()), *meets)
        headers = Versioned if versioned else Retried
        extra: dict[str, Any] = {}
        if receive is not None:
            extra["requestBody"] = {"required": True, "content": _FILE}

        def decorator(view: writes.View) -> writes.View:
            described = self.arguments(headers, location="headers")(
                self._described(view, answer, statuses, query, problems)
            )
            if body is not None:
                described = self.arguments(body, location="json", example=example)(described)
            return self._keyed(rule, method, view, operation, self.doc(**extra)(described))

        return decorator

    def private(
        self,
        rule: str,
        *,
        scope: str | None = None,
        answer: type[ma.Schema] | None = None,
        media_type: str = "application/json",
        query: type[Question] = NoParameters,
        meets: tuple[str, ...] = ("unknown-id",),
    ) -> Callable[[writes.View], writes.View]:
        """Declare a read at `rule` of what is for holders of keys alone; its answer is cached nowhere."""
        operation = writes.Operation(scope=scope, changes=False, query=query)

        def decorator(view: writes.View) -> writes.View:
            problems = (*_OF_KEYS, "unsupported-content", *meets)
            described = self._described(view, answer, (200,), query, problems, media_type=media_type)
            return self._keyed(rule, "GET", view, operation, described)

        return decorator

    def _described(
        self,
        view: writes.View,
        answer: type[ma.Schema] | None,
        statuses: tuple[int, ...],
        query: type[Question],
        problems: tuple[str, ...],
        *,
        media_type: str = "application/json",
    ) -> Callable[..., Any]:
        """A stand-in of the view that the document is made from."""

        def described(**_: Any) -> None: ...

        described.__name__, described.__doc__ = view.__name__, view.__doc__
        wrapped: Callable[..., Any] = self.arguments(query, location="query")(described)
        for status in statuses:
            said: dict[str, Any] = {"description": _SAID[status], "headers": documentation.PRIVATE}
            if status in {201, 202}:
                said["headers"] = documentation.PRIVATE | documentation.LOCATION
            if status == 204:
                wrapped = self.alt_response(204, description=_SAID[204])(wrapped)
            elif answer is None:
                shape = documentation.SHAPES["text"]
                wrapped = self.response(status, shape, content_type=media_type, **said)(wrapped)
            else:
                wrapped = self.response(status, answer, **said)(wrapped)
        seen: set[int] = set()
        for slug in problems:
            status = PROBLEM_TYPES[slug].status
            if status not in seen:
                seen.add(status)
                wrapped = self.alt_response(status, response=documentation.pascal(slug))(wrapped)
        return wrapped

    def _keyed(
        self,
        rule: str,
        method: str,
        view: writes.View,
        operation: writes.Operation,
        described: Callable[..., Any],
    ) -> writes.View:
        """Have a rule answered by an operation, documented as the stand-in is."""
        question = operation.query()

        def answered(**path: str) -> Response:
            asked = self.ARGUMENTS_PARSER.parse(question, request, location="query")
            return writes.respond(view, operation, asked, path)

        answered.__name__, answered.__doc__ = view.__name__, view.__doc__
        secured = self.doc(
            operationId=documentation.camel(view.__name__),
            security=[{"key": [operation.scope] if operation.scope else []}],
        )(described)
        answered._apidoc = secured._apidoc  # type: ignore[attr-defined]  # noqa: SLF001
        answered.operation = operation  # type: ignore[attr-defined]
        names = re.findall(r"<(?:[^<>]*:)?(\w+)>", rule)
        parameters = [documentation.path_parameter(name) for name in names]
        self.add_url_rule(rule, view.__name__, answered, parameters=parameters, methods=[method])
        return view


_BINARY = {"type": "string", "format": "binary"}
_FORM = {"type": "object", "required": ["file"], "properties": {"file": _BINARY}}
_FILE = {"application/octet-stream": {"schema": _BINARY}, "multipart/form-data": {"schema": _FORM}}
"""A file, as generated clients send one. Its own media type is taken as well: which these are says the description."""
_SAID = {
    200: "What there is.",
    201: "It is made.",
    202: "It is taken, and done in the background: ask at `Location` what comes of it.",
    204: "It is done.",
}
