"""What counts as a break of the contract, and that none passes untold."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from packaging.version import Version

from api.settings import ROOT
from openapi import compare
from openapi.breaking import breaks

CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
DOCUMENT = json.loads(compare.DOCUMENT.read_text(encoding="utf-8"))
UNTOLD = "## Unreleased\n\n### Added\n- Nothing.\n\n## 0.1.0 - 2026-11-22\n"


def operation(document: Any, path: str = "/v1/comparisons", method: str = "get") -> Any:
    return document["paths"][path][method]


def schema(document: Any, name: str = "LevelItem") -> Any:
    return document["components"]["schemas"][name]


def parameter(document: Any, name: str, path: str = "/v1/comparisons") -> Any:
    return next(item for item in operation(document, path)["parameters"] if item.get("name") == name)


BREAKING: dict[str, tuple[Callable[[Any], object], str]] = {
    "an operation": (lambda d: d["paths"].pop("/v1/levels"), "GET /v1/levels: is gone"),
    "its name": (
        lambda d: operation(d).update(operationId="another"),
        "GET /v1/comparisons: its operationId is 'another', was 'compareRegion'",
    ),
    "a parameter": (lambda d: operation(d)["parameters"].pop(4), "GET /v1/comparisons: query parameter 'with' is gone"),
    "a parameter of many": (
        lambda d: d["components"]["parameters"]["release"].update(required=True),
        "GET /v1/comparisons: query parameter 'release' is required now",
    ),
    "a new required parameter": (
        lambda d: operation(d)["parameters"].append(
            {"in": "query", "name": "key", "required": True, "schema": {"type": "string"}}
        ),
        "GET /v1/comparisons: query parameter 'key' is new and required",
    ),
    "how a list is written": (
        lambda d: parameter(d, "with").update(explode=True),
        "GET /v1/comparisons: query parameter 'with': `explode` is True, was False",
    ),
    "a longer list": (
        lambda d: parameter(d, "with")["schema"].update(maxItems=4),
        "GET /v1/comparisons: query parameter 'with': its maxItems is 4, was 400",
    ),
    "the type of a parameter": (
        lambda d: parameter(d, "period")["schema"].update(type="integer"),
        "GET /v1/comparisons: query parameter 'period': no string is taken any more",
    ),
    "a media type": (
        lambda d: operation(d, "/v1/regions")["responses"]["200"]["content"].pop("application/geo+json"),
        "GET /v1/regions: 200: application/geo+json is gone",
    ),
    "a status": (lambda d: operation(d)["responses"].pop("404"), "GET /v1/comparisons: status 404 is gone"),
    "a header": (
        lambda d: operation(d)["responses"]["200"]["headers"].pop("ETag"),
        "GET /v1/comparisons: 200: header ETag is gone",
    ),
    "a key of an answer": (lambda d: schema(d)["properties"].pop("regions"), "LevelItem: it.regions is gone"),
    "a key that was always there": (
        lambda d: schema(d)["required"].remove("title"),
        "LevelItem: it.title may be missing now",
    ),
    "a null where none was": (
        lambda d: schema(d)["properties"]["title"].update(type=["string", "null"]),
        "LevelItem: it.title: null may come now",
    ),
    "a text for a number": (
        lambda d: schema(d)["properties"]["regions"].update(type="string"),
        "LevelItem: it.regions: string may come now",
    ),
    "a keyword unheard of": (
        lambda d: schema(d)["properties"]["regions"].update({"not": {"const": 3}}),
        "LevelItem: it.regions: `not` changed, and whether that breaks anything is not known here",
    ),
}


@pytest.mark.parametrize(("change", "told"), BREAKING.values(), ids=BREAKING)
def test_what_breaks_clients_is_found(change: Callable[[Any], object], told: str) -> None:
    new = deepcopy(DOCUMENT)
    change(new)
    assert told in [str(item) for item in breaks(DOCUMENT, new)]


def test_a_word_that_a_parameter_took_must_be_taken_still() -> None:
    old, new = deepcopy(DOCUMENT), deepcopy(DOCUMENT)
    parameter(old, "period")["schema"]["enum"] = ["2022", "2023"]
    parameter(new, "period")["schema"]["enum"] = ["2023", "2024"]
    assert [str(item) for item in breaks(old, new)] == [
        "GET /v1/comparisons: query parameter 'period': '2022' is not taken any more"
    ]


def widened(document: Any) -> None:
    """Changes of every kind that leaves clients as they are."""
    document["paths"]["/v1/more"] = deepcopy(document["paths"]["/v1/levels"])
    operation(document)["parameters"].append({"in": "query", "name": "more", "schema": {"type": "boolean"}})
    parameter(document, "with")["schema"]["maxItems"] = 4000
    parameter(document, "period")["schema"].update(type=["string", "integer"])
    operation(document)["responses"]["451"] = {"description": "Not for everybody."}
    operation(document)["responses"]["200"]["content"]["text/plain"] = {"schema": {"type": "string"}}
    schema(document)["properties"]["more"] = {"type": ["string", "null"]}
    schema(document)["required"].append("more")
    schema(document)["description"] = "Said in another way."
    schema(document, "IndicatorItem")["properties"]["caveats"].update(type="string")


def test_additions_break_nobody() -> None:
    new = deepcopy(DOCUMENT)
    widened(new)
    assert new != DOCUMENT
    assert breaks(DOCUMENT, new) == []


def test_the_names_of_schemas_are_nobodys_business() -> None:
    """What is told is told of the shape, wherever it stands."""
    text = json.dumps(DOCUMENT).replace('"LevelItem"', '"Tier"').replace("/LevelItem", "/Tier")
    new = json.loads(text)
    assert breaks(DOCUMENT, new) == []
    del new["components"]["schemas"]["Tier"]["properties"]["title"]
    assert [str(item) for item in breaks(DOCUMENT, new)] == ["LevelItem: it.title is gone"]


def test_alternatives_that_can_be_asked_must_stay() -> None:
    old, new = deepcopy(DOCUMENT), deepcopy(DOCUMENT)
    parameter(old, "period")["schema"] = {"anyOf": [{"type": "string"}, {"type": "integer"}]}
    parameter(new, "period")["schema"] = {"anyOf": [{"type": "string"}, {"type": "boolean"}]}
    assert [item.what for item in breaks(old, new)] == ["query parameter 'period': no integer is taken any more"]


def test_alternatives_that_are_answered_must_have_been_known() -> None:
    old, new = deepcopy(DOCUMENT), deepcopy(DOCUMENT)
    schema(old)["properties"]["regions"] = {"anyOf": [{"type": "number"}, {"type": "string"}]}
    schema(new)["properties"]["regions"] = {"type": "integer"}
    assert breaks(old, new) == []
    schema(new)["properties"]["regions"] = {"anyOf": [{"type": "number"}, {"type": "boolean"}]}
    assert [item.what for item in breaks(old, new)] == ["it.regions: boolean may come now"]


@pytest.mark.parametrize("name", ["`GET /v1/comparisons`", "`/v1/comparisons`", "`compareRegion`"])
def test_a_break_that_is_told_passes(name: str) -> None:
    new = deepcopy(DOCUMENT)
    operation(new)["parameters"].pop(3)
    told = f"## Unreleased\n\n### Changed\n- *breaking* Comparisons choose\n  for themselves ({name}).\n\n## 0.1.0\n"
    assert len(compare.untold(DOCUMENT, new, UNTOLD)) == 1
    assert compare.untold(DOCUMENT, new, told) == []
    # Told of another version, of another operation, or not as a break: it is not told.
    for other in (f"## Unreleased\n\n{told.replace('Unreleased', '0.0.9')}", told.replace("*breaking* ", "")):
        assert len(compare.untold(DOCUMENT, new, other)) == 1
    assert len(compare.untold(DOCUMENT, new, told.replace(name, "`GET /v1/levels`"))) == 1


def test_the_document_breaks_nothing_untold() -> None:
    kept = compare.RELEASED / f"{compare.last_version(CHANGELOG)}.json"
    old = json.loads(kept.read_text(encoding="utf-8"))
    assert [str(item) for item in compare.untold(old, DOCUMENT, CHANGELOG)] == []


def test_the_version_is_that_of_the_changelog() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    last, now = Version(compare.last_version(CHANGELOG)), Version(project["version"])
    # Between two versions the next one is being worked on: another version has other entity tags and files.
    assert now == last or (now.is_devrelease and now > last)


def test_what_is_kept_of_a_version_holds_no_words_and_all_names() -> None:
    kept = compare.bare(DOCUMENT)
    assert breaks(DOCUMENT, kept) == breaks(kept, DOCUMENT) == []
    assert "description" in kept["components"]["schemas"]["LevelItem"]["properties"]
    assert '"examples":' not in json.dumps(kept, separators=(",", ":"))
    assert "description" not in kept["paths"]["/v1/levels"]["get"]


def test_a_version_is_kept_once(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(compare, "RELEASED", tmp_path)
    path = compare.close("0.2.0")
    assert json.loads(path.read_text(encoding="utf-8")) == compare.bare(DOCUMENT)
    with pytest.raises(FileExistsError):
        compare.close("0.2.0")
