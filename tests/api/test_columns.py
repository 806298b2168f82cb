"""A column has one type, whatever rows an answer holds, as those who read it guess it; see `test_readers.py`, too."""

import io
import re
from datetime import date, datetime

import openpyxl
import pandas as pd
import pyarrow.csv
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from pyarrow import parquet

from api import columns
from api.catalogue import index_of
from api.services.package import definitions
from tests.tables import TABLES, filled, gaps, in_format, questions

SWEEP = {"max_examples": 60, "deadline": None, "suppress_health_check": list(HealthCheck)}
DECIMAL = re.compile(r"-?\d+\.\d+")
ARROW = {
    "string": "string", "number": "double", "integer": "int64", "date": "date32[day]", "boolean": "bool",
}  # fmt: skip
PANDAS = {"string": "str", "number": "float64", "integer": "int64", "date": "str", "boolean": "bool"}
WITH_GAPS = {"int64": "float64", "bool": "object"}
"""What pandas makes of whole numbers, and of true and false, where one is missing: it has no other way to say so."""


def assert_guessed(text, of):
    """Assert that Arrow and pandas take each column of a CSV for what it is declared to be."""
    known, missing = filled(text, of=of), gaps(text)
    table = pyarrow.csv.read_csv(io.BytesIO(text.encode()))
    arrow = {field.name: str(field.type) for field in table.schema if field.name in known}
    assert arrow == {name: ARROW[kind] for name, kind in known.items()}
    frame = pd.read_csv(io.StringIO(text))
    expected = {name: PANDAS[kind] for name, kind in known.items()}
    assert {name: str(frame[name].dtype) for name in known} == {
        name: WITH_GAPS.get(kind, kind) if name in missing else kind for name, kind in expected.items()
    }
    return frame


@pytest.mark.parametrize("address", TABLES)
def test_every_table_is_guessed_as_it_is_declared(client, address):
    text = client.get(in_format(address, "csv")).text
    frame = assert_guessed(text, TABLES[address])
    assert len(frame) > 0
    for column in TABLES[address]:
        if column.kind == "number":
            cells = pd.read_csv(io.StringIO(text), dtype=str)[column.name].dropna()
            assert all(DECIMAL.fullmatch(cell) for cell in cells), column.name


@hypothesis_settings(**SWEEP)
@given(query=questions())
def test_any_observations_are_guessed_alike(client, query):
    assert_guessed(client.get(f"/v1/observations.csv?{query}").text, columns.OBSERVATIONS)


@hypothesis_settings(**SWEEP)
@given(one=questions(), other=questions())
def test_any_two_answers_can_be_merged(client, one, other):
    frames = [pd.read_csv(io.BytesIO(client.get(f"/v1/observations.csv?{query}").data)) for query in (one, other)]
    if min(map(len, frames)):
        keys = [set(zip(frame["region"], frame["period"], strict=True)) for frame in frames]
        merged = frames[0].merge(frames[1], on=["region", "period"])
        assert set(zip(merged["region"], merged["period"], strict=True)) == keys[0] & keys[1]
        whole = pd.concat(frames)
        assert str(whole["period"].dtype) == "str" and str(whole["value"].dtype) == "float64"


def test_readings_of_a_year_meet_the_figures_of_that_year(client):
    read = "/v1/observations.csv?level=itl1&indicator={}"
    people, output = (
        pd.read_csv(io.BytesIO(client.get(read.format(name)).data)) for name in ("population", "gva-sic-j-per-head")
    )
    merged = people.merge(output, on=["region", "period"])
    assert len(merged) == 12 * 14 and set(merged["period_start_x"].str[4:]) == {"-01-01"}


@pytest.mark.parametrize("address", [address for address in TABLES if "diff" not in address])
def test_parquet_and_workbooks_have_the_same_types(client, address):
    table = parquet.read_table(io.BytesIO(client.get(in_format(address, "parquet")).data))
    assert {field.name: str(field.type) for field in table.schema} == {
        column.name: ARROW[column.kind] for column in TABLES[address]
    }
    kinds = {"string": str, "number": int | float, "integer": int, "date": datetime, "boolean": bool}
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(in_format(address, "xlsx")).data))["Figures"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(rows) == table.num_rows
    for column, cells in zip(TABLES[address], zip(*rows, strict=True), strict=True):
        assert all(isinstance(cell, kinds[column.kind]) for cell in cells if cell is not None), column.name
        days = [cell and cell.date() for cell in cells] if column.kind == "date" else list(cells)
        assert days == table[column.name].to_pylist(), column.name


def test_values_have_the_decimals_that_they_are_published_with(client):
    published = {item["id"]: item["decimals"] for item in client.get("/v1/indicators?limit=100").json["data"]}
    frame = pd.read_csv(io.StringIO(client.get("/v1/observations.csv").text), dtype=str, keep_default_na=False)
    written = frame[frame["value"] != ""]
    lengths = written["value"].str.partition(".")[2].str.len()
    assert (lengths == written["indicator"].map(published).clip(lower=1)).all()
    whole = written["indicator"].map(published) == 0
    assert (written["value"][whole].str.endswith(".0")).all() and whole.any()
    exact = client.get("/v1/observations?indicator=business-birth-rate&region=E06000001&period=2019").json["data"]
    assert exact[0]["value"] == 12.22879684418146
    assert set(frame["value"][(frame["region"] == "E06000001") & (frame["indicator"] == "business-birth-rate")]) > {
        "12.2"
    }


def test_differences_between_releases_keep_every_digit(client):
    frame = pd.read_csv(io.StringIO(client.get("/v1/releases/2/diff/3?format=csv&change=changed").text))
    same = frame["old_status"] == frame["new_status"]
    assert len(frame) == 30 and (frame["old_value"] != frame["new_value"])[same].all()


def test_places_of_one_name_are_told_apart(client):
    levels = "itl1,country,combined-authority,county,local-authority,itl2"
    text = client.get(f"/v1/observations.csv?indicator=population,gigabit-availability&level={levels}").text
    frame = pd.read_csv(io.StringIO(text)).drop_duplicates("region")
    namesakes = frame[frame["region_name"] == "West Midlands"]
    assert len(namesakes) > 1 and namesakes["region_label"].is_unique and namesakes["level"].is_unique
    assert set(frame["level"]) <= set(levels.split(","))


def test_a_region_is_of_the_level_asked_for(client):
    for level, rows in (("itl1", 12), ("country", 4), ("country,itl1", 13)):
        # Whichever was asked for before: what is kept of a series says one level.
        for ending in ("csv", "ndjson"):
            address = f"/v1/observations.{ending}?indicator=gva-sic-j-per-head&level={level}&limit=1000"
            response = client.get(address)
            read = pd.read_csv if ending == "csv" else lambda text: pd.read_json(text, lines=True)
            frame = read(io.StringIO(response.text)).drop_duplicates("region")
            assert len(frame) == rows and set(frame["level"]) == set(level.split(","))
    scotland = pd.read_csv(io.StringIO(client.get("/v1/observations.csv?region=S92000003&limit=5").text))
    assert set(scotland["level"]) == {"country"}


def test_days_of_places_are_days(client):
    frame = pd.read_csv(io.StringIO(client.get("/v1/regions.csv?valid_on=any").text))
    listed = {item["code"]: item for item in client.get("/v1/regions?valid_on=any&limit=1000").json["data"]}
    for row in frame.itertuples():
        for name, month in (("valid_from", "-01-01"), ("valid_to", "-12-31")):
            day, known, told = getattr(row, name), getattr(row, f"{name}_known_to"), listed[row.code][name]
            if told is None:
                assert pd.isna(day) and pd.isna(known)
            else:
                assert date.fromisoformat(day)
                assert (day, known) == ((told, "day") if len(told) == 10 else (told + month, "year"))
    assert set(frame["valid_from_known_to"].dropna()) == {"day", "year"}


def test_versions_of_methods_are_whole_numbers():
    assert all(index["content"]["method_version"].isdecimal() for index in definitions())
    with pytest.raises(ValueError, match="whole number"):
        index_of({"id": "x", "method_version": "1.1", "components": [], "notes": []})
