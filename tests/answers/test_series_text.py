"""Series as text: cut anywhere they say what their rows say, and they take no more memory than they are counted as."""

import gc
import tracemalloc
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answers.series_text import serialise
from api.caches import Caches
from api.encoders.negotiate import OBSERVATIONS
from api.rows import TidyRows

SERIALISERS = [item.serialiser for item in OBSERVATIONS if item.serialiser is not None]
INDICATOR = SimpleNamespace(slug="i", title="I", unit="£, each", frequency="annual", decimals=1)
NAME = 'Ynys Môn, "Anglesey"\n,{'
REGION = SimpleNamespace(code="E1", name=NAME, label=f"{NAME} (Wales)", level="itl3", published_code="E0")


def page(values, *, files=(1,)):
    found = [
        (1, 1, str(2000 + n), value, "A", files[n % len(files)], f"{2000 + n}-01-01", "P1Y", 7)
        for n, value in enumerate(values)
    ]
    return TidyRows(found, {1: INDICATOR}, {1: REGION})


@pytest.mark.parametrize("serialiser", SERIALISERS)
@given(values=st.lists(st.none() | st.floats(-1e9, 1e9), min_size=1, max_size=30), data=st.data())
def test_its_first_rows_are_what_they_would_be_alone(serialiser, values, data):
    files = data.draw(st.lists(st.integers(1, 99), min_size=1, max_size=3))
    number = data.draw(st.integers(1, len(values)))
    whole, few = page(values, files=files), page(values[:number], files=files)
    text, drawn_on, period = serialise(serialiser, whole).first(number)
    assert text == serialiser.text(few)
    assert drawn_on == {row[5] for row in few.found}
    assert period == few.found[-1][6:8]


def test_the_whole_is_the_whole():
    for serialiser in SERIALISERS:
        rows = page([1.0, None, -2.5], files=(3, 4))
        series = serialise(serialiser, rows)
        assert series.text == serialiser.text(rows) and set(series.files) == {3, 4}


@pytest.mark.parametrize("length", [1, 20])
def test_it_takes_no_more_memory_than_is_counted(length):
    serialiser = SERIALISERS[0]
    number = 3_000
    pages = [page([float(n + m) for m in range(length)]) for n in range(number)]
    cache = Caches(100_000_000).series
    gc.collect()
    tracemalloc.start()
    try:
        for n, rows in enumerate(pages):
            series = serialise(serialiser, rows)
            cache.put((serialiser, 1_000, 1_000 + n, "itl3", True), series, series.size())
        del series
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(cache) == number
    assert 0.5 * cache.held < taken <= cache.held
