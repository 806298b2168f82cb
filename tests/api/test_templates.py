"""Tables to fill in: filled with the figures that stand, each is read and checked without a fault."""

from __future__ import annotations

import csv
import io

import openpyxl
import polars as pl
import pytest

from api.checks import Allowed, check
from api.columns import STATUSES, TEMPLATE
from api.queries.catalogue import load_catalogue
from api.queries.releases import all_releases
from api.readers import read
from api.services.drafts.checking import standing_of

NAMES = [column.name for column in TEMPLATE]
GIGABIT = "/v1/indicators/gigabit-availability/template"


def rows_of(answer):
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_it_has_the_places_of_the_usual_level_and_no_figures(client):
    rows = rows_of(client.get(f"{GIGABIT}.csv"))
    assert list(rows[0]) == NAMES
    assert {"E08000027", "W06000015"} <= {row["region"] for row in rows} and len(rows) > 300
    assert {row["period"] for row in rows} == {"2026-01-01"}
    assert all(not row[name] for row in rows for name in NAMES[3:])


def test_places_are_narrowed_by_level_and_by_what_they_lie_in(client):
    rows = rows_of(client.get(f"{GIGABIT}.csv?level=local-authority&parent=E47000007"))
    assert {row["region_name"] for row in rows} == {
        "Birmingham", "Coventry", "Dudley", "Sandwell", "Solihull", "Walsall", "Wolverhampton",
    }  # fmt: skip
    assert len(rows_of(client.get(f"{GIGABIT}.csv?level=itl1"))) == 12


def test_an_empty_one_says_why(client):
    answer = client.get(f"{GIGABIT}.csv?level=itl1&parent=E08000027")
    assert answer.text.strip() == ",".join(NAMES)
    assert "no place of the level itl1 within E08000027" in "".join(answer.headers.getlist("Link"))


@pytest.mark.parametrize(("asked", "path"), [("level=nowhere", "query/level"), ("parent=E99999999", "query/parent")])
def test_what_there_is_not_is_refused(client, asked, path):
    answer = client.get(f"{GIGABIT}.csv?{asked}")
    assert (answer.status_code, answer.json["errors"][0]["path"]) == (404, path)


def test_the_workbook_says_what_each_column_may_hold(client):
    answer = client.get(f"{GIGABIT}.xlsx?level=itl1")
    assert answer.headers["Content-Disposition"].endswith('"gigabit-availability-template-itl1.xlsx"')
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Figures", "Help"]
    table = [[cell.value for cell in row] for row in book["Figures"].rows]
    assert table[0] == NAMES and len(table) == 13 and table[1][2] == "2026-01-01"
    told = {(row[0].value, row[1].value): row[2].value for row in book["Help"].rows}
    assert {name for kind, name in told if kind == "Column"} == set(NAMES)
    assert {name for kind, name in told if kind == "Status"} == STATUSES.keys() - {"F"}
    assert ("Unit", "% of premises") in told
    assert "write that day" in told["Period", "2026-01-01"]


@pytest.fixture(scope="module")
def database(apps):
    return apps["sqlite"].extensions["database"]


@pytest.fixture(scope="module")
def catalogue(database):
    with database.connect() as connection:
        return load_catalogue(connection, all_releases(connection)[-1])


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_filled_in_it_has_no_fault(client, database, catalogue, tmp_path, form):
    """Of every indicator: as readers read it, with the figures that stand in place of its empty cells.

    They are checked as if none stood: whether a figure is unlike those before it is nothing of the template.
    """
    tried = 0
    for indicator in catalogue.indicators.values():
        if not indicator.coverage:
            continue
        path = tmp_path / f"{indicator.slug}.{form}"
        path.write_bytes(client.get(f"/v1/indicators/{indicator.slug}/template.{form}").data)
        reading = read(path, name=path.name, constants={"indicator": indicator.slug})
        assert reading.faults.height == 0
        with database.connect() as connection:
            stands = standing_of(connection, catalogue, {indicator.slug})
        filled = filled_in(reading.frame, stands, catalogue)
        found = check(filled, catalogue=catalogue, standing=stands.clear(), allowed=Allowed(), today=None)
        assert found.faults.rows() == [], indicator.slug
        assert found.counts["good"] == filled.height
        tried += filled.height > 0
    assert tried > 0.9 * len(catalogue.indicators)


def filled_in(frame, stands, catalogue):
    """The rows of a template whose place has a value of the newest period of these, and had its code then."""
    known = {item.id: item for item in catalogue.regions.values()}
    values = {}
    for row in stands.sort("period_start").iter_rows(named=True):
        if row["value"] is not None and (known[row["region_id"]].valid_from or "") <= row["period_start"]:
            values[known[row["region_id"]].code] = row
    shown = [(row, values[row["region"]]) for row in frame.iter_rows(named=True) if row["region"] in values]
    newest = max((stood["period_start"] for _, stood in shown), default=None)
    rows = [
        {**row, "value": f"{stood['value']:.12g}", "status": stood["status"]}
        for row, stood in shown
        if stood["period_start"] == newest
    ]
    return pl.DataFrame(rows, schema=frame.schema)
