"""Workbooks: what they hold and no more, sources in lines, days that are days, and sheets that can be printed."""

import io

import openpyxl
import pandas as pd
import pytest


def workbook(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.text
    return openpyxl.load_workbook(io.BytesIO(response.data))


def lines(book, sheet):
    head, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


DUDLEY = "/v1/observations.xlsx?region=E08000027"


def test_it_names_the_indicators_that_it_holds_and_no_others(client):
    book = workbook(client, DUDLEY)
    held = {line["indicator"] for line in lines(book, "Figures")}
    assert 15 < len(held) < 31
    assert {line["Name"] for line in lines(book, "Notes") if line["Kind"] == "Indicator"} == held
    sources = lines(book, "Sources")
    assert set(", ".join(line["Indicators"] for line in sources).split(", ")) == held
    assert len({line["Source"] for line in sources}) == len(sources) > 5
    known = {item["id"]: item for item in client.get("/v1/sources?limit=100").json["data"]}
    for line in sources:
        source = known[line["Source"]]
        assert (line["Title"], line["Publisher"], line["Licence"], line["Link"], line["Attribution"]) == tuple(
            source[name] for name in ("title", "publisher", "licence", "url", "attribution")
        )


def test_a_source_of_no_indicator_here_says_so(client):
    sources = {
        line["Source"]: line["Indicators"]
        for line in lines(workbook(client, "/v1/regions.xlsx?level=itl1&indicator=gva-per-hour"), "Sources")
    }
    assert sources["ons-geography"].startswith("None of those here")
    assert "gva-per-hour" in sources.values()


@pytest.mark.parametrize(
    ("address", "title"),
    [
        (DUDLEY, "21 indicators, Dudley (Local authority)"),
        ("/v1/observations.xlsx?indicator=gigabit-availability&level=itl1", "Gigabit broadband availability"),
        (
            "/v1/indices/local-digital-capital/scores?format=xlsx",
            "UK Regional Digital Capital API: local-digital-capital",
        ),
    ],
)
def test_its_title_says_what_is_in_it(client, address, title):
    book = workbook(client, address)
    assert book["Cover"]["A1"].value == book.properties.title == title
    assert book.properties.creator == "UK Regional Digital Capital API"
    assert str(book.properties.created) == "2026-06-26 00:00:00"
    assert "release=4" in book.properties.description


def test_the_cover_counts_what_it_holds(client):
    said = [
        cell.value
        for cell in workbook(client, "/v1/observations.xlsx?indicator=gigabit-availability&level=itl1&period=2024-01")[
            "Cover"
        ]["A"]
    ]
    assert "Holds 1 indicator, 12 regions, 2024-01-01 to 2024-01-31, 12 rows." in said


def test_without_rows_it_says_why_and_where_to_ask(client):
    said = [
        cell.value for cell in workbook(client, "/v1/observations.xlsx?indicator=population&period=1800")["Cover"]["A"]
    ]
    assert any(text.startswith("Empty: There are figures for 1998") for text in said)
    assert any("/v1/observations?indicator=population&period=1998" in text for text in said)
    assert not any(text.startswith("Holds") for text in said)


def test_numbers_are_shown_with_the_decimals_of_their_indicator(client):
    book = workbook(
        client, "/v1/observations.xlsx?indicator=population,gigabit-availability,gva-per-hour&region=E12000005"
    )
    cells = {(row[0].value, row[8].number_format, row[6].number_format) for row in book["Figures"].iter_rows(min_row=2)}
    assert cells == {
        ("population", "#,##0", "yyyy-mm-dd"),
        ("gigabit-availability", "#,##0.0", "yyyy-mm-dd"),
        ("gva-per-hour", "#,##0.00", "yyyy-mm-dd"),
    }


@pytest.mark.parametrize("address", [DUDLEY, "/v1/indicators.xlsx", "/v1/rankings/gigabit-availability?format=xlsx"])
def test_every_sheet_can_be_printed(client, address):
    book = workbook(client, address)
    for sheet in book:
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
        assert "&P" in sheet.oddFooter.right.text or "P" in sheet.oddFooter.right.text
        if sheet.title != "Cover":
            assert sheet.print_title_rows == "$1:$1" and sheet.print_area.startswith(f"'{sheet.title}'!$A$1:")
            assert all(9 <= column.width <= 101 for column in sheet.column_dimensions.values())
    assert book["Figures"].page_setup.orientation == "landscape"
    assert book["Notes"]["C2"].alignment.wrap_text


def test_pandas_reads_days_as_days(client):
    frame = pd.read_excel(io.BytesIO(client.get(DUDLEY).data), sheet_name="Figures")
    assert str(frame["period_start"].dtype).startswith("datetime64") and str(frame["value"].dtype) == "float64"


def test_the_same_answer_is_the_same_bytes(client):
    assert client.get(DUDLEY).data == client.get(DUDLEY).data
