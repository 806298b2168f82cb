"""Lines are read alike by polars at once and by Python's CSV module one by one."""

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from api.readers import read

CELLS = st.sampled_from(["", "", "a", "12", "1,5", 'b "c"', '5" pipe', " d ", "é", "two\nlines", "x\ry"])
LINES = st.lists(st.lists(CELLS, max_size=6), max_size=12)
ENDS = st.sampled_from(["\n", "\r\n"])


def written(cell, *, quoted):
    if quoted or any(mark in cell for mark in ',"\n\r'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


@given(LINES, ENDS, st.booleans(), st.booleans())
def test_both_ways_are_one(lines, ends, quoted, ended):
    text = ends.join(
        ["region,period,value,note", *(",".join(written(cell, quoted=quoted) for cell in line) for line in lines)]
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "uploaded"
        path.write_bytes((text + ends * ended).encode())
        once = read(path, name="a.csv")
        with patch("api.readers.delimited._ordinary", return_value=None):
            one_by_one = read(path, name="a.csv")
    assert once.frame.equals(one_by_one.frame)
    assert once.faults.equals(one_by_one.faults)
    assert once.passed_over == one_by_one.passed_over
