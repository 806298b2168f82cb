"""Clients that are not ours, over HTTP: an address is all that they are given."""

import io
import json
import urllib.request
import warnings

import openpyxl
import pandas as pd
import pytest
from csvw import CSVW
from frictionless import Resource, Schema, validate

from tests.tables import figures_of

QUESTION = "indicator=gigabit-availability,fe-ict-achievements&level=itl1,local-authority"


def get(server, path):
    with urllib.request.urlopen(f"{server}{path}") as answer:
        return answer.read()


@pytest.fixture(scope="module")
def rows(server):
    found = json.loads(get(server, f"/v1/observations?limit=10000&{QUESTION}"))["data"]
    figures = figures_of(found)
    assert len(figures) == len(found) > 3_000 and None in figures.values()
    return figures


def test_pandas_reads_an_address(server, rows):
    frame = pd.read_csv(f"{server}/v1/observations.csv?{QUESTION}")
    read = {(r.indicator, r.region, r.period): None if pd.isna(r.value) else r.value for r in frame.itertuples()}
    assert read == rows
    parquet = pd.read_parquet(f"{server}/v1/observations.parquet?{QUESTION}")
    assert parquet["value"].sum() == pytest.approx(frame["value"].sum())
    assert len(pd.read_json(f"{server}/v1/observations.ndjson?{QUESTION}", lines=True)) == len(rows)


def test_a_csvw_validator_finds_the_metadata_by_itself(server, rows):
    table = CSVW(f"{server}/v1/observations.csv?{QUESTION}", validate=True)
    assert table.is_valid, table.warnings
    assert not table.no_metadata
    lines = list(table.tables[0])
    assert all(row["period_start"] <= row["period_end"] for row in lines)
    read = {(row["indicator"], row["region"], row["period"]): row["value"] for row in lines}
    assert {key: None if value is None else float(value) for key, value in read.items()} == rows


@pytest.mark.parametrize(
    "path",
    [
        "/v1/observations.csv?indicator=population&limit=50",
        "/v1/series.csv?indicator=population&region=E12000005",
        "/v1/series/population/E12000005?format=csv",
        "/v1/observations?format=csv&indicator=population&region=E12000005",
        "/v1/regions.csv?valid_on=any",
        "/v1/regions.csv?level=itl1&indicator=gigabit-availability",
        "/v1/indicators.csv",
        "/v1/releases/2/diff/3?format=csv&limit=100",
    ],
)
def test_every_csv_has_valid_metadata(server, path):
    table = CSVW(f"{server}{path}", validate=True)
    assert table.is_valid, table.warnings
    assert len(list(table.tables[0])) == len(get(server, path).splitlines()) - 1


def test_a_wrong_value_would_be_noticed(server, tmp_path):
    """The validator can fail: a text in the column of numbers is no CSV that the metadata describes."""
    question = "indicator=population&region=E12000005"
    metadata = json.loads(get(server, f"/v1/observations.csv-metadata.json?{question}"))
    text = get(server, f"/v1/observations.csv?{question}").decode()
    last = text.splitlines()[-1]
    (tmp_path / "figures.csv").write_text(text.replace(last, last.replace(last.split(",")[8], "many")))
    (tmp_path / "figures.csv-metadata.json").write_text(json.dumps({**metadata, "url": "figures.csv"}))
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert not CSVW(str(tmp_path / "figures.csv-metadata.json"), validate=True).is_valid


def test_frictionless_validates_the_csv(server, rows):
    kinds = {"value": "number", "period_start": "date", "period_end": "date"}
    header = get(server, f"/v1/observations.csv?{QUESTION}").decode().splitlines()[0]
    schema = Schema.from_descriptor(
        {
            "fields": [{"name": name, "type": kinds.get(name, "string")} for name in header.split(",")],
            "primaryKey": ["indicator", "region", "period"],
        }
    )
    report = validate(Resource(path=f"{server}/v1/observations.csv?{QUESTION}", format="csv", schema=schema))
    assert report.valid, report.flatten(["message"])
    assert report.tasks[0].stats["rows"] == len(rows)


def test_a_workbook_opens(server, rows):
    book = openpyxl.load_workbook(io.BytesIO(get(server, f"/v1/observations.xlsx?{QUESTION}")), read_only=True)
    lines = list(book["Figures"].iter_rows(min_row=2, values_only=True))
    assert {(line[0], line[1], line[5]): line[8] for line in lines} == rows
