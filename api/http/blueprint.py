"""Our Blueprint and Api: flask-smorest with its defaults put right, and `read`, the decorator of every resource.

`@blp.read(...)` declares all there is to a read: its address, question, answer, formats and an example. It stacks
flask-smorest's own decorators, so that the OpenAPI document follows from the same declaration.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import flask_smorest
import marshmallow as ma
from flask_smorest.utils import prepare_response
from werkzeug.wrappers import Response

from api.encoders.negotiate import CSV, JSON, Format
from api.errors import PROBLEM_TYPES
from api.filters import At
from api.http import problems, reads
from api.http.parser import StrictQueryParser
from api.schemas.base import AtRelease
from api.schemas.fields import IDENTIFIER, Texts
from api.schemas.problem import ProblemSchema

_ALWAYS = (
    "invalid-parameter",
    "not-acceptable",
    "address-too-long",
    "unsupported-content",
    "not-ready",
    "internal-error",
)

PATH_PARAMETERS = {
    "region": (
        (
            "A region's code: GSS, or ITL or NUTS where there is no GSS code. Another code of the same place (`TLG` "
            "for `E12000005`) is answered by a redirect."
        ),
        "E12000005",
    ),
    "indicator": ("An indicator's identifier.", "gigabit-availability"),
    "component": ("A component's identifier.", "digital-infrastructure"),
    "source": ("A source's identifier.", "ofcom-connected-nations"),
    "release": ("The number of a release.", "3"),
    "other": ("The number of the release to compare it with.", "4"),
}


def _headers(**descriptions: str) -> dict[str, Any]:
    return {
        name.replace("_", "-"): {"description": description, "schema": {"type": "string"}}
        for name, description in descriptions.items()
    }


_KEEPING = _headers(
    ETag="The answer's tag: send it as `If-None-Match` to hear 304 while nothing has changed.",
    Cache_Control="How long the answer may be kept.",
    Last_Modified="When the release was published.",
)
_LINK = _headers(Link="The next page (`rel=next`) and the other formats (`rel=alternate`), where there are any.")
_LOCATION = _headers(Location="Where to ask.")
_RETRY_AFTER = _headers(Retry_After="In how many seconds to try again.")


class Blueprint(flask_smorest.Blueprint):
    """A group of operations, each declared with `read`."""

    ARGUMENTS_PARSER = StrictQueryParser()

    def read(
        self,
        rule: str,
        *,
        answer: type[ma.Schema],
        query: type[ma.Schema] = AtRelease,
        formats: tuple[Format, ...] = (JSON,),
        example: str,
    ) -> Callable[[reads.View], reads.View]:
        """Declare a read at `rule`; the first format is served there, each further one also under its suffix.

        The view takes the reading, the question and what the path names, and returns an answer. The first line of
        its docstring is the operation's summary, the rest its description. `example` is an address whose answer
        stands as the example in the OpenAPI document.
        """

        def decorator(view: reads.View) -> reads.View:
            self._declare(view, rule, answer=answer, query=query, offered=formats, fixed=None, example=example)
            for item in formats[1:]:
                suffixed = example.replace("?", f".{item.name}?", 1) if "?" in example else f"{example}.{item.name}"
                self._declare(
                    view,
                    f"{rule}.{item.name}",
                    answer=answer,
                    query=query,
                    offered=formats,
                    fixed=item,
                    example=suffixed,
                )
            return view

        return decorator

    def _declare(
        self,
        view: reads.View,
        rule: str,
        *,
        answer: type[ma.Schema],
        query: type[ma.Schema],
        offered: tuple[Format, ...],
        fixed: Format | None,
        example: str,
    ) -> None:
        of_release = "release" in query().fields
        serving = reads.Serving(offered=offered, fixed=fixed, of_release=of_release)

        def operation(asked: tuple[Any, At], **path: str) -> Response:
            return reads.respond(view, asked, path, serving)

        operation.__name__ = view.__name__ + (f"_{fixed.name}" if fixed else "")
        operation.__doc__ = _docstring(view, fixed)
        names = re.findall(r"<(\w+)>", rule)
        wrapped = self.arguments(query, location="query")(operation)
        # In reverse, since the last one named comes first in the document: clients take that for the default.
        for item in reversed((fixed,) if fixed else offered):
            schema = answer if item is JSON else {"type": "string"}
            wrapped = self.response(
                200, schema, content_type=item.media_type, description="The answer.", headers=_KEEPING | _LINK
            )(wrapped)
        wrapped = self.alt_response(
            304, description="You have this answer already (`If-None-Match`).", headers=_KEEPING
        )(wrapped)
        if "region" in names:
            wrapped = self.alt_response(
                308, description="The same question under the region's canonical code.", headers=_LOCATION
            )(wrapped)
        identifies = names or of_release or any(isinstance(item, Texts) for item in query().fields.values())
        problems_met = (
            *_ALWAYS,
            *(("unknown-id",) if identifies else ()),
            *(("release-withdrawn",) if of_release else ()),
        )
        for slug in problems_met:
            wrapped = self.alt_response(PROBLEM_TYPES[slug].status, response=_pascal(slug))(wrapped)
        wrapped = self.doc(operationId=_camel(operation.__name__), **{"x-example-request": example})(wrapped)
        self.add_url_rule(
            rule,
            operation.__name__,
            wrapped,
            parameters=[_path_parameter(name) for name in names],
            methods=["GET"],
            # The root is found with and without a slash at its end.
            strict_slashes=rule != "",
        )


class Api(flask_smorest.Api):
    """flask-smorest's Api, errors as problems."""

    ERROR_SCHEMA = ProblemSchema
    # Each operation names its own error responses; a catch-all would hide one that is missing.
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        problems.register(self._app)

    def _register_responses(self) -> None:
        """One response component for each type of problem, which operations refer to."""
        for item in PROBLEM_TYPES.values():
            response = {"description": f"{item.title}. {item.advice}", "schema": ProblemSchema}
            if item.slug == "not-ready":
                response["headers"] = _RETRY_AFTER
            prepare_response(response, self.spec, problems.MEDIA_TYPE)
            self.spec.components.response(_pascal(item.slug), response, lazy=True)

    def _register_pagination_header(self) -> None:
        """None: pages are linked in the answer's body."""

    def _register_etag_headers(self) -> None:
        """None: tags are ours, see `http.conditional`."""


def _path_parameter(name: str) -> dict[str, Any]:
    description, example = PATH_PARAMETERS[name]
    return {
        "in": "path",
        "name": name,
        "required": True,
        "description": description,
        "schema": {"type": "string", "pattern": IDENTIFIER},
        "example": example,
    }


def _docstring(view: reads.View, fixed: Format | None) -> str:
    summary, _, description = (view.__doc__ or "").partition("\n")
    if fixed is None:
        return f"{summary}\n{description}"
    note = "    Columns as in the JSON answer, one header line, UTF-8. A further page is named in the `Link` header."
    return f"{summary} as {fixed.name.upper()}\n{description.rstrip()}\n\n{note}" if fixed is CSV else summary


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _pascal(slug: str) -> str:
    return "".join(word.capitalize() for word in slug.split("-"))
