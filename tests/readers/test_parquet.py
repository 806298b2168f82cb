"""Parquet: cells of each type as text, and files that are cut, damaged, or larger than they may be."""

import datetime as dt
import io

import polars as pl
import pytest

from api.readers import ReadLimits
from api.readers.thrift import Malformed, struct

SIMPLE = pl.DataFrame({"region": ["E1", "E2"], "year": [2019, 2020], "value": [0.1, 12.0], "list": [[1], [2]]})


def parquet(frame, **more):
    file = io.BytesIO()
    frame.write_parquet(file, **more)
    return file.getvalue()


def test_a_simple_file(reading):
    found = reading(parquet(SIMPLE), name="a.parquet")
    assert found.reader == "parquet"
    assert found.frame.schema == {"row": pl.UInt32, "region": pl.String, "period": pl.String, "value": pl.String}
    assert found.frame.rows() == [(1, "E1", "2019", "0.1"), (2, "E2", "2020", "12")]


def test_cells_as_text(reading):
    day = dt.datetime(2024, 3, 31, tzinfo=None)  # noqa: DTZ001  (Parquet has times without a zone)
    cells = {
        "a": [True, False],
        "b": [day.date(), None],
        "c": [day, day.replace(hour=10)],
        "d": pl.Series([1 / 3, float("nan")]),
        "e": pl.Series([0.1, 2], dtype=pl.Float32),
        "f": pl.Series(["x", " "], dtype=pl.Categorical),
        "g": pl.Series([1, 2], dtype=pl.UInt8),
    }
    for name, expected in {
        "a": ["TRUE", "FALSE"],
        "b": ["2024-03-31", None],
        "c": ["2024-03-31", "2024-03-31T10:00:00.000000"],
        "d": ["0.3333333333333333", None],
        "e": ["0.1", "2"],
        "f": ["x", None],
        "g": ["1", "2"],
    }.items():
        found = reading(
            parquet(pl.DataFrame(cells | {"area": ["E1", "E2"], "year": ["1", "2"]})), mapping={"value": name}
        )
        assert found.frame["value"].to_list() == expected


def test_too_many_rows_and_bytes_are_seen_in_the_footer(refused):
    data = parquet(pl.DataFrame({"region": ["E1"] * 50_000, "period": ["2019"] * 50_000, "value": range(50_000)}))
    assert refused(data, limits=ReadLimits(rows=49_999)).code == "too-many-rows"
    assert refused(data, limits=ReadLimits(unpacked_bytes=300_000)).code == "too-many-bytes"
    wide = pl.DataFrame({f"c{number}": [1] for number in range(1_001)})
    assert refused(parquet(wide)).code == "too-many-columns"


@pytest.mark.parametrize("length", [4, 11, 100, -1, -9, -40])
def test_a_file_that_was_cut_off(refused, length):
    assert refused(parquet(SIMPLE)[:length]).code == "parquet-damaged"


def test_a_damaged_footer(refused):
    data = parquet(SIMPLE)
    size = int.from_bytes(data[-8:-4], "little")
    assert refused(data[: -8 - size] + bytes(size) + data[-8:]).code == "parquet-damaged"
    assert refused(data[:-8] + (2**31).to_bytes(4, "little") + b"PAR1").code == "parquet-damaged"


def test_damaged_pages(refused):
    data = bytearray(parquet(SIMPLE, compression="zstd"))
    data[4:60] = bytes(56)
    assert refused(bytes(data)).code in {"parquet-damaged", "damaged"}


@pytest.mark.parametrize(
    "text", [b"", b"\x15", b"\x19\xff\xff\xff\xff\xff\xff\x0f", b"\x1c" * 100, b"\x1e\x00", b"\x15" + b"\xff" * 12]
)
def test_bytes_that_are_no_struct(text):
    with pytest.raises(Malformed):
        struct(text)


def test_the_fields_of_a_struct():
    # Field 1: -3; field 2: a list of two texts; field 4: true; field 5: a struct with field 1: 1.
    assert struct(b"\x15\x05\x19\x28\x01a\x01b\x21\x1c\x15\x02\x00\x00") == {1: -3, 2: [b"a", b"b"], 4: True, 5: {1: 1}}
