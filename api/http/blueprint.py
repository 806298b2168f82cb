"""Our Blueprint and Api: flask-smorest with its defaults put right, and `read`, the decorator of every resource.

`@blp.read(...)` declares all there is to a read: its address, question, answer, formats and an example. It stacks
flask-smorest's own decorators, so that the OpenAPI document follows from the same declaration.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import flask_smorest
import marshmallow as ma
from flask import request
from flask_smorest.utils import prepare_response
from werkzeug.wrappers import Response

from api.encoders.negotiate import CSV, DOWNLOADS, EXPLANATION, JSON, Format
from api.errors import PROBLEM_TYPES
from api.http import problems, reads
from api.http.parser import StrictQueryParser
from api.schemas.base import AtRelease, NoParameters, Question, explained, with_format
from api.schemas.explanation import ExplanationAnswer
from api.schemas.fields import IDENTIFIER, Texts
from api.schemas.problem import ProblemSchema

_ALWAYS = (
    "invalid-parameter",
    "address-too-long",
    "unsupported-content",
    "not-ready",
    "internal-error",
)

_OF_RELEASES = ("unknown-id", "release-withdrawn")

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
    "release": ("The number of a release.", "2"),
    "other": ("The number of the release to compare it with.", "3"),
    "format": ("The format of the answer.", "csv"),
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
_OF_FILES = _headers(
    Accept_Ranges="`bytes`: parts can be asked for with `Range`.",
    Repr_Digest="SHA-256 of the whole file (RFC 9530).",
)
_LOCATION = _headers(Location="Where to ask.")
_RETRY_AFTER = _headers(Retry_After="In how many seconds to try again.")


FileView = Callable[..., Response]


class Blueprint(flask_smorest.Blueprint):
    """A group of operations, each declared with `read`."""

    ARGUMENTS_PARSER = StrictQueryParser()

    def read(
        self,
        rule: str,
        *,
        answer: type[ma.Schema] | None = None,
        query: type[Question] = AtRelease,
        formats: tuple[Format, ...] = (JSON,),
        suffixed: bool = True,
        example: str,
    ) -> Callable[[reads.View], reads.View]:
        """Declare a read at `rule`, in one or several formats, the first of them where none is asked for.

        Where there are several, `format=` names one, and (`suffixed`) each has an address of its own. The view takes
        the reading, the question and what the path names, and returns an answer. The first line of its docstring is
        the operation's summary, the rest its description. `example` is an address whose answer stands as the example
        in the OpenAPI document. `answer` describes the JSON; what is served otherwise only has none.
        """
        several = len(formats) > 1

        def decorator(view: reads.View) -> reads.View:
            serving = reads.Serving(
                name=view.__name__,
                offered=formats,
                of_release="release" in query().fields,
                suffixed=several and suffixed,
            )
            named = with_format(query, tuple(item.name for item in formats)) if several else query
            self._declare(view, rule, serving, answer=answer, query=named, example=example)
            if serving.suffixed:
                path, mark, asked = example.partition("?")
                names = ",".join(f'"{item.ending}"' for item in formats)
                own = f"{path}.{{format}}{mark}{asked}"
                asking = explained(query)
                self._declare(view, f"{rule}.<any({names}):format>", serving, answer=answer, query=asking, example=own)
            return view

        return decorator

    def file(self, rule: str, endings: Iterable[str]) -> Callable[[FileView], FileView]:
        """Declare files at `rule`, one of each ending: the view takes the release and the ending, and sends one."""
        media_types = {ending: DOWNLOADS[ending] for ending in endings}

        def decorator(view: FileView) -> FileView:
            question = NoParameters()

            def operation(**path: str) -> Response:
                self.ARGUMENTS_PARSER.parse(question, request, location="query")
                reads.refuse_body()
                return view(**path)

            operation.__name__, operation.__doc__ = view.__name__, view.__doc__
            wrapped = operation
            for media_type, headers in ((item, _KEEPING | _OF_FILES) for item in media_types.values()):
                kind = {"schema": _SHAPES["binary"], "content_type": media_type, "headers": headers}
                wrapped = self.response(200, description="The file.", **kind)(wrapped)
                wrapped = self.alt_response(206, description="The part that `Range` asks for.", **kind)(wrapped)
            wrapped = self.alt_response(304, description="You have this file already (`If-None-Match`).")(wrapped)
            wrapped = self._may_meet(wrapped, (*_ALWAYS, *_OF_RELEASES, "range-not-satisfiable"))
            example = f"{rule.replace('<release>', '4')}.{{format}}"
            wrapped = self.doc(operationId=_camel(view.__name__), **{"x-example-request": f"/v1{example}"})(wrapped)
            operation._apidoc = wrapped._apidoc  # type: ignore[attr-defined]  # noqa: SLF001
            names = ",".join(f'"{ending}"' for ending in media_types)
            parameters = [_path_parameter("release"), _path_parameter("format", tuple(media_types))]
            self.add_url_rule(
                f"{rule}.<any({names}):format>", view.__name__, operation, parameters=parameters, methods=["GET"]
            )
            return view

        return decorator

    def _may_meet(self, view: Callable[..., Any], slugs: Iterable[str]) -> Callable[..., Any]:
        for slug in slugs:
            view = self.alt_response(PROBLEM_TYPES[slug].status, response=_pascal(slug))(view)
        return view

    def _declare(
        self,
        view: reads.View,
        rule: str,
        serving: reads.Serving,
        *,
        answer: type[ma.Schema] | None,
        query: type[Question],
        example: str,
    ) -> None:
        offered, of_release = serving.offered, serving.of_release
        names = re.findall(r"<(?:[^<>]*:)?(\w+)>", rule)
        by_suffix = "format" in names

        question = query()

        def operation(**path: str) -> Response:
            asked = self.ARGUMENTS_PARSER.parse(question, request, location="query")
            return reads.respond(view, asked, path, serving)

        operation.__name__ = view.__name__ + ("_as" if by_suffix else "")
        operation.__doc__ = _docstring(view, offered) if by_suffix else view.__doc__
        # What flask-smorest wraps around it serves the document alone: at each request a dozen wrappers would only
        # call one another.
        wrapped = self.arguments(query, location="query")(operation)
        # In reverse, since the last one named comes first in the document, and generated clients go by the first: by
        # JSON where that is what comes unasked, by text where a format is named.
        if len(offered) > 1:
            wrapped = self.response(200, ExplanationAnswer, content_type=EXPLANATION.media_type)(wrapped)
        for item in sorted(offered, key=lambda item: item is (CSV if by_suffix else JSON)):
            schema = answer if item is JSON else _SHAPES[item.shape]
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
            "not-acceptable",
            *(("unknown-id",) if identifies else ()),
            *(("release-withdrawn",) if of_release else ()),
            *(("too-large",) if any(item.in_one_piece for item in offered) else ()),
        )
        wrapped = self._may_meet(wrapped, problems_met)
        wrapped = self.doc(operationId=_camel(operation.__name__), **{"x-example-request": example})(wrapped)
        operation._apidoc = wrapped._apidoc  # type: ignore[attr-defined]  # noqa: SLF001
        self.add_url_rule(
            rule,
            operation.__name__,
            operation,
            parameters=[_path_parameter(name, tuple(item.ending for item in offered)) for name in names],
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


_SHAPES: dict[str, dict[str, str]] = {
    "object": {"type": "object"},
    "text": {"type": "string"},
    "binary": {"type": "string", "format": "binary"},
}
"""How the formats that have no schema of ours are documented."""


def _path_parameter(name: str, endings: tuple[str, ...] = ()) -> dict[str, Any]:
    description, example = PATH_PARAMETERS[name]
    schema = {"pattern": IDENTIFIER} if name != "format" else {"enum": list(endings)}
    return {
        "in": "path",
        "name": name,
        "required": True,
        "description": description,
        "schema": {"type": "string", **schema},
        "example": example,
    }


def _docstring(view: reads.View, offered: tuple[Format, ...]) -> str:
    """What is said of the addresses that name a format by their suffix."""
    summary, _, description = (view.__doc__ or "").partition("\n")
    notes = "\n".join(f"    * `.{item.ending}`: {item.note}" for item in offered)
    whole = "    Formats other than JSON hold everything that is asked for, unless `limit` asks for a page."
    return f"{summary} in a format of your choice\n{description.rstrip()}\n\n{whole}\n\n{notes}"


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _pascal(slug: str) -> str:
    return "".join(word.capitalize() for word in slug.split("-"))
