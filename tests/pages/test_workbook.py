"""The workbook of a place: everything about it, in sheets that data frames and people can read."""

import io

import openpyxl
import pytest

from api.decimals import Fixed


@pytest.fixture
def book(client):
    response = client.get("/places/E08000027.xlsx")
    assert response.headers["Content-Disposition"] == 'attachment; filename="dudley-E08000027.xlsx"'
    return openpyxl.load_workbook(io.BytesIO(response.data))


def lines(book, sheet):
    head, *found = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in found]


def rounded(value, decimals):
    """A value as tables carry it."""
    return None if value is None else float(Fixed(value, decimals))


def test_it_has_the_figures_of_the_profile(client, book):
    profile = client.get("/v1/regions/E08000027/profile").json["data"]
    items = [item for part in profile["components"] for item in part["indicators"]]
    found = lines(book, "Figures")
    assert [line["indicator"] for line in found] == [item["indicator"] for item in items]
    for line, item in zip(found, items, strict=True):
        assert line["value"] == rounded(item["latest"] and item["latest"]["value"], item["decimals"])
        rank = item["rank"] or {}
        assert line["rank"] == rank.get("rank") and line["order"] == rank.get("order")
        assert line["rank"] is not None or line["reason"]
        assert line["caveats"] == item["caveats"] and line["source"]


def test_it_has_every_observation(client, book):
    told = client.get("/v1/series?region=E08000027,TLG36&limit=10000").json["data"]
    points = [rounded(point["value"], item["decimals"]) for item in told for point in item["observations"]]
    assert [line["value"] for line in lines(book, "Series")] == points


def test_it_has_sources_notes_and_a_cover(client, book):
    assert book.sheetnames == ["Cover", "Figures", "Series", "Quoted", "Notes", "Sources"]
    cover = [row[0] for row in book["Cover"].iter_rows(values_only=True)]
    meta = client.get("/v1/regions/E08000027/profile").json["meta"]
    assert f"Cite as: {meta['citation']}" in cover
    named = {line["Source"] for line in lines(book, "Sources")}
    assert {source["id"] for source in meta["source"]} <= named
    columns = {line["Name"] for line in lines(book, "Notes") if line["Kind"] == "Column of Figures"}
    assert columns == set(lines(book, "Figures")[0])


def test_nothing_in_it_is_run(book):
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" and cell.hyperlink is None for cell in row)


def test_quoted_figures_stand_in_it(client):
    response = client.get("/places/E47000007.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(response.data))
    quoted = client.get("/v1/published-figures?region=E47000007&limit=1000").json["data"]
    assert [line["printed"] for line in lines(book, "Quoted")] == [item["printed"] for item in quoted]
