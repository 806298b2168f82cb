"""What a check comes to: rows of the database's types, ordered faults, a table to mend them in."""

from __future__ import annotations

import csv

import polars as pl

from api.checks.checked import ROWS_SCHEMA
from api.checks.faults import FAULTS_SCHEMA
from tests.checks.small import NORTHTOWN, SHIRE, VALE, checked, figures

TABLE = figures(value=["=1+1", "45%", "50", "-5,5"], region=[NORTHTOWN, "Shire", VALE, "@x"], note="  n")


def test_rows_and_faults_have_their_types_whatever_there_is():
    for table in (TABLE, TABLE.clear()):
        found = checked(table)
        assert dict(found.rows.schema) == ROWS_SCHEMA
        assert dict(found.faults.schema) == FAULTS_SCHEMA
    assert checked(TABLE.clear()).counts == {"rows": 0, "good": 0, "errors": 0, "warnings": 0}


def test_a_row_with_warnings_alone_is_good():
    found = checked(TABLE)
    assert found.rows["row"].to_list() == [3, 4]
    assert found.rows["note"].to_list() == ["  n", "  n"]
    assert not found.publishable and checked(TABLE[1:3]).publishable


def test_counts_add_up():
    counts = checked(TABLE).counts
    assert counts | {"rows": 4, "good": 2, "errors": 3, "warnings": 2, "number-invalid": 1} == counts
    codes = counts.keys() - {"rows", "good", "errors", "warnings"}
    assert sum(counts[code] for code in codes) == counts["errors"] + counts["warnings"]


def test_faults_are_in_the_order_of_rows_and_columns():
    keys = checked(TABLE).faults.select("row", "column").rows()
    assert keys == sorted(keys) and len(keys) == 5


def test_the_table_has_each_fault_beside_its_row_as_it_stood():
    table = checked(TABLE).table(TABLE)
    assert table.columns == [
        *TABLE.columns, "problem_column", "problem_severity", "problem", "problem_message", "problem_nearest",
    ]  # fmt: skip
    assert table.select("row", "value", "problem", "problem_nearest").rows()[:3] == [
        (2, "=1+1", "number-invalid", None),
        (3, "45%", "region-by-name", SHIRE),
        (3, "45%", "unit-in-cell", "45"),
    ]


def test_rows_of_a_wide_table_that_share_a_line_are_told_apart():
    wide = pl.concat([TABLE, TABLE.with_columns(value=pl.lit("?"))]).with_columns(row=pl.lit(9, dtype=pl.UInt32))
    assert checked(wide).table(wide)["value"].to_list().count("?") == 4 + 2 + 3  # values, regions, duplicates


def test_written_cells_are_run_by_no_spreadsheet(tmp_path):
    table = figures(value=["=1+1", "-5,5", "@x"], note=["+cmd|x", "-12.5", "\tx"], region="?")
    checked(table).write_table(table, tmp_path / "faults.csv")
    text = (tmp_path / "faults.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["value"] for row in rows if row["problem_column"] == "value"] == ["'=1+1", "'-5,5", "'@x"]
    assert {row["note"] for row in rows} == {"'+cmd|x", "-12.5", "'\tx"}
