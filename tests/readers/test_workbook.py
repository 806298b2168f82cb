"""XLSX: which sheet and row have the head, what cells come to as text, and formulas without a stored value."""

import datetime as dt
import io

import openpyxl
import polars as pl
import pytest

from api.readers import ReadLimits
from tests.readers.workbooks import SIMPLE, changed, table, workbook

ROWS = [["Area code", "Year", "Value"], ["E06000001", 2020, 1]]


def test_a_simple_sheet(reading):
    found = reading(SIMPLE, name="a.xlsx")
    assert (found.reader, found.sheet) == ("xlsx", "Figures")
    assert found.frame.schema == {"row": pl.UInt32, "region": pl.String, "period": pl.String, "value": pl.String}
    assert found.frame.rows() == [(2, "E06000001", "2020", "0.1"), (3, "E06000002", "2021", "12")]


def test_cells_as_text(reading):
    def write(book):
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["Area", "Year", "Value", "Note", "Status"])
        cells = [0.1, 12, 1234.5, 1e-7, 0.285, 2**40, 1.5e-12]
        for row, cell in enumerate(cells, 1):
            sheet.write_row(row, 0, ["E1", 2020, cell])
        sheet.write_row(8, 0, ["E1", 2020, True, " 12,5 "])
        sheet.write_datetime(9, 1, dt.date(2024, 3, 31), day)
        sheet.write_row(9, 2, ["=1+1", "text"])
        sheet.write_formula(10, 2, "=NA()", None, "#N/A")
        sheet.write_formula(10, 4, "=1/0", None, "#DIV/0!")
        sheet.write_string(11, 2, "=cmd|' /C calc'!A0")
        sheet.write_string(11, 3, "x")

    found = reading(workbook(write)).frame
    numbers = found["value"].to_list()[:7]
    assert numbers == ["0.1", "12", "1234.5", "0.0000001", "0.285", "1099511627776", "1.5e-12"]
    assert found["value"].to_list()[7:] == ["TRUE", "0", "#N/A", "=cmd|' /C calc'!A0"]
    assert found["period"].to_list()[7:9] == ["2020", "2024-03-31"]
    assert found["note"].to_list()[7] == "12,5"
    assert found["status"].to_list()[9] == "#DIV/0!"


def test_numbers_have_every_digit_that_they_have(reading):
    values = [1 / 7, 0.1 + 0.2, 123456789.123456789, 2 / 3e10, -1 / 3]
    rows = [ROWS[0], *(["E1", 2020, 7770 + number] for number in range(5)), ["E1", 2020, "0.10"], ["E1", 2020, "1,234"]]

    def written_in_full(text):
        for number, value in enumerate(values):
            text = text.replace(b"<v>%d</v>" % (7770 + number), f"<v>{value!r}</v>".encode())
        return text

    data = changed(table(rows), "xl/worksheets/sheet1.xml", written_in_full)
    found = reading(data).frame["value"].to_list()
    assert [float(text) for text in found[:-2]] == values
    assert found[:2] == ["0.14285714285714285", "0.30000000000000004"]
    assert found[-2:] == ["0.10", "1,234"]


def test_titles_empty_rows_and_columns_before_the_table(reading):
    def write(book):
        sheet = book.add_worksheet("2020")
        sheet.merge_range("B2:F2", "Broadband in 2020", book.add_format({"bold": True}))
        sheet.write_row(4, 2, ["Area code", "", "Year", "Value"])
        sheet.write_row(5, 2, ["E1", "", 2020, 1])
        sheet.write_row(7, 2, ["E2", "", 2020])
        sheet.write_formula(7, 5, "=NA()", None, "#N/A")
        sheet.write_row(9, 2, ["Source: ONS"])

    found = reading(workbook(write))
    assert found.frame.rows() == [(6, "E1", "2020", "1"), (8, "E2", "2020", "#N/A")]
    assert found.passed_over == 1


def test_the_first_sheet_with_a_head_is_read(reading, refused):
    def write(book):
        book.add_worksheet("Cover").write(0, 0, "Broadband")
        hidden = book.add_worksheet("Old")
        hidden.hide()
        for sheet in (hidden, book.add_worksheet("New"), book.add_worksheet("Newer")):
            sheet.write_row(0, 0, ["Area", "Year", "Value"])
            sheet.write_row(1, 0, [sheet.get_name(), 2020, 1])

    data = workbook(write)
    assert reading(data).sheet == "New"
    assert reading(data, sheet="Old").frame["region"].to_list() == ["Old"]
    found = refused(data, sheet="Olde")
    assert (found.code, found.near[0]) == ("sheet-missing", "Old")


def test_periods_side_by_side(reading):
    found = reading(table([["Area code", 2019, "2020/21"], ["E1", 1.5, "[x]"], ["E2", 2, 3]]))
    assert found.reader == "wide"
    assert found.frame.rows()[:2] == [(2, "2019", "E1", "2019", "1.5"), (2, "2020/21", "E1", "2020/21", "[x]")]


def test_a_formula_without_a_stored_value_is_a_fault_of_its_row(reading):
    book = openpyxl.Workbook()
    for row in (*ROWS, ["E06000002", 2020, "=1+1"], ["E06000003", 2020, 3]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    found = reading(file.getvalue())
    assert found.frame["row"].to_list() == [2, 4]
    assert found.faults.select("row", "column", "code").rows() == [(3, "Value", "formula-without-value")]


def test_stored_values_of_formulas_are_read(reading):
    def write(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ROWS[0] + ["Note"])
        sheet.write_row(1, 0, ["E1", 2020])
        sheet.write_formula(1, 2, "=1+1", None, 2.5)
        sheet.write_formula(1, 3, '=""', None, "")

    # As Excel stores the empty text that a formula gives.
    data = changed(workbook(write), "xl/worksheets/sheet1.xml", lambda text: text.replace(b'"D2"', b'"D2" t="str"'))
    found = reading(data)
    assert found.frame.drop("note").rows() == [(2, "E1", "2020", "2.5")]
    assert found.faults.is_empty()


def test_no_head(refused):
    found = refused(table([["Title"], ["Place", "Sex", "Gigabit"], ["E1", "M", 1]]))
    assert (found.code, found.column, found.row) == ("column-missing", "period", 2)
    assert refused(table([])).code == "empty"


def test_too_many_rows(refused, reading):
    rows = ROWS + [["E1", 2020, number] for number in range(5)]
    assert refused(table(rows), limits=ReadLimits(rows=5)).code == "too-many-rows"
    assert reading(table(rows), limits=ReadLimits(rows=6)).rows == 6


@pytest.mark.parametrize("declared", ["text/csv", "application/json"])
def test_a_workbook_that_is_declared_as_something_else(refused, declared):
    found = refused(SIMPLE, media_type=declared)
    assert found.code == "type-contradicts"
    assert declared in found.message and "XLSX" in found.message
