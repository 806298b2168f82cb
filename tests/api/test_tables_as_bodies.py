"""Tables as bodies: CSV is read as the same question in JSON, and what is wrong is named by line and column."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from api.schemas.index import tables

CSV = {"content_type": "text/csv"}
TABLE = (
    "region,name,group,broadband,outages,people\n"
    "N,North,a,78.5,12,910\nS,South,a,91.2,9,1650\nE,East,b,84,4,620\nW,West,b,,7,1240\n"
)
DEFINITION = {
    "indicators": [
        {"id": "broadband"},
        {"id": "outages", "polarity": "lower-is-better", "denominator": "people"},
    ],
    "imputation": "group-mean",
    "uncertainty": {"draws": 20},
}
SAME = {
    **DEFINITION,
    "data": {
        "regions": [
            {"id": code, "name": name, "group": group}
            for code, name, group in (("N", "North", "a"), ("S", "South", "a"), ("E", "East", "b"), ("W", "West", "b"))
        ],
        "values": {"broadband": [78.5, 91.2, 84, None], "outages": [12, 9, 4, 7]},
        "denominators": {"people": [910, 1650, 620, 1240]},
    },
}


def posted(client, table, definition=None, address="/v1/calculations", **more):
    query = "" if definition is None else f"?definition={quote(json.dumps(definition))}"
    return client.post(f"{address}{query}", data=table.encode(more.pop("encoding", "utf-8")), **{**CSV, **more})


def test_a_table_is_the_same_question_as_json(client):
    response = posted(client, TABLE, DEFINITION)
    assert response.status_code == 200, response.text[:500]
    assert response.json["data"] == client.post("/v1/calculations", json=SAME).json["data"]
    assert response.json["links"]["permalink"] is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_without_a_definition_all_columns_are_indicators(client, encoding):
    table = 'Code,x,y\r\n"a",1,2\r\nb,3,\r\n\r\nc,2,5e-1\r\n'
    data = posted(client, table, encoding=encoding).json["data"]
    assert [item["id"] for item in data["definition"]["indicators"]] == ["x", "y"]
    assert [item["indicators"]["y"]["raw"] for item in data["regions"]] == [2, None, 0.5]


def test_a_table_beside_figures_of_this_service(client):
    table = "region,libraries\nE12000001,3\nE12000002,5\nE12000003,4\n"
    definition = {
        "indicators": [{"id": "gigabit-availability"}, {"id": "libraries"}],
        "regions": ["E12000001", "E12000002", "E12000003"],
    }
    found = posted(client, table, definition).json
    assert found["meta"]["figures"] == "mixed" and len(found["data"]["figures"]) == 1


def test_sizes_stand_in_a_column(client):
    table = "region,size,x\na,1,2\nb,2,4\nc,1,9\n"
    data = posted(client, table, {"normalisation": "weighted-z-score"}).json["data"]
    values = [item["indicators"]["x"]["normalised"] for item in data["regions"]]
    assert values[0] + 2 * values[1] + values[2] == pytest.approx(0)


def test_estimates_to_rank_come_as_a_table(client):
    definition = {"best": 1, "coverage": 0.9}
    table = (
        "id,estimate,standard_error,lower,upper\nJapan,526.97,2.47,,\nKorea,525.93,3.12,,\nUS,478.24,,471.9,484.58\n"
    )
    found = posted(client, table, definition, "/v1/rankings").json["data"]
    estimates = [
        {"id": "Japan", "estimate": 526.97, "standard_error": 2.47},
        {"id": "Korea", "estimate": 525.93, "standard_error": 3.12},
        {"id": "US", "estimate": 478.24, "lower": 471.9, "upper": 484.58},
    ]
    assert found == client.post("/v1/rankings", json={**definition, "estimates": estimates}).json["data"]


@pytest.mark.parametrize(
    ("table", "path", "said"),
    [
        ("region,x\na,1\nb,n/a\n", "body/3/2", "'n/a' is no number"),
        ('region,x\na,"1,234"\nb,2\n', "body/2/2", "no number"),
        ("region,x\na,nan\nb,2\n", "body/2/2", "no number"),
        ("region,x\na,1_0\nb,2\n", "body/2/2", "no number"),
        ("region,x\na,1\nb\n", "body/3", "1 cells, and the first one 2"),
        ("place,x\na,1\nb,2\n", "body/1/1", "Call it region"),
        ("region;x\na;1\nb;2\n", "body/1", "Separate columns by commas"),
        ("region,x,x\na,1,2\n", "body/1", "x stands twice"),
        ("region,x,\na,1,2\n", "body/1", "no name"),
        ("region,x\n", "body/2", "no line after"),
        ('region,x\na,"1\n', "body/2", "no CSV"),
        ("region,x\na,1\na,2\n", "body/3/1", "more than once"),
        ("region,x\na,1e35\nb,2\n", "body/2/2", "range"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_column(client, table, path, said):
    response = posted(client, table)
    assert response.status_code == 422, response.text[:300]
    faults = {item["path"]: item["message"] for item in response.json["errors"]}
    assert said in faults[path], faults


def test_all_cells_at_fault_are_named_at_once(client):
    response = posted(client, "region,x,y\na,one,2\nb,2,two\n")
    assert [item["path"] for item in response.json["errors"]] == ["body/2/2", "body/3/3"]


@pytest.mark.parametrize(
    ("table", "path"),
    [("id,value\na,1\nb,2\n", "body/1/2"), ("id,estimate,standard_error\na,1,x\nb,2,1\n", "body/2/3")],
)
def test_estimates_that_cannot_be_read(client, table, path):
    response = posted(client, table, address="/v1/rankings")
    assert response.status_code == 422 and path in [item["path"] for item in response.json["errors"]]


def test_a_wrong_cell_does_not_hide_a_wrong_definition(client):
    definition = {"indicators": [{"id": "x"}, {"id": "zz"}], "normalisation": "foo"}
    response = posted(client, "region,x\na,one\nb,2\n", definition)
    assert {item["path"] for item in response.json["errors"]} == {
        "body/2/2", "query/definition/normalisation", "body/data/values",
    }  # fmt: skip
    response = posted(client, "id,estimate,standard_error\na,x,1\nb,2,-1\n", {"foo": 1}, "/v1/rankings")
    paths = {item["path"] for item in response.json["errors"]}
    assert paths >= {"body/2/2", "body/3/3", "query/definition/foo"}


def test_a_table_without_end_is_refused_at_once(client):
    wide = ",".join(["region", *(f"c{number}" for number in range(30_000))]) + "\na,1\n"
    for table in (wide, "region,x\n" + "a,1\n" * 5_000, f"region,x\na,{'1' * 100_000}x\nb,2\n"):
        assert posted(client, table).status_code == 422


def test_the_definition_stands_in_one_place(client):
    refused = client.post("/v1/calculations?definition=%7B%7D", json=SAME)
    assert refused.status_code == 422 and refused.json["errors"][0]["path"] == "query/definition"
    assert posted(client, TABLE, [1]).json["errors"][0]["path"] == "query/definition"
    assert posted(client, TABLE, {"data": {}}).status_code == 422
    index = "/v1/indices/local-digital-capital/calculations"
    assert client.post(index, data=TABLE, **CSV).status_code == 415


def test_the_document_says_what_a_table_looks_like(client):
    paths = client.get("/openapi.json").json["paths"]
    for address, example in (
        ("/v1/calculations", tables.CALCULATION_EXAMPLE), ("/v1/rankings", tables.RANKING_EXAMPLE),
    ):  # fmt: skip
        content = paths[address]["post"]["requestBody"]["content"]
        assert list(content) == ["application/json", "text/csv"] and content["text/csv"]["example"] == example
        assert posted(client, example, address=address).status_code == 200


def paths_of(client, address, body):
    response = client.post(address, json=body)
    assert response.status_code == 422, response.text[:300]
    return {item["path"] for item in response.json["errors"]}


@pytest.mark.parametrize(
    ("address", "body", "paths"),
    [
        (
            "/v1/indices/local-digital-capital/calculations",
            {"weights": {"nope": 1}, "without": ["neither"], "normalisation": "zscore", "goalpost": 1},
            {"body/weights/nope", "body/without/0", "body/normalisation", "body/goalpost"},
        ),
        (
            "/v1/indices/local-digital-capital/calculations",
            {"weights": {"nope": 1}, "aggregation": ["arithmetic"] * 3, "uncertainty": {"draws": 0}},
            {"body/weights/nope", "body/aggregation", "body/uncertainty/draws"},
        ),
        (
            "/v1/calculations",
            {
                "indicators": [{"id": "gigabit-availbility"}, {"id": "level-3-qualifications", "wieght": 2}],
                "regions": {"level": "itl1"},
                "normalisation": "goalposts",
                "treatment": "winsorize",
            },
            {
                "body/indicators/0/id", "body/indicators/1/wieght", "body/treatment", "body/indicators/0/lower",
                "body/indicators/0/upper", "body/indicators/1/lower", "body/indicators/1/upper",
            },
        ),
        (
            "/v1/calculations",
            {
                "indicators": [{"id": "x", "parent": "a"}, {"id": "y", "parent": "b"}],
                "aggregates": [{"id": "a"}, {"id": "c", "parent": "a"}],
                "data": {"regions": ["r", "s"], "values": {"x": [1, 2, 3], "z": [1, 2]}},
                "rank_decimals": 99,
            },
            {
                "body/indicators/1/parent", "body/data/values", "body/data/values/x", "body/data/values/z",
                "body/rank_decimals",
            },
        ),
    ],
)  # fmt: skip
def test_all_errors_of_a_body_are_told_in_one_answer(client, address, body, paths):
    assert paths_of(client, address, body) == paths
