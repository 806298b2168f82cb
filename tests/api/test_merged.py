"""Merged series: what a place had before it was formed of whole districts, and where that cannot be said."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd
import polars as pl
import pytest

from tests.seed.conftest import Seed

CUMBERLAND, SOMERSET, WEST_MIDLANDS = "E06000063", "E06000066", "E12000005"
PARTS = ["E07000026", "E07000028", "E07000029"]


def series(client, indicator, region, **asked):
    asked = "&".join(f"{name}={value}" for name, value in {"history": "merged", **asked}.items())
    return client.get(f"/v1/series/{indicator}/{region}?{asked}").json["data"]


def test_counts_of_districts_are_summed_up_to_when_the_place_was_formed(client):
    found = series(client, "active-businesses", CUMBERLAND)
    assert found["merged"]["parts"] == PARTS and found["merged"]["reason"] is None
    seed = Seed()
    made = {item["period"]: item for item in found["observations"] if item["method"]}
    assert sorted(made) == ["2019", "2020", "2021", "2022", "2023"]
    for period, item in made.items():
        parts = [float(seed.value("active-businesses", part, period)) for part in PARTS]
        assert item["value"] == sum(parts) and item["method"] == "sum" and item["parts"] == PARTS
        assert item["note"] == "Derived: the sum of E07000026, E07000028 and E07000029."
    own = [item for item in found["observations"] if item["method"] is None]
    assert [item["period"] for item in own] == ["2024"] and own[0]["parts"] == []


def test_a_part_that_was_formed_itself_is_put_together_too(client):
    """Somerset West and Taunton was formed in 2019 of two districts, which have figures of before."""
    found = series(client, "premises-below-30-mbps", SOMERSET)
    assert found["merged"]["parts"] == ["E07000187", "E07000188", "E07000189", "E07000246"]


def test_what_cannot_be_put_together_says_why(client):
    found = series(client, "gva-per-hour", WEST_MIDLANDS)
    assert found["merged"]["values"] == 0 and "not formed of whole districts" in found["merged"]["reason"]
    shares = series(client, "gigabit-availability", CUMBERLAND)["merged"]
    assert {item["period"] for item in shares["not_merged"]} == {"2022-09", "2023-01", "2023-05", "2023-09"}
    assert all("No population of E07000026" in item["reason"] for item in shares["not_merged"])


def test_periods_bound_what_is_put_together(client):
    found = series(client, "active-businesses", CUMBERLAND, period_from=2021, period_to=2022)
    assert [item["period"] for item in found["observations"]] == ["2021", "2022"]


def test_without_asking_nothing_is_put_together(client):
    found = client.get(f"/v1/series/active-businesses/{CUMBERLAND}").json["data"]
    assert found["merged"] is None and [item["method"] for item in found["observations"]] == [None]


def test_a_table_has_method_and_parts_beside_each_value(client):
    address = f"/v1/series/active-businesses/{CUMBERLAND}"
    found = series(client, "active-businesses", CUMBERLAND)["observations"]
    rows = list(csv.DictReader(client.get(f"{address}?history=merged&format=csv").text.splitlines()))
    assert [row["period"] for row in rows] == [f"{item['period']}-01-01/P1Y" for item in found]
    assert [(float(row["value"]), row["method"] or None, row["parts"].split()) for row in rows] == [
        (item["value"], item["method"], item["parts"]) for item in found
    ]
    assert {row["region"] for row in rows} == {row["published_region"] for row in rows} == {CUMBERLAND}
    assert not {"method", "parts"} & set(client.get(f"{address}?format=csv").text.splitlines()[0].split(","))


def test_every_table_of_a_merged_series_is_read_by_its_library(client):
    address = f"/v1/series/active-businesses/{CUMBERLAND}"
    rows = client.get(f"{address}?history=merged&format=ndjson").text.splitlines()
    parquet = pl.read_parquet(io.BytesIO(client.get(f"{address}?history=merged&format=parquet").data))
    workbook = client.get(f"{address}?history=merged&format=xlsx").data
    sheet = pd.read_excel(io.BytesIO(workbook), sheet_name="Figures").astype(object)
    sheet = sheet.where(sheet.notna(), None)
    for table in (parquet.to_dict(as_series=False), sheet.to_dict("list")):
        assert table["value"] == [json.loads(row)["value"] for row in rows]
        assert table["method"] == [json.loads(row)["method"] for row in rows] == ["sum"] * 5 + [None]
    described = client.get(f"{address}?history=merged&format=csvw").json["tableSchema"]
    assert [column["name"] for column in described["columns"]][-2:] == ["method", "parts"]
    assert described["primaryKey"] == ["indicator", "published_region", "period"]


@pytest.mark.parametrize("ending", ["sdmx-csv", "json-stat"])
def test_formats_without_room_for_it_say_which_have(client, ending):
    refused = client.get(f"/v1/series/active-businesses/{CUMBERLAND}?history=merged&format={ending}")
    assert refused.status_code == 422 and "CSV, XLSX or Parquet" in refused.json["detail"]


def test_lists_have_no_merged_series(client):
    refused = client.get("/v1/series?indicator=active-businesses&history=merged")
    assert refused.status_code == 422 and "Write linked or own." in refused.json["errors"][0]["message"]
