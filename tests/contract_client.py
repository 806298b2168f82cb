"""A test client that holds every response against the committed OpenAPI document.

Whatever a test asks, its response is checked on the way: an operation, a status, a media type or a body that the
document does not describe fails the test that met it.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, Self

from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from werkzeug.test import TestResponse

from api.settings import ROOT

_UNDOCUMENTED = re.compile(
    r"/((docs|places|indicators|compare|indices|releases|guide|partners|oembed|static|favicon|\.well-known).*"
    r"|openapi\.json|livez|readyz|metrics|(robots|llms)\.txt|sitemap\.xml)?$"
)
"""What is served outside `/v1`: pages and probes."""


class ContractClient(FlaskClient):
    """Flask's test client, with a contract."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Make a request and check its response."""
        response = super().open(*args, **{**kwargs, "buffered": True})
        check_response(response)
        return response


class TwinClient(ContractClient):
    """Asks an application on one database, and has the same answered by the other: byte for byte, and every header."""

    other: FlaskClient

    @classmethod
    def of(cls, app: Flask, other: Flask) -> Self:
        """A client of `app` that also asks `other`."""
        client = cls(app, app.response_class)
        client.other = FlaskClient(other, other.response_class)
        return client

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Make a request of both, compare the responses and check one."""
        response = super().open(*args, **kwargs)
        other = self.other.open(*args, **{**kwargs, "buffered": True})
        assert other.status_code == response.status_code
        assert _headers(other) == _headers(response)
        assert (
            other.data == response.data or "Content-Encoding" in response.headers
        )  # where pieces are packed may differ
        return response


def _headers(response: TestResponse) -> list[tuple[str, str]]:
    """Without what is of one request alone: its moments, its name, and what packing makes of the length."""
    varying = {"Date", "Expires", "X-Request-Id"}
    if "Content-Encoding" in response.headers:
        varying.add("Content-Length")
    return [item for item in response.headers.to_wsgi_list() if item[0] not in varying]


def check_response(response: TestResponse) -> None:
    """Assert that a response is one that the document describes."""
    path, method = response.request.path, response.request.method.lower()
    if _UNDOCUMENTED.fullmatch(path) or response.mimetype == "text/html":
        return
    if response.headers.get("Content-Encoding"):
        return  # the same answer, packed
    if response.status_code >= 400 and method != "head":
        check_problem(response)
    operations = _operations(path)
    if operations is None or method in {"options", "head"} or method not in operations:
        assert response.status_code in {200, 304, 404, 405, 413}, f"{method} {path}: {response.status_code}"
        return
    documented = operations[method]["responses"]
    status = str(response.status_code)
    assert status in documented, f"{method} {path} answered {status}, documented are {sorted(documented)}"
    if response.status_code == 204:
        assert not response.data
        return
    if method == "get" and response.status_code in {304, 308}:
        return
    if method == "get" and response.status_code == 206 and "/download." not in path:
        status = "200"  # a part of what that describes, in the same media type
    pointer = documented[status].get("$ref") or f"#/paths/{_escaped(_template(path))}/{method}/responses/{status}"
    content = _at(pointer)["content"]
    assert response.mimetype in content, f"{path} answered {response.mimetype}, documented are {sorted(content)}"
    if response.mimetype == "application/json" or response.mimetype.endswith("+json"):
        validator(f"{pointer}/content/{_escaped(response.mimetype)}/schema").validate(json.loads(response.data))


def check_problem(response: TestResponse) -> None:
    """Assert the one shape that every error has."""
    assert response.mimetype == "application/problem+json"
    problem = json.loads(response.data)
    assert set(problem) == {"type", "title", "status", "detail", "instance", "errors"}
    assert problem["status"] == response.status_code
    assert problem["detail"].endswith((".", "?")), f"not a sentence: {problem['detail']}"


@cache
def document() -> dict[str, Any]:
    """The committed OpenAPI document."""
    return json.loads((ROOT / "openapi" / "openapi.json").read_text(encoding="utf-8"))


@cache
def validator(pointer: str) -> Draft202012Validator:
    """What holds a body against the schema that stands at a place in the document."""
    whole = Resource(contents=document(), specification=DRAFT202012)
    registry = Registry().with_resource("urn:openapi", whole)
    return Draft202012Validator({"$ref": f"urn:openapi{pointer}"}, registry=registry)


def _operations(path: str) -> dict[str, Any] | None:
    return document()["paths"].get(_template(path))


@cache
def _template(path: str) -> str | None:
    """The path in the document that an address belongs to: where several do, the one with most words of its own.

    The root, and what SDMX's clients ask for, are found with a slash at their end as well.
    """
    if path in document()["paths"]:
        return path
    bare = path.removesuffix("/")
    found = [
        template
        for template in document()["paths"]
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), bare)
    ]
    if not found or (bare not in {path, "/v1"} and not path.startswith("/v1/sdmx/")):
        return None
    return max(found, key=lambda template: len(re.sub(r"\{\w+\}", "", template)))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _at(pointer: str) -> Any:
    found: Any = document()
    for part in pointer.removeprefix("#/").split("/"):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found
