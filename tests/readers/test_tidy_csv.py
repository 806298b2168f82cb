"""Tidy CSV: separators, encodings, titles and footnotes, lines of their own number of cells, and line numbers."""

import polars as pl
import pytest

from api.readers import FAULTS, READERS, ReadLimits, Unreadable, guess, read

SIMPLE = "Area code,Year,Value\nE06000001,2020,1\nE06000002,2021,\n"
ROWS = [(2, "E06000001", "2020", "1"), (3, "E06000002", "2021", None)]


def test_a_simple_table(reading):
    found = reading(SIMPLE)
    assert found.frame.schema == {"row": pl.UInt32, "region": pl.String, "period": pl.String, "value": pl.String}
    assert found.frame.rows() == ROWS
    assert found.columns == {"region": "Area code", "period": "Year", "value": "Value"}
    assert (found.reader, found.encoding, found.rows, found.sheet) == ("tidy-csv", "UTF-8", 2, None)
    assert found.faults.schema == FAULTS and found.faults.is_empty()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(reading, separator, ends):
    assert reading(SIMPLE.replace(",", separator).replace("\n", ends)).frame.rows() == ROWS


@pytest.mark.parametrize(
    ("codec", "told"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")]
)
def test_encodings(reading, codec, told):
    found = reading("region,period,value,note\nE1,2020,£12,Ynys Môn\n".encode(codec))
    assert found.encoding == told
    assert found.frame.row(0) == (2, "E1", "2020", "£12", "Ynys Môn")


def test_values_stay_the_text_that_they_were(reading):
    values = ["12,5", "1,234", "[x]", "45%", "=cmd|' /C calc'!A0", "007", "1e5", "NaN", "true"]
    found = reading("region;period;value\n" + "".join(f"E1;2020; {value}\u00a0\n" for value in values))
    assert found.frame["value"].to_list() == values


def test_titles_above_and_footnotes_below_are_passed_over(reading):
    found = reading(f"Table 4: broadband in 2020\n\nLast updated,May\n{SIMPLE}\nSource: ONS\n[x] not available,,\n")
    assert found.frame.rows() == [(5, "E06000001", "2020", "1"), (6, "E06000002", "2021", None)]
    assert found.passed_over == 2
    assert found.faults.is_empty()


def test_lines_of_another_length_are_told_and_left_out(reading):
    found = reading(
        "region,period,value\nE1,2020,1\nE2,2020\nE3,2020,1,234\nNorth East\nE4,2020,4,,\n,,\n\nE5,2020,5\nBy: ONS\n"
    )
    assert found.frame["row"].to_list() == [2, 6, 9]
    assert found.faults.select("row", "code", "value").rows() == [
        (3, "too-few-cells", "E2,2020"),
        (4, "too-many-cells", "E3,2020,1,234"),
        (5, "too-few-cells", "North East"),
    ]
    assert "has 4 cells and the head has 3" in found.faults["message"][1]
    assert found.passed_over == 1


def test_many_lines_of_another_length(reading):
    """More than polars is asked to leave out: Python's CSV module reads them, and says the same."""
    lines = "E1,2020\n" * 10_001 + "E2,2020,1\n" + "Source: ONS\n" * 2
    found = reading(f"region,period,value\n{lines}")
    assert found.frame.rows() == [(10_003, "E2", "2020", "1")]
    assert (found.faults.height, found.faults["row"][-1], found.passed_over) == (10_001, 10_002, 2)


def test_too_many_lines_of_another_length(refused):
    assert refused('region,period,value\n"a"\n"b"\n"c"\n"\n"\n', limits=ReadLimits(rows=2)).code == "too-many-rows"


def test_lines_are_numbered_as_an_editor_does_where_quotes_hold_line_breaks(reading):
    found = reading(
        'region,period,"value\nin %",note\nE1,2020,1,"two\nlines"\nE2,2020,2,\n', mapping={"value": "value in %"}
    )
    assert found.frame["row"].to_list() == [3, 5]
    assert found.frame["note"].to_list() == ["two\nlines", None]


def test_quotes_that_go_on_are_a_fault_of_their_line(reading):
    found = reading('region,period,value\nE1,2020,"1" or so\nE2,2020,"2"\n')
    assert found.frame.rows() == [(3, "E2", "2020", "2")]
    assert found.faults.select("row", "code").rows() == [(2, "quote-misplaced")]


def test_separators_in_quotes_are_of_the_cell(reading):
    found = reading('region,period,value,note\nE1,2020,"1,234","a ""b"", c"\n')
    assert found.frame.row(0) == (2, "E1", "2020", "1,234", 'a "b", c')


def test_a_table_without_lines(reading):
    for text in ("region,period,value\n", "region,period,value", "region,period,value\n\n,,\n"):
        assert reading(text).frame.is_empty()


def test_two_encodings_in_one_file(refused):
    found = refused("region,period,value\nE1,2020,£1\n".encode("cp1252") + "E2,2020,£2\n".encode())
    assert (found.code, found.row) == ("encoding-mixed", 2)


def test_no_known_encoding(refused):
    assert refused(b"region,period,value\nE1,2020,\x81\n").code == "encoding-unknown"


@pytest.mark.parametrize("text", ["", " \n\r\n", "\ufeff"])
def test_nothing(refused, text):
    assert refused(text).code == "empty"


def test_a_quote_that_is_never_closed(refused):
    found = refused('region,period,value,note\nE1,2020,1,a\nE2,2020,1,"b\nE3,2020,1,c\n')
    assert (found.code, found.row) == ("quote-open", 3)


def test_a_nul_byte(refused):
    found = refused(b"region,period,value\nE1,2020,1\nE2,\x002020,1\n")
    assert (found.code, found.row) == ("nul-byte", 3)


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_of_a_megabyte(refused, quote):
    found = refused(f"region,period,value\nE1,2020,1\nE1,2020,{quote}{'x' * 1_000_000}{quote}\n")
    assert (found.code, found.row) == ("cell-too-long", 3)


def test_a_cell_as_long_as_may_be(reading):
    letters = "é" * ReadLimits().cell
    assert reading(f"region,period,value,note\nE1,2020,1,{letters}\n").frame["note"][0] == letters


def test_too_many_columns_and_rows(refused, reading):
    wide = ",".join(f"c{number}" for number in range(1_000))
    assert refused(f"region,period,value,{wide}\n").code == "too-many-columns"
    lines = "".join(f"E{number},2020,1\n" for number in range(10))
    assert refused(f"region,period,value\n{lines}", limits=ReadLimits(rows=9)).code == "too-many-rows"
    assert reading(f"region,period,value\n{lines}", limits=ReadLimits(rows=10)).rows == 10
    assert refused(f'region,period,value\n{lines}E,20,"1\n"\n', limits=ReadLimits(rows=9)).code == "too-many-rows"


def test_a_file_with_more_bytes_than_are_read(refused):
    assert refused(SIMPLE, limits=ReadLimits(unpacked_bytes=20)).code == "too-many-bytes"


def test_the_name_is_no_path_and_is_cut(refused):
    found = refused(SIMPLE, name="../../etc/\x1b[31m" + "a" * 500, reader="parquet")
    assert found.code == "reader-contradicts"
    assert "\x1b" not in found.message and "a" * 101 not in found.message


def test_readers_that_there_are_not(refused):
    found = refused(SIMPLE, reader="tidy-cvs")
    assert (found.code, found.near[0]) == ("reader-unknown", "tidy-csv")


def test_what_is_declared_and_is_not(refused, reading):
    found = refused(SIMPLE, media_type="application/vnd.apache.parquet; version=1")
    assert found.code == "type-contradicts"
    assert "application/vnd.apache.parquet" in found.message and "text" in found.message
    for declared in ("text/csv; charset=utf-8", "application/octet-stream", "application/vnd.ms-excel", None):
        assert reading(SIMPLE, media_type=declared).rows == 2


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (b"%PDF-1.7", "format-unknown"),
        (b"<!DOCTYPE html><html>", "format-unknown"),
        (b"7z\xbc\xaf\x27\x1c", "format-unknown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "format-old"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "workbook-encrypted",
        ),
    ],
)
def test_other_kinds_of_files_are_told_what_to_do(refused, start, code):
    assert refused(start + bytes(100)).code == code


def test_every_reader_is_described():
    assert all(name == item.name and item.title and item.description.endswith(".") for name, item in READERS.items())


def test_it_can_be_asked_which_reader_fits(tmp_path):
    path = tmp_path / "a"
    path.write_text(SIMPLE)
    assert guess(path, name="a.csv") == "tidy-csv"
    path.write_text("Area,2019,2020\nE1,1,2\n")
    assert guess(path, name="a.csv") == "wide"
    with pytest.raises(Unreadable):
        read(path, name="a.csv", reader="tidy-csv")
