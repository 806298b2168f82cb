"""What schemathesis cannot know of the contract from JSON Schema alone: periods, cursors, and rules between parameters.

`schemathesis.toml` in the root of the project names this module.
"""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import schemathesis
from hypothesis import strategies as st
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.openapi.checks import RejectedPositiveData

from api import cursors
from api.appended import without
from api.schemas.fields import Flag, Whole
from tests.contract_client import document

_year = st.integers(2000, 2030) | st.integers(1, 9998)
_day = st.dates().map(str)
_period = st.one_of(
    _year.map("{:04d}".format),
    st.builds("{:04d}-Q{}".format, _year, st.integers(1, 4)),
    st.builds("{:04d}-{:02d}".format, _year, st.integers(1, 12)),
    st.builds("{:04d}-{:02d}-01/{}".format, _year, st.sampled_from([4, 8]), st.sampled_from(["P1Y", "P6M", "P1M"])),
    st.builds("{:04d}-S{}".format, _year, st.integers(1, 2)),
    _year.map(lambda year: f"{year:04d}/{(year + 1) % 100:02d}"),
    _day,
)
schemathesis.openapi.format("period", _period)

_weight = st.floats(0, 100, width=16)
_level = st.sampled_from(["itl1", "local-authority", "combined-authority"])
_definitions = st.builds(
    lambda weight, level: json.dumps(
        {"indicators": [{"id": "gigabit-availability", "weight": weight + 1}], "regions": {"level": level}}
    ),
    _weight,
    _level,
)
schemathesis.openapi.format("definition", _definitions)
_choices = st.builds(lambda weight: json.dumps({"weights": {"digital-skills": weight}, "uncertainty": None}), _weight)
schemathesis.openapi.format("choices", _choices)

schemathesis.openapi.format("beside-table", st.builds(lambda share: json.dumps({"title": f"{share:.3f}"}), _weight))


@schemathesis.serializer("text/csv")
def as_bytes(context, value):
    """A table as it is sent: the example in the document is a text."""
    return value if isinstance(value, bytes) else str(value).encode()


_number = st.integers(0, 40) | st.integers(0, 2**63 - 1)
_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
_key = st.one_of(
    st.tuples(_number, _number, _day, st.sampled_from(["instant", "P1Y", "P3M"])),
    st.tuples(_number, _number, _text),
    st.tuples(_number, _text),
    st.tuples(_text),
)
schemathesis.openapi.format("cursor", _key.map(lambda key: f"00000000-{cursors.encode(key)}"))

OF_THE_WHOLE = {
    "bad-url": "a webhook is at an address that can be asked",
    "too-many-webhooks": "an owner has so many",
    "bounds-around": "an estimate lies between its bounds",
    "missing-error": "an estimate has a standard error or two bounds, and not both",
    "circle": "parts may not belong to each other in a circle",
    "groups": "all regions have a group, or none",
    "impossible": "the figures must allow the method",
    "invalid-value": "low is below high, and a method has its own parameters only",
    "leave-one-out": "one indicator is too few to do without one",
    "levels": "as many means as levels",
    "missing-value": "an indicator gives what the normalisation needs",
    "missing-values": "every indicator has values",
    "no-choices": "sensitivity is to choices that are named",
    "no-errors": "figures are drawn from within errors that are known",
    "no-goalposts": "goalposts are moved where a normalisation has any",
    "no-logarithm": "logarithms are of indicators that are marked, and are taken where one is",
    "base-period": "a base period is of figures of this service",
    "no-parent": "every indicator belongs to an aggregate, where there are any",
    "no-parts": "an aggregate has parts",
    "polarity-and-direction": "they say the same",
    "posts": "the upper post is above the lower",
    "repeated-id": "identifiers are unique",
    "several-tops": "an index has one top",
    "too-many-draws": "the product of draws and regions is limited",
    "too-much-work": "so is that of draws, regions and parts",
    "unknown-denominator": "what is named is there",
    "unknown-id": "what is named is there",
    "unknown-indicator": "what is named is there",
    "unknown-parent": "what is named is there",
    "unknown-region": "what is named is there",
    "weightless": "some weight is more than zero",
    "wrong-length": "lists are as long as there are regions",
}
"""Faults of a definition that no schema of its parts can rule out."""
BETWEEN_PARAMETERS = {
    "bad-key": "a key of SDMX has as many parts as there are dimensions, and its filters agree with it",
    "no-csv": "bom is of CSV alone: which format an answer has is said by its address or by a header",
    "bad-cursor": "a cursor belongs to the operation that gave it out",
    "period-order": "period_from may not lie after period_to",
    "release-and-as-of": "one of them says which release to read, not both",
    "not-of-level": "the level that a region is compared in is one of its own",
    "weight-of-none": "weights belong to indicators that are used",
    "zero-weights": "weights may be zero, but not all of those that are used",
    "repeated": "an indicator has one weight, however its name is spelt",
    "unknown-edition": "there is no edition of a year to come",
    "unknown-version": "a release holds one or two versions of a method",
    "not-earlier": "an edition is held against an earlier one",
    "no-table": "a table has no room for what changed",
    "too-few-components": "nor of a year without figures",
    "ambiguous-period": "2023/24 is refused where the indicators asked for read it differently, or not at all",
    "no-map": "shapes are of maps alone: which format an answer has is said by its address or by a header",
    "not-drawn": "TopoJSON has shapes and no points",
    "too-wide": "a figure is looked for among those of an indicator or of a region, one of which is named",
    "several-levels": "hexagons are drawn of one level",
}
"""Faults that a schema of single parameters cannot rule out: a refusal for these alone is no failure."""


def _cohere(body) -> None:
    """Let the parts of a made-up definition fit one another, as no schema of them can ask; the rest stays made up."""
    if "estimates" in body:
        _cohere_estimates(body)
        return
    if "indicators" not in body:
        _cohere_choices(body)
        return
    body.pop("regions", None)
    body.setdefault("data", {"regions": ["a", "b", "c"]})
    data, count = body["data"], len(body["data"]["regions"])
    data["regions"] = [f"r{place}" for place in range(count)]
    for place, item in enumerate(body["indicators"]):
        item |= {"id": f"i{place}", "parent": None, "denominator": None, "weight": 1, "scale": 1}
        for name in ("base_period", "logarithm", "normalisation"):
            item.pop(name, None)
        if "polarity" in item:
            item.pop("direction", None)
    data["values"] = {item["id"]: list(range(count)) for item in body["indicators"]}
    for name in ("groups", "earlier", "denominators", "standard_errors", "sizes"):
        data.pop(name, None)
    for name in ("aggregates", "imputation", "treatment", "normalisation", "aggregation", "sensitivity", "against"):
        body.pop(name, None)
    drawn = body.get("uncertainty") or {}
    drawn |= {"draws": 10} if drawn else {}
    for name in ("weights", "treatment", "normalisation", "aggregation", "leave_one_out", "data_error", "goalposts"):
        drawn.pop(name, None)


def _cohere_estimates(body) -> None:
    """The same for estimates to be ranked: each has a name of its own, and one error."""
    for place, item in enumerate(body["estimates"]):
        item |= {"id": f"e{place}", "standard_error": 1.0}
        item.pop("lower", None)
        item.pop("upper", None)
    for name in ("best", "worst"):
        body.pop(name, None)


def _cohere_choices(body) -> None:
    """The same for what is chosen otherwise of a published index: its parts have names of their own."""
    methods = ("imputation", "treatment", "normalisation", "aggregation", "sensitivity", "against")
    for name in ("without", "goalposts", "denominators", "edition", "method_version", *methods):
        body.pop(name, None)
    if "weights" in body:
        body["weights"] = {"digital-skills": 2}
    if body.get("uncertainty"):
        body["uncertainty"] = {"draws": 10}


_THERE = (("draft", "kX3v9QpLr2TzWb1c"), ("upload", "1"))
"""What is there of partners, see `test_schemathesis`: a draft with a file, and release 5, which may be withdrawn."""


def _name_what_is_there(case) -> None:
    """Name what there is of partners, and of releases: of the rest only that it is not there could be told."""
    for name, known in _THERE:
        if name in (case.path_parameters or {}):
            case.path_parameters[name] = known
    if case.operation.path.endswith("/withdraw"):
        case.path_parameters["release"] = "5"
    if case.operation.path.startswith("/v1/indicators/{indicator}"):
        case.path_parameters["indicator"] = "gigabit-availability"
    if "{other}" in case.operation.path:
        case.path_parameters |= {"release": "2", "other": "3"}


def _cohere_writes(case) -> None:
    """Send what a write can take: a file with something in it, a new name for each request, and no version."""
    headers, positive = case.headers or {}, case.meta.generation.mode.is_positive
    if not positive:
        return
    _name_what_is_there(case)
    if case.operation.path.endswith("/diff") and "draft" in case.path_parameters:
        case.query = {name: value for name, value in (case.query or {}).items() if name == "limit"}
    if "/uploads" in case.operation.path and case.method == "POST":
        table = b"region,period,value\nE08000027,2025,1\n"  # an empty file is refused, and no schema can say so
        case.body = {"file": table} if isinstance(case.body, dict) else case.body or table
    if case.method == "PUT" and isinstance(case.body, dict):
        case.body.pop("geometry", None)  # that rings close no schema can ask
        if "indicator" in case.path_parameters:
            case.path_parameters["indicator"] = "something"  # nobody describes those of the service
    if "Idempotency-Key" in headers:
        headers["Idempotency-Key"] = str(uuid4())
    headers.pop("If-Match", None)


@schemathesis.hook
def before_call(context, case, kwargs) -> None:
    """Ask what can be answered: one of release and as_of, and no cursor of another question.

    A schema can rule out neither, and most questions would be refused. Cursors that are none stay in.
    """
    computed = case.operation.path.endswith(("/calculations", "/rankings"))
    if computed and isinstance(case.body, dict) and case.meta.generation.mode.is_positive:
        _cohere(case.body)
    if case.media_type == "text/csv" and "drafts" not in case.operation.path and case.meta.generation.mode.is_positive:
        # That a text is a table no schema can ask.
        described = document()["paths"][case.operation.path]["post"]["requestBody"]["content"]
        case.body = described["text/csv"]["example"]
    _cohere_writes(case)
    query = case.query or {}
    if case.method == "POST" and isinstance(case.body, dict):
        query.pop("definition", None)  # it goes with a table
    if "release" in query:
        query.pop("as_of", None)
    if "/sdmx/data" in case.operation.path and case.meta.generation.mode.is_positive:
        query.pop("bom", None)  # it is of CSV alone, which is not what comes there unasked
        if str((case.path_parameters or {}).get("key")).count(".") != 2:  # a key has three parts
            case.path_parameters |= {"key": "all"} if "key" in (case.path_parameters or {}) else {}
    if case.operation.path == "/v1/verify" and case.meta.generation.mode.is_positive:
        query.setdefault("indicator", "gigabit-availability")  # it is needed where no region is named
        query.pop("period", None)  # 2023/24 is refused of an indicator whose periods are no split years
    if re.match(r"[0-9a-f]{8}-", str(query.get("cursor"))):
        query.pop("cursor")


def parameters_of(path: str, method: str) -> dict:
    """The schema of each query parameter of an operation."""
    shared = document()["components"]["parameters"]
    listed = document()["paths"][path][method.lower()].get("parameters", [])
    whole = [shared[item["$ref"].rpartition("/")[2]] if "$ref" in item else item for item in listed]
    return {item["name"]: item["schema"] for item in whole if item["in"] == "query"}


def is_spelt_otherwise(query: str, schemas: dict) -> bool:
    """Whether a query is valid once it is spelt as the document spells it, and is not spelt so.

    Booleans and keywords may be written in any case, booleans as 1 and 0, whole numbers as 5.0, lists by repetition,
    and what platforms append to links is dropped: the document says so in words, since no schema can.
    """
    bare = without(query)
    given = parse_qs(bare, keep_blank_values=True)
    as_documented, understood = (
        all(name in schemas and _fits(values, schemas[name], strictly=strictly) for name, values in given.items())
        for strictly in (True, False)
    )
    return understood and not (as_documented and bare == query)


def _fits(values: list[str], schema: dict, *, strictly: bool) -> bool:
    if schema.get("type") == "array" and not (strictly and len(values) > 1):
        parts = ",".join(values).split(",")
        return len(parts) <= schema["maxItems"] and all(
            _fits([part], schema["items"], strictly=strictly) for part in parts
        )
    text, words = values[0], [str(word) for word in schema.get("enum", [])]
    if schema.get("type") == "boolean":
        text = text if strictly else Flag(metadata={"description": ""}).canonical(text)
        words = ["true", "false"]
    elif schema.get("type") == "integer":
        text = text if strictly else Whole().canonical(text)
        words = [text] if text.isdigit() else [""]
    elif not strictly and "boundaries" in words:  # which true and false stand for, and points
        words += ["true", "false"]
        text = Flag(metadata={"description": ""}).canonical(text).strip().casefold()
    elif not strictly:
        text, words = text.strip().casefold(), [word.casefold() for word in words]
    matches = re.search(schema.get("pattern", ""), values[0]) is not None
    return len(values) == 1 and matches and (not words or text in words)


@schemathesis.hook
def filter_failure(context, failure, case, response) -> bool:
    """Whether a failure counts."""
    if isinstance(failure, AcceptedNegativeData):
        query = urlsplit(response.request.url or "").query
        return not (query and is_spelt_otherwise(query, parameters_of(case.operation.path, case.method)))
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 422:
        return True
    known = OF_THE_WHOLE if case.method in {"POST", "PUT"} else BETWEEN_PARAMETERS
    return not {fault["code"] for fault in response.json()["errors"]} <= known.keys()
