"""Our Blueprint and Api: flask-smorest with its defaults put right, and `read`, the decorator of every resource.

`@blp.read(...)` declares all there is to a read: its address, question, answer, formats and an example. It stacks
flask-smorest's own decorators, so that the OpenAPI document follows from the same declaration.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from http import HTTPStatus
from typing import Any

import flask_smorest
import marshmallow as ma
from flask import request
from flask_smorest.utils import prepare_response
from werkzeug.wrappers import Response

from api.encoders.format import Format
from api.encoders.negotiate import CSV, EXPLANATION, FILES, JSON
from api.errors import PROBLEM_TYPES
from api.http import computations, documentation, problems, reads
from api.http.elsewhere import Serving
from api.http.operations import Operations
from api.http.parser import of_given
from api.schemas.base import AtRelease, NoParameters, Question, explained, with_format, with_mark
from api.schemas.explanation import ExplanationAnswer
from api.schemas.fields import Texts
from api.schemas.index.bodies import Body
from api.schemas.index.by_address import BesideTable
from api.schemas.index.tables import Table
from api.schemas.problem import ProblemSchema

FileView = Callable[..., Response]


class Blueprint(Operations):
    """A group of operations, each declared with `read`, or with what `Operations` has for holders of keys."""

    def read(
        self,
        rule: str,
        *,
        answer: type[ma.Schema] | None = None,
        query: type[Question] = AtRelease,
        formats: tuple[Format, ...] = (JSON,),
        suffixed: bool = True,
        slashed: bool = False,
        calculated: bool = False,
        example: str,
    ) -> Callable[[reads.View], reads.View]:
        """Declare a read at `rule`, in one or several formats, the first of them where none is asked for.

        Where there are several, `format=` names one, and (`suffixed`) each has an address of its own. The view takes
        the reading, the question and what the path names, and returns an answer. The first line of its docstring is
        the operation's summary, the rest its description. `example` is an address whose answer stands as the example
        in the OpenAPI document. `answer` describes the JSON; what is served otherwise only has none. `slashed`: the
        address is found with a slash at its end as well. `calculated`: it may have to wait for its turn.
        """
        several = len(formats) > 1

        def decorator(view: reads.View) -> reads.View:
            serving = Serving(
                name=view.__name__,
                offered=formats,
                of_release="release" in query().fields,
                suffixed=several and suffixed,
                parameters=frozenset(field.data_key or name for name, field in query().fields.items()),
                # The root is found with and without a slash at its end.
                slashed=slashed or rule == "",
                calculated=calculated,
            )
            described = with_mark(query) if CSV in formats else query
            named = with_format(described, tuple(item.name for item in formats)) if several else query
            self._declare(view, rule, serving, answer=answer, query=named, example=example)
            if serving.suffixed:
                path, mark, asked = example.partition("?")
                names = ",".join(f'"{item.ending}"' for item in formats)
                own = f"{path}.{{format}}{mark}{asked}"
                asking = explained(described)
                self._declare(view, f"{rule}.<any({names}):format>", serving, answer=answer, query=asking, example=own)
            return view

        return decorator

    def compute(
        self,
        rule: str,
        *,
        body: type[Body],
        answer: type[ma.Schema],
        example: dict[str, Any],
        table: Table | None = None,
        table_example: str = "",
    ) -> Callable[[reads.View], reads.View]:
        """Declare a computation at `rule`: what is posted as JSON is the question, and nothing is stored.

        `body` reads and describes the question. The view takes the reading, the question, and what the path names, and
        returns an answer. `example` is a body; its answer stands as the example in the OpenAPI document. With `table`
        the body may be CSV as well, and what is no part of a table stands in the query.
        """

        def decorator(view: reads.View) -> reads.View:
            query = AtRelease if table is None else BesideTable
            question, schema = query(), body()
            names = re.findall(r"<(\w+)>", rule)

            def operation(**path: str) -> Response:
                asked = self.ARGUMENTS_PARSER.parse(question, request, location="query")
                return computations.respond(view, schema, asked, path, table)

            operation.__name__, operation.__doc__ = view.__name__, view.__doc__
            described = self.arguments(body, location="json", example=example, description="The question.")
            wrapped = self.arguments(query, location="query")(described(operation))
            if table is not None:
                kind = {"schema": {"type": "string", "minLength": 1}, "example": table_example}
                wrapped = self.doc(requestBody={"content": {computations.CSV_TYPE: kind}})(wrapped)
            wrapped = self._computing(wrapped, answer)
            wrapped = self.doc(operationId=documentation.camel(view.__name__))(wrapped)
            operation._apidoc = wrapped._apidoc  # type: ignore[attr-defined]  # noqa: SLF001
            parameters = [documentation.path_parameter(name) for name in names]
            self.add_url_rule(rule, view.__name__, operation, parameters=parameters, methods=["POST"])
            return view

        return decorator

    def _computing(self, operation: Callable[..., Any], answer: type[ma.Schema]) -> Callable[..., Any]:
        """The operation with all that may come of a computation."""
        said = {"description": "The answer.", "headers": documentation.NOT_KEPT}
        wrapped = self.response(200, answer, content_type=JSON.media_type, **said)(operation)
        wrapped = self.alt_response(
            422, schema=ProblemSchema, content_type=problems.MEDIA_TYPE, description=documentation.UNPROCESSABLE
        )(wrapped)
        return self._may_meet(wrapped, documentation.OF_BODIES)

    def file(self, rule: str, endings: Iterable[str]) -> Callable[[FileView], FileView]:
        """Declare files at `rule`, one of each ending: the view takes the release and the ending, and sends one."""
        media_types = {ending: FILES[ending] for ending in endings}

        def decorator(view: FileView) -> FileView:
            question = NoParameters()

            def operation(**path: str) -> Response:
                self.ARGUMENTS_PARSER.parse(question, request, location="query")
                reads.refuse_body()
                return view(**path)

            operation.__name__, operation.__doc__ = view.__name__, view.__doc__
            wrapped = operation
            for media_type, headers in (
                (item, documentation.KEEPING | documentation.OF_FILES) for item in media_types.values()
            ):
                shape = "object" if media_type.endswith("+json") else "binary"
                kind = {"schema": documentation.SHAPES[shape], "content_type": media_type, "headers": headers}
                wrapped = self.response(200, description="The file.", **kind)(wrapped)
                wrapped = self.alt_response(206, description="The part that `Range` asks for.", **kind)(wrapped)
            wrapped = self.alt_response(304, description="You have this file already (`If-None-Match`).")(wrapped)
            wrapped = self._may_meet(wrapped, (*documentation.ALWAYS, *documentation.OF_FILES_ALONE))
            example = f"{rule.replace('<release>', '4')}.{{format}}"
            wrapped = self.doc(
                operationId=documentation.camel(view.__name__), **{"x-example-request": f"/v1{example}"}
            )(wrapped)
            operation._apidoc = wrapped._apidoc  # type: ignore[attr-defined]  # noqa: SLF001
            names = ",".join(f'"{ending}"' for ending in media_types)
            parameters = [
                documentation.path_parameter("release"),
                documentation.path_parameter("format", tuple(media_types)),
            ]
            self.add_url_rule(
                f"{rule}.<any({names}):format>", view.__name__, operation, parameters=parameters, methods=["GET"]
            )
            return view

        return decorator

    def _documented(
        self,
        operation: Callable[..., Any],
        serving: Serving,
        *,
        answer: type[ma.Schema] | None,
        query: type[Question],
        names: list[str],
    ) -> Callable[..., Any]:
        """The operation with all that may come of it; `names` are the parts of its path."""
        offered, of_release = serving.offered, serving.of_release
        wrapped = self.arguments(query, location="query")(operation)
        if len(offered) > 1:
            wrapped = self.response(200, ExplanationAnswer, content_type=EXPLANATION)(wrapped)
        # In reverse, since the last one named comes first in the document, and generated clients go by the first: by
        # JSON where that is what comes unasked, by text where a format is named.
        first = CSV if "format" in names else JSON
        headers = documentation.KEEPING | documentation.LINK | (documentation.EXPLAINED if len(offered) > 1 else {})
        for item in sorted(offered if first in offered else reversed(offered), key=lambda item: item is first):
            schema = answer if item is JSON else documentation.SHAPES[item.shape]
            said = headers | (documentation.IN_PARTS if item.in_parts else {})
            answered = {"description": "The answer.", "headers": said, "content_type": item.media_type}
            wrapped = self.response(200, schema, **answered)(wrapped)
        if any(item.in_parts for item in offered):
            # Without a media type: generated clients would take a part of a table for another shape of the answer.
            part = "The part of a table that `Range` asks for, in the media type of the whole."
            wrapped = self.alt_response(206, description=part, headers=headers | documentation.IN_PARTS)(wrapped)
        known = "You have this answer already (`If-None-Match`)."
        wrapped = self.alt_response(304, description=known, headers=documentation.KEEPING)(wrapped)
        if "region" in names:
            elsewhere = "The same question under the region's canonical code."
            wrapped = self.alt_response(308, description=elsewhere, headers=documentation.LOCATION)(wrapped)
        identifies = names or of_release or any(isinstance(item, Texts) for item in query().fields.values())
        problems_met = (
            *documentation.ALWAYS,
            "not-acceptable",
            *(("unknown-id",) if identifies else ()),
            *(("key-needed", "draft-conflict") if "draft" in query().fields else ()),
            *(("release-withdrawn",) if of_release or "other" in names else ()),
            *(("busy", "too-many-requests") if serving.calculated or any(item.costly for item in offered) else ()),
            *(("too-large",) if any(item.in_one_piece for item in offered) else ()),
            *(("precondition-failed", "range-not-satisfiable") if any(item.in_parts for item in offered) else ()),
        )
        return self._may_meet(wrapped, problems_met)

    def _may_meet(self, view: Callable[..., Any], slugs: Iterable[str]) -> Callable[..., Any]:
        for slug in slugs:
            view = self.alt_response(PROBLEM_TYPES[slug].status, response=documentation.pascal(slug))(view)
        return view

    def _declare(
        self,
        view: reads.View,
        rule: str,
        serving: Serving,
        *,
        answer: type[ma.Schema] | None,
        query: type[Question],
        example: str,
    ) -> None:
        offered = serving.offered
        names = re.findall(r"<(?:[^<>]*:)?(\w+)>", rule)
        by_suffix = "format" in names
        asking = partial(of_given, query())

        def operation(**path: str) -> Response:
            asked = self.ARGUMENTS_PARSER.parse(asking, request, location="query")
            return reads.respond(view, asked, path, serving)

        operation.__name__ = view.__name__ + ("_as" if by_suffix else "")
        operation.__doc__ = documentation.docstring(view, offered) if by_suffix else view.__doc__
        # What flask-smorest wraps around it serves the document alone: at each request a dozen wrappers would only
        # call one another.
        wrapped = self._documented(operation, serving, answer=answer, query=query, names=names)
        wrapped = self.doc(operationId=documentation.camel(operation.__name__), **{"x-example-request": example})(
            wrapped
        )
        operation._apidoc = wrapped._apidoc  # type: ignore[attr-defined]  # noqa: SLF001
        operation.serving = serving  # type: ignore[attr-defined]
        self.add_url_rule(
            rule,
            operation.__name__,
            operation,
            parameters=[documentation.path_parameter(name, tuple(item.ending for item in offered)) for name in names],
            methods=["GET"],
            strict_slashes=not serving.slashed,
        )


class Api(flask_smorest.Api):
    """flask-smorest's Api, errors as problems."""

    ERROR_SCHEMA = ProblemSchema
    # Each operation names its own error responses; a catch-all would hide one that is missing.
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _init_spec(self, **options: Any) -> None:
        """The document, with what fields say of the limits of the running settings."""
        super()._init_spec(**options)
        self.ma_plugin.converter.add_attribute_function(documentation.under_limits)

    def _register_error_handlers(self) -> None:
        problems.register(self._app)

    def _register_responses(self) -> None:
        """One response component for each type of problem, which operations refer to."""
        for item in PROBLEM_TYPES.values():
            response = {"description": f"{item.title}. {item.advice}", "schema": ProblemSchema}
            if item.status == HTTPStatus.SERVICE_UNAVAILABLE:
                response["headers"] = documentation.RETRY_AFTER
            prepare_response(response, self.spec, problems.MEDIA_TYPE)
            self.spec.components.response(documentation.pascal(item.slug), response, lazy=True)

    def _register_pagination_header(self) -> None:
        """None: pages are linked in the answer's body."""

    def _register_etag_headers(self) -> None:
        """None: tags are ours, see `http.conditional`."""
