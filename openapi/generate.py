"""Writes `openapi.json` from the code; the examples are real answers, asked of the figures that come with the project.

`make openapi` writes it, `make openapi-check` (`--check`) fails where the committed one is not what would be written.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from api import create_app
from api.encoders.negotiate import EXPLANATION, FORMATS, JSON, JSON_FEED, JSON_LD, SDMX_JSON, TOPOJSON, VEGA_LITE
from api.errors import Problem
from api.http.problems import body
from api.limits import Limits
from api.services import project, seed
from api.settings import ROOT, Settings
from api.v1 import TASKS

DOCUMENT = ROOT / "openapi" / "openapi.json"
_PARTS = ("openapi", "info", "servers", "security", "tags", "paths", "components")
_ENDINGS = {item.media_type: item.ending for item in (*FORMATS.values(), JSON_FEED, VEGA_LITE)}
_SHORTENED = {item.media_type for item in (JSON, JSON_FEED, JSON_LD, SDMX_JSON, TOPOJSON, VEGA_LITE)}
"""Media types whose lists are cut in an example."""
_FEW = 3
"""Items shown of a long list in an example."""
_LONGEST = 2_000
"""Characters shown of a long text in an example."""

PROBLEM_EXAMPLES: dict[str, dict[str, Any]] = {
    "InvalidParameter": {"path": "/v1/observations?indicatr=gigabit-availability"},
    "UnknownId": {"path": "/v1/regions/E1200005"},
    "NotAcceptable": {"path": "/v1/levels", "headers": {"Accept": "image/png"}},
    "AddressTooLong": {"path": f"/v1/observations?region={'E12000005,' * 401}"},
    "PreconditionFailed": {"path": "/v1/releases/4/download.csv", "headers": {"If-Match": '"another"'}},
    "RangeNotSatisfiable": {"path": "/v1/releases/4/download.csv", "headers": {"Range": "bytes=999999999-"}},
    "UnsupportedContent": {"path": "/v1/levels", "data": "{}", "content_type": "application/json"},
    "BadRequest": {
        "path": "/v1/calculations",
        "method": "POST",
        "data": '{"data": NaN}',
        "content_type": "application/json",
    },
    "BodyTooLarge": {
        "path": "/v1/calculations",
        "method": "POST",
        "data": " " * (Limits().max_body_bytes + 1),
        "content_type": "application/json",
    },
}
"""A request that meets each problem."""
_DIFFERENCES = "/v1/releases/2/diff/3"
"""What operations for holders of keys have pages of: their cursors are of this kind."""
PROJECTED = {"indicators": ("gva-per-hour",), "regions": ("E12000005",)}
"""The series whose projection stands as an example: it is computed where it is not yet."""
FAILURES = {
    "NotReady": ("not-ready", "The database does not answer."),
    "Busy": (
        "busy",
        "Other calculations and large workbooks are being made, and no more may wait. Ask again in 5 seconds.",
    ),
    "TooManyRequests": (
        "too-many-requests",
        "You have had as much made as one caller may in a minute (600 units). Ask again in 42 seconds.",
    ),
    "KeyNeeded": ("key-needed", "This needs a key, and none was sent. Reads of what is published need none."),
    "NotAllowed": ("not-allowed", "This key may upload, and this needs the scope publish."),
    "DraftConflict": (
        "draft-conflict",
        "The draft kX3v9QpLr2TzWb1c is not ready: a.csv has 2 errors. Take it out (DELETE), and send it mended.",
    ),
    "DraftChanged": (
        "draft-changed",
        "The draft is kX3v9QpLr2TzWb1c.4 by now, and kX3v9QpLr2TzWb1c.3 was meant. Read it again.",
    ),
    "WithdrawalRefused": ("withdrawal-refused", "Release 8 is withdrawn already, by release 9."),
    "InternalError": ("internal-error", "Something failed on our side; nothing is wrong with the request."),
    "ReleaseWithdrawn": (
        "release-withdrawn",
        "Release 5 was withdrawn by release 6 on 2026-07-02: the file was wrong.",
    ),
    "TooLarge": ("too-large", "The answer has 254,421 observations, and a file of this format holds 100,000."),
}
"""Problems that cannot be had for the asking: each with what it says."""


def generate(app: Flask) -> dict[str, Any]:
    """The document, with examples asked of `app`."""
    project.fill(app.extensions["database"], app.extensions["releases"].current(), **PROJECTED)
    # A copy: the application goes on with the one it has.
    spec: dict[str, Any] = deepcopy(app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict())
    document = {name: spec[name] for name in _PARTS}
    document["tags"] = [{"name": task.name, "description": task.description} for task in TASKS]
    tasks = {blueprint.name: task.name for task in TASKS for blueprint in task.blueprints}
    client = app.test_client()
    for rule, path in document["paths"].items():
        named = path.pop("parameters", [])
        for operation in path.values():
            operation["tags"] = [tasks[name] for name in operation["tags"]]
            # What the path names first, what most questions do without last.
            asked = sorted(
                operation.get("parameters", []),
                key=lambda parameter: parameter["name"] in {"release", "as_of", "format"},
            )
            operation["parameters"] = deepcopy(named) + asked
        for operation in path.values():
            if "security" in operation:  # what a key does has no example that can be had for the asking
                _exemplify_query(client, operation, _DIFFERENCES)
                operation["responses"] = dict(sorted(operation["responses"].items()))
        if "post" in path and "security" not in path["post"]:
            _exemplify_computation(client, rule, path["post"])
        if "get" in path and "security" not in path["get"]:
            _exemplify_read(client, path["get"])
    for name, response in document["components"]["responses"].items():
        if name in PROBLEM_EXAMPLES:
            answer = client.open(**PROBLEM_EXAMPLES[name])
            response["content"]["application/problem+json"]["example"] = answer.get_json()
        elif name in FAILURES:
            problem = Problem(FAILURES[name][0], FAILURES[name][1])
            response["content"]["application/problem+json"]["example"] = json.loads(body(problem, "/v1/observations"))
    document["components"]["parameters"] = _shared_parameters(document["paths"].values())
    return document


def _exemplify_read(client: FlaskClient, operation: dict[str, Any]) -> None:
    """Put the answer to the example of a read into its description, in each format."""
    address = operation.pop("x-example-request")
    formats = [item for item in operation["parameters"] if (item["name"], item["in"]) == ("format", "path")]
    endings = [ending for item in formats for ending in item["schema"]["enum"]]
    usual = "csv" if "csv" in endings or not endings else endings[0]
    for media_type, content in operation["responses"]["200"]["content"].items():
        if content["schema"].get("format") != "binary":
            content["example"] = _example(
                client, address.replace("{format}", _ENDINGS.get(media_type, usual)), media_type
            )
    _exemplify_query(client, operation, address)
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _exemplify_query(client: FlaskClient, operation: dict[str, Any], address: str) -> None:
    """Put the examples of parameters into their schemas.

    Swagger UI fills in an example of the parameter itself: right where there is no question without it, as with what a
    path names; elsewhere it would narrow every question.
    """
    for parameter in operation["parameters"]:
        if parameter["in"] == "query":
            given = parameter["schema"].pop("example", None)
            shown = _cursor(client, address) if parameter["name"] == "cursor" else given
            parameter["schema"]["examples"] = [shown]
            if parameter.get("required"):
                parameter["example"] = shown


def _exemplify_computation(client: FlaskClient, address: str, operation: dict[str, Any]) -> None:
    """Put the answer to the example of a computation into its description, and what a bad one meets."""
    for parameter in operation["parameters"]:
        address = address.replace(f"{{{parameter['name']}}}", str(parameter.get("example")))
    _exemplify_query(client, operation, address)
    example = operation["requestBody"]["content"]["application/json"]["example"]
    answer = client.post(address, json=example)
    if answer.status_code != 200:
        raise RuntimeError(f"the example of {address} answers {answer.status_code} {answer.text}")
    operation["responses"]["200"]["content"]["application/json"]["example"] = _shortened(answer.get_json())
    unknown = example | {"imputaton": "none"}
    nothing = example | {
        "aggregation": "geometric",
        "normalisation": "z-score",
        "uncertainty": None,
        "sensitivity": None,
    }
    met = [client.post(address, json=body).get_json() for body in (unknown, nothing)]
    # By the problem that each is: not every computation can meet the second.
    operation["responses"]["422"]["content"]["application/problem+json"]["examples"] = {
        problem["type"].partition("#")[2]: {"value": problem} for problem in reversed(met)
    }
    operation["responses"] = dict(sorted(operation["responses"].items()))


def _shared_parameters(paths: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Take parameters that several operations have alike out of them, and give them a name to refer to."""
    lists = [operation["parameters"] for path in paths for operation in path.values()]
    texts = Counter(json.dumps(parameter) for parameters in lists for parameter in parameters)
    names: dict[str, str] = {}
    for text, count in texts.items():
        if count > 1:
            name = re.sub(r"[^A-Za-z0-9._-]+", ".", json.loads(text)["name"]).strip(".")
            alike = sum(known.rstrip("0123456789") == name for known in names.values())
            names[text] = f"{name}{alike + 1 if alike else ''}"
    for parameters in lists:
        parameters[:] = [
            {"$ref": f"#/components/parameters/{names[text]}"} if (text := json.dumps(item)) in names else item
            for item in parameters
        ]
    return {name: json.loads(text) for text, name in names.items()}


def written(document: dict[str, Any]) -> str:
    """The text of the document, as it is committed."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the document, or check the committed one. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail where the document is stale")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        text = written(generate(_seeded_app(Path(folder))))
    if not check:
        DOCUMENT.write_text(text, encoding="utf-8")
        print(f"{DOCUMENT.relative_to(ROOT)} written: {len(text):,} characters")
        return 0
    if DOCUMENT.read_text(encoding="utf-8") != text:
        print("openapi/openapi.json is not what the code says. Run `make openapi` and commit it.", file=sys.stderr)
        return 1
    return 0


def _seeded_app(folder: Path) -> Flask:
    url = seed.fill(f"sqlite:///{folder / 'examples.sqlite3'}")
    return create_app(replace(Settings(), database_url=url, downloads_path=str(folder / "downloads")))


def _example(client: FlaskClient, address: str, media_type: str) -> Any:
    if media_type == EXPLANATION:
        address += ("&" if "?" in address else "?") + "explain=true"
        answer = client.get(address)
    else:
        answer = client.get(address, headers={"Accept": media_type})
    if answer.status_code != 200 or answer.mimetype != media_type:
        raise RuntimeError(f"the example {address} answers {answer.status_code} {answer.mimetype}")
    if media_type in _SHORTENED:
        return _shortened(json.loads(answer.data))
    if media_type.endswith(("+xml", "/html")):
        return answer.get_data(as_text=True)[:_LONGEST]
    return json.loads(answer.data) if media_type.endswith("+json") else answer.get_data(as_text=True)


def _cursor(client: FlaskClient, address: str) -> str:
    """Where the second page of an operation's list begins."""
    path, _, asked = address.replace("{format}", "json").partition("?")
    answer = client.get(path, query_string={"limit": 1})
    if answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:  # it is only asked with more than a limit
        answer = client.get(f"{path}?{re.sub(r'&limit=[0-9]+', '', asked)}&limit=1")
    found = re.search(r"[?&]cursor=([^&>]+)", answer.headers.get("Link", ""))
    if found is None:
        raise RuntimeError(f"{address} has no second page to take a cursor from")
    return found[1]


def _shortened(value: Any) -> Any:
    """The same with long lists cut to their first items: an example is to be read."""
    if isinstance(value, list):
        return [_shortened(item) for item in value[:_FEW]]
    if isinstance(value, dict):
        return {name: item if name == "bbox" else _shortened(item) for name, item in value.items()}
    return value


if __name__ == "__main__":
    sys.exit(main())
