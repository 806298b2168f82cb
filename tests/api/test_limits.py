"""Limits are those of the running settings: what is published, documented and enforced is one number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api import create_app
from api.limits import Limits

FEW = Limits(
    max_observations=50,
    default_observations=7,
    max_items=9,
    default_items=4,
    max_list_values=3,
    max_parameter_length=120,
    max_body_bytes=900,
    max_calculation_regions=5,
    max_calculation_parts=2,
    max_draws=77,
    max_samples=64,
    max_calculation_work=1_000,
)
BODY = {"indicators": [{"id": "gigabit-availability"}], "regions": ["E12000001", "E12000002"]}
DATA = {"regions": ["a", "b"], "values": {"x": [1, 2]}}


@pytest.fixture
def few(settings):
    """An application whose limits are low."""
    app = create_app(replace(settings, limits=FEW))
    yield app
    app.extensions["database"].engine.dispose()


def test_they_are_published(few):
    published = few.test_client().get("/v1/config").json["data"]["limits"]
    assert {item["name"]: item["value"] for item in published} == {
        name: getattr(FEW, name) for name in Limits.__dataclass_fields__
    }


def test_they_are_documented(few):
    """In what the code says, which the committed document is held to."""
    told = few.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    schemas = {name: item["properties"] for name, item in told["components"]["schemas"].items() if "properties" in item}
    asked = {item["name"]: item for item in told["paths"]["/v1/observations"]["get"]["parameters"] if "name" in item}
    assert (asked["limit"]["schema"]["maximum"], asked["region"]["schema"]["maxItems"]) == (50, 3)
    assert asked["limit"]["description"].endswith("Without it: 7.")
    assert schemas["UncertaintyBody"]["draws"]["maximum"] == 77
    assert schemas["UncertaintyBody"]["top"]["maximum"] == 5
    assert schemas["SensitivityBody"]["samples"]["enum"] == [2, 4, 8, 16, 32, 64]
    assert schemas["CalculationBody"]["indicators"]["maxItems"] == 2
    assert schemas["CalculationBody"]["regions"]["anyOf"][1]["maxItems"] == 5
    assert schemas["DataBody"]["regions"]["maxItems"] == 5
    assert schemas["DataBody"]["values"]["maxProperties"] == 2
    assert schemas["DataBody"]["values"]["additionalProperties"]["maxItems"] == 5
    assert schemas["ChoicesBody"]["without"]["maxItems"] == 2


@pytest.mark.parametrize(
    ("address", "body", "says"),
    [
        ("/v1/observations?limit=51", None, "1 to 50 observations; 51 is not"),
        ("/v1/regions?limit=10", None, "1 to 9 regions"),
        ("/v1/observations?region=a,b,c,d", None, "4 values are asked for, 3 are possible"),
        (f"/v1/regions?q={'a' * 121}", None, "120"),
        ("/v1/calculations", {**BODY, "title": "a" * 900}, "longer than 900 bytes"),
        ("/v1/calculations", {**BODY, "regions": ["a", "b", "c", "d", "e", "f"]}, "a list of 2 to 5 codes"),
        ("/v1/calculations", {**BODY, "indicators": [{"id": "a"}] * 3}, "An index has 1 to 2 indicators."),
        ("/v1/calculations", {**BODY, "uncertainty": {"draws": 78}}, "range from 1 to 77"),
        ("/v1/calculations", {**BODY, "uncertainty": {}, "sensitivity": {"samples": 128}}, "range from 2 to 64"),
        ("/v1/calculations", {**BODY, "uncertainty": {"draws": 77}, "sensitivity": {"samples": 64}}, "up to 1,000"),
        (
            "/v1/calculations",
            {"indicators": [{"id": "x"}], "data": {**DATA, "regions": ["a", "b", "c", "d", "e", "f"]}},
            "An index compares 2 to 5 regions.",
        ),
        (
            "/v1/calculations",
            {"indicators": [{"id": "x"}], "data": {**DATA, "values": {"x": [1, 2, 3, 4, 5, 6]}}},
            "no list of 1 to 5 numbers",
        ),
    ],
)
def test_they_are_enforced(few, client, address, body, says):
    given = {} if body is None else {"json": {**body, "uncertainty": body.get("uncertainty", {"draws": 1})}}
    ask = {"method": "GET" if body is None else "POST", **given}
    refused = few.test_client().open(address, **ask)
    assert refused.status_code in {413, 414, 422}
    assert says in refused.json["detail"]
    # Of another application in the same process others hold, before and after.
    assert says not in client.open(address, **ask).text


def test_a_page_without_a_limit_has_the_default(few):
    client = few.test_client()
    assert client.get("/v1/observations").json["meta"]["returned"] == 7
    assert client.get("/v1/regions").json["meta"]["returned"] == 4
