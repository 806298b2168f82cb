"""The OpenAPI document: what the code says, complete, and written for a stranger."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from api import columns
from api.encoders.negotiate import CSV, EXPLANATION, FORMATS, PNG, VEGA_LITE, XLSX
from api.encoders.negotiate import FILES as FILE_TYPES
from openapi import generate
from tests.contract import schemathesis_hooks
from tests.contract_client import ContractClient, document, validator

ERRORS = {"406", "414", "415", "422", "500", "503"}
_ALL = [(path, method, item) for path, named in document()["paths"].items() for method, item in named.items()]
OPERATIONS = {path: item for path, method, item in _ALL if method == "get" and "security" not in item}
COMPUTATIONS = {path: item for path, method, item in _ALL if method == "post" and "security" not in item}
KEYED = {f"{method} {path}": item for path, method, item in _ALL if "security" in item}
"""Operations for holders of keys, by method and path."""
SCHEMAS = document()["components"]["schemas"]

each_operation = pytest.mark.parametrize("path", OPERATIONS)


def parameters() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every parameter, with the path of its operation."""
    for path in OPERATIONS:
        for parameter in parameters_of(path):
            yield path, parameter


def parameters_of(path: str) -> list[dict[str, Any]]:
    """The parameters of an operation, those that it shares with others among them."""
    shared = document()["components"]["parameters"]
    return [
        shared[item["$ref"].rpartition("/")[2]] if "$ref" in item else item for item in OPERATIONS[path]["parameters"]
    ]


def example_of(parameter: dict[str, Any]) -> Any:
    return parameter["example"] if parameter["in"] == "path" else parameter["schema"]["examples"][0]


def test_the_committed_document_is_what_the_code_says(whole_app: Flask) -> None:
    """Its examples are answers from the whole package, on SQLite; the same examples are asked of both elsewhere."""
    assert generate.written(generate.generate(whole_app)) == generate.DOCUMENT.read_text(encoding="utf-8")


def test_the_document_is_valid() -> None:
    OpenAPIV31SpecValidator(document()).validate()


def test_every_route_is_documented_and_nothing_else(app: Flask) -> None:
    routes = [
        (re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", rule.rule), rule.methods - {"HEAD", "OPTIONS"})
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/v1")
    ]
    served: dict[str, set[str]] = defaultdict(set)
    for rule, methods in routes:
        served[rule] |= methods
    assert served == {path: {method.upper() for method in item} for path, item in document()["paths"].items()}


def test_operation_ids_are_unique() -> None:
    counted = Counter(operation["operationId"] for _, _, operation in _ALL)
    assert set(counted.values()) == {1}


UNASKED = {
    "/v1/indicators/{indicator}/template": "text/csv",
    "/v1/charts": "image/svg+xml",
    "/v1/catalog": "application/ld+json",
    "/v1/releases.atom": "application/atom+xml",
    "/v1/sdmx/data": "application/vnd.sdmx.data+csv",
    "/v1/sdmx/{kind}": "application/vnd.sdmx.structure+xml",
    "/v1/sdmx": "application/vnd.sdmx.structure+json",
}


def unasked(path: str) -> str:
    """The media type that comes where none is asked for."""
    return next((name for start, name in UNASKED.items() if path.startswith(start)), "application/json")


FILES = "/v1/releases/{release}/download.{format}"
CALCULATED = {"/v1/calculations", "/v1/indices/{index}/calculations", "/v1/indices/{index}/scores"}


@each_operation
def test_an_operation_names_and_describes_itself(path: str) -> None:
    operation = OPERATIONS[path]
    assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", operation["operationId"])
    assert operation["summary"]
    assert not operation["summary"].endswith(".")
    assert len(operation["description"]) > 60
    assert operation["description"].endswith(".")
    assert len(operation["tags"]) == 1
    assert operation["tags"][0] in {tag["name"] for tag in document()["tags"] if tag["description"]}


@pytest.mark.parametrize("name", KEYED)
def test_an_operation_for_holders_of_keys_says_so(name: str) -> None:
    operation, method = KEYED[name], name.partition(" ")[0]
    assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", operation["operationId"])
    assert operation["summary"]
    assert len(operation["description"]) > 40
    assert operation["description"].endswith(".")
    assert len(operation["tags"]) == 1
    assert {"401", "403", "500", "503"} <= set(operation["responses"])
    shared = document()["components"]["parameters"]
    whole = [shared[item["$ref"].rpartition("/")[2]] if "$ref" in item else item for item in operation["parameters"]]
    named = {item["name"] for item in whole}
    assert ("Idempotency-Key" in named) == (method != "get")
    assert bool(operation["security"][0]["key"]) == (method != "get")


@each_operation
def test_a_name_stands_in_the_path_or_in_the_query(path: str) -> None:
    """Look-ups say which field is at fault, and where that stands follows from the name (`http/problems`)."""
    names = [item["name"] for item in parameters_of(path) if item["in"] in {"path", "query"}]
    assert not [name for name, times in Counter(names).items() if times > 1]
    assert not {"request", "method", "path", "query", "header", "body"} & set(names)


@each_operation
def test_an_operation_names_its_errors(path: str) -> None:
    operation = OPERATIONS[path]
    queried = {parameter["name"] for parameter in parameters_of(path) if parameter["in"] == "query"}
    expected = ERRORS | {"200", "304"}
    if "{" in path or queried - {"limit", "cursor"}:
        expected |= {"404"}
    if "as_of" in queried:
        expected |= {"410"}
    if "draft" in queried:
        expected |= {"401", "409"}
    if "{region}" in path:
        expected |= {"308"}
    if XLSX.media_type in operation["responses"]["200"]["content"]:
        expected |= {"413", "429"}
    if path in CALCULATED or PNG.media_type in operation["responses"]["200"]["content"]:
        expected |= {"429"}
    if "{other}" in path:
        expected |= {"410"}
    if CSV.media_type in operation["responses"]["200"]["content"]:  # parts of a table can be asked for
        expected |= {"206", "412", "416"}
    if path == FILES:  # parts of a file can be asked for
        expected |= {"206", "410", "412", "416"}
    assert set(operation["responses"]) == expected
    for status in expected - {"200", "206", "304", "308"}:
        name = operation["responses"][status]["$ref"].removeprefix("#/components/responses/")
        content = document()["components"]["responses"][name]["content"]
        assert list(content) == ["application/problem+json"]
        assert content["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}


@each_operation
def test_an_operation_has_an_answer_for_an_example(path: str) -> None:
    content = OPERATIONS[path]["responses"]["200"]["content"]
    usual = unasked(path)
    if path == FILES:
        assert set(content) == set(FILE_TYPES.values())
        assert [item["schema"].get("format") for item in content.values()].count("binary") == 3
        return
    assert next(iter(content)) == ("text/csv" if "text/csv" in content and "{format}" in path else usual)
    for media_type, item in content.items():
        if media_type == "application/json":
            place = f"#/paths/{path.replace('/', '~1')}/get/responses/200/content/application~1json/schema"
            validator(place).validate(item["example"])
            assert item["example"]["data"]
        elif media_type == "text/csv":
            lines = list(csv.reader(io.StringIO(item["example"])))
            assert lines[0] == columns_of(path)
            assert len(lines) > 1
        else:
            assert media_type in {EXPLANATION, *(kind.media_type for kind in (*FORMATS.values(), VEGA_LITE))}
            assert item["schema"].get("format") == "binary" or item["example"]


@pytest.mark.parametrize("path", COMPUTATIONS)
def test_a_computation_describes_its_body_and_its_errors(path: str, app: Flask) -> None:
    operation = COMPUTATIONS[path]
    assert operation["summary"] and len(operation["description"]) > 60
    assert set(operation["responses"]) == {
        *("200", "400", "401", "404", "406", "409", "410", "413", "415", "422", "429", "500", "503"),
    }
    content = operation["requestBody"]["content"]["application/json"]
    assert operation["requestBody"]["required"] is True
    place = f"#/paths/{path.replace('/', '~1')}/post/requestBody/content/application~1json/schema"
    validator(place).validate(content["example"])
    filled = path.replace("{index}", "local-digital-capital")
    answer = app.test_client().post(filled, json=content["example"])
    assert answer.status_code == 200
    said = operation["responses"]["422"]["content"]["application/problem+json"]["examples"]
    assert {item["value"]["type"].rpartition("#")[2] for item in said.values()} == set(said)


TABLES = {
    "/v1/regions": columns.REGIONS,
    "/v1/rankings": columns.RANKING,
    "/scores": columns.SCORES,
    "/template": columns.TEMPLATE,
    "/v1/indicators": columns.INDICATORS,
    "projection": columns.PROJECTIONS,
    "diff": columns.CHANGES,
}
"""The columns of tables by what stands in their paths."""


def columns_of(path: str) -> list[str]:
    """The columns of a table served at a path."""
    found = next((table for part, table in TABLES.items() if part in path), columns.OBSERVATIONS)
    return [column.name for column in found]


def test_problems_have_examples() -> None:
    responses = document()["components"]["responses"]
    assert set(responses) == {*generate.PROBLEM_EXAMPLES, *generate.FAILURES}
    for name, response in responses.items():
        example = response["content"]["application/problem+json"]["example"]
        assert set(example) == set(SCHEMAS["Problem"]["properties"])
        assert example["errors"] or name in generate.FAILURES


@pytest.mark.parametrize(("path", "parameter"), list(parameters()))
def test_a_parameter_says_what_it_is(path: str, parameter: dict[str, Any]) -> None:
    assert len(parameter["description"]) > 20
    assert parameter["description"].endswith(".")
    assert example_of(parameter) not in (None, "", [])


@each_operation
def test_the_examples_of_parameters_can_be_asked(path: str, client: ContractClient) -> None:
    """Each by itself, with those that are needed: together they may well find nothing."""
    examples = {item["name"]: (item["in"], example_of(item)) for item in parameters_of(path)}
    filled = re.sub(r"{(\w+)}", lambda match: examples[match[1]][1], path)
    queried = {name: spelt(value) for name, (place, value) in examples.items() if place == "query"}
    needed = needed_of(path) & queried.keys()
    for name in queried.keys() - {"draft"}:  # which needs a key
        query = {part: queried[part] for part in {name, *needed}}
        response = client.get(filled, query_string=query)
        assert response.status_code == 200, f"{query}: {response.text}"


def needed_of(path: str) -> set[str]:
    """The parameters that an operation is never asked without; of those of which it needs one, the first."""
    return {item["name"] for item in parameters_of(path) if item.get("required")} | ONE_OF.get(path, set())


ONE_OF = {"/v1/verify": {"indicator"}}
"""A figure is looked for among those of an indicator, or of a region: no schema can say so."""


def spelt(value: Any) -> str:
    """The example of a parameter as it stands in an address."""
    return ",".join(value) if isinstance(value, list) else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_property_has_a_description(name: str) -> None:
    assert SCHEMAS[name]["type"] == "object"
    for key, value in SCHEMAS[name]["properties"].items():
        assert value.get("description", "").endswith("."), f"{name}.{key}"


def test_lists_say_how_they_are_written() -> None:
    """Commas, not repeats: a generated client must know."""
    lists = [parameter for _, parameter in parameters() if parameter["schema"].get("type") == "array"]
    assert lists
    assert all(item["style"] == "form" and item["explode"] is False for item in lists)


def test_lists_and_booleans_say_what_else_is_understood() -> None:
    """A schema cannot: that a list may be repeated, and a boolean be written in any case, stands in words."""
    kinds = {"array": "or the parameter repeated", "boolean": "In any case"}
    for _, item in parameters():
        if said := kinds.get(item["schema"].get("type", "")):
            assert said in item["description"], item["name"]


@pytest.mark.parametrize(
    ("query", "otherwise"),
    [
        ("latest=TRUE", True), ("latest=0", True), ("format=CSV&status=a&status=b", True), ("utm_x=1&limit=2", True),
        ("indicator=a&indicator=b", True), ("latest=true", False), ("latest=x", False), ("limit=5&limit=6", False),
        ("bogus=1", False), ("latest=1&latest=1", False), ("indicator=a,b&status=A", False), ("utm_x=1&bogus=1", False),
        ("limit=5.0", True), ("limit=5", False), ("limit=5.5", False),
    ],
)  # fmt: skip
def test_what_is_spelt_otherwise_is_told_from_what_is_wrong(query: str, otherwise: bool) -> None:  # noqa: FBT001
    """The hooks of schemathesis excuse the first alone."""
    schemas = schemathesis_hooks.parameters_of("/v1/observations", "GET")
    assert schemathesis_hooks.is_spelt_otherwise(query, schemas) is otherwise


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/v1/drafts/{draft}/uploads", {"draft", "reader", "sheet", "indicator", "map", "set", "Idempotency-Key"}),
        ("/v1/drafts/{draft}/publish", {"draft", "dry_run", "Idempotency-Key", "If-Match"}),
    ],
)
def test_a_write_documents_its_query_and_its_headers(path: str, names: set[str]) -> None:
    parts = document()["components"]["parameters"]
    given = document()["paths"][path]["post"]["parameters"]
    found = [parts[item["$ref"].rpartition("/")[2]] if "$ref" in item else item for item in given]
    assert {item["name"] for item in found} == names
    assert all(item["description"] for item in found)
