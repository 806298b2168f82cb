"""Parquet as it is written: types, what is skipped, and what goes wrong on either side."""

import datetime as dt
import io
from dataclasses import replace

import pyarrow as pa
import pytest
from pyarrow import parquet as reader

from api.columns import Column
from api.encoders import parquet
from api.rows import Answer, Rows

COLUMNS = (
    Column("place", "A place.", optional=False),
    Column("day", "A day.", "date"),
    Column("value", "A value.", "number"),
    Column("count", "A count.", "integer"),
    Column("true", "Whether.", "boolean"),
)
META = {"release": 1, "published_at": "2026-01-13T00:00:00+00:00", "returned": 3, "source": [{"id": "a"}]}
ROWS = [("Ynys Môn", "2022-01-01", 1, 3, True), ("B", None, None, None, None), ("B", "2024-02-29", 2.5, -1, False)]


def answer_of(tuples, rest=None):
    return Answer(Rows(COLUMNS, tuples), meta=META, rest=rest)


def read(answer):
    return reader.ParquetFile(io.BytesIO(b"".join(parquet.stream(answer))))


def test_each_kind_of_column_has_its_type():
    file = read(answer_of(ROWS))
    table = file.read()
    assert [field.type for field in table.schema] == [pa.string(), pa.date32(), pa.float64(), pa.int64(), pa.bool_()]
    assert [field.nullable for field in table.schema] == [False, True, True, True, True]
    assert table.schema.field("day").metadata == {b"description": b"A day."}
    assert [tuple(row.values()) for row in table.to_pylist()] == [
        ("Ynys Môn", dt.date(2022, 1, 1), 1.0, 3, True),
        ("B", None, None, None, None),
        ("B", dt.date(2024, 2, 29), 2.5, -1, False),
    ]


def test_dates_may_come_as_dates():
    assert read(answer_of([("A", dt.date(2020, 5, 1), 1, 1, True)])).read()["day"].to_pylist() == [dt.date(2020, 5, 1)]


def test_what_is_no_date_is_not_left_out():
    with pytest.raises(ValueError, match="the column day holds something that is not a date"):
        read(answer_of([("A", "2022-13", 1, 1, True)]))


def test_row_groups_have_statistics_and_repeated_text_is_written_once():
    rows = [(f"place {number // 1_000:03}", "2022-01-01", number / 7, number, True) for number in range(25_000)]
    file = read(answer_of(rows[:9_000], rest=iter([Rows(COLUMNS, rows[9_000:]), Rows(COLUMNS, [])])))
    groups = [file.metadata.row_group(place) for place in range(file.metadata.num_row_groups)]
    assert [group.num_rows for group in groups] == [10_000, 10_000, 5_000]
    assert [group.column(0).statistics.min for group in groups] == ["place 000", "place 010", "place 020"]
    assert groups[2].column(3).statistics.max == 24_999
    assert groups[0].column(0).has_dictionary_page and groups[0].column(1).statistics.has_min_max
    assert file.read().num_rows == 25_000


def test_no_rows_are_a_table_too():
    table = read(answer_of([])).read()
    assert table.num_rows == 0 and table.column_names == ["place", "day", "value", "count", "true"]


def test_the_same_rows_are_the_same_bytes():
    said = {f"key{number}": "text" for number in range(20)}
    answers = [replace(answer_of(ROWS), meta={**META, **said, "licence": "OGL", "citation": "x"}) for _ in range(8)]
    assert len({b"".join(parquet.stream(answer)) for answer in answers}) == 1


def test_what_fails_while_rows_are_read_is_what_is_raised():
    def breaking():
        yield Rows(COLUMNS, ROWS)
        raise LookupError("the database is gone")

    with pytest.raises(LookupError, match="the database is gone"):
        read(answer_of(ROWS, rest=breaking()))


def test_what_fails_while_the_file_is_written_is_what_is_raised(capfd):
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        parquet.write(answer_of(ROWS), Full())
    assert capfd.readouterr().err == ""
