"""Polars and DuckDB take each column for one type, whatever rows an answer holds: as CSV and as lines of JSON."""

import io

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from api import columns
from tests.tables import TABLES, filled, in_format, questions

SWEEP = {"max_examples": 40, "deadline": None, "suppress_health_check": list(HealthCheck)}
POLARS = {"string": "String", "number": "Float64", "integer": "Int64", "date": "String", "boolean": "Boolean"}
DUCKDB = {"string": "VARCHAR", "number": "DOUBLE", "integer": "BIGINT", "date": "DATE", "boolean": "BOOLEAN"}
LOOKED_AT = 100
"""Lines by which polars guesses unless it is told to read more."""


def by_duckdb(path, reader):
    rows = duckdb.sql(f"DESCRIBE SELECT * FROM {reader}('{path}')").fetchall()
    return {name: kind for name, kind, *_ in rows}


def assert_guessed(text, of, path):
    known = filled(text, of=of)
    early = filled("".join(text.splitlines(keepends=True)[: LOOKED_AT + 1]), of=of)
    read = {name: str(kind) for name, kind in pl.read_csv(text.encode()).schema.items()}
    assert {name: read[name] for name in early} == {name: POLARS[kind] for name, kind in early.items()}
    path.write_text(text)
    read = by_duckdb(path, "read_csv")
    assert {name: read[name] for name in known} == {name: DUCKDB[kind] for name, kind in known.items()}


def assert_lines_guessed(text, known, path):
    read = {name: str(kind) for name, kind in pl.read_ndjson(text.encode()).schema.items()}
    assert {name: read[name] for name in known} == {name: POLARS[kind] for name, kind in known.items()}
    path.write_text(text)
    read = by_duckdb(path, "read_json")
    assert {name: read[name] for name in known} == {name: DUCKDB[kind] for name, kind in known.items()}


@pytest.mark.parametrize("address", TABLES)
def test_every_table(client, tmp_path, address):
    text = client.get(in_format(address, "csv")).text
    assert_guessed(text, TABLES[address], tmp_path / "table.csv")
    if address.startswith(("/v1/regions", "/v1/indicators", "/v1/series")):
        lines = client.get(in_format(address, "ndjson")).text
        assert_lines_guessed(lines, filled(text, of=TABLES[address]), tmp_path / "table.ndjson")


@hypothesis_settings(**SWEEP)
@given(query=questions())
def test_any_observations(client, tmp_path_factory, query):
    folder = tmp_path_factory.mktemp("table")
    text = client.get(f"/v1/observations.csv?{query}").text
    assert_guessed(text, columns.OBSERVATIONS, folder / "table.csv")
    if known := filled(text, of=columns.OBSERVATIONS):
        lines = client.get(f"/v1/observations.ndjson?{query}").text
        assert_lines_guessed(lines, known, folder / "table.ndjson")


def test_answers_can_be_put_together(client):
    """Those that could not: `4.88` in a column that began with whole numbers, and periods of three types."""
    questions = (
        "component=digital-skills",
        "indicator=gigabit-availability&level=combined-authority",
        "indicator=gva-sic-j-per-head&level=combined-authority",
        "indicator=population&level=itl1",
    )
    frames = [pl.read_csv(io.BytesIO(client.get(f"/v1/observations.csv?{query}").data)) for query in questions]
    whole = pl.concat(frames)
    assert whole.height == sum(frame.height for frame in frames) > 5_000
    assert frames[0].filter(pl.col("value") == 4.88).height > 0
    both = frames[2].join(
        pl.read_csv(client.get("/v1/observations.csv?indicator=population").data), on=["region", "period"]
    )
    assert both.height > 0
