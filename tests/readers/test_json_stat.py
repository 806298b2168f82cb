"""JSON-stat 2.0: roles, sparse and dense cells, measures, and datasets that contradict themselves."""

import json

import pytest

from api.readers import ReadLimits

SIMPLE = {
    "version": "2.0",
    "class": "dataset",
    "id": ["area", "year"],
    "size": [2, 2],
    "role": {"geo": ["area"], "time": ["year"]},
    "dimension": {
        "area": {"category": {"index": {"E2": 1, "E1": 0}, "label": {"E1": "One", "E2": "Two"}}},
        "year": {"category": {"index": ["2019", "2020"]}},
    },
    "value": [1, 2.5, None, 4.0],
}


def dataset(**changes):
    return json.dumps(SIMPLE | changes)


def test_an_array_of_cells(reading):
    found = reading(dataset(), name="a.json", media_type="application/json")
    assert found.reader == "json-stat"
    assert found.frame.columns == ["row", "region", "period", "value"]
    assert found.frame.rows() == [(1, "E1", "2019", "1"), (2, "E1", "2020", "2.5"), (4, "E2", "2020", "4")]
    assert found.columns == {"region": "area", "period": "year", "value": "cells of value"}


def test_an_object_of_cells_with_statuses(reading):
    found = reading(dataset(value={"3": 0.1, "0": None}, status={"2": "M", "3": "P"}))
    assert found.frame.rows() == [(3, "E2", "2019", None, "M"), (4, "E2", "2020", "0.1", "P")]
    assert reading(dataset(status="E")).frame["status"].to_list() == ["E", "E", "E"]


def test_metrics_that_are_indicators(reading, refused):
    cube = SIMPLE | {
        "id": ["area", "year", "what"],
        "size": [2, 2, 1],
        "role": {"geo": ["area"], "time": ["year"], "metric": ["what"]},
    }
    cube["dimension"] = SIMPLE["dimension"] | {"what": {"category": {"label": {"gigabit": "Gigabit"}}}}
    found = reading(json.dumps(cube))
    assert found.frame["indicator"].to_list() == ["gigabit"] * 3
    found = refused(json.dumps(cube), constants={"indicator": "other"})
    assert found.code == "constant-contradicts"


def test_measures_of_values_and_limits(reading):
    cube = SIMPLE | {
        "id": ["areacd", "period", "measure"],
        "size": [1, 2, 3],
        "role": {"geo": ["areacd"], "time": ["period"]},
    }
    cube["dimension"] = {
        "areacd": {"category": {"index": {"E1": 0}}},
        "period": {"category": {"index": ["2019", "2020"]}},
        "measure": {"category": {"index": {"value": 0, "lci_95": 1, "uci_95": 2}}},
    }
    found = reading(json.dumps(cube | {"value": [82.7, 75, 90.4, 3, None, None]}))
    assert found.frame.rows() == [(1, "E1", "2019", "82.7", "75", "90.4"), (4, "E1", "2020", "3", None, None)]


def test_another_dimension(refused, reading):
    cube = SIMPLE | {"id": ["area", "year", "sex"], "size": [1, 2, 2]}
    cube["dimension"] = SIMPLE["dimension"] | {
        "area": {"category": {"index": ["E1"]}},
        "sex": {"category": {"index": ["m", "f"], "label": {"m": "Men", "f": "Women"}}},
    }
    found = refused(json.dumps(cube))
    assert (found.code, found.column, found.near) == ("dimension-several", "sex", ("Men", "Women"))
    assert reading(json.dumps(cube), mapping={"indicator": "sex"}).rows == 3


def test_dimensions_without_roles(reading, refused):
    assert reading(dataset(role={})).rows == 3
    found = refused(
        dataset(
            role={"geo": ["area"]},
            id=["area", "when"],
            dimension=SIMPLE["dimension"] | {"when": SIMPLE["dimension"]["year"]},
        )
    )
    assert (found.code, found.column) == ("dimension-several", "when")


def test_collections(reading, refused):
    collection = {"class": "collection", "link": {"item": [SIMPLE]}}
    assert reading(json.dumps(collection)).rows == 3
    collection["link"]["item"].append(SIMPLE)
    assert refused(json.dumps(collection)).code == "datasets-several"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"value": [1, 2]}, "value"),
        ({"value": {"4": 1}}, "value"),
        ({"value": {"-1": 1}}, "value"),
        ({"value": {"a": 1}}, "value"),
        ({"value": 3}, "value"),
        ({"status": [1, 2]}, "status"),
        ({"size": [2, 3]}, "dimension/year"),
        ({"size": [2]}, "id"),
        ({"size": ["2", 2]}, "dimension/area"),
        ({"id": ["area", "area"]}, "id"),
        ({"dimension": []}, "dimension"),
        ({"dimension": {"area": {"category": {"index": {"E1": "x"}}}}}, "dimension/area/category/index"),
        ({"dimension": {"area": {"category": {"index": [1, 2]}}}}, "dimension/area/category/index"),
        ({"role": []}, "role"),
    ],
)
def test_datasets_that_contradict_themselves(refused, changes, where):
    found = refused(dataset(**changes))
    assert (found.code, found.column) == ("json-stat-invalid", where)


def test_json_that_is_none(refused):
    assert refused(dataset()[:-20]).code == "json-invalid"
    assert refused('{"a": ' * 5_000).code == "json-invalid"
    for text in ('{"a": 1}', "[{}]", "[[]]"):
        assert refused(text).code in {"json-no-dataset", "column-missing"}


def test_too_many_cells(refused):
    assert refused(dataset(), limits=ReadLimits(rows=2)).code == "too-many-rows"
    size = {name: {"category": {"index": [str(number) for number in range(3_000)]}} for name in map(str, range(6))}
    assert refused(dataset(id=list(size), size=[3_000] * 6, dimension=size, value={"0": 1})).column == "size"
