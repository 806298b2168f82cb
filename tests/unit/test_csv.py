"""CSV: what spreadsheets and parsers must be able to rely on."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.columns import Column
from api.encoders import csv as encoder
from api.rows import Answer, Rows

COLUMNS = (Column("a", "A text."), Column("b", "A number.", "number"))


def written(*rows):
    return b"".join(encoder.stream(Answer(Rows(COLUMNS, rows))))


def test_header_line_ends_and_encoding():
    assert written(("x", 1.5), ("Æ£", None)) == "a,b\r\nx,1.5\r\nÆ£,\r\n".encode()


def test_no_rows_is_a_header():
    assert written() == b"a,b\r\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_is_made_safe(start):
    lines = list(csv.reader(io.StringIO(written((f"{start}1+1", 0)).decode(), newline="")))
    cell = lines[1][0]
    assert cell == f"'{start}1+1"


def test_negative_numbers_stay_numbers():
    assert written(("x", -3.5)) == b"a,b\r\nx,-3.5\r\n"


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
            st.floats(allow_nan=False, allow_infinity=False),
        )
    )
)
def test_every_text_and_number_comes_back(rows):
    read = list(csv.reader(io.StringIO(written(*rows).decode(), newline="")))[1:]
    assert [(text.removeprefix("'"), float(value)) for text, value in read] == [
        (text.removeprefix("'"), value) for text, value in rows
    ]


def test_only_rows_have_columns():
    with pytest.raises(TypeError):
        list(encoder.stream(Answer({"a": 1})))


def test_further_pages_go_on_without_a_header():
    rest = iter([Rows(COLUMNS, [("y", 2)]), Rows(COLUMNS, [("z", 3)])])
    answer = Answer(Rows(COLUMNS, [("x", 1)]), rest=rest)
    assert b"".join(encoder.stream(answer)) == b"a,b\r\nx,1.0\r\ny,2.0\r\nz,3.0\r\n"
